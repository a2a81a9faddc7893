import { type Clock, systemClock } from '../clock.js'
import { channelError } from './errors.js'
import type { FrameReport } from './frame-report.js'
import { MAX_RELIABLE_SIZE } from './send-type.js'

/** Times in milliseconds, sizes in bytes. The defaults are Steam's where Steam's are known. */
export interface MultiplexerOptions {
  /** How long a peer may leave a session request unanswered before it fails. Default 20,000. */
  readonly connectTimeoutMs?: number
  /** How often an unanswered request is sent again. Default 1,000. */
  readonly openRetryMs?: number
  /**
   * Where there is no link, one is asked for at once, and then with pauses that double, from this long (default 500) to
   * `reconnectMaxMs` (default 2,000); each is cut by chance to between a half and the whole of it.
   *
   * @example
   * ```ts
   * const transport = new MemoryNetwork().transport(76561197960265731n)
   * const patient = new P2P({ steamId: 76561197960265731n, transport, reconnectMs: 1_000, reconnectMaxMs: 15_000 })
   * console.log(patient.sendP2PPacket(id, new Uint8Array([1]), P2P_SEND_RELIABLE)) // true
   * patient.close()
   * ```
   */
  readonly reconnectMs?: number
  /** The longest pause of `reconnectMs`. Default 2,000. */
  readonly reconnectMaxMs?: number
  /** How often `sessionRequest` is raised again while requests keep arriving. Default 5,000. */
  readonly requestRepeatMs?: number
  /** After how much silence a PING is sent, and how often. Default 5,000. */
  readonly keepAliveMs?: number
  /** After how much silence a peer counts as gone. Default 20,000. */
  readonly vanishMs?: number
  /** After how long without a packet a session ends silently. Default 180,000. */
  readonly idleTimeoutMs?: number
  /** How long a packet of type 3 waits for company. Default 200. */
  readonly nagleMs?: number
  /** How much company ends the wait. Default 1,200. */
  readonly nagleBytes?: number
  /**
   * How long a session that the game closes may go on, unseen by it, until the peer has what was accepted before. Default
   * 0: what waits is dropped at once, as Steam does.
   *
   * @example
   * ```ts
   * const transport = new MemoryNetwork().transport(76561197960265731n)
   * const polite = new P2P({ steamId: 76561197960265731n, transport, closeLinger: 3_000 })
   * polite.sendP2PPacket(id, varToBytes('goodbye'), P2P_SEND_RELIABLE)
   * console.log(polite.closeP2PSessionWithUser(id)) // true
   * polite.close()
   * ```
   */
  readonly closeLinger?: number
  /** The longest that an acknowledgement waits for a frame to ride on. Default 50. */
  readonly ackDelayMs?: number
  /** Accepted and not acknowledged bytes for one peer above which `send` answers false. Default 4 MiB, at least 1 MiB. */
  readonly sendBufferSize?: number
  /**
   * Bytes in a link behind which an unreliable packet is dropped instead of waiting: late is lost. Default 65,536. Links
   * with a path of their own for datagrams count that one.
   */
  readonly maxDatagramBacklog?: number
  /** Received and unread bytes of one session that are held for the game. Default 4 MiB, at least 2 MiB. */
  readonly receiveBufferSize?: number
  /** Unread unreliable packets of one session above which new ones are dropped. Default 1,024. */
  readonly maxUnreadDatagrams?: number
  /** Session requests that wait for an answer; more are ignored until one is gone. Default 256. */
  readonly maxRequests?: number
  /**
   * Sees every frame, in and out: for debugging. Called from within calls and events; it must not call back. What it throws
   * comes out of a task of its own.
   *
   * @example
   * ```ts
   * const transport = new MemoryNetwork().transport(76561197960265731n)
   * const onFrame = ({ direction, peer, records }: FrameReport) =>
   *   console.log(direction, peer, records.map(({ name }) => name).join())
   * const watched = new P2P({ steamId: 76561197960265731n, transport, onFrame })
   * watched.sendP2PPacket(id, new Uint8Array([1]), P2P_SEND_RELIABLE)
   * watched.close()
   * ```
   */
  readonly onFrame?: (report: FrameReport) => void
  /** Where time comes from. Default `systemClock`. */
  readonly clock?: Clock
  /** Random u32 numbers for session ids. Default the platform's cryptographic source. */
  readonly randomUint32?: () => number
}

export interface ResolvedOptions extends Required<Omit<MultiplexerOptions, 'onFrame'>> {
  readonly onFrame: MultiplexerOptions['onFrame'] | undefined
}

const DEFAULTS: ResolvedOptions = {
  connectTimeoutMs: 20_000,
  openRetryMs: 1_000,
  reconnectMs: 500,
  reconnectMaxMs: 2_000,
  requestRepeatMs: 5_000,
  keepAliveMs: 5_000,
  vanishMs: 20_000,
  idleTimeoutMs: 180_000,
  nagleMs: 200,
  nagleBytes: 1200,
  closeLinger: 0,
  ackDelayMs: 50,
  sendBufferSize: 4 << 20,
  maxDatagramBacklog: 65_536,
  receiveBufferSize: 4 << 20,
  maxUnreadDatagrams: 1024,
  maxRequests: 256,
  clock: systemClock,
  onFrame: undefined,
  randomUint32: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
}

/** The largest timer of every platform. */
const LARGEST_MS = 0x7fffffff

const LOWEST: Partial<Record<keyof MultiplexerOptions, number>> = {
  closeLinger: 0,
  sendBufferSize: MAX_RELIABLE_SIZE,
  receiveBufferSize: 2 << 20,
}

export function resolveOptions(options: MultiplexerOptions): ResolvedOptions {
  const resolved = { ...DEFAULTS }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!(name in DEFAULTS)) throw channelError('CHANNEL_BAD_OPTION', { option: name, value, expected: 'left out' })
    Object.assign(resolved, { [name]: value })
    if (typeof value !== 'number') continue
    const lowest = LOWEST[name as keyof MultiplexerOptions] ?? 1
    if (!(value >= lowest && value <= LARGEST_MS)) {
      const expected = `a number from ${lowest} to ${LARGEST_MS}`
      throw channelError('CHANNEL_BAD_OPTION', { option: name, value, expected })
    }
  }
  return resolved
}
