/** `godot-wire relay`: a relay in a process of its own, with its log on standard output. */
import { readFileSync } from 'node:fs'
import type { RelayLogEntry, RelayOptions } from '../../relay/node/index.js'
import { type Command, cliError, EXIT, type Given, type World } from '../index.js'
import { watchRelay } from './watch-relay.js'

/** Where the secret comes from: not from the command line, which every user of the machine can read. */
const SECRET = 'RELAY_SECRET'
const DRAIN_MS = 10_000

export const relay: Command = {
  name: 'relay',
  summary: 'let peers that cannot reach each other meet',
  operands: '',
  mostOperands: 0,
  options: [
    { name: 'port', short: 'p', value: 'port', usual: '7777', help: 'where to listen; 0 takes a free port' },
    { name: 'host', value: 'address', usual: '127.0.0.1', help: '0.0.0.0 or :: for the world' },
    { name: 'path', value: 'path', help: 'the only path that peers may dial' },
    {
      name: 'public-key',
      value: 'file',
      help: `the key that checks tokens, as PEM; without it the secret in ${SECRET} does`,
    },
    { name: 'issuer', value: 'name', help: 'who must have issued the tokens' },
    { name: 'insecure', help: 'hand out identities at /identity; on this machine only' },
    { name: 'tls-cert', value: 'file', help: 'certificate, as PEM; peers dial wss: then' },
    { name: 'tls-key', value: 'file', help: 'its key' },
    { name: 'nats', value: 'urls', help: 'other relays: nats:// URLs of one NATS, with commas between' },
    { name: 'origins', value: 'list', help: 'origins of the pages that may join, with commas between' },
    { name: 'max-peers', value: 'count', usual: '10000', help: 'peers at a time' },
    { name: 'inspect', help: 'show what passes on a page of this machine; its address goes to standard error' },
    { name: 'json', help: 'the log as JSON, one entry a line' },
  ],
  examples: [
    ['godot-wire relay --insecure', 'for development: hands out identities on this machine'],
    [`${SECRET}=... godot-wire relay --host 0.0.0.0 --port 7777`, 'with tokens that your server signs'],
  ],
  run,
}

async function run(_: readonly string[], given: Given, world: World): Promise<number> {
  const log = given['json'] === true ? asJson(world) : asText(world)
  // Only here: what it brings along would slow down every other command.
  const { createRelay } = await import('../../relay/node/index.js')
  const watch = given['inspect'] === true ? await watchRelay(world) : undefined
  const server = await createRelay({ ...options(given), log, ...watch?.options })
  watch?.begin(server)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // The second time it goes at once.
      process.once(signal, () => {
        process.once(signal, () => process.exit(EXIT.OK))
        void server.drain(DRAIN_MS).then(resolve)
      })
    }
  })
  await watch?.close()
  return EXIT.OK
}

function options(given: Given): RelayOptions {
  const text = (name: string) => (given[name] === undefined ? undefined : String(given[name]))
  const file = (name: string) => read(text(name))
  const [cert, key] = [file('tls-cert'), file('tls-key')]
  const servers = list(text('nats'))
  const origins = list(text('origins'))
  const path = text('path')
  return {
    port: whole(given, 'port', 7777),
    host: text('host') ?? '127.0.0.1',
    maxPeers: whole(given, 'max-peers', 10_000),
    ...(path !== undefined && { path }),
    ...(given['insecure'] === true ? { insecure: true } : identity(file('public-key'), text('issuer'))),
    ...(cert !== undefined && key !== undefined && { tls: { cert, key } }),
    ...(servers && { nats: { servers } }),
    ...(origins && { origins }),
  }
}

function identity(publicKey: string | undefined, issuer: string | undefined): RelayOptions {
  const more = issuer === undefined ? {} : { issuer }
  if (publicKey !== undefined) return { tokens: { publicKey, ...more } }
  const secret = process.env[SECRET]
  if (secret) return { tokens: { secret, ...more } }
  const problem = `Who are the peers? Set ${SECRET}, or give --public-key, or --insecure on your own machine`
  throw cliError('CLI_USAGE', { problem, command: 'relay' })
}

function list(text: string | undefined): string[] | undefined {
  return text?.split(',').map((item) => item.trim())
}

function whole(given: Given, name: string, usual: number): number {
  const value = given[name]
  if (value === undefined) return usual
  if (/^\d{1,9}$/.test(String(value))) return Number(value)
  throw cliError('CLI_USAGE', { problem: `--${name} is "${value}"; it must be a whole number`, command: 'relay' })
}

function read(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw cliError('CLI_FILE', { path, reason: (error as Error).message }, error)
  }
}

function asJson(world: World) {
  return (entry: RelayLogEntry) => world.print(JSON.stringify({ time: new Date().toISOString(), ...entry }))
}

function asText(world: World) {
  return ({ level, event, ...facts }: RelayLogEntry) => {
    const rest = Object.entries(facts).map(([name, value]) => `${name}=${value}`)
    world.print([new Date().toISOString(), level, event, ...rest].join(' '))
  }
}
