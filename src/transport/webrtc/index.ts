export type { WebRtcTransportOptions } from './options.js'
export type { IceServer } from './rtc.js'
export { type WebRtcStats, WebRtcTransport } from './transport.js'
