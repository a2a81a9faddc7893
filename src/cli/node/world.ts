/** The process as the commands see it. */
import { createReadStream, writeSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { cliError, type Given, type World } from '../index.js'
import { ProgressBar } from './progress.js'

/** @param command for the message where there is no input */
export function processWorld(command: string, given: Given): World {
  const { stdin, stdout, stderr } = process
  const bar = new ProgressBar(
    { isTTY: stderr.isTTY, columns: stderr.columns, write: (text) => void writeSync(stderr.fd, text) },
    () => performance.now(),
  )
  // What scrolls by on the terminal shows by itself how far it is.
  let scrolls = false
  const before = () => {
    bar.hide()
    scrolls ||= stdout.isTTY
  }
  const progress = (done: number, what: string) => (scrolls ? undefined : bar.show(done, what))
  return {
    readStdin: (limit) => {
      if (stdin.isTTY) throw cliError('CLI_NO_INPUT', { command })
      return all(stdin, limit, 'Standard input', () => {})
    },
    readFile: (path, limit) => readFile(path, limit, progress),
    print: (text) => {
      before()
      stdout.write(`${text}\n`)
    },
    printBytes: (bytes) => {
      before()
      stdout.write(bytes)
    },
    note: (text) => {
      bar.hide()
      stderr.write(`# ${text}\n`)
    },
    progress,
    now: () => performance.now(),
    colours: hasColours(stdout, given),
  }
}

/** `--no-color` first, then https://no-color.org, and what Node itself takes for the opposite. */
export function hasColours(stream: { readonly isTTY: boolean }, given: Given): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (given['no-color'] === true || NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return stream.isTTY === true && TERM !== 'dumb'
}

async function readFile(path: string, limit: number, progress: World['progress']): Promise<Uint8Array | undefined> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw cliError('CLI_FILE', { path, reason: 'it is a folder' })
    return await all(createReadStream(path), limit, path, (read) => progress(read / found.size, 'reading'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE')
      return undefined
    if (code?.startsWith('CLI_')) throw error
    throw cliError('CLI_FILE', { path, reason: code ?? message })
  }
}

async function all(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
  what: string,
  tell: (read: number) => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > limit) throw cliError('CLI_TOO_LARGE', { what, limit })
    chunks.push(chunk)
    tell(length)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
