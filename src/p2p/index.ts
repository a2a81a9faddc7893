export type { BackendEvents, BackendSessionState, P2PBackend } from './backend.js'
export * from './constants.js'
export type { P2PErrorCode } from './errors.js'
export { type Message, Messenger, type MessengerOptions, PACKET_READ_LIMIT } from './messenger.js'
export {
  type NoPacket,
  P2P,
  type P2PBackendOptions,
  type P2POptions,
  type P2PPacket,
  type P2PSessionState,
  type P2PTransportOptions,
} from './p2p.js'
export type { CallbackMode, P2PSignals, SignalName } from './signals.js'
export { isValidSteamId, type SteamIdRule } from './steam-id.js'
