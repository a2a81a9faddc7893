import type { TRANSPORT_ERRORS } from './errors.js'

export { type Clock, systemClock, VirtualClock } from '../clock.js'
export * from './compliance/index.js'
export * from './memory/index.js'
export type { Lane, Link, LinkAddress, Transport, TransportReceiver } from './transport.js'

/** Every `code` that an error of this room can have. */
export type TransportErrorCode = keyof typeof TRANSPORT_ERRORS
