/** Counts what passes, exactly and in bounded memory, however few of the frames are shown. */
import type { CapturedFrame } from './capture.js'
import type { FlowFigures, PairFigures } from './feed.js'
import { type FrameRecord, fieldOf, type ReadFrame, readFrame } from './frame.js'

/** Beyond so many pairs and channels, what passes is counted together as that of nobody. */
const MOST_PAIRS = 2048
const MOST_FLOWS = 4096
const NOBODY = 0n

interface Flow {
  packets: number
  bytes: number
}

/** One direction between two peers. */
class Pair {
  readonly flows = new Map<number, Flow>()
  state: PairFigures['state'] = 'none'
  frames = 0
  frameBytes = 0
  reliable = 0
  resent = 0
  roundTripMs: number | undefined
  /** The session that the numbers below belong to. */
  #session = 0
  /** The message that comes next, by what was seen of messages, and of acknowledgements. */
  #next = 0
  #acknowledged = 0
  #ping: { readonly token: number; readonly at: number } | undefined

  constructor(
    readonly from: bigint,
    readonly to: bigint,
  ) {}

  get inFlight(): number {
    const count = (this.#next - this.#acknowledged) >>> 0
    return count > 0x7fffffff ? 0 : count
  }

  /** A reliable record; the packet is whole with it where `isLast`. */
  message(session: number, sequence: number, isLast: boolean): void {
    this.#begin(session)
    const isNew = (sequence - this.#next) >>> 0 < 0x80000000
    if (isLast) this.reliable++
    if (isLast && !isNew) this.resent++
    if (isLast && isNew) this.#next = (sequence + 1) >>> 0
  }

  /** Numbers begin anew with each session. */
  #begin(session: number): void {
    if (session === this.#session) return
    this.#session = session
    this.#next = 0
    this.#acknowledged = 0
  }

  /** The other end has everything before that number. */
  acknowledged(session: number, sequence: number): void {
    // The frame has the id of this direction's sender as destination: told apart from ours, which is the receiver's.
    if (session !== 0 && (sequence - this.#acknowledged) >>> 0 < 0x80000000) this.#acknowledged = sequence
  }

  ping(token: number, at: number): void {
    this.#ping = { token, at }
  }

  pong(token: number, at: number): void {
    if (this.#ping?.token === token) this.roundTripMs = at - this.#ping.at
  }
}

/** What one source has seen. */
export class Tally {
  frames = 0
  bytes = 0
  broken = 0
  notTaken = 0
  readonly #pairs = new Map<bigint, Map<bigint, Pair>>()
  #pairCount = 0
  #flowCount = 0

  /** What the frame says, which counting has read anyway. */
  add(seen: CapturedFrame): ReadFrame {
    const read = readFrame(seen.frame)
    this.frames++
    this.bytes += seen.frame.length
    if (read.broken) this.broken++
    if (!seen.taken) this.notTaken++
    else this.#count(seen, read)
    return read
  }

  /** Everybody who was one end of something. */
  peers(): Set<bigint> {
    return new Set([...this.#pairs].flatMap(([from, inner]) => [from, ...inner.keys()]))
  }

  flows(): FlowFigures[] {
    return this.#all().flatMap(({ from, to, flows }) =>
      [...flows].map(([channel, { packets, bytes }]) => ({
        from: String(from),
        to: String(to),
        channel,
        packets,
        bytes,
      })),
    )
  }

  pairs(): PairFigures[] {
    return this.#all().map(
      ({ from, to, state, frames, frameBytes, reliable, resent, inFlight, roundTripMs }): PairFigures => ({
        from: String(from),
        to: String(to),
        state,
        frames,
        frameBytes,
        reliable,
        resent,
        inFlight,
        roundTripMs,
      }),
    )
  }

  #all(): Pair[] {
    return [...this.#pairs.values()].flatMap((inner) => [...inner.values()])
  }

  #count(seen: CapturedFrame, { destination, records }: ReadFrame): void {
    const pair = this.#pair(seen.from, seen.to)
    pair.frames++
    pair.frameBytes += seen.frame.length
    const back = records.some(({ name }) => name === 'ACK' || name === 'PONG')
      ? this.#pair(seen.to, seen.from)
      : undefined
    for (const record of records) this.#record(record, pair, back, seen.at, destination)
  }

  #record(record: FrameRecord, pair: Pair, back: Pair | undefined, at: number, session: number): void {
    switch (record.name) {
      case 'OPEN':
        pair.state = 'asked'
        return
      case 'UNKNOWN':
        pair.state = 'unknown'
        return
      case 'PING':
        return pair.ping(fieldOf(record, 'token')!, at)
      case 'PONG':
        return back?.pong(fieldOf(record, 'token')!, at)
      case 'ACK':
        return back?.acknowledged(session, fieldOf(record, 'sequence')!)
      case 'ACCEPT':
        pair.state = 'open'
        return
      default:
        pair.state = 'open'
        this.#packet(record, pair, session)
    }
  }

  /** A packet counts where its last byte does. */
  #packet(record: FrameRecord, pair: Pair, session: number): void {
    const size = record.end - record.payload!
    const isLast = record.name !== 'FRAGMENT' || fieldOf(record, 'offset')! + size === fieldOf(record, 'total')
    const sequence = fieldOf(record, 'sequence')
    if (sequence !== undefined) pair.message(session, sequence, isLast)
    const flow = this.#flow(pair, fieldOf(record, 'channel')!)
    flow.bytes += size
    if (isLast) flow.packets++
  }

  #pair(from: bigint, to: bigint): Pair {
    const known = this.#pairs.get(from)?.get(to)
    if (known) return known
    if (this.#pairCount >= MOST_PAIRS && (from !== NOBODY || to !== NOBODY)) return this.#pair(NOBODY, NOBODY)
    const pair = new Pair(from, to)
    const inner = this.#pairs.get(from) ?? new Map<bigint, Pair>()
    this.#pairs.set(from, inner.set(to, pair))
    this.#pairCount++
    return pair
  }

  #flow({ flows }: Pair, channel: number): Flow {
    const known = flows.get(channel)
    if (known) return known
    // Channel 0 is there for each pair, and the others where there is room.
    if (this.#flowCount >= MOST_FLOWS && channel !== 0) return this.#flow({ flows } as Pair, 0)
    const flow = { packets: 0, bytes: 0 }
    flows.set(channel, flow)
    this.#flowCount++
    return flow
  }
}
