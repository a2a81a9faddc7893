/** The options that several commands share, and how they are read. */
import type { GodotVersion } from '../variant/index.js'
import type { Given, OptionSpec } from './command.js'
import { cliError } from './errors.js'

export const GODOT: OptionSpec = {
  name: 'godot',
  short: 'g',
  value: 'version',
  choices: ['4', '3', '2'],
  help: 'whose bytes they are; told from them where that can be',
}

export const OBJECTS: OptionSpec = { name: 'objects', help: 'read and write full Objects, as inert data' }

export const JSON_OPTION: OptionSpec = { name: 'json', help: 'print JSON, and errors as JSON too' }

export const QUIET: OptionSpec = { name: 'quiet', short: 'q', help: 'say nothing on standard error but errors' }

export const LIMIT: OptionSpec = {
  name: 'limit',
  value: 'bytes',
  usual: '67108864',
  help: 'the most bytes to read, and to decompress to',
}

/** Options of every command that reads a packet. */
export const PACKET: readonly OptionSpec[] = [
  GODOT,
  {
    name: 'input',
    short: 'i',
    value: 'form',
    choices: ['auto', 'hex', 'base64', 'raw'],
    usual: 'auto',
    help: 'the form of the input',
  },
  {
    name: 'compression',
    short: 'c',
    value: 'mode',
    choices: ['auto', 'none', 'fastlz', 'deflate', 'zstd', 'gzip', 'brotli'],
    usual: 'auto',
    help: 'auto opens gzip, zlib and zstd by their first bytes',
  },
  {
    name: 'size',
    value: 'bytes',
    help: 'how large the opened data is: fastlz cannot say it itself',
  },
  {
    name: 'framing',
    short: 'f',
    value: 'kind',
    choices: ['auto', 'none', 'put_var', 'put_var_be'],
    usual: 'auto',
    help: 'auto takes away the length that StreamPeer.put_var and store_var write',
  },
  LIMIT,
  OBJECTS,
  QUIET,
]

export function text(given: Given, name: string): string | undefined {
  const value = given[name]
  return typeof value === 'string' ? value : undefined
}

/** A whole number, or undefined where the option was not given. */
export function wholeNumber(given: Given, name: string, least: number): number | undefined {
  const value = text(given, name)
  if (value === undefined) return undefined
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= least && number <= 0x7fffffff) return number
  throw cliError('CLI_USAGE', { problem: `--${name} is "${value}", not a whole number from ${least} to 2147483647` })
}

export function limitOf(given: Given): number {
  return wholeNumber(given, 'limit', 1) ?? Number(LIMIT.usual)
}

export function godotOf(given: Given): GodotVersion | undefined {
  const value = text(given, 'godot')
  return value === undefined ? undefined : (Number(value) as GodotVersion)
}
