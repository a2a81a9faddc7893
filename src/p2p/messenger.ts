import { type CompressionMode, compress, decompressDynamic } from '../compression/index.js'
import { isGodotWireError } from '../errors.js'
import {
  bytesToVar,
  type DecodeOptions,
  type Encodable,
  type Field,
  type GodotVersion,
  type Infer,
  type InferInput,
  type Variant,
  varToBytes,
} from '../variant/index.js'
import { P2P_SEND_RELIABLE, type P2PSend } from './constants.js'
import { p2pError } from './errors.js'
import type { P2P } from './p2p.js'

/** The tutorial's PACKET_READ_LIMIT: how many packets one frame may cost. */
export const PACKET_READ_LIMIT = 32

/** The largest reliable packet; a message beyond it cannot be sent. */
const LARGEST_PACKET = 1_048_576

// biome-ignore lint/suspicious/noExplicitAny: a shape of whichever messages
type AnyShape = Field<any, any>

/** What both ends of a `Messenger` have to agree on, and what protects this one. */
export interface MessengerOptions<S extends AnyShape | undefined = undefined> {
  /** The channel that both ends use. Default 0. */
  readonly channel?: number
  /** How packets are sent. Default P2P_SEND_RELIABLE. */
  readonly sendType?: P2PSend
  /** Whose Variant bytes the game speaks. Default 4. */
  readonly version?: GodotVersion
  /** `COMPRESSION_GZIP` or `COMPRESSION_DEFLATE`, on both ends alike; left out, packets are not compressed. */
  readonly compression?: CompressionMode
  /** How many packets one `poll` reads at most. Default `PACKET_READ_LIMIT` (32). */
  readonly limit?: number
  /** The most bytes that a compressed packet may hold: what comes from strangers is bounded. Default 16 MiB. */
  readonly maxMessageSize?: number
  /**
   * What every message is, as `shape` or `unionOf` describe it, compiled or not: `send` and `poll` have its types, what does not
   * fit is not sent, and a packet that does not fit is a bad packet. Left out, messages are any values.
   */
  readonly shape?: S
  /** How received values are decoded, as for `bytesToVar`. */
  readonly decode?: Omit<DecodeOptions, 'version'>
  /** Told of every packet that was no message: which peer, which error. Without it they are only counted. */
  readonly onBadPacket?: (from: bigint, error: Error, packet: Uint8Array) => void
}

/** A message that `poll` has read. */
export interface Message<Value = Variant> {
  /** The Steam id of the sender. */
  readonly from: bigint
  /** What it sent, decoded as the options `shape` and `decode` say. */
  readonly value: Value
}

/** What `send` takes. */
type Sent<S, T> = S extends AnyShape ? InferInput<S> : Encodable<T>

/** What `poll` gives. */
type Received<S> = Message<S extends AnyShape ? Infer<S> : Variant>

/**
 * The helpers of the GodotSteam tutorial: values instead of bytes, to one peer or to all members of the lobby.
 *
 * @example
 * ```ts
 * const messenger = new Messenger(p2p, { compression: COMPRESSION_GZIP })
 * messenger.members.add(id)
 * console.log(messenger.send(0n, { message: 'handshake', from: p2p.steamId })) // true
 * for (const { from, value } of messenger.poll()) console.log(from, value)
 * ```
 * @example
 * Messages that are checked before the game sees them:
 * ```ts
 * const Chat = shape({ text: sized(string, 200) })
 * const chat = new Messenger(p2p, { channel: 1, shape: Chat })
 * chat.send(id, { text: 'hello' })
 * for (const { from, value } of chat.poll()) console.log(from, value.text.length)
 * ```
 */
export class Messenger<S extends AnyShape | undefined = undefined> {
  /** Everyone in the lobby; this end may be among them and is left out when sending to all. */
  readonly members = new Set<bigint>()
  /** Packets that were no message: not decompressible, no Variant, or not of the shape. */
  badPackets = 0
  readonly #p2p: P2P
  readonly #options: MessengerOptions<S> & {
    readonly channel: number
    readonly limit: number
    readonly maxMessageSize: number
  }

  /** @throws `P2P_BAD_OPTION` */
  constructor(p2p: P2P, options: MessengerOptions<S> = {}) {
    this.#p2p = p2p
    const { channel = 0, limit = PACKET_READ_LIMIT, maxMessageSize = 16 << 20 } = options
    if (!Number.isInteger(limit) || limit < 1) {
      throw p2pError('P2P_BAD_OPTION', { option: 'limit', value: limit, expected: 'a whole number from 1' })
    }
    if (!Number.isInteger(maxMessageSize) || maxMessageSize < 1 || maxMessageSize > 0x7fffffff) {
      const expected = 'a whole number of bytes from 1 to 2^31 - 1'
      throw p2pError('P2P_BAD_OPTION', { option: 'maxMessageSize', value: maxMessageSize, expected })
    }
    this.#options = { ...options, channel, limit, maxMessageSize }
  }

  /**
   * Sends a value to one peer, or with 0 to every member but oneself. It is encoded, compressed and copied once.
   *
   * @returns false if it was not taken for some receiver, or there is none
   * @throws `VARIANT_` errors for a value that Godot has no bytes for, or that does not fit the shape; `P2P_MESSAGE_TOO_LARGE`
   */
  send<T>(target: bigint | 0, value: Sent<S, T>): boolean {
    const packet = this.#pack(value)
    const receivers = BigInt(target) === 0n ? this.#others() : [BigInt(target)]
    const { sendType = P2P_SEND_RELIABLE, channel } = this.#options
    return this.#p2p.sendToAll(receivers, packet, sendType, channel)
  }

  /** Reads the messages that wait, at most `limit` packets. A packet that is no message costs nobody else's. */
  poll(): Received<S>[] {
    const { channel, limit } = this.#options
    const messages: Received<S>[] = []
    for (let read = 0; read < limit && this.#p2p.isP2PPacketAvailable(channel); read++) {
      const packet = this.#p2p.readP2PPacket(this.#p2p.getAvailableP2PPacketSize(channel), channel)
      if (packet.data === undefined) break
      const message = this.#unpack(packet.remote_steam_id, packet.data)
      if (message) messages.push(message)
    }
    return messages
  }

  #others(): bigint[] {
    return [...this.members].filter((member) => member !== this.#p2p.steamId)
  }

  #pack(value: unknown): Uint8Array {
    const { version = 4, compression, shape } = this.#options
    const bytes = shape === undefined ? varToBytes(value as Variant, { version }) : shape.encode(value, { version })
    const packet = compression === undefined ? bytes : compress(bytes, compression)
    if (packet.length > LARGEST_PACKET) {
      throw p2pError('P2P_MESSAGE_TOO_LARGE', { size: packet.length, limit: LARGEST_PACKET })
    }
    return packet
  }

  #unpack(from: bigint, packet: Uint8Array): Received<S> | undefined {
    const { version = 4, compression, maxMessageSize, decode, shape } = this.#options
    try {
      const bytes = compression === undefined ? packet : decompressDynamic(packet, maxMessageSize, compression)
      const options = { ...decode, version }
      const value = shape === undefined ? bytesToVar(bytes, options) : shape.decode(bytes, options)
      return { from, value } as Received<S>
    } catch (error) {
      if (!isGodotWireError(error)) throw error
      this.badPackets++
      this.#options.onBadPacket?.(from, error, packet)
      return undefined
    }
  }
}
