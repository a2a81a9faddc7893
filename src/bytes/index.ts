export { concat } from './concat.js'
export { ByteCursor, type Truncation } from './cursor.js'
export { fillFromWire, type NumberArray, wireBytesOf } from './endian.js'
export { isBytes } from './is-bytes.js'
export { ByteReader, type OnTruncated } from './reader.js'
export {
  maxUtf8Length,
  readUtf8,
  readUtf8Slowly,
  type Utf8Dialect,
  writeAscii,
  writeUtf8,
  writeUtf8Slowly,
} from './utf8.js'
export { ViewWordWriter, WordWriter } from './word-writer.js'
export { ByteWriter } from './writer.js'
