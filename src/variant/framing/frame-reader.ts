import type { GodotWireError } from '../../errors.js'
import { ByteQueue } from './byte-queue.js'
import { type ByteSource, chunksOf } from './chunks.js'
import { framingError } from './errors.js'
import { checkLength, type FrameSettings, mustBeBytes, PREFIX } from './frame.js'

export interface Frame {
  /** How many bytes of the stream stood before its length. */
  readonly position: number
  /** With its length. */
  readonly size: number
  /** What is in it: a view that holds until the next push. */
  readonly payload: Uint8Array
}

/** Cuts frames out of a stream that comes in chunks of any size. */
export class FrameReader {
  readonly #settings: FrameSettings
  readonly #queue = new ByteQueue()
  #position = 0
  #ended = false
  #broken: GodotWireError | undefined
  /** Whole frames that were counted so far, and the bytes they take: a frame is counted once, however often one asks. */
  #counted = 0
  #countedSize = 0

  constructor(settings: FrameSettings) {
    this.#settings = settings
  }

  /** True while no more bytes are taken: there is a frame to be read, or an error, before that. */
  get full(): boolean {
    return this.#queue.length >= PREFIX + this.#settings.limit
  }

  push(chunk: Uint8Array): void {
    if (this.#broken) throw this.#broken
    if (this.#ended) throw framingError('VARIANT_READER_ENDED')
    mustBeBytes(chunk, 'a chunk')
    if (this.full) {
      const { limit, option } = this.#settings
      throw framingError('VARIANT_READER_FULL', { held: this.#queue.length, limit, option })
    }
    this.#queue.push(chunk)
  }

  /** The next frame, or undefined where it is not all there. A length that cannot be is thrown, now and ever after. */
  next(): Frame | undefined {
    const size = this.#sizeOfNext()
    if (size === undefined || size > this.#queue.length) return undefined
    const position = this.#position
    this.#position += size
    if (this.#counted > 0) {
      this.#counted--
      this.#countedSize -= size
    }
    return { position, size, payload: this.#queue.take(size, PREFIX) }
  }

  #sizeOfNext(): number | undefined {
    if (this.#broken) throw this.#broken
    try {
      return this.#sizeAt(0)
    } catch (error) {
      this.#broken = error as GodotWireError
      this.#queue.clear()
      throw error
    }
  }

  /** The size of the frame that starts there, with its length; undefined where that is not there. */
  #sizeAt(at: number): number | undefined {
    if (this.#queue.length - at < PREFIX) return undefined
    const length = this.#queue.uint32(at, this.#settings.bigEndian)
    checkLength(length, this.#position + at, this.#settings)
    return PREFIX + length
  }

  /** How many whole frames wait, up to a length that cannot be. */
  count(): number {
    const { bigEndian, limit } = this.#settings
    for (;;) {
      const left = this.#queue.length - this.#countedSize - PREFIX
      const length = left < 0 ? Infinity : this.#queue.uint32(this.#countedSize, bigEndian)
      if (length > limit || length > left) return this.#counted
      this.#counted++
      this.#countedSize += PREFIX + length
    }
  }

  /** No bytes will come. Throws where those behind the last whole frame are the beginning of another. */
  end(): void {
    if (this.#broken) throw this.#broken
    this.#ended = true
    this.count()
    const start = this.#countedSize
    const left = this.#queue.length - start
    if (left === 0) return
    const needed = this.#sizeAt(start) ?? PREFIX
    throw framingError('VARIANT_FRAME_TRUNCATED', { offset: this.#position + start, needed, left })
  }

  /** What `next` makes of the chunks of a source. A chunk is asked for when all of the last one was taken. */
  async *read<T>(source: ByteSource, next: () => T | undefined): AsyncGenerator<T, void, undefined> {
    for await (const chunk of chunksOf(source)) {
      this.push(chunk)
      for (let item = next(); item !== undefined; item = next()) yield item
    }
    this.end()
  }
}
