// The processes of the bench that are not the bench itself: a relay, and a bare ws forwarder to compare it with.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type WebSocket, WebSocketServer } from 'ws'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'

const SECRET = 'a secret of more than thirty-two characters'

export type Role = 'relay' | 'forwarder'

/** What a process has used so far. */
export interface Usage {
  readonly rss: number
  readonly cpuMicroseconds: number
}

/** A process that forwards, seen from the bench. */
export class Forwarder {
  constructor(
    readonly role: Role,
    readonly url: string,
    readonly process: ChildProcess,
  ) {}

  static async start(role: Role, ...args: string[]): Promise<Forwarder> {
    const child = fork(fileURLToPath(import.meta.url), [role, ...args], { execArgv: ['--import', 'tsx'] })
    const [url] = (await once(child, 'message')) as [string]
    return new Forwarder(role, url, child)
  }

  async usage(): Promise<Usage> {
    this.process.send('usage')
    return ((await once(this.process, 'message')) as [Usage])[0]
  }

  close(): void {
    this.process.kill()
  }
}

/** Where a peer with this id dials. */
export async function peerUrl(url: string, role: Role, steamId: bigint): Promise<string> {
  return role === 'relay' ? `${url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}` : `${url}/?${steamId}`
}

async function serveRelay(...nats: string[]): Promise<string> {
  const limits = { messagesPerSecond: 10_000_000, bytesPerSecond: 1_000_000_000 }
  const open = { port: 0, maxPerAddress: 100_000, limits, tokens: { secret: SECRET } }
  const relay = await createRelay(nats.length > 0 ? { ...open, nats: { servers: nats } } : open)
  return relay.url
}

/** Passes every message on to the partner: ids 2n and 2n + 1 belong together. */
async function serveForwarder(): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, backlog: 1_000 })
  await once(server, 'listening')
  const sockets = new Map<bigint, WebSocket>()
  server.on('connection', (socket, request) => {
    const id = BigInt(request.url!.slice(2))
    sockets.set(id, socket)
    socket.on('message', (data, isBinary) => sockets.get(id ^ 1n)?.send(data, { binary: isBinary }))
  })
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [role, ...rest] = process.argv.slice(2)
  process.send!(role === 'relay' ? await serveRelay(...rest) : await serveForwarder())
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send!({ rss: process.memoryUsage().rss, cpuMicroseconds: user + system } satisfies Usage)
  })
  process.on('disconnect', () => process.exit())
}
