export { type Clock, systemClock } from '../clock.js'
export type { Transport } from '../transport/index.js'
export type { Drop, DropReason } from './drops.js'
export type { ChannelErrorCode } from './errors.js'
export type { FrameReport, RecordReport } from './frame-report.js'
export { Multiplexer, type MultiplexerListener, type ReceivedPacket } from './multiplexer.js'
export type { MultiplexerOptions } from './options.js'
export { MAX_RELIABLE_SIZE, MAX_UNRELIABLE_SIZE, SendType } from './send-type.js'
export {
  type Counters,
  type RefusalReason,
  SESSION_ERROR_NO_RIGHTS,
  SESSION_ERROR_NONE,
  SESSION_ERROR_TIMEOUT,
  type SendOutcome,
  type SessionEnd,
} from './session-host.js'
export type { SessionInfo } from './session-info.js'
export type { LinkFigures, SessionStatistics } from './statistics.js'
