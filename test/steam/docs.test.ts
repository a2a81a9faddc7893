// docs/steam.md says what the code does.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { LIBRARY_VARIABLE } from '../../src/steam/node/find-library.js'

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')

it('the player in docs/steam.md is the example’s, which runs in a real Godot', () => {
  expect(read('docs/steam.md')).toContain(`\`\`\`gdscript\n${read('examples/steam-server/godot/player.gd')}\`\`\``)
})

it('the variable, the options and the signals are named as they are', () => {
  const text = read('docs/steam.md')
  expect(text).toContain(`\`${LIBRARY_VARIABLE}\``)
  const source = read('src/steam/options.ts')
  const named = [
    'appId',
    'library',
    'pollIntervalMs',
    'port',
    'queryPort',
    'mode',
    'version',
    'token',
    'advertise',
    'logOnTimeoutMs',
  ]
  for (const option of named) {
    expect(text).toMatch(new RegExp(`\\b${option}\\b`))
    expect(source).toContain(`readonly ${option}?:`)
  }
  const signals = [...read('src/steam/signals.ts').matchAll(/^ {2}(steam_\w+): /gm)].map(([, name]) => name)
  expect(signals).toHaveLength(4)
  for (const signal of signals) expect(text).toContain(`\`${signal}\``)
})
