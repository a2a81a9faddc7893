import type { BackendEvents, BackendSessionState, MessagesBackend } from '../p2p/index.js'
import type { Dispatcher, SteamEvent } from './dispatch.js'
import { SteamMessages } from './messages.js'
import type { NativeLibrary, Pointer, SharedCalls } from './native.js'
import { type ReadPacket, SteamNetworking } from './networking.js'
import { SteamListeners, type SteamSignalName, type SteamSignals } from './signals.js'
import type { SteamBackend } from './steam-backend.js'

/** What a backend is made of: Steam has started, and every pointer is one. */
export interface SteamParts {
  readonly steamId: bigint
  readonly library: NativeLibrary
  readonly calls: SharedCalls
  readonly networking: Pointer
  readonly messages: Pointer
  readonly dispatcher: Dispatcher
  /** Ends what was started; called once. */
  shutdown(): void
}

/** Events that wait for a P2P to be made; requests beyond these are asked again by Steam. */
const MAX_HELD_EVENTS = 1024

/** A Steam that has started: its two interfaces for packets, its callbacks, and its end. */
export class NativeBackend implements SteamBackend {
  readonly steamId: bigint
  readonly libraryPath: string
  readonly messages: MessagesBackend

  readonly #parts: SteamParts
  readonly #networking: SteamNetworking
  readonly #messages: SteamMessages
  readonly #listeners = new SteamListeners()
  #events: BackendEvents | undefined
  #held: SteamEvent[] = []
  #isPolling = false
  #whenClosed: () => void = () => {}
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(parts: SteamParts) {
    this.#parts = parts
    this.steamId = parts.steamId
    this.libraryPath = parts.library.path
    this.#networking = new SteamNetworking(parts.calls, parts.networking, (drop) => this.#events?.dropped?.(drop))
    this.#messages = new SteamMessages(parts.library, parts.calls, parts.messages)
    this.messages = this.#messages
  }

  get isOpen(): boolean {
    return this.#networking.isOpen
  }

  attach(events: BackendEvents): void {
    this.#events = events
  }

  send(steamId: bigint, data: Uint8Array, sendType: number, channel: number): boolean {
    return this.#networking.send(steamId, data, sendType, channel)
  }

  nextPacketSize(channel: number): number | undefined {
    return this.#networking.nextPacketSize(channel)
  }

  read(channel: number, maxSize: number): ReadPacket | undefined {
    return this.#networking.read(channel, maxSize)
  }

  accept(steamId: bigint): void {
    this.#networking.accept(steamId)
  }

  closeChannel(steamId: bigint, channel: number): boolean {
    return this.#networking.closeChannel(steamId, channel)
  }

  closeSession(steamId: bigint): boolean {
    return this.#networking.closeSession(steamId)
  }

  sessionState(steamId: bigint): BackendSessionState | undefined {
    return this.#networking.sessionState(steamId)
  }

  allowRelay(allow: boolean): void {
    this.#networking.allowRelay(allow)
  }

  on<Name extends SteamSignalName>(signal: Name, listener: SteamSignals[Name]): () => void {
    this.#listeners.on(signal, listener)
    return () => this.off(signal, listener)
  }

  off<Name extends SteamSignalName>(signal: Name, listener: SteamSignals[Name]): void {
    this.#listeners.off(signal, listener)
  }

  poll(): void {
    if (!this.isOpen || this.#isPolling) return
    this.#isPolling = true
    this.#networking.forgetPeek()
    const errors: unknown[] = []
    try {
      for (const event of [...this.#held.splice(0), ...this.#parts.dispatcher.take()]) {
        try {
          if (this.isOpen) this.#tell(event, errors)
        } catch (error) {
          errors.push(error)
        }
      }
    } finally {
      this.#isPolling = false
    }
    if (errors.length > 0) throw errors[0]
  }

  close(): void {
    if (!this.isOpen) return
    this.#networking.close()
    this.#messages.close()
    clearInterval(this.#timer)
    this.#listeners.clear()
    this.#held = []
    this.#parts.shutdown()
    this.#whenClosed()
  }

  /** Names who is told of the end. */
  onClose(callback: () => void): void {
    this.#whenClosed = callback
  }

  /** Polls on its own; 0 leaves that to the program. */
  pollEvery(ms: number): void {
    if (ms > 0) this.#timer = setInterval(() => this.poll(), ms)
  }

  #tell(event: SteamEvent, errors: unknown[]): void {
    if (event.kind === 'signal') this.#listeners.emit(event.name, event.args, errors)
    else if (this.#events) event.tell(this.#events)
    else if (this.#held.length < MAX_HELD_EVENTS) this.#held.push(event)
  }
}
