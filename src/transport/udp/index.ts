export type { UdpStats } from './hub.js'
export type { UdpAddress, UdpClaim, UdpTransportOptions } from './options.js'
export { type UdpListenOptions, UdpTransport } from './transport.js'
