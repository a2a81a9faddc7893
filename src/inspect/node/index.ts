export {
  type CapturedFrame,
  type FlowFigures,
  type FrameField,
  type FrameRecord,
  type InspectErrorCode,
  isCapture,
  PacketReader,
  type PairFigures,
  type RecordName,
  type RelayFigures,
  type RelayPeerFigures,
  readCapture,
  type SeenPacket,
  type SessionFigures,
  type SourceFigures,
  writeCapture,
} from '../index.js'
export type { Source, SourceDetails } from '../source.js'
export { Inspector, type InspectorOptions, openInspector } from './inspector.js'
