// What the addon costs a game on this machine: 100 packets a frame each way at 60 frames a second, in each engine that
// can be had, to a server and to a peer by way of a relay. The numbers in docs/addon.md come from here.
//
//   npx tsx scripts/addon-cost.ts
//   npx tsx scripts/addon-cost.ts --fps=0 --frames=6000      memory over a long time
import { pathToFileURL } from 'node:url'
import { P2P, type P2PSend } from '../src/p2p/index.js'
import { createRelay, issueRelayToken } from '../src/relay/node/index.js'
import { RelayTransport } from '../src/transport/relay/index.js'
import { WebSocketTransport } from '../src/transport/websocket/index.js'
import { makeProject, nextSaid, startScript } from '../test/live/addon-project.js'
import { ENGINE_NAMES, type Engine, getEngine, isEngine } from './engines.js'

const SERVER = 76561198000000001n
const GAME = 76561198000000002n
const FRAME_US = 1_000_000 / 60
const SECRET = 'a secret of thirty-two bytes or more'

/** What the packets go by. */
export const WAYS = ['a server', 'a relay'] as const
export type Way = (typeof WAYS)[number]

export interface FrameCost {
  readonly frames: number
  readonly sent: number
  readonly received: number
  /** Those of the reliable half. */
  readonly reliable: number
  /** Microseconds of a frame that the addon's calls took. */
  readonly mean: number
  readonly median: number
  readonly p99: number
  readonly worst: number
  /** Before and after the frames that count. */
  readonly objects: readonly [number, number]
  /** Bytes, before the frames that count and after each tenth of them. */
  readonly memory: readonly number[]
}

interface Echo {
  /** What the script must know to get there. */
  readonly args: Readonly<Record<string, string | bigint>>
  close(): void
}

/** Sends everything back at once, as it came: the first byte of a packet tells whether it is reliable. */
function echo(p2p: P2P): () => void {
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  const timer = setInterval(() => {
    while (p2p.isP2PPacketAvailable()) {
      const { data } = p2p.readP2PPacket(1 << 20)
      p2p.sendP2PPacket(GAME, data!, (data![0]! * 2) as P2PSend)
    }
  }, 2)
  return () => {
    clearInterval(timer)
    p2p.close()
  }
}

async function startServer(): Promise<Echo> {
  const transport = new WebSocketTransport({ steamId: SERVER })
  const { url } = await transport.listen({ host: '127.0.0.1', port: 0 })
  return { args: { url }, close: echo(new P2P({ steamId: SERVER, transport })) }
}

async function startPeer(): Promise<Echo> {
  // At full speed a game is faster than a relay lets anybody be.
  const limits = { messagesPerSecond: 1_000_000, bytesPerSecond: 1 << 30 }
  const relay = await createRelay({ host: '127.0.0.1', port: 0, tokens: { secret: SECRET }, limits })
  const tokenOf = (steamId: bigint) => issueRelayToken({ steamId, secret: SECRET, expiresInSeconds: 300 })
  const transport = new RelayTransport({ steamId: SERVER, url: `${relay.url}?token=${await tokenOf(SERVER)}` })
  const stop = echo(new P2P({ steamId: SERVER, transport }))
  await transport.open()
  return {
    args: { url: relay.url, peer: SERVER, token: await tokenOf(GAME) },
    close() {
      stop()
      void relay.close()
    },
  }
}

/** Runs the measurement in one engine; arguments are those of `frame_cost.gd`. */
export async function measureFrames(
  engine: Engine,
  way: Way,
  args: Readonly<Record<string, number>> = {},
): Promise<FrameCost> {
  const other = await (way === 'a server' ? startServer() : startPeer())
  const project = makeProject(engine)
  const game = startScript(engine, project, 'frame_cost.gd', { id: GAME, ...other.args, ...args }, 120_000)
  try {
    return (await nextSaid(game, 'frames')) as unknown as FrameCost
  } finally {
    await game.kill()
    other.close()
    project.remove()
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function rowOf(name: string, way: Way, { mean, median, p99, worst, objects, memory }: FrameCost): string {
  const ms = (value: number) => `${(value / 1000).toFixed(2)} ms`
  const signed = (by: number) => `${by >= 0 ? '+' : ''}${by}`
  const share = `${((mean / FRAME_US) * 100).toFixed(1)} %`
  const grown = memory.slice(1).map((bytes) => signed(bytes - memory[0]!))
  return row([name, way, ms(mean), share, ms(median), ms(p99), ms(worst), signed(objects[1] - objects[0]), `${grown}`])
}

async function main(): Promise<void> {
  const words = process.argv.slice(2).map((word) => word.replace(/^--/, '').split('='))
  const args = Object.fromEntries(words.map(([name, value]) => [name!, Number(value)]))
  console.log(row(['engine', 'by', 'mean', 'share of a frame', 'median', '99 of 100', 'worst', 'objects', 'memory']))
  console.log(row(Array(9).fill('---')))
  for (const name of ENGINE_NAMES) {
    const engine = getEngine(name)
    if (!isEngine(engine)) console.log(row([name, engine.missing, ...Array(7).fill('')]))
    else for (const way of WAYS) console.log(rowOf(engine.version, way, await measureFrames(engine, way, args)))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
