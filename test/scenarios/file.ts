import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Scenario } from './scenario.js'

export const SCENARIO_FILE = fileURLToPath(new URL('../../godot/tests/scenarios.json', import.meta.url))
export const SCENARIOS = JSON.parse(readFileSync(SCENARIO_FILE, 'utf8')) as readonly Scenario[]
