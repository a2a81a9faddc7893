export type { Transport } from '../transport/index.js'
export type { ChannelErrorCode } from './errors.js'
export {
  Multiplexer,
  type MultiplexerListener,
  type ReceivedPacket,
  SESSION_ERROR_NONE,
  SESSION_ERROR_TIMEOUT,
  type SessionInfo,
} from './multiplexer.js'
export type { MultiplexerOptions } from './options.js'
export { MAX_RELIABLE_SIZE, MAX_UNRELIABLE_SIZE, SendType } from './send-type.js'
export type { Counters } from './session.js'
