export {
  type Base64ToVariantOptions,
  base64ToVariant,
  type VariantToBase64Options,
  variantToBase64,
} from './base64.js'
export type { ByteSource, ReadableByteStream } from './chunks.js'
export {
  type CompressVariantOptions,
  type DecompressVariantOptions,
  decodeAndDecompressVariant,
  encodeAndCompressVariant,
} from './compressed-variant.js'
export type { FramingErrorCode } from './errors.js'
export { PacketPeerStream, type PacketPeerStreamOptions } from './packet-peer-stream.js'
export { type FrameOptions, type GetVarOptions, getVar, type PutVarOptions, putVar } from './put-var.js'
export type { VarResult } from './result.js'
export { VarReader, type VarReaderOptions } from './var-reader.js'
