import type { RELAY_ERRORS } from '../errors.js'

export type { RelayLimits } from '../limits.js'
export { type RelayStats, RelaySwitch } from '../switch.js'
export { createRelay, type Relay, type RelayPeer } from './create-relay.js'
export type { NatsOptions } from './nats-fabric.js'
export type { RelayedMessage, RelayLogEntry, RelayOptions } from './options.js'
export { issueRelayToken, type RelayTokenClaims, type TokenOptions } from './tokens.js'

/** Every `code` that an error of this room can have. */
export type RelayErrorCode = keyof typeof RELAY_ERRORS
