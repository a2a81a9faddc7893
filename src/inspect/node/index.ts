export {
  type CapturedFrame,
  type InspectErrorCode,
  isCapture,
  PacketReader,
  readCapture,
  type SeenPacket,
  writeCapture,
} from '../index.js'
export type { Source, SourceDetails } from '../source.js'
export { Inspector, type InspectorOptions, openInspector } from './inspector.js'
