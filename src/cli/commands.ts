/**
 * The commands that need nothing of Node, in the order of the help. To add one, write an object like those and put it into
 * the list; one that needs Node lives in node/ and is listed in node/commands.ts.
 */
import { bench } from './bench.js'
import type { Command } from './command.js'
import { decode } from './decode.js'
import { diff } from './diff.js'
import { encode } from './encode.js'

export const COMMANDS: readonly Command[] = [decode, encode, diff, bench]
