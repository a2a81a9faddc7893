/** The process as the commands see it. */
import { createReadStream, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { cliError, type World } from '../index.js'

const WIDTH = 30

/** @param command for the message where there is no input */
export function processWorld(command: string): World {
  return {
    readStdin: (limit) => {
      if (process.stdin.isTTY) throw cliError('CLI_NO_INPUT', { command })
      return all(process.stdin, limit, 'Standard input')
    },
    readFile,
    print: (text) => void process.stdout.write(`${text}\n`),
    printBytes: (bytes) => void process.stdout.write(bytes),
    note: (text) => void process.stderr.write(`# ${text}\n`),
    progress,
    now: () => performance.now(),
    colours: hasColours(),
  }
}

/** https://no-color.org, and what Node itself takes for the opposite. */
function hasColours(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return process.stdout.isTTY === true && TERM !== 'dumb'
}

async function readFile(path: string, limit: number): Promise<Uint8Array | undefined> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw cliError('CLI_FILE', { path, reason: 'it is a folder' })
    return await all(createReadStream(path), limit, path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE')
      return undefined
    if (code?.startsWith('CLI_')) throw error
    throw cliError('CLI_FILE', { path, reason: code ?? message })
  }
}

async function all(stream: Readable, limit: number, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > limit) throw cliError('CLI_TOO_LARGE', { what, limit })
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** One line that is written over and over; where nobody looks there is none. */
function progress(done: number, what: string): void {
  if (!process.stderr.isTTY) return
  const bar = '#'.repeat(Math.round(done * WIDTH)).padEnd(WIDTH, '.')
  // At once: the work between two calls leaves no time for anything else.
  writeSync(
    2,
    done >= 1
      ? `\r${' '.repeat(WIDTH + 30)}\r`
      : `\r[${bar}] ${String(Math.floor(done * 100)).padStart(3)} % ${what.padEnd(10)}`,
  )
}
