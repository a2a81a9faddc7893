import type { BackendSessionState, Drop, DropReason } from '../p2p/index.js'
import { isInt32, SESSION_STATE, viewOf } from './layouts.js'
import type { Pointer, SharedCalls } from './native.js'

/** Packets up to this many bytes are read into a buffer that is used again, and cost one copy; larger ones none. */
const READ_BUFFER_SIZE = 1 << 16

/** The P2P_SEND_* that are reliable, and Steam's limits for one packet, in bytes. */
const FIRST_RELIABLE = 2
const LAST_SEND_TYPE = 3
const MAX_UNRELIABLE = 1200
const MAX_RELIABLE = 1 << 20

export interface ReadPacket {
  readonly steamId: bigint
  readonly data: Uint8Array
}

/**
 * The eight P2P calls on Steam's ISteamNetworking. After `close` each gives its failure value: a call on an interface that
 * is gone would end the process.
 */
export class SteamNetworking {
  readonly #calls: SharedCalls
  readonly #dropped: (drop: Drop) => void
  #self: Pointer | undefined
  // Where Steam writes to: made once.
  readonly #buffer = new Uint8Array(READ_BUFFER_SIZE)
  readonly #size = new Uint32Array(1)
  readonly #from = new BigUint64Array(1)
  readonly #state = new Uint8Array(SESSION_STATE.size)
  readonly #stateView = viewOf(this.#state)
  /** The channel that was last asked for its next packet, and what it said. */
  #peekedChannel: number | undefined
  #peekedSize = 0

  constructor(calls: SharedCalls, self: Pointer, dropped: (drop: Drop) => void) {
    this.#calls = calls
    this.#self = self
    this.#dropped = dropped
  }

  get isOpen(): boolean {
    return this.#self !== undefined
  }

  send(peer: bigint, data: Uint8Array, sendType: number, channel: number): boolean {
    const self = this.#self
    const size = data.length
    if (self !== undefined && isSendType(sendType) && isInt32(channel)) {
      // No bytes have no place in memory; Steam is given one all the same.
      const from = size === 0 ? this.#buffer : data
      if (this.#calls.sendP2PPacket(self, peer, from, size, sendType, channel)) return true
    }
    const why = this.#whyRefused(size, sendType, channel)
    const known = isInt32(channel) ? channel : undefined
    this.#dropped({ what: 'refused packet', why, count: 1, bytes: size, peer, channel: known })
    return false
  }

  /** Steam says no more than no; these are the reasons that it documents. */
  #whyRefused(size: number, sendType: number, channel: number): DropReason {
    if (this.#self === undefined) return 'closed'
    if (!isSendType(sendType)) return 'bad-type'
    if (!isInt32(channel)) return 'bad-channel'
    return size > (sendType < FIRST_RELIABLE ? MAX_UNRELIABLE : MAX_RELIABLE) ? 'too-large' : 'queue-full'
  }

  nextPacketSize(channel: number): number | undefined {
    this.#peekedChannel = undefined
    const self = this.#self
    if (self === undefined || !isInt32(channel)) return undefined
    if (!this.#calls.isP2PPacketAvailable(self, this.#size, channel)) return undefined
    this.#peekedChannel = channel
    this.#peekedSize = this.#size[0]!
    return this.#peekedSize
  }

  read(channel: number, maxSize: number): ReadPacket | undefined {
    // Usually the size was asked for just now, and Steam need not be asked twice.
    const size = this.#peekedChannel === channel ? this.#peekedSize : this.nextPacketSize(channel)
    this.#peekedChannel = undefined
    const self = this.#self
    if (self === undefined || size === undefined) return undefined
    const isLarge = size > READ_BUFFER_SIZE
    const into = isLarge ? new Uint8Array(Math.min(size, Math.max(1, maxSize))) : this.#buffer
    if (!this.#calls.readP2PPacket(self, into, into.length, this.#size, this.#from, channel)) return undefined
    // Whether Steam counts the bytes that did not fit is not documented, so they are not believed in.
    const end = Math.min(this.#size[0]!, into.length, maxSize)
    const peer = this.#from[0]!
    const lost = size - end
    if (lost > 0) this.#dropped({ what: 'packet tail', why: 'read-size', count: 1, bytes: lost, peer, channel })
    return { steamId: peer, data: isLarge && end === into.length ? into : into.slice(0, end) }
  }

  /** What was asked for may be gone: sessions end, and take their packets along. */
  forgetPeek(): void {
    this.#peekedChannel = undefined
  }

  accept(peer: bigint): void {
    if (this.#self !== undefined) this.#calls.acceptP2PSessionWithUser(this.#self, peer)
  }

  closeChannel(peer: bigint, channel: number): boolean {
    this.forgetPeek()
    if (this.#self === undefined || !isInt32(channel)) return false
    return this.#calls.closeP2PChannelWithUser(this.#self, peer, channel)
  }

  closeSession(peer: bigint): boolean {
    this.forgetPeek()
    return this.#self !== undefined && this.#calls.closeP2PSessionWithUser(this.#self, peer)
  }

  sessionState(peer: bigint): BackendSessionState | undefined {
    if (this.#self === undefined) return undefined
    if (!this.#calls.getP2PSessionState(this.#self, peer, this.#state)) return undefined
    const view = this.#stateView
    return {
      active: view.getUint8(SESSION_STATE.active) !== 0,
      connecting: view.getUint8(SESSION_STATE.connecting) !== 0,
      error: view.getUint8(SESSION_STATE.error),
      relayed: view.getUint8(SESSION_STATE.relay) !== 0,
      bytesQueued: view.getInt32(SESSION_STATE.bytesQueued, true),
      packetsQueued: view.getInt32(SESSION_STATE.packetsQueued, true),
      ip: view.getUint32(SESSION_STATE.ip, true),
      port: view.getUint16(SESSION_STATE.port, true),
    }
  }

  allowRelay(allow: boolean): void {
    if (this.#self !== undefined) this.#calls.allowP2PPacketRelay(this.#self, allow)
  }

  close(): void {
    this.#self = undefined
    this.forgetPeek()
  }
}

function isSendType(value: number): boolean {
  return isInt32(value) && value >= 0 && value <= LAST_SEND_TYPE
}
