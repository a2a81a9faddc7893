// A process between two UDP ends that keeps every datagram for a while: the kernel here has no netem.
//
//   delay.ts <address to be found at> <milliseconds each way>
import { createSocket, type Socket } from 'node:dgram'

export interface Place {
  readonly host: string
  readonly port: number
}

/** Where the ends `a` and `b` are. */
export type DelayOrder = { readonly a: Place } | { readonly b: Place }

/** Where `a` finds `b`, and the other way round. */
export interface DelayPlaces {
  readonly forA: Place
  readonly forB: Place
}

const TICK_MS = 1

/** Datagrams in one direction, in order. */
class Lane {
  to: Place | undefined
  readonly #from: Socket
  readonly #ms: number
  #waiting: { readonly bytes: Uint8Array; readonly at: number }[] = []
  #first = 0

  constructor(from: Socket, ms: number) {
    this.#from = from
    this.#ms = ms
  }

  take(bytes: Uint8Array): void {
    this.#waiting.push({ bytes, at: performance.now() + this.#ms })
  }

  give(): void {
    const now = performance.now()
    for (let next = this.#waiting[this.#first]; next && next.at <= now; next = this.#waiting[++this.#first]) {
      if (this.to) this.#from.send(next.bytes, this.to.port, this.to.host)
    }
    if (this.#first * 2 < this.#waiting.length) return
    this.#waiting = this.#waiting.slice(this.#first)
    this.#first = 0
  }
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: 4 << 20,
    sendBufferSize: 4 << 20,
    lookup: (host, _options, callback) => callback(null, host, 4),
  })
  await new Promise<void>((resolve) => socket.bind(0, address, resolve))
  return socket
}

function placeOf(socket: Socket): Place {
  const { address, port } = socket.address()
  return { host: address, port }
}

async function main(address: string, ms: number): Promise<void> {
  const [forA, forB] = [await bound(address), await bound(address)]
  const [toB, toA] = [new Lane(forB, ms), new Lane(forA, ms)]
  forA.on('message', (bytes, { address: host, port }) => {
    toA.to ??= { host, port }
    toB.take(bytes)
  })
  forB.on('message', (bytes) => toA.take(bytes))
  setInterval(() => {
    toA.give()
    toB.give()
  }, TICK_MS)
  process.on('message', (order: DelayOrder) => {
    if ('a' in order) toA.to = order.a
    else toB.to = order.b
  })
  process.on('disconnect', () => process.exit(0))
  process.send!({ forA: placeOf(forA), forB: placeOf(forB) } satisfies DelayPlaces)
}

if (process.send) void main(process.argv[2]!, Number(process.argv[3]))
