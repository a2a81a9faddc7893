/** What is used of Node's own zlib, by its shape, so that browsers need not know it. */
export interface NodeZlib {
  /** From Node 20.15 on. */
  crc32?(data: Uint8Array): number
  inflateRawSync(
    data: Uint8Array,
    options: object,
  ): { buffer: Uint8Array<ArrayBuffer>; engine: { bytesWritten: number } }
  inflateSync(data: Uint8Array, options: object): { buffer: Uint8Array<ArrayBuffer>; engine: { bytesWritten: number } }
  deflateSync(data: Uint8Array, options: object): Uint8Array<ArrayBuffer>
  gzipSync(data: Uint8Array, options: object): Uint8Array<ArrayBuffer>
  brotliDecompressSync(data: Uint8Array, options: object): Uint8Array<ArrayBuffer>
}

interface Host {
  readonly process?: { readonly getBuiltinModule?: (name: string) => unknown }
}

let found: NodeZlib | null | undefined

/** Node's zlib where there is one (Node from 20.16 on), without an import that a bundler for browsers would follow. */
export function nodeZlib(): NodeZlib | null {
  if (found === undefined) found = (globalThis as Host).process?.getBuiltinModule?.('node:zlib') as NodeZlib
  found ??= null
  return found
}
