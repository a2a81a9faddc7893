import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'

export interface DetourOptions {
  readonly seed?: number
  /** How likely it is for a datagram, 0 to 1. */
  readonly loss?: number
  readonly duplicate?: number
  /** That it is held back until another one has passed. */
  readonly reorder?: number
}

interface Direction {
  readonly send: (datagram: Uint8Array) => void
  held: Uint8Array | undefined
}

/** A place between two UDP sockets where a test decides what arrives: one client, one server. */
export class UdpDetour {
  readonly place: { host: string; port: number }
  /** Everything that came by, by direction. */
  readonly toServer: Uint8Array[] = []
  readonly toClient: Uint8Array[] = []
  /** Whether one gets through; asked before chance is. */
  passes: (datagram: Uint8Array, toServer: boolean) => boolean = () => true
  readonly #near: Socket
  readonly #far: Socket
  readonly #options: DetourOptions
  #state: number
  #client: RemoteInfo | undefined

  static async to(server: { host: string; port: number }, options: DetourOptions = {}): Promise<UdpDetour> {
    const [near, far] = [createSocket('udp4'), createSocket('udp4')]
    await new Promise<void>((resolve) => near.bind(0, '127.0.0.1', resolve))
    await new Promise<void>((resolve) => far.bind(0, '127.0.0.1', resolve))
    return new UdpDetour(near, far, server, options)
  }

  private constructor(near: Socket, far: Socket, server: { host: string; port: number }, options: DetourOptions) {
    this.#near = near
    this.#far = far
    this.#options = options
    this.#state = options.seed ?? 1
    this.place = { host: '127.0.0.1', port: near.address().port }
    const there: Direction = { held: undefined, send: (bytes) => far.send(bytes, server.port, server.host) }
    const back: Direction = { held: undefined, send: (bytes) => this.#answer(bytes) }
    near.on('message', (bytes, from) => {
      this.#client = from
      this.toServer.push(bytes)
      if (this.passes(bytes, true)) this.#pass(bytes, there)
    })
    far.on('message', (bytes) => {
      this.toClient.push(bytes)
      if (this.passes(bytes, false)) this.#pass(bytes, back)
    })
  }

  /** Nothing arrives any more. */
  cut(): void {
    this.passes = () => false
  }

  /** Sends something to either end as if it had come by. */
  inject(datagram: Uint8Array, toServer: boolean, server?: { host: string; port: number }): void {
    if (!toServer) this.#answer(datagram)
    else if (server !== undefined) this.#far.send(datagram, server.port, server.host)
  }

  close(): void {
    this.#near.close()
    this.#far.close()
  }

  #answer(datagram: Uint8Array): void {
    if (this.#client !== undefined) this.#near.send(datagram, this.#client.port, this.#client.address)
  }

  #pass(datagram: Uint8Array, direction: Direction): void {
    const { loss = 0, duplicate = 0, reorder = 0 } = this.#options
    if (this.#chance() < loss) return
    const held = direction.held
    direction.held = undefined
    if (held === undefined && this.#chance() < reorder) direction.held = datagram
    else direction.send(datagram)
    if (this.#chance() < duplicate) direction.send(datagram)
    if (held !== undefined) direction.send(held)
  }

  /** Park and Miller's generator. */
  #chance(): number {
    this.#state = (this.#state * 48_271) % 0x7fffffff
    return this.#state / 0x7fffffff
  }
}
