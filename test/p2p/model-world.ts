// Peers on a network in memory, led through a schedule and held against the model at every step. A schedule is plain data:
// the same one is the same run, so that one that failed can be kept in model-finds.ts.
import { Buffer } from 'node:buffer'
import { VirtualClock } from '../../src/clock.js'
import { P2P, type P2PSend } from '../../src/p2p/index.js'
import { MemoryNetwork, type MemoryNetworkOptions } from '../../src/transport/index.js'
import { noise } from '../seeded.js'
import { checkSend, Flow, isUnreliable, LIMITS, type Sent, TINY } from './model.js'
import { CountingClock } from './model-clock.js'

export type Step =
  | readonly ['send', by: number, to: number, type: P2PSend, channel: number, size: number, times: number]
  | readonly ['accept', by: number, of: number]
  /** At most `count` packets a channel, all where it is 0; only their first `cut` bytes where that is not 0. */
  | readonly ['read', by: number, count: number, cut: number]
  | readonly ['closeSession', by: number, of: number]
  | readonly ['closeChannel', by: number, of: number, channel: number]
  /** The way between two peers is cut, and they are told; or they are not told; or it is mended. */
  | readonly ['cut', a: number, b: number]
  | readonly ['mute', a: number, b: number]
  | readonly ['heal', a: number, b: number]
  /** A program ends and starts again under the same id. */
  | readonly ['restart', by: number]
  | readonly ['wait', ms: number]

export interface Setting {
  readonly peers: number
  /** Whether peers accept whoever asks; else only `accept` does. */
  readonly friendly: boolean
  /** Whether buffers are as small as they may be. */
  readonly small: boolean
  readonly network: Omit<MemoryNetworkOptions, 'clock'>
}

export interface Schedule extends Setting {
  readonly steps: readonly Step[]
}

export const CHANNELS = [0, 1, -7, 0x7fffffff] as const
/** Where only unreliable packets travel that are too short to say which they are. */
export const TINY_CHANNEL = 99

const FIRST_ID = 76561197960265729n
const SLICE_MS = 50
const MAGIC = 0x6d6f6465
/** No session fails, and none ends, before nothing was heard for so long. */
const PATIENCE_MS = 20_000
const LARGEST_FRAME = 65_536
const IDLE_MS = 180_000
/**
 * Where nothing stands in the way they have found each other after `meetingMs`, and are silent for `silenceMs` at most then:
 * the time between two PINGs, and a slow way. Where frames get lost, chance decides; these are times that it does not reach.
 * Both are longer by what a narrow place may have to carry first. When all sessions are closed, what was under way is gone
 * after `restMs`: a link that loses repeats the last of it until it is acknowledged, or the link given up.
 */
const TIMES = {
  reliable: { meetingMs: 6_000, silenceMs: 8_000, restMs: 10_000 },
  lossy: { meetingMs: 25_000, silenceMs: 12_000, restMs: 60_000 },
}

function timesOf({ reliable, bandwidth, highWaterMark = 1 << 20 }: MemoryNetworkOptions) {
  const { meetingMs, silenceMs, restMs } = reliable === false ? TIMES.lossy : TIMES.reliable
  const busyMs = bandwidth === undefined ? 0 : ((highWaterMark + LARGEST_FRAME) * 1000) / bandwidth
  return { meetingMs: meetingMs + busyMs, silenceMs: silenceMs + busyMs, restMs: restMs + busyMs }
}

const NOISE = noise(3 << 20)

/** The bytes of a packet follow from its number and size; the first eight say the number. */
function bytesOf(number: number, size: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(TINY))
  head.setUint32(0, number, true)
  head.setUint32(4, MAGIC, true)
  const offset = (number * 7919) % (1 << 20)
  const data = NOISE.slice(offset, offset + size)
  data.set(new Uint8Array(head.buffer).subarray(0, Math.min(TINY, size)))
  return data
}

