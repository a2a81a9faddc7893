/** What an inspector knows that needs nothing of Node: the page and the command line are built on it. */
export { type CapturedFrame, isCapture, readCapture, writeCapture } from './capture.js'
export { INSPECT_ERRORS, type InspectErrorCode, inspectError } from './errors.js'
export * from './feed.js'
export { type FrameField, type FrameRecord, fieldOf, type ReadFrame, type RecordName, readFrame } from './frame.js'
export { PacketReader, type SeenPacket } from './packets.js'
export { annotateFrame, summary } from './ranges.js'
export { Source, type SourceDetails } from './source.js'
export { Tally } from './tally.js'
