/** What the program knows: the commands that run anywhere, and those that only Node can run, which are listed here. */
import { COMMANDS, type Command } from '../index.js'
import { compile } from './compile.js'
import { demo } from './demo/command.js'
import { inspect } from './inspect.js'
import { relay } from './relay.js'

export const ALL_COMMANDS: readonly Command[] = [...COMMANDS, compile, demo, inspect, relay]