function isPart(part: Uint8Array, whole: Uint8Array): boolean {
  return part.length <= whole.length && Buffer.compare(part, whole.subarray(0, part.length)) === 0
}

interface State {
  readonly active: boolean
  readonly connecting: boolean
  readonly queued: number
}

const NO_SESSION: State = { active: false, connecting: false, queued: 0 }

/** What two peers have between them, whichever of them sends. */
interface Pair {
  cut: boolean
  /** Whether one of them ended a session, and they have not met since: the other may hear of it, and end its own. */
  parted: boolean
  /** Since when nothing has stood in the way: they can reach each other, and each wants the other. */
  goodSince: number | undefined
  /** They have certainly heard each other at this moment or later. */
  heardAt: number
  /** When the last packet was sent that is known to have arrived: it counts at both ends. */
  usedAt: number
}

class ModelError extends Error {}

export class ModelWorld {
  readonly clock = new VirtualClock()
  readonly #setting: Setting
  readonly #network: MemoryNetwork
  readonly #peers: P2P[] = []
  /** The timers of each peer. */
  readonly #clocks: CountingClock[] = []
  readonly #flows: Flow[][]
  readonly #pairs: Pair[][]
  #event = 0
  #packets = 0
  #randomState: number
  /** Which packets were read when, in one number: two runs that differ in anything differ in it. */
  digest = 0
  /** Of what was tried, how much; a run that tries nothing proves nothing. */
  readonly counts = { sent: 0, refused: 0, read: 0, requests: 0, failures: 0, ends: 0 }

