// Runs in the page: every mode, with what is loaded on demand.
import {
  COMPRESSION_BROTLI,
  COMPRESSION_ZSTD,
  type CompressionMode,
  compress,
  decompress,
  decompressDynamic,
  ready,
} from '../../src/compression/index.js'
import { isGodotWireError } from '../../src/errors.js'

export interface CompressionCalls {
  notReady(bytes: number[]): string[]
  loadAll(): Promise<void>
  packed(bytes: number[], mode: number): number[]
  opened(bytes: number[], size: number, mode: number): number[]
  openedDynamic(bytes: number[], most: number, mode: number): number[]
}

const of = (bytes: number[]) => Uint8Array.from(bytes)

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'nothing was thrown'
  } catch (error) {
    return isGodotWireError(error) ? error.code : String(error)
  }
}

const calls: CompressionCalls = {
  notReady: (bytes) => [
    codeOf(() => compress(of(bytes), COMPRESSION_ZSTD)),
    codeOf(() => decompress(of(bytes), 99, COMPRESSION_BROTLI)),
  ],
  loadAll: () => ready(COMPRESSION_ZSTD, COMPRESSION_BROTLI),
  packed: (bytes, mode) => [...compress(of(bytes), mode as CompressionMode)],
  opened: (bytes, size, mode) => [...decompress(of(bytes), size, mode as CompressionMode)],
  openedDynamic: (bytes, most, mode) => [...decompressDynamic(of(bytes), most, mode as CompressionMode)],
}

Object.assign(globalThis, calls)
