import type { Socket } from 'node:dgram'
import type { Place, Sent, SocketOptions, UdpSocket, UdpSocketOwner } from '../node-half.js'

export type NodeDgram = typeof import('node:dgram')

const IPV4_IN_IPV6 = '::ffff:'

/** A socket of Node. */
export class DgramSocket implements UdpSocket {
  readonly listens: boolean
  readonly #socket: Socket
  #open = true

  static async listen(dgram: NodeDgram, place: Place, options: SocketOptions, owner: UdpSocketOwner) {
    const socket = create(dgram, place.address)
    await opened(socket, 'listening', () => socket.bind(place.port, place.address))
    resize(socket, options)
    return new DgramSocket(socket, true, owner)
  }

  static async dial(dgram: NodeDgram, place: Place, options: SocketOptions, owner: UdpSocketOwner) {
    const socket = create(dgram, place.address)
    await opened(socket, 'connect', () => socket.connect(place.port, place.address))
    resize(socket, options)
    return new DgramSocket(socket, false, owner)
  }

  private constructor(socket: Socket, listens: boolean, owner: UdpSocketOwner) {
    this.#socket = socket
    this.listens = listens
    // Each message has memory of its own: what a frame's receiver keeps is nobody else's. Not as a Buffer, whose `slice`
    // is no copy.
    socket.on('message', ({ buffer, byteOffset, byteLength }, from) => {
      owner.datagram(this, new Uint8Array(buffer, byteOffset, byteLength), from.address, from.port)
    })
    socket.on('error', (error) => owner.failed(this, codeOf(error)))
  }

  get local(): Place {
    return this.#socket.address()
  }

  send(parts: readonly Uint8Array[], to: Place, sent: Sent): void {
    if (!this.#open) return
    if (this.listens) this.#socket.send(parts, to.port, to.address, sent)
    else this.#socket.send(parts, sent)
  }

  reaches(address: string): string | undefined {
    const { address: own, family } = this.#socket.address()
    const mapped = family === 'IPv6' && !address.includes(':') ? IPV4_IN_IPV6 + address : address
    if (family === 'IPv4' && address.includes(':')) return undefined
    if (own === '::') return mapped
    // Bound to one address: the system sends from there to its own kind only.
    if (mapped !== address) return undefined
    return own === '0.0.0.0' || isLoopback(own) === isLoopback(address) ? address : undefined
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#socket.close()
  }
}

function create(dgram: NodeDgram, address: string): Socket {
  const type = address.includes(':') ? 'udp6' : 'udp4'
  return dgram.createSocket({
    type,
    // Only addresses come here. Node's own look-up would put off every datagram to the next turn.
    lookup: (host, _options, callback) => callback(null, host, type === 'udp6' ? 6 : 4),
  })
}

/** Linux takes what it allows of it; other systems refuse what is too much, and keep what they have. */
function resize(socket: Socket, { receiveBufferSize, sendBufferSize }: SocketOptions): void {
  const sizes = [() => socket.setRecvBufferSize(receiveBufferSize), () => socket.setSendBufferSize(sendBufferSize)]
  for (const set of sizes) {
    try {
      set()
    } catch {}
  }
}

function opened(socket: Socket, event: 'listening' | 'connect', open: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => {
      socket.close()
      reject(error)
    }
    socket.once('error', failed)
    socket.once(event, () => {
      socket.off('error', failed)
      resolve()
    })
    open()
  })
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.replace(IPV4_IN_IPV6, '').startsWith('127.')
}

function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? error.message
}