  constructor(setting: Setting) {
    this.#setting = setting
    this.#randomState = setting.network.seed ?? 1
    this.#network = new MemoryNetwork({ ...setting.network, clock: this.clock })
    const all = Array.from({ length: setting.peers }, (_, i) => i)
    this.#flows = all.map((from) => all.map((to) => new Flow(`${from} to ${to}`)))
    this.#pairs = all.map((a) =>
      all.slice(a + 1).map(() => ({
        cut: false,
        parted: false,
        goodSince: undefined,
        heardAt: Number.NEGATIVE_INFINITY,
        usedAt: 0,
      })),
    )
    for (const i of all) this.#peers.push(this.#start(i))
  }

  get peers(): number {
    return this.#setting.peers
  }

  // --- steps -----------------------------------------------------------------------------------------------------

  run(step: Step): void {
    this.#event++
    switch (step[0]) {
      case 'send':
        this.#sendAll(step)
        break
      case 'accept':
        this.#accept(step[1], step[2])
        break
      case 'read':
        this.#readAll(step[1], step[2], step[3])
        break
      case 'closeSession':
        this.#closeSession(step[1], step[2])
        break
      case 'closeChannel':
        this.#closeChannel(step[1], step[2], step[3])
        break
      case 'cut':
        this.#cut(step[1], step[2], false)
        break
      case 'mute':
        this.#cut(step[1], step[2], true)
        break
      case 'heal':
        this.#heal(step[1], step[2])
        break
      case 'restart':
        this.#restart(step[1])
        break
      case 'wait':
        this.pass(step[1])
        break
    }
    this.#checkLimits()
  }

  #sendAll([, by, to, type, channel, size, times]: Extract<Step, readonly ['send', ...unknown[]]>): void {
    for (let i = 0; i < times; i++) this.#send(by, to, type, channel, size)
  }

  #send(by: number, to: number, type: P2PSend, wished: number, size: number): void {
    const channel = isUnreliable(type) && size < TINY ? TINY_CHANNEL : wished
    const flow = this.#flow(by, to)
    const number = this.#packets++
    const before = this.#state(by, to)
    const taken = this.#p2p(by).sendP2PPacket(idOf(to), bytesOf(number, size), type, channel)
    const { sendBufferSize } = this.#limits
    checkSend({ flow, type, size, taken, sendBufferSize, queuedBefore: before.queued, self: by === to })
    if (!taken) {
      this.counts.refused++
      return
    }
    this.counts.sent++
    const after = this.#state(by, to)
    // Before the session is up type 0 waits and goes reliably, type 1 is thrown away; to oneself nothing is lost.
    const stream = by === to || !isUnreliable(type) || (type === 0 && after.connecting)
    const [at, atMs] = [this.#event, this.clock.now()]
    flow.took({ number, channel, size, stream: stream && channel !== TINY_CHANNEL, at, atMs, read: 0 })
    this.#wants(by, to)
  }

  #accept(by: number, of: number): void {
    if (!this.#p2p(by).acceptP2PSessionWithUser(idOf(of))) wrong(`${by} could not accept ${of}`)
    if (this.#state(by, of).active) this.#wants(by, of)
  }

  #wants(by: number, other: number): void {
    this.#flow(other, by).wanted = true
  }

  #readAll(by: number, count: number, cut: number): void {
    const cost = new Map<Flow, number>()
    const datagrams = new Map<Flow, number>()
    for (const channel of [...CHANNELS, TINY_CHANNEL]) {
      for (let i = 0; count === 0 || i < count; i++) {
        const read = this.#readOne(by, channel, cut)
        if (read === undefined) break
        const [flow, packet] = read
        if (packet.stream) this.#arrived(flow, packet, by)
        if (packet.stream) cost.set(flow, (cost.get(flow) ?? 0) + packet.size + 256)
        else if (packet.size >= TINY) datagrams.set(flow, (datagrams.get(flow) ?? 0) + 1)
      }
    }
    const { receiveBufferSize, sendBufferSize, maxUnreadDatagrams } = this.#limits
    for (const [flow, sum] of cost) {
      const most = flow === this.#flow(by, by) ? sendBufferSize + 256 : receiveBufferSize
      if (sum > most) wrong(`${flow.name}: ${sum} bytes were unread, the limit is ${most}`)
    }
    for (const [flow, sum] of datagrams) {
      if (sum > maxUnreadDatagrams) wrong(`${flow.name}: ${sum} datagrams were unread`)
    }
  }

  #arrived(flow: Flow, { atMs, size }: Sent, by: number): void {
    const from = this.#flows.findIndex((flows) => flows[by] === flow)
    if (from === by || size < TINY) return
    const pair = this.#pair(from, by)
    pair.usedAt = Math.max(pair.usedAt, atMs)
  }

  #readOne(by: number, channel: number, cut: number): [Flow, Sent] | undefined {
    const p2p = this.#p2p(by)
    if (!p2p.isP2PPacketAvailable(channel)) return undefined
    const size = p2p.getAvailableP2PPacketSize(channel)
    const wanted = cut === 0 ? size : cut
    const packet = p2p.readP2PPacket(wanted, channel)
    if (packet.data === undefined) wrong(`${by}: a packet of ${size} bytes was there and could not be read`)
    const { data } = packet
    if (data.length !== Math.min(size, wanted))
      wrong(`${by}: ${data.length} bytes instead of ${size}, cut at ${wanted}`)
    const flow = this.#flow(indexOf(packet.remote_steam_id), by)
    this.counts.read++
    if (size < TINY) return [flow, flow.readTiny(size, channel, (number) => isPart(data, bytesOf(number, size)))]
    const number = new DataView(data.buffer, data.byteOffset).getUint32(0, true)
    this.digest = Math.imul(this.digest ^ number ^ this.clock.now(), 0x01000193)
    const sent = flow.read(number, channel)
    if (sent.size !== size || !isPart(data, bytesOf(number, size))) wrong(`${flow.name}: ${number} came changed`)
    // A datagram lane may double; a link that loses tells packets apart by their numbers.
    const most = this.#setting.network.reliable === false ? 1 : 2
    if (!sent.stream && sent.read > most) wrong(`${flow.name}: ${number} came ${sent.read} times`)
    return [flow, sent]
  }

  #closeSession(by: number, of: number): void {
    const { active, connecting } = this.#state(by, of)
    const answer = this.#p2p(by).closeP2PSessionWithUser(idOf(of))
    if (answer !== (active || connecting)) wrong(`${by}: closing the session with ${of} answered ${answer}`)
    this.#sessionClosed(by, of)
  }

  #sessionClosed(by: number, of: number): void {
    this.#flow(by, of).droppedBySender(this.#event)
    this.#flow(of, by).closed(this.#event)
    if (by !== of) this.#part(by, of)
    this.#expectNothing(by, of)
  }

  #part(a: number, b: number): void {
    const pair = this.#pair(a, b)
    pair.parted = true
    pair.goodSince = undefined
  }

  #expectNothing(by: number, of: number): void {
    const { active, connecting } = this.#state(by, of)
    if (active || connecting) wrong(`${by}: there is a session with ${of} after it was closed`)
  }

  #closeChannel(by: number, of: number, channel: number): void {
    const before = this.#state(by, of)
    const closed = this.#p2p(by).closeP2PChannelWithUser(idOf(of), channel)
    if (!closed) return
    if (before === NO_SESSION) wrong(`${by}: channel ${channel} with ${of} was closed without a session`)
    const after = this.#state(by, of)
    if (after.active || after.connecting) this.#flow(of, by).droppedByReceiver(this.#event, channel)
    else this.#sessionClosed(by, of)
  }

  #cut(a: number, b: number, silent: boolean): void {
    if (a === b) return
    this.#pair(a, b).cut = true
    this.#pair(a, b).goodSince = undefined
    this.#network.partition(idOf(a), idOf(b), { silent })
  }

  #heal(a: number, b: number): void {
    if (a === b) return
    this.#pair(a, b).cut = false
    this.#network.heal(idOf(a), idOf(b))
  }

  #restart(by: number): void {
    this.#end(by)
    for (let other = 0; other < this.peers; other++) {
      this.#flow(by, other).droppedBySender(this.#event)
      this.#flow(other, by).receiverReborn(this.#event)
      if (other !== by) this.#part(by, other)
    }
    this.#peers[by] = this.#start(by)
  }

  // --- time ------------------------------------------------------------------------------------------------------

  /** Time passes in the steps of a slow game; signals are delivered after each. */
  pass(ms: number): void {
    for (let left = ms; left >= 0; left -= SLICE_MS) {
      this.clock.advance(Math.min(SLICE_MS, left))
      for (const p2p of this.#peers) p2p.runCallbacks()
      this.#watch()
      if (left === 0) break
    }
  }

  /** What the states say after a moment: which sessions have ended by themselves, and whether they may have. */
  #watch(): void {
    this.#event++
    const { meetingMs, silenceMs } = timesOf(this.#setting.network)
    const now = this.clock.now()
    for (let a = 0; a < this.peers; a++) {
      for (let b = a + 1; b < this.peers; b++) {
        const pair = this.#pair(a, b)
        this.#watchEnd(a, b, pair)
        this.#watchEnd(b, a, pair)
        const good = !pair.cut && this.#flow(a, b).wanted && this.#flow(b, a).wanted
        pair.goodSince = good ? (pair.goodSince ?? now) : undefined
        if (pair.goodSince === undefined || now - pair.goodSince < meetingMs) continue
        pair.heardAt = now - silenceMs
        pair.parted = false
      }
    }
  }

  #watchEnd(at: number, other: number, pair: Pair): void {
    const { active, connecting } = this.#state(at, other)
    const flow = this.#flow(other, at)
    if (active || connecting || !flow.wanted) return
    this.counts.ends++
    flow.ended(this.#event)
    const now = this.clock.now()
    const mayEnd = pair.parted || now - pair.heardAt >= PATIENCE_MS || now - pair.usedAt >= IDLE_MS
    if (!mayEnd) wrong(`${at}: the session with ${other} ended, ${now - pair.heardAt} ms after they heard each other`)
    pair.parted = true
  }

  #start(i: number): P2P {
    const clock = new CountingClock(this.clock)
    this.#clocks[i] = clock
    const p2p = new P2P({
      steamId: idOf(i),
      transport: this.#network.transport(idOf(i)),
      callbacks: 'manual',
      clock,
      randomUint32: () => this.#random(),
      ...this.#limits,
    })
    p2p.on('p2p_session_request', (id) => this.#requested(i, indexOf(id)))
    p2p.on('p2p_session_connect_fail', (id, error) => this.#failed(i, indexOf(id), error))
    return p2p
  }

  #requested(at: number, by: number): void {
    this.counts.requests++
    const { active, connecting } = this.#state(at, by)
    if (active || connecting) wrong(`${at}: a request of ${by}, with whom there is a session`)
    if (this.#setting.friendly || this.#hospitable) this.#accept(at, by)
  }

  #failed(at: number, other: number, error: number): void {
    this.counts.failures++
    if (error !== 4) wrong(`${at}: the session with ${other} failed with ${error}`)
    const since = this.clock.now() - this.#pair(at, other).heardAt
    if (since < PATIENCE_MS) wrong(`${at}: ${other} cannot be reached, ${since} ms after they heard each other`)
    this.#event++
    this.#flow(at, other).droppedBySender(this.#event)
  }

  // --- the end ---------------------------------------------------------------------------------------------------

  #hospitable = false

  /** All ways are mended, all requests accepted, all packets read: whatever is still owed must come. */
  finish(): void {
    this.#hospitable = true
    for (let a = 0; a < this.peers; a++) for (let b = a + 1; b < this.peers; b++) this.#heal(a, b)
    this.#settle('what was sent')
    for (let a = 0; a < this.peers; a++) for (let b = 0; b < this.peers; b++) this.#send(a, b, 2, 0, 100)
    this.#settle('a last packet')
    this.#leave()
  }

  #settle(what: string): void {
    const most = settlingSeconds(this.#setting)
    for (let second = 0; second < most; second++) {
      this.pass(1_000)
      for (let i = 0; i < this.peers; i++) this.#readAll(i, 0, 0)
      // A little longer than that, for what must not come.
      if (second > 2 && this.#missing() === undefined) return
    }
    wrong(`${what} does not arrive within ${Math.round(most)} s: ${this.#missing()}`)
  }

  #missing(): string | undefined {
    for (const flow of this.#flows.flat()) {
      const packet = flow.missing()
      if (packet) return `${flow.name}: ${packet.number} of ${packet.size} bytes on channel ${packet.channel}`
    }
    return this.#queued()
  }

  /** When all has come, nothing waits. */
  #queued(): string | undefined {
    for (let a = 0; a < this.peers; a++) {
      for (let b = 0; b < this.peers; b++) {
        const { bytes_queued_for_send: bytes, packets_queued_for_send: packets } = this.#p2p(a).getP2PSessionState(
          idOf(b),
        )
        if ((bytes ?? 0) !== 0 || (packets ?? 0) !== 0) return `${a} to ${b}: ${bytes} bytes in ${packets} packets`
      }
    }
    return undefined
  }

  /** All sessions are closed, and then all peers: no timer may be left. */
  #leave(): void {
    this.#hospitable = false
    for (let a = 0; a < this.peers; a++) for (let b = 0; b < this.peers; b++) this.#closeSession(a, b)
    this.pass(timesOf(this.#setting.network).restMs)
    for (let a = 0; a < this.peers; a++) for (let b = 0; b < this.peers; b++) this.#expectNothing(a, b)
    if (this.clock.pending > 0) wrong(`${this.clock.pending} timers run although all sessions are closed`)
    for (let i = 0; i < this.peers; i++) this.#end(i)
    if (this.clock.pending > 0) wrong(`${this.clock.pending} timers run although all peers are closed`)
  }

  #end(i: number): void {
    this.#p2p(i).close()
    const { pending } = this.#clocks[i]!
    if (pending > 0) wrong(`${i}: ${pending} timers run although it was closed`)
  }

  close(): void {
    for (const p2p of this.#peers) p2p.close()
  }

  // --- what there is ---------------------------------------------------------------------------------------------

  #checkLimits(): void {
    for (let a = 0; a < this.peers; a++) {
      for (let b = 0; b < this.peers; b++) {
        const { queued } = this.#state(a, b)
        if (queued < 0 || queued > this.#limits.sendBufferSize) wrong(`${a} to ${b}: ${queued} bytes are queued`)
        // Whoever asks makes it send a PING: every other world is left to its own.
        if (this.#setting.small) this.#checkMemory(a, b)
      }
    }
  }

  #checkMemory(at: number, of: number): void {
    const known = this.#p2p(at).getSessionStatistics(idOf(of))
    if (known === undefined) return
    const { sendBufferSize, receiveBufferSize, maxUnreadDatagrams } = this.#limits
    const { bytesUnacknowledged, bytesUnread } = known
    if (bytesUnacknowledged > sendBufferSize) wrong(`${at} to ${of}: ${bytesUnacknowledged} bytes are kept`)
    const most = receiveBufferSize + maxUnreadDatagrams * LIMITS.unreliable
    if (bytesUnread > most) wrong(`${of} to ${at}: ${bytesUnread} bytes are unread, the limit is ${most}`)
  }

  #state(by: number, of: number): State {
    const state = this.#p2p(by).getP2PSessionState(idOf(of))
    if (state.connection_active === undefined) return NO_SESSION
    return {
      active: state.connection_active === 1,
      connecting: state.connecting === 1,
      queued: state.bytes_queued_for_send ?? 0,
    }
  }

  get #limits() {
    return this.#setting.small ? SMALL : USUAL
  }

  #p2p(i: number): P2P {
    return this.#peers[i]!
  }

  #flow(from: number, to: number): Flow {
    return this.#flows[from]![to]!
  }

  #pair(a: number, b: number): Pair {
    return this.#pairs[Math.min(a, b)]![Math.abs(a - b) - 1]!
  }

  /** Session ids: any will do, as long as a schedule gets the same ones again. */
  #random(): number {
    this.#randomState = (Math.imul(this.#randomState, 1664525) + 1013904223) >>> 0
    return this.#randomState
  }
}

