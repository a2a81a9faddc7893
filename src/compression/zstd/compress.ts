import type { ZstdCodec } from '../loaded.js'

/** What is used of @hpcc-js/wasm-zstd, by its shape. */
interface ZstdWasm {
  compress(data: Uint8Array, level: number): Uint8Array
}

/** The reference library, compiled to WebAssembly: frames with their content size and without a checksum, like Godot's. */
export function zstdFromWasm(wasm: ZstdWasm): ZstdCodec {
  return { compress: (bytes, level) => new Uint8Array(wasm.compress(bytes, level)) }
}
