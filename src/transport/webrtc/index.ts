export type { WebRtcTransportOptions } from './options.js'
export type { IceServer, RtcConstructor, RtcDataChannel, RtcPeerConnection, RtcStat } from './rtc.js'
export { type WebRtcStats, WebRtcTransport } from './transport.js'