const SMALL = { sendBufferSize: 1 << 20, receiveBufferSize: 2 << 20, maxUnreadDatagrams: 16 }
const USUAL = { sendBufferSize: 4 << 20, receiveBufferSize: 4 << 20, maxUnreadDatagrams: 1024 }

/** After so long whatever stood in the way is over, but not what only the end of an idle session would mend. */
const DETOURS_S = 100
/** A link that loses keeps at least so many bytes under way, and brings at least such a part of them. */
const LOSSY_BYTES = 4800
const LOSSY_SHARE = 0.3

/** How long the largest buffers may need, in seconds. */
function settlingSeconds({ small, network }: Setting): number {
  const { reliable = true, bandwidth = Number.POSITIVE_INFINITY, latencyMs = 0, jitterMs = 0 } = network
  const underWay = Math.min(network.highWaterMark ?? Number.POSITIVE_INFINITY, reliable ? 1 << 20 : LOSSY_BYTES)
  const perSecond = Math.min(bandwidth, (underWay * 1000) / (2 * latencyMs + jitterMs + 1))
  const { sendBufferSize } = small ? SMALL : USUAL
  return DETOURS_S + sendBufferSize / (reliable ? perSecond : perSecond * LOSSY_SHARE)
}

function idOf(index: number): bigint {
  return FIRST_ID + BigInt(index)
}

function indexOf(id: bigint): number {
  return Number(id - FIRST_ID)
}

function wrong(text: string): never {
  throw new ModelError(text)
}

/** Lives a schedule to its end. What is wrong is thrown. */
export function live({ steps, ...setting }: Schedule): ModelWorld {
  const world = new ModelWorld(setting)
  try {
    for (const step of steps) world.run(step)
    world.finish()
  } finally {
    world.close()
  }
  return world
}
