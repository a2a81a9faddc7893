// What the addon costs a game on this machine: 100 packets a frame each way at 60 frames a second, in each engine that
// can be had. The numbers in docs/addon.md come from here.
//
//   npx tsx scripts/addon-cost.ts
import { pathToFileURL } from 'node:url'
import { P2P, type P2PSend } from '../src/p2p/index.js'
import { WebSocketTransport } from '../src/transport/websocket/index.js'
import { makeProject, nextSaid, startScript } from '../test/live/addon-project.js'
import { ENGINE_NAMES, type Engine, getEngine, isEngine } from './engines.js'

const SERVER = 76561198000000001n
const GAME = 76561198000000002n
const FRAME_US = 1_000_000 / 60

export interface FrameCost {
  readonly frames: number
  readonly sent: number
  readonly received: number
  /** Microseconds of a frame that the addon's calls took. */
  readonly mean: number
  readonly median: number
  readonly p99: number
  readonly worst: number
  /** Before and after the frames that count. */
  readonly objects: readonly [number, number]
  readonly memory: readonly [number, number]
}

/** Sends everything back at once, as it came. */
async function startEcho() {
  const transport = new WebSocketTransport({ steamId: SERVER })
  const { url } = await transport.listen({ host: '127.0.0.1', port: 0 })
  const p2p = new P2P({ steamId: SERVER, transport })
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  let sent = 0
  const timer = setInterval(() => {
    while (p2p.isP2PPacketAvailable()) {
      const { data } = p2p.readP2PPacket(1 << 20)
      p2p.sendP2PPacket(GAME, data!, ((sent++ % 2) * 2) as P2PSend)
    }
  }, 2)
  return {
    url,
    close() {
      clearInterval(timer)
      p2p.close()
    },
  }
}

/** Runs the measurement in one engine; arguments are those of `frame_cost.gd`. */
export async function measureFrames(engine: Engine, args: Readonly<Record<string, number>> = {}): Promise<FrameCost> {
  const echo = await startEcho()
  const project = makeProject(engine)
  const game = startScript(engine, project, 'frame_cost.gd', { url: echo.url, id: GAME, ...args })
  try {
    return (await nextSaid(game, 'frames')) as unknown as FrameCost
  } finally {
    await game.kill()
    echo.close()
    project.remove()
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

async function main(): Promise<void> {
  console.log(row(['engine', 'mean', 'share of a frame', 'median', '99 of 100', 'worst', 'objects', 'memory']))
  console.log(row(Array(8).fill('---')))
  for (const name of ENGINE_NAMES) {
    const engine = getEngine(name)
    if (!isEngine(engine)) {
      console.log(row([name, engine.missing, '', '', '', '', '', '']))
      continue
    }
    const { mean, median, p99, worst, objects, memory } = await measureFrames(engine)
    const us = (value: number) => `${(value / 1000).toFixed(2)} ms`
    const share = `${((mean / FRAME_US) * 100).toFixed(1)} %`
    const grown = [objects[1] - objects[0], memory[1] - memory[0]].map((by) => `${by >= 0 ? '+' : ''}${by}`)
    console.log(row([engine.version, us(mean), share, us(median), us(p99), us(worst), ...grown]))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
