import { brotliFromNode, brotliFromWasm } from './brotli.js'
import { compressionError } from './errors.js'
import { loaded } from './loaded.js'
import { COMPRESSION_BROTLI, COMPRESSION_ZSTD, type CompressionMode } from './modes.js'
import { nodeZlib } from './node-zlib.js'
import { zstdFromWasm } from './zstd/compress.js'

/**
 * Loads what some modes need before their first use: for ZSTD, when compressing, the optional package
 * `@hpcc-js/wasm-zstd`; for BROTLI Node's own zlib, and in browsers the optional package `brotli-dec-wasm`. The other modes
 * are always ready, and so is opening ZSTD. What is loaded stays; a second call costs nothing.
 *
 * @throws (rejects) `COMPRESSION_MISSING_PACKAGE` when the package is not installed, or does not load
 * @example
 * ```ts
 * import { COMPRESSION_ZSTD, compress, ready } from 'godot-wire/compression'
 * await ready(COMPRESSION_ZSTD)
 * compress(bytes, COMPRESSION_ZSTD)
 * ```
 */
export async function ready(...modes: readonly CompressionMode[]): Promise<void> {
  if (modes.includes(COMPRESSION_ZSTD)) loaded.zstd ??= await loadZstd()
  if (modes.includes(COMPRESSION_BROTLI)) loaded.brotli ??= await loadBrotli()
}

async function loadZstd() {
  try {
    const { Zstd } = await import('@hpcc-js/wasm-zstd')
    return zstdFromWasm(await Zstd.load())
  } catch (cause) {
    throw compressionError('COMPRESSION_MISSING_PACKAGE', { mode: 'ZSTD', package: '@hpcc-js/wasm-zstd' }, cause)
  }
}

async function loadBrotli() {
  const zlib = nodeZlib()
  if (zlib) return brotliFromNode(zlib)
  try {
    const { default: start, BrotliDecStream } = await import('brotli-dec-wasm/web')
    await start()
    return brotliFromWasm(() => new BrotliDecStream())
  } catch (cause) {
    throw compressionError('COMPRESSION_MISSING_PACKAGE', { mode: 'BROTLI', package: 'brotli-dec-wasm' }, cause)
  }
}
