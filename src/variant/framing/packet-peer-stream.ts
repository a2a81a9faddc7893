import { varToBytes, varToBytesWithObjects } from '../codec.js'
import {
  type DecodeOptions,
  type EncodeOptions,
  type ResolvedDecodeOptions,
  resolveDecode,
  resolveEncode,
} from '../options.js'
import type { Encodable } from '../variant.js'
import type { ByteSource } from './chunks.js'
import { framingError } from './errors.js'
import { framed, mustBeBytes, wholeOption } from './frame.js'
import { FrameReader } from './frame-reader.js'
import type { FrameOptions } from './put-var.js'
import { resultOf, type VarResult } from './result.js'
import { DEFAULT_MAX_BYTES } from './var-reader.js'

/** The engine's `input_buffer_max_size`; it can put packets of this size. */
const DEFAULT_INPUT = 65_532
/** One byte less: an engine's ring buffer of 65,536 bytes holds 65,535, so of a packet of 65,532 it never sees the end. */
const DEFAULT_OUTPUT = 65_531

/** How a `PacketPeerStream` reads and writes. */
export interface PacketPeerStreamOptions extends EncodeOptions, DecodeOptions, Pick<FrameOptions, 'objects'> {
  /**
   * The largest packet to receive, 1 to 2^31 - 1 bytes. Default 65,532, as the engine's `input_buffer_max_size`. An engine
   * waits for ever where a larger one is announced; here that is `VARIANT_FRAME_TOO_LARGE`.
   */
  readonly inputBufferMaxSize?: number
  /**
   * The largest packet to send, 1 to 2^31 - 1 bytes. Default 65,531: an engine with buffers of the usual size can send one
   * of 65,532, and cannot receive it.
   */
  readonly outputBufferMaxSize?: number
  /** The most bytes of one value, 1 to 2^31 - 1. Default 8 MiB, the engine's `encode_buffer_max_size`. */
  readonly maxBytes?: number
}

/**
 * Godot's `PacketPeerStream` without the stream: packets over TCP, each behind a `u32` with its length, little endian
 * always. It makes the bytes that a socket must write, and takes those that it read.
 *
 * @example
 * ```ts
 * const peer = new PacketPeerStream()
 * socket.write(peer.putVar({ hp: 5 }))
 * for await (const packet of peer.packets(socket)) console.log(packet)
 * ```
 */
export class PacketPeerStream {
  readonly #frames: FrameReader
  readonly #decode: ResolvedDecodeOptions
  readonly #encode: EncodeOptions
  readonly #objects: boolean
  readonly #outputLimit: number

  /** @throws `VARIANT_BAD_OPTION` */
  constructor(options: PacketPeerStreamOptions = {}) {
    this.#objects = options.objects === true
    this.#encode = { ...options, maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES }
    resolveEncode(this.#encode, this.#objects)
    this.#decode = resolveDecode(this.#encode, this.#objects)
    this.#outputLimit = wholeOption('outputBufferMaxSize', options.outputBufferMaxSize, DEFAULT_OUTPUT)
    const limit = wholeOption('inputBufferMaxSize', options.inputBufferMaxSize, DEFAULT_INPUT)
    this.#frames = new FrameReader({ bigEndian: false, limit, option: 'inputBufferMaxSize' })
  }

  /**
   * The bytes for a packet. As in the engine, an empty packet is not sent: its bytes are none.
   *
   * @throws `VARIANT_FRAME_TOO_LARGE` for one above `outputBufferMaxSize`, `VARIANT_UNSUPPORTED` for what is no Uint8Array
   */
  putPacket(packet: Uint8Array): Uint8Array<ArrayBuffer> {
    mustBeBytes(packet, 'a packet')
    const { length } = packet
    if (length === 0) return new Uint8Array(0)
    if (length > this.#outputLimit) {
      throw framingError('VARIANT_FRAME_TOO_LARGE', { length, limit: this.#outputLimit, option: 'outputBufferMaxSize' })
    }
    return framed(packet, false)
  }

  /**
   * The bytes for a packet that is one value, as `put_var` of the engine writes them.
   *
   * @throws as `varToBytes`, and as `putPacket`
   */
  putVar<T>(value: Encodable<T>): Uint8Array<ArrayBuffer> {
    return this.putPacket(this.#objects ? varToBytesWithObjects(value, this.#encode) : varToBytes(value, this.#encode))
  }

  /** True while `push` takes nothing: more than `inputBufferMaxSize` bytes wait to be read. */
  get full(): boolean {
    return this.#frames.full
  }

  /**
   * Takes a chunk that the socket read. It is copied: its memory can be used again.
   *
   * @throws `VARIANT_READER_FULL` while `full` is true; `VARIANT_READER_ENDED` after `end()`; `VARIANT_UNSUPPORTED` for
   *   what is no Uint8Array; what `getPacket` threw once the stream is broken. In each case nothing of the chunk was taken.
   */
  push(chunk: Uint8Array): void {
    this.#frames.push(chunk)
  }

  /** How many whole packets wait. */
  getAvailablePacketCount(): number {
    return this.#frames.count()
  }

  /**
   * The next packet; undefined until all of it is there. An engine never sends an empty one, and takes it as we do.
   *
   * @throws `VARIANT_FRAME_TOO_LARGE`, `VARIANT_FRAME_BAD_LENGTH`: the stream is broken from here on
   */
  getPacket(): Uint8Array | undefined {
    return this.#frames.next()?.payload.slice()
  }

  /**
   * The next packet as a value, or what is wrong with it; undefined until all of it is there.
   *
   * @throws as `getPacket`
   */
  getVar(): VarResult | undefined {
    const frame = this.#frames.next()
    return frame && resultOf(frame, this.#decode)
  }

  /**
   * Says that the stream is over. Whole packets that wait can still be read.
   *
   * @throws `VARIANT_FRAME_TRUNCATED` where it stopped inside a packet
   */
  end(): void {
    this.#frames.end()
  }

  /**
   * The packets of a source: a Node socket, or any AsyncIterable of chunks. Leaving the loop closes the source.
   *
   * @throws what `getPacket` and `end` throw; what the source throws, as it is
   */
  packets(source: ByteSource): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#frames.read(source, () => this.getPacket())
  }

  /** As `packets`, each of them a value. */
  vars(source: ByteSource): AsyncGenerator<VarResult, void, undefined> {
    return this.#frames.read(source, () => this.getVar())
  }
}
