import { isSteamId } from '../options.js'
import { CLOSE } from './close-codes.js'
import { type Hello, readHello } from './hello.js'
import type { Hub, Pending } from './hub.js'
import type { WebSocketClaim } from './options.js'
import { NOBODY, type Socket, type SocketOwner } from './socket.js'

/** Why a handshake came to nothing: a close code and words for people. */
type Refusal = readonly [code: number, reason: string]

/** What both sides of a handshake do alike: wait no longer than they should, and judge the other's hello. */
abstract class Handshake implements SocketOwner, Pending {
  protected readonly hub: Hub
  protected socket: Socket | undefined
  #over = false
  #timer: unknown

  constructor(hub: Hub) {
    this.hub = hub
    hub.enter(this)
    this.restartTimer()
  }

  /** Names the socket, which may have taken longer to make than this handshake may last. */
  begin(socket: Socket): void {
    if (!this.#over) {
      this.socket = socket
      return
    }
    socket.owner = NOBODY
    socket.close(CLOSE.NORMAL, 'too late')
  }

  abstract opened(): void
  protected abstract greeted(hello: Hello): void
  protected abstract ended(reason: string): void
  /** Refuses what is particular to this side. */
  protected abstract judge(hello: Hello): Refusal | undefined
  protected abstract readonly timeout: Refusal

  relieved(): void {}

  message(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return this.refuse(CLOSE.TEXT, 'a message that is not binary')
    if (bytes.byteLength > this.hub.settings.maxFrameSize) return this.refuse(CLOSE.TOO_LARGE, 'a message too large')
    const hello = readHello(bytes)
    if (typeof hello === 'string') return this.refuse(CLOSE.BAD_HELLO, hello)
    const refusal = this.#judgeId(hello.steamId) ?? this.judge(hello)
    if (refusal !== undefined) return this.refuse(...refusal)
    this.greeted(hello)
  }

  failed(reason: string): void {
    this.refuse(CLOSE.NORMAL, reason)
  }

  closed(code: number, reason: string): void {
    this.#finish()
    this.ended(`the socket closed with code ${code}${reason === '' ? '' : `: ${reason}`}`)
  }

  abandon(reason: string): void {
    this.drop(CLOSE.GOING_AWAY, reason)
  }

  protected refuse(code: number, reason: string): void {
    this.hub.stats.refusedHellos++
    this.drop(code, reason)
  }

  protected drop(code: number, reason: string): void {
    if (this.#over) return
    const socket = this.#finish()
    socket?.close(code, reason)
    this.ended(reason)
  }

  protected succeed(hello: Hello): void {
    const socket = this.#finish()
    if (socket !== undefined) this.hub.up(socket, hello)
  }

  protected restartTimer(): void {
    const { clock, helloTimeoutMs } = this.hub.settings
    clock.clearTimeout(this.#timer)
    this.#timer = clock.setTimeout(() => {
      this.hub.stats.helloTimeouts++
      this.drop(...this.timeout)
    }, helloTimeoutMs)
  }

  #judgeId(id: bigint): Refusal | undefined {
    if (!isSteamId(id)) return [CLOSE.ID_REFUSED, `${id} is no Steam id`]
    if (id === this.hub.settings.steamId) return [CLOSE.ID_REFUSED, `${id} is this end's own id`]
    return this.hub.refuses(id) ? [CLOSE.ID_IN_USE, `another link speaks as ${id} already`] : undefined
  }

  /** From here on nothing happens to this handshake any more; its socket is the caller's. */
  #finish(): Socket | undefined {
    this.#over = true
    this.hub.settings.clock.clearTimeout(this.#timer)
    this.hub.leave(this)
    const socket = this.socket
    this.socket = undefined
    if (socket !== undefined) socket.owner = NOBODY
    return socket
  }
}

/** A client at the door: its hello, then perhaps `authenticate`, then ours. */
export class ServerHandshake extends Handshake {
  readonly #claim: Omit<WebSocketClaim, 'steamId'>
  #judging = false

  constructor(hub: Hub, claim: Omit<WebSocketClaim, 'steamId'>) {
    super(hub)
    this.#claim = claim
  }

  opened(): void {}

  override message(bytes: Uint8Array | undefined): void {
    // Kept, such messages would have to be bounded; and no client sends before it was answered.
    if (this.#judging) this.refuse(CLOSE.BAD_HELLO, 'a message before the hello was answered')
    else super.message(bytes)
  }

  protected get timeout(): Refusal {
    return this.#judging ? [CLOSE.ID_REFUSED, 'not authenticated in time'] : [CLOSE.NO_HELLO, 'no hello in time']
  }

  /**
   * Two ends that dial each other at once would each refuse the other's as a second link, and again the next time. So
   * the dial of the higher id counts.
   */
  protected judge(hello: Hello): Refusal | undefined {
    const { settings, dialling } = this.hub
    if (!dialling.has(hello.steamId) || settings.steamId < hello.steamId) return undefined
    return [CLOSE.ID_IN_USE, `this end dials ${hello.steamId} itself at the moment`]
  }

  protected greeted(hello: Hello): void {
    const { authenticate } = this.hub.settings
    if (authenticate === undefined) return this.#accept(hello)
    this.#judging = true
    this.restartTimer()
    void this.#authenticate(hello, authenticate)
  }

  protected ended(): void {}

  async #authenticate(hello: Hello, authenticate: NonNullable<Hub['settings']['authenticate']>): Promise<void> {
    // Awaited also where it answers at once: an exception is a refusal in both cases.
    const proven = await Promise.resolve({ ...this.#claim, steamId: hello.steamId })
      .then(authenticate)
      .catch(() => false)
    if (this.socket === undefined) return
    if (proven !== true) this.refuse(CLOSE.ID_REFUSED, `${hello.steamId} was not authenticated`)
    else if (this.hub.refuses(hello.steamId)) {
      this.refuse(CLOSE.ID_IN_USE, `another link speaks as ${hello.steamId} already`)
    } else this.#accept(hello)
  }

  #accept(hello: Hello): void {
    this.socket?.send(this.hub.hello)
    this.succeed(hello)
  }
}

/** A server that was dialled: our hello first, then its own. */
export class ClientHandshake extends Handshake {
  protected readonly timeout: Refusal = [CLOSE.NO_HELLO, 'no hello in time']
  readonly #expected: bigint | undefined
  readonly #done: (result: Hello | string) => void

  /** `done` is called once, with the server's hello when the link is up, or with a reason. */
  constructor(hub: Hub, expected: bigint | undefined, done: (result: Hello | string) => void) {
    super(hub)
    this.#expected = expected
    this.#done = done
  }

  opened(): void {
    this.restartTimer()
    this.socket?.send(this.hub.hello)
  }

  protected judge(hello: Hello): Refusal | undefined {
    if (this.#expected === undefined || hello.steamId === this.#expected) return undefined
    return [CLOSE.ID_REFUSED, `${hello.steamId} answered instead of ${this.#expected}`]
  }

  protected greeted(hello: Hello): void {
    this.succeed(hello)
    this.#done(hello)
  }

  protected ended(reason: string): void {
    this.#done(reason)
  }
}
