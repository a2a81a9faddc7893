import { concat } from '../bytes/index.js'
import { compressionError } from './errors.js'
import type { BrotliCodec } from './loaded.js'
import type { NodeZlib } from './node-zlib.js'

const mode = 'BROTLI'

/** The engine's own step (`gzip_chunk` in compression.cpp), which serves all its dynamic modes. */
const CHUNK = 16384

/** Brotli by Node's zlib, which does not say where broken data breaks. */
export function brotliFromNode(zlib: NodeZlib): BrotliCodec {
  return {
    decompress(bytes, limit) {
      const options = { maxOutputLength: Math.max(limit, 1), chunkSize: CHUNK }
      let opened: Uint8Array
      try {
        opened = zlib.brotliDecompressSync(bytes, options)
      } catch (cause) {
        throw errorOfNode(cause, bytes, limit)
      }
      if (opened.length > limit) throw compressionError('COMPRESSION_LIMIT', { mode, limit })
      // Memory of its own, just as large as need be; a Buffer would be another class.
      return new Uint8Array(opened)
    },
  }
}

function errorOfNode(cause: unknown, bytes: Uint8Array, limit: number): Error {
  const { code, message } = cause as { code?: string; message: string }
  if (code === 'ERR_BUFFER_TOO_LARGE') return compressionError('COMPRESSION_LIMIT', { mode, limit }, cause)
  if (code === 'Z_BUF_ERROR') return compressionError('COMPRESSION_TRUNCATED', { mode, offset: bytes.length }, cause)
  return compressionError('COMPRESSION_CORRUPT', { mode, reason: code ?? message }, cause)
}

/** The decoder of brotli-dec-wasm, by its shape. */
export interface BrotliStream {
  /** @throws what the decoder says of broken data */
  dec(input: Uint8Array, outputSize: number): { buf: Uint8Array; code: number; input_offset: number; free(): void }
  free(): void
}

const DONE = 1
const NEEDS_INPUT = 2

/** Brotli by brotli-dec-wasm, step by step, so that nothing is made beyond the limit. */
export function brotliFromWasm(newStream: () => BrotliStream): BrotliCodec {
  return {
    decompress(bytes, limit) {
      const stream = newStream()
      const chunks: Uint8Array[] = []
      let size = 0
      let used = 0
      try {
        for (;;) {
          const step = decode(stream, bytes.subarray(used), used)
          used += step.used
          size += step.bytes.length
          if (size > limit) throw compressionError('COMPRESSION_LIMIT', { mode, limit, offset: used })
          chunks.push(step.bytes)
          if (step.code === DONE) return concat(chunks, size)
          if (step.code === NEEDS_INPUT) throw compressionError('COMPRESSION_TRUNCATED', { mode, offset: bytes.length })
          if (step.bytes.length === 0 && step.used === 0) {
            throw compressionError('COMPRESSION_CORRUPT', { mode, offset: used, reason: 'the decoder is stuck' })
          }
        }
      } finally {
        stream.free()
      }
    },
  }
}

interface Step {
  readonly bytes: Uint8Array
  readonly used: number
  readonly code: number
}

function decode(stream: BrotliStream, input: Uint8Array, offset: number): Step {
  try {
    const result = stream.dec(input, CHUNK)
    const step = { bytes: result.buf, used: result.input_offset, code: result.code }
    result.free()
    return step
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw compressionError('COMPRESSION_CORRUPT', { mode, offset, reason }, cause)
  }
}
