import { checkFrame } from '../frame.js'
import type { Lane, Link, LinkAddress } from '../transport.js'
import { CLOSE } from './close-codes.js'
import type { Hello } from './hello.js'
import type { Hub } from './hub.js'
import { NOBODY, type Socket, type SocketOwner } from './socket.js'

/** A socket on which both ends have said hello. */
export class WebSocketLink implements Link, SocketOwner {
  readonly peer: bigint
  readonly reliable = true
  readonly relayed = false
  readonly maxFrameSize: number
  readonly address: LinkAddress | undefined
  readonly #hub: Hub
  readonly #socket: Socket
  #open = true
  #blocked = false

  constructor(hub: Hub, socket: Socket, hello: Hello) {
    this.#hub = hub
    this.#socket = socket
    this.peer = hello.steamId
    // Not above our own limit either: what the other end claims to accept is no reason to build it.
    this.maxFrameSize = Math.min(hello.maxFrameSize, hub.settings.maxFrameSize)
    this.address = socket.address
    socket.owner = this
  }

  get bufferedBytes(): number {
    return this.#open ? this.#socket.bufferedBytes : 0
  }

  send(frame: Uint8Array, _lane: Lane): boolean {
    checkFrame(frame, this.maxFrameSize)
    if (!this.#open) return false
    if (this.#socket.bufferedBytes >= this.#hub.settings.highWaterMark) {
      this.#block()
      return false
    }
    this.#socket.send(frame)
    return true
  }

  close(reason = 'closed'): void {
    if (!this.#open) return
    this.#release(CLOSE.NORMAL, reason)
    queueMicrotask(() => this.#hub.down(this, reason))
  }

  /** Ends the link from within an event, where `linkDown` may follow at once. */
  end(code: number, reason: string): void {
    if (!this.#open) return
    this.#release(code, reason)
    this.#hub.down(this, reason)
  }

  /** Ends the link without a word: the transport closes. */
  abandon(reason: string): void {
    if (this.#open) this.#release(CLOSE.GOING_AWAY, reason)
  }

  opened(): void {}

  message(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) this.#misbehaved(CLOSE.TEXT, 'a message that is not binary')
    else if (bytes.byteLength > this.#hub.settings.maxFrameSize) this.#misbehaved(CLOSE.TOO_LARGE, 'a frame too large')
    else if (this.#hub.overloaded) this.end(CLOSE.OVERLOADED, 'no receiver was attached in time')
    else this.#hub.frame(this, bytes)
  }

  relieved(): void {
    this.#blocked = false
    this.#hub.inbox.drain(this)
  }

  failed(reason: string): void {
    this.#misbehaved(CLOSE.NORMAL, reason)
  }

  closed(code: number, reason: string): void {
    this.#open = false
    this.#socket.owner = NOBODY
    this.#hub.down(this, reason === '' ? `the socket closed with code ${code}` : reason)
  }

  #misbehaved(code: number, reason: string): void {
    this.#hub.stats.brokenLinks++
    this.end(code, reason)
  }

  #release(code: number, reason: string): void {
    this.#open = false
    this.#socket.owner = NOBODY
    this.#socket.close(code, reason)
  }

  #block(): void {
    if (this.#blocked) return
    this.#blocked = true
    this.#socket.whenBelow(Math.floor(this.#hub.settings.highWaterMark / 2))
  }
}
