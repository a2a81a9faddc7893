/** UDP sockets that know the protocol from docs/protocol.md, section 1.2, and not from the code under test. */
import { createSocket, type Socket } from 'node:dgram'

export const HELLO = 0x01
export const RETRY = 0x02
export const ACCEPT = 0x03
export const REFUSE = 0x04
export const FRAME = 0x10
export const PING = 0x20
export const PONG = 0x21
export const CLOSE = 0x22
export const GONE = 0x23

export interface Place {
  readonly host: string
  readonly port: number
}

export interface HelloFields {
  readonly steamId: bigint
  readonly id?: bigint
  readonly version?: number
  readonly limit?: number
  readonly cookie?: Uint8Array
  readonly token?: Uint8Array
  readonly magic?: string
}

export function helloOf(fields: HelloFields): Buffer {
  const { steamId, id = 0x1111_2222_3333_4444n, version = 1, limit = 1280, magic = 'GWIR' } = fields
  const { cookie = new Uint8Array(16), token = new Uint8Array(0) } = fields
  const bytes = Buffer.alloc(40)
  bytes[0] = HELLO
  bytes.write(magic, 1, 'latin1')
  bytes[5] = version
  bytes.writeUInt16LE(limit, 6)
  bytes.writeBigUInt64LE(steamId, 8)
  bytes.writeBigUInt64LE(id, 16)
  bytes.set(cookie, 24)
  return Buffer.concat([bytes, token])
}

export function withId(type: number, id: bigint, rest: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9)
  head[0] = type
  head.writeBigUInt64LE(id, 1)
  return Buffer.concat([head, rest])
}

export function acceptOf(
  to: bigint,
  fields: { steamId: bigint; id: bigint; version?: number; limit?: number },
): Buffer {
  const rest = Buffer.alloc(19)
  rest[0] = fields.version ?? 1
  rest.writeUInt16LE(fields.limit ?? 1280, 1)
  rest.writeBigUInt64LE(fields.steamId, 3)
  rest.writeBigUInt64LE(fields.id, 11)
  return withId(ACCEPT, to, rest)
}

/** The id that a datagram carries. */
export function idIn(datagram: Buffer): bigint {
  return datagram.readBigUInt64LE(1)
}

/** The id that an ACCEPT gives. */
export function givenId(accept: Buffer): bigint {
  return accept.readBigUInt64LE(20)
}

export class RawSocket {
  readonly heard: Buffer[] = []
  /** Bytes in either direction. */
  sentBytes = 0
  heardBytes = 0
  /** Asked for each datagram; what it answers goes back. */
  answer: ((datagram: Buffer) => Uint8Array | undefined) | undefined
  readonly #socket: Socket
  #wake: (() => void)[] = []

  static async open(address = '127.0.0.1'): Promise<RawSocket> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, address, resolve)
    })
    return new RawSocket(socket)
  }

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('message', (datagram, from) => {
      this.heard.push(datagram)
      this.heardBytes += datagram.byteLength
      const answer = this.answer?.(datagram)
      if (answer) this.send(answer, { host: from.address, port: from.port })
      for (const wake of this.#wake.splice(0)) wake()
    })
  }

  get place(): Place {
    const { address, port } = this.#socket.address()
    return { host: address, port }
  }

  send(datagram: Uint8Array, to: Place): void {
    this.sentBytes += datagram.byteLength
    this.#socket.send(datagram, to.port, to.host)
  }

  /** Waits for so many datagrams, or for one of a type among those after `from`. */
  async got(count: number): Promise<Buffer[]> {
    await this.#until(`${count} datagrams had come`, () => this.heard.length >= count)
    return this.heard
  }

  async gotType(type: number, from = 0): Promise<Buffer> {
    const find = () => this.heard.slice(from).find((datagram) => datagram[0] === type)
    await this.#until(`a datagram of type ${type} had come`, () => find() !== undefined)
    return find()!
  }

  /** Says hello until there is an ACCEPT, and answers it with a PING. @returns the id that was given. */
  async shakeHands(server: Place, fields: HelloFields): Promise<bigint> {
    const id = await this.knock(server, fields)
    this.send(withId(PING, id), server)
    await this.gotType(PONG)
    return id
  }

  /** As far as ACCEPT. */
  async knock(server: Place, fields: HelloFields): Promise<bigint> {
    const before = this.heard.length
    this.send(helloOf(fields), server)
    const cookie = (await this.gotType(RETRY, before)).subarray(9)
    this.send(helloOf({ ...fields, cookie }), server)
    return givenId(await this.gotType(ACCEPT, before))
  }

  close(): void {
    this.#socket.close()
  }

  async #until(what: string, isTrue: () => boolean): Promise<void> {
    const end = performance.now() + 5000
    while (!isTrue()) {
      if (performance.now() > end) {
        throw new Error(`Waited in vain until ${what}; heard types ${this.heard.map((one) => one[0]).slice(-20)}`)
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50)
        this.#wake.push(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }
}
