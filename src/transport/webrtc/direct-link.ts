import { checkFrame } from '../frame.js'
import type { Lane, Link, LinkAddress } from '../transport.js'
import type { RtcDataChannel } from './rtc.js'

/**
 * What every implementation of data channels passes on; the one of Godot's web exports holds no more than 64 KiB between two
 * frames of a game.
 */
const MAX_FRAME = 16 * 1024

/** Datagrams that would wait behind so much are late already: they are dropped. */
const MAX_DATAGRAM_BACKLOG = 256 * 1024

/** What a direct link tells. Never from within a call. */
export interface DirectLinkOwner {
  frame(link: DirectLink, frame: Uint8Array): void
  drain(link: DirectLink): void
  /** `close` was called at this end. */
  closed(link: DirectLink, reason: string): void
}

/** Two data channels to one peer: one that is reliable and ordered, one that is neither. */
export class DirectLink implements Link {
  readonly reliable = true
  readonly maxFrameSize = MAX_FRAME
  /** Datagrams that were dropped as too many waited. */
  droppedDatagrams = 0
  readonly #owner: DirectLinkOwner
  readonly #channels: Readonly<Record<Lane, RtcDataChannel>>
  readonly #highWaterMark: number
  #open = true
  #blocked = false

  constructor(
    owner: DirectLinkOwner,
    readonly peer: bigint,
    channels: Readonly<Record<Lane, RtcDataChannel>>,
    /** TURN passes the frames on. */
    readonly relayed: boolean,
    readonly address: LinkAddress | undefined,
    highWaterMark: number,
  ) {
    this.#owner = owner
    this.#channels = channels
    this.#highWaterMark = highWaterMark
    const { reliable } = channels
    reliable.bufferedAmountLowThreshold = highWaterMark >> 1
    reliable.onbufferedamountlow = () => this.#relieved()
  }

  get bufferedBytes(): number {
    if (!this.#open) return 0
    return this.#channels.reliable.bufferedAmount + this.#channels.datagram.bufferedAmount
  }

  send(frame: Uint8Array, lane: Lane): boolean {
    checkFrame(frame, this.maxFrameSize)
    const channel = this.#channels[lane]
    if (!this.#open || channel.readyState !== 'open') return false
    if (lane === 'datagram' && channel.bufferedAmount > MAX_DATAGRAM_BACKLOG) {
      this.droppedDatagrams++
      return true
    }
    if (lane === 'reliable' && channel.bufferedAmount >= this.#highWaterMark) {
      this.#blocked = true
      return false
    }
    try {
      channel.send(frame as never)
      return true
    } catch {
      // It closed this very moment; its event follows.
      return false
    }
  }

  close(reason = 'closed'): void {
    if (!this.#open) return
    this.#open = false
    queueMicrotask(() => this.#owner.closed(this, reason))
  }

  /** It is down; nothing is sent any more. */
  end(): void {
    this.#open = false
  }

  /** A message of either channel. */
  take(bytes: Uint8Array): void {
    if (this.#open && bytes.length > 0) this.#owner.frame(this, bytes)
  }

  #relieved(): void {
    if (!this.#blocked || !this.#open) return
    this.#blocked = false
    this.#owner.drain(this)
  }
}
