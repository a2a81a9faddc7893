import type { Clock } from '../../clock.js'
import type { LinkAddress } from '../transport.js'
import { closeReason } from './close-codes.js'

/** A WebSocket of whatever make, as this room uses it. Its events go to `owner`, and never from within a call. */
export interface Socket {
  owner: SocketOwner
  readonly bufferedBytes: number
  readonly address: LinkAddress | undefined
  /** The bytes belong to the socket from now on. */
  send(message: Uint8Array): void
  close(code: number, reason: string): void
  /** Calls `owner.relieved` once, as soon as at most `bytes` wait. */
  whenBelow(bytes: number): void
}

/** Who a socket belongs to: a handshake first, then a link, then nobody. */
export interface SocketOwner {
  /** Only where this end dialled. */
  opened(): void
  /** Bytes of its own, or `undefined` for a message that is not binary. */
  message(bytes: Uint8Array | undefined): void
  relieved(): void
  /** The other end broke the rules of WebSocket itself; `closed` follows when it has agreed, or was given up. */
  failed(reason: string): void
  /** The last event. `code` is 1006 where the connection broke. */
  closed(code: number, reason: string): void
}

/** For sockets that were given up and have not noticed yet. */
export const NOBODY: SocketOwner = {
  opened() {},
  message() {},
  relieved() {},
  failed() {},
  closed() {},
}

/**
 * The part of the standard WebSocket class that is used: browsers, `ws`, Node 22, Deno and Bun have it. `never` leaves
 * open how each of them writes the types of its events and of what it sends.
 */
export interface StandardWebSocket {
  /** Set to `arraybuffer`. */
  binaryType: string
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
  /** Frames can be sent. */
  onopen: ((event: never) => void) | null
  /** A message came, in `data`. */
  onmessage: ((event: never) => void) | null
  /** It is about to close; `message` says why, where there is one. */
  onerror: ((event: never) => void) | null
  /** It is over, with `code` and `reason`. */
  onclose: ((event: never) => void) | null
  /** Takes a message: a Uint8Array. */
  send(data: never): void
  /** Begins the closing handshake; `onclose` follows. */
  close(code?: number, reason?: string): void
}

/** A standard WebSocket class. */
export type WebSocketConstructor = new (url: string) => StandardWebSocket

/** How often a full standard socket is asked whether it has emptied: it has no event for that. */
const POLL_MS = 5

/** Codes that a standard WebSocket lets a program say: 1000, and those from 3000 to 4999. */
const FIRST_FREE_CODE = 3000

export class StandardSocket implements Socket {
  readonly address = undefined
  owner: SocketOwner
  readonly #socket: StandardWebSocket
  readonly #clock: Clock
  #poll: unknown
  #problem = ''

  constructor(socket: StandardWebSocket, owner: SocketOwner, clock: Clock) {
    this.#socket = socket
    this.owner = owner
    this.#clock = clock
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => this.owner.opened()
    socket.onmessage = (event: { data: unknown }) => this.owner.message(bytesOf(event.data))
    socket.onerror = (event: { message?: unknown }) => {
      if (typeof event.message === 'string') this.#problem = event.message
    }
    socket.onclose = (event: { code: number; reason: string }) => this.#closed(event.code, event.reason)
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(message: Uint8Array): void {
    this.#socket.send(message as never)
  }

  close(code: number, reason: string): void {
    this.#stopPolling()
    this.#socket.close(code >= FIRST_FREE_CODE ? code : 1000, closeReason(reason))
  }

  whenBelow(bytes: number): void {
    this.#poll = this.#clock.setTimeout(() => this.#look(bytes), POLL_MS)
  }

  #look(bytes: number): void {
    if (this.#socket.bufferedAmount > bytes) this.whenBelow(bytes)
    else this.owner.relieved()
  }

  #closed(code: number, reason: string): void {
    this.#stopPolling()
    this.owner.closed(code, reason === '' ? this.#problem : reason)
  }

  #stopPolling(): void {
    this.#clock.clearTimeout(this.#poll)
    this.#poll = undefined
  }
}

/** By shape: an ArrayBuffer of another realm, as some test runners have it, is no `instanceof` this one's. */
function bytesOf(data: unknown): Uint8Array | undefined {
  if (typeof data !== 'object' || data === null || !('byteLength' in data)) return undefined
  return new Uint8Array(data as ArrayBuffer)
}
