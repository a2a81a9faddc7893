// A server with a thousand players: each sends 60 packets a second and hears from the server ten times a second, for ten
// minutes of virtual time. Memory must stay flat, and nothing may be lost. `npm run soak -- --help`.
import { parseArgs } from 'node:util'
import { P2P, P2P_SEND_RELIABLE } from '../src/p2p/index.js'
import { MemoryNetwork, VirtualClock } from '../src/transport/index.js'
import { grouped, growthFaults, line, megabytes, memory } from './soak-memory.js'

const HELP = `npm run soak -- [options]

  --sessions=1_000     players of one server
  --seconds=600        virtual time
  --rate=60            packets a second from each player; the server answers every sixth
  --size=64            bytes of each packet, 8 or more
  --loss=0             percent of packets that get lost; above 0 the links have datagrams only, and repair that
  --wall=3_600         seconds of real time after which the run is given up

Ten times, at even distances, garbage is collected and the memory of the process measured: heap and buffers. The straight
line that fits the ten best may rise by 4 MB from the first to the last: 4 kB a session, 0.1 bytes a packet.

Exit code 1 where a packet was lost, doubled or out of order, a session failed, a timer was left, or memory grew.`

const SERVER = 76561197960265729n
const FIRST_PLAYER = SERVER + 1n
const ROWS = 10

interface Options {
  readonly sessions: number
  readonly seconds: number
  readonly rate: number
  readonly size: number
  readonly loss: number
  readonly wall: number
}

function optionsOf(args: string[]): Options | undefined {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args,
    options: {
      sessions: text,
      seconds: text,
      rate: text,
      size: text,
      loss: text,
      wall: text,
      help: { type: 'boolean' },
    },
  })
  if (values.help) return undefined
  const whole = (name: Exclude<keyof typeof values, 'help'>, usual: number, least: number): number => {
    const value = Number((values[name] ?? String(usual)).replaceAll('_', ''))
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} must be a whole number from ${least}`)
    return value
  }
  return {
    sessions: whole('sessions', 1000, 1),
    seconds: whole('seconds', 600, ROWS),
    rate: whole('rate', 60, 6),
    size: whole('size', 64, 8),
    loss: whole('loss', 0, 0),
    wall: whole('wall', 3600, 1),
  }
}

/** A P2P with what it sends to and expects from each other one. */
class Player {
  readonly p2p: P2P
  readonly sent = new Map<bigint, number>()
  readonly #expected = new Map<bigint, number>()
  readonly #packet: Uint8Array
  readonly #view: DataView
  read = 0
  failures = 0
  wrong = 0

  constructor(network: MemoryNetwork, clock: VirtualClock, steamId: bigint, size: number) {
    this.p2p = new P2P({ steamId, transport: network.transport(steamId), clock, callbacks: 'manual' })
    this.p2p.on('p2p_session_request', (id) => this.p2p.acceptP2PSessionWithUser(id))
    this.p2p.on('p2p_session_connect_fail', () => this.failures++)
    this.#packet = new Uint8Array(size)
    this.#view = new DataView(this.#packet.buffer)
  }

  /** The next numbered packet to a peer. */
  send(to: bigint): void {
    const number = this.sent.get(to) ?? 0
    this.#view.setUint32(0, number)
    if (this.p2p.sendP2PPacket(to, this.#packet, P2P_SEND_RELIABLE)) this.sent.set(to, number + 1)
    else this.wrong++
  }

  readAll(): void {
    while (this.p2p.isP2PPacketAvailable()) {
      const { data, remote_steam_id: from } = this.p2p.readP2PPacket(this.#packet.length)
      const expected = this.#expected.get(from!) ?? 0
      if (new DataView(data!.buffer, data!.byteOffset).getUint32(0) !== expected) this.wrong++
      this.#expected.set(from!, expected + 1)
      this.read++
    }
  }

  get packets(): number {
    let sum = 0
    for (const number of this.sent.values()) sum += number
    return sum
  }
}

class Soak {
  readonly clock = new VirtualClock()
  readonly #network: MemoryNetwork
  readonly #server: Player
  readonly #players: Player[]
  readonly #options: Options
  #ticks = 0

  constructor(options: Options) {
    this.#options = options
    const lossy = options.loss > 0 && { reliable: false, loss: options.loss / 100 }
    this.#network = new MemoryNetwork({ clock: this.clock, seed: 1, latencyMs: 30, jitterMs: 10, ...lossy })
    this.#server = new Player(this.#network, this.clock, SERVER, options.size)
    this.#players = Array.from({ length: options.sessions }, (_, i) => {
      return new Player(this.#network, this.clock, FIRST_PLAYER + BigInt(i), options.size)
    })
  }

  /** One packet from each player, and every sixth time one to each. */
  tick(): void {
    this.#ticks++
    for (const player of this.#players) player.send(SERVER)
    if (this.#ticks % 6 === 0) for (const { p2p } of this.#players) this.#server.send(p2p.steamId)
    this.#pass(1000 / this.#options.rate)
  }

  /** What is on its way arrives. */
  rest(): void {
    for (let i = 0; i < 20; i++) this.#pass(50)
  }

  #pass(ms: number): void {
    this.clock.advance(ms)
    this.#server.p2p.runCallbacks()
    this.#server.readAll()
    for (const player of this.#players) player.readAll()
  }

  count() {
    const all = [this.#server, ...this.#players]
    const sum = (of: (player: Player) => number) => all.reduce((total, player) => total + of(player), 0)
    return {
      sent: sum((player) => player.packets),
      read: sum((player) => player.read),
      wrong: sum((player) => player.wrong),
      failures: sum((player) => player.failures),
    }
  }

  close(): void {
    for (const { p2p } of [this.#server, ...this.#players]) p2p.close()
  }
}

function run(options: Options): string[] {
  const soak = new Soak(options)
  const start = performance.now()
  const heaps: number[] = []
  const ticks = options.seconds * options.rate
  line('virtual s', 'packets', 'heap MB', 'buffers MB', 'timers', 'real s')
  for (let tick = 1; tick <= ticks; tick++) {
    soak.tick()
    const elapsed = (performance.now() - start) / 1000
    if (elapsed > options.wall)
      return [`given up after ${options.wall} s, at ${soak.clock.now() / 1000} virtual seconds`]
    if (tick % Math.floor(ticks / ROWS) !== 0) continue
    const { heap, buffers } = memory()
    heaps.push(heap + buffers)
    const { read } = soak.count()
    const seconds = Math.round(soak.clock.now() / 1000)
    line(seconds, grouped(read), megabytes(heap), megabytes(buffers), grouped(soak.clock.pending), elapsed.toFixed(0))
  }
  soak.rest()
  return faults(soak, heaps)
}

function faults(soak: Soak, heaps: readonly number[]): string[] {
  const { sent, read, wrong, failures } = soak.count()
  console.log(`\n${grouped(sent)} packets sent, ${grouped(read)} read, ${wrong} wrong, ${failures} failures`)
  const found: string[] = []
  if (sent !== read || wrong > 0) found.push(`${sent - read} packets lost, ${wrong} refused, doubled or out of order`)
  if (failures > 0) found.push(`${failures} sessions failed`)
  found.push(...growthFaults(heaps))
  soak.close()
  if (soak.clock.pending > 0) found.push(`${soak.clock.pending} timers are left`)
  return found
}

function main(): void {
  const options = optionsOf(process.argv.slice(2))
  if (options === undefined) {
    console.log(HELP)
    return
  }
  const found = run(options)
  for (const text of found) console.log(`FOUND ${text}`)
  if (found.length > 0) process.exitCode = 1
}

main()
