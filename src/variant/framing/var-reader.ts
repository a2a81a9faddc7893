import { type DecodeOptions, type ResolvedDecodeOptions, resolveDecode } from '../options.js'
import type { ByteSource } from './chunks.js'
import { FrameReader } from './frame-reader.js'
import type { FrameOptions } from './put-var.js'
import { resultOf, type VarResult } from './result.js'

/**
 * The engine's `PacketPeer.encode_buffer_max_size`, the one limit that it has for encoded values. `StreamPeer.get_var`
 * has none and takes memory for whatever length it is told.
 */
export const DEFAULT_MAX_BYTES = 0x800000

/** How a `VarReader` reads. */
export interface VarReaderOptions extends DecodeOptions, FrameOptions {
  /**
   * The longest frame, in bytes without the 4 of its length, 1 to 2^31 - 1. Default 8 MiB (8,388,608), the engine's
   * `encode_buffer_max_size`. A longer one ends the stream with `VARIANT_FRAME_TOO_LARGE`.
   */
  readonly maxBytes?: number
}

/**
 * Reads what Godot's `StreamPeer.put_var` and `FileAccess.store_var` write, from chunks of any size as they come.
 *
 * - A bad value in a good frame is a result with `ok: false`, and the reader goes on with the next frame.
 * - A length that cannot be is the end of the stream: nothing behind it can be found any more. Frames before it are still
 *   read; then `next`, `push` and `end` throw `VARIANT_FRAME_TOO_LARGE` or `VARIANT_FRAME_BAD_LENGTH`. Close the connection.
 * - It holds bytes that came, never bytes that were announced: `maxBytes` and one chunk, in at most twice that memory.
 *
 * @example
 * ```ts
 * for await (const result of new VarReader({ maxBytes: 65_536 }).vars(socket)) {
 *   if (result.ok) handle(result.value)
 *   else console.warn(result.error.code, result.error.path)
 * }
 * ```
 */
export class VarReader implements Iterable<VarResult> {
  readonly #frames: FrameReader
  readonly #options: ResolvedDecodeOptions

  /** @throws `VARIANT_BAD_OPTION` */
  constructor(options: VarReaderOptions = {}) {
    const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES
    this.#options = resolveDecode({ ...options, maxBytes }, options.objects === true)
    this.#frames = new FrameReader({ bigEndian: options.bigEndian === true, limit: maxBytes, option: 'maxBytes' })
  }

  /**
   * True while `push` takes nothing: more than `maxBytes` wait to be read, so there is something for `next` to give. Never
   * after `next` gave undefined.
   */
  get full(): boolean {
    return this.#frames.full
  }

  /**
   * Takes a chunk of the stream, of any size. It is copied: its memory can be used again.
   *
   * @throws `VARIANT_READER_FULL` while `full` is true; `VARIANT_READER_ENDED` after `end()`; `VARIANT_UNSUPPORTED` for
   *   what is no Uint8Array; what `next` threw once the stream is broken. In each case nothing of the chunk was taken.
   */
  push(chunk: Uint8Array): void {
    this.#frames.push(chunk)
  }

  /**
   * The next value, or what is wrong with it; undefined until more bytes come.
   *
   * @throws `VARIANT_FRAME_TOO_LARGE`, `VARIANT_FRAME_BAD_LENGTH`: the stream is broken from here on
   * @example
   * ```ts
   * socket.on('data', (chunk) => {
   *   reader.push(chunk)
   *   for (const result of reader) if (result.ok) handle(result.value)
   * })
   * ```
   */
  next(): VarResult | undefined {
    const frame = this.#frames.next()
    return frame && resultOf(frame, this.#options)
  }

  /**
   * Says that the stream is over. Whole frames that wait can still be read.
   *
   * @throws `VARIANT_FRAME_TRUNCATED` where it stopped inside a frame
   */
  end(): void {
    this.#frames.end()
  }

  /** What `next` gives, until it gives undefined. Another loop goes on where this one stopped. */
  *[Symbol.iterator](): Generator<VarResult, void, undefined> {
    for (let result = this.next(); result; result = this.next()) yield result
  }

  /**
   * The values of a source: a Node socket or file stream, the body of a fetch, any AsyncIterable of chunks. The next chunk
   * is asked for when the values of the last one were taken. Leaving the loop closes the source, as Node does for its
   * sockets.
   *
   * @throws what `next` and `end` throw; what the source throws, as it is
   */
  vars(source: ByteSource): AsyncGenerator<VarResult, void, undefined> {
    return this.#frames.read(source, () => this.next())
  }
}
