import type { ConnectionId } from './connection-id.js'
import { type Hello, REFUSAL, TYPE, writeAccept } from './datagrams.js'
import type { Hub } from './hub.js'
import { type Endpoint, type Remote, sendTo } from './remote.js'

/**
 * A handshake that another end began, after its address was proven. The link comes when the other end speaks with the id
 * that ACCEPT gave it: what was sent long ago and arrives again can bring nobody's link down.
 */
export class Knock implements Endpoint {
  readonly id: ConnectionId
  readonly remote: Remote
  readonly hello: Hello
  readonly key: string
  /** While `authenticate` thinks. */
  judging = false
  readonly #hub: Hub
  #over = false
  #timer: unknown

  constructor(hub: Hub, remote: Remote, hello: Hello, key: string) {
    this.#hub = hub
    this.id = hub.newId()
    this.remote = remote
    this.hello = { ...hello, token: hello.token.slice() }
    this.key = key
    this.#restartTimer()
  }

  begin(): void {
    const { authenticate } = this.#hub.settings
    if (authenticate === undefined) return this.accept()
    this.judging = true
    void this.#authenticate(authenticate)
  }

  /** Once, and again for each hello that comes again. */
  accept(): void {
    if (this.judging) return
    const { steamId, maxFrameSize } = this.#hub.settings
    const accept = writeAccept(this.hello.id, { steamId, maxFrameSize, id: this.id })
    sendTo(this.remote, accept, this.#hub.sent)
  }

  datagram(type: number, bytes: Uint8Array): void {
    if (type === TYPE.CLOSE) this.drop()
    else if (type === TYPE.FRAME || type === TYPE.PING) {
      this.drop()
      this.#hub.confirmed(this)?.datagram(type, bytes)
    } else this.#hub.stats.strayDatagrams++
  }

  drop(): void {
    if (this.#over) return
    this.#over = true
    this.#hub.settings.clock.clearTimeout(this.#timer)
    this.#hub.dismiss(this)
  }

  #restartTimer(): void {
    const { clock, handshakeTimeoutMs } = this.#hub.settings
    clock.clearTimeout(this.#timer)
    this.#timer = clock.setTimeout(() => {
      this.#hub.stats.handshakeTimeouts++
      this.drop()
    }, handshakeTimeoutMs)
  }

  async #authenticate(authenticate: NonNullable<Hub['settings']['authenticate']>): Promise<void> {
    const { address, port } = this.remote
    const claim = { steamId: this.hello.steamId, ip: address.replace(/^::ffff:/i, ''), port, token: this.hello.token }
    // Awaited also where it answers at once: an exception is a refusal in both cases.
    const proven = await Promise.resolve(claim)
      .then(authenticate)
      .catch(() => false)
    if (this.#over) return
    this.judging = false
    if (proven !== true) {
      this.drop()
      return this.#hub.refuse(this.remote, this.hello.id, REFUSAL.ID_REFUSED)
    }
    this.#restartTimer()
    this.accept()
  }
}
