import { errorsOf } from '../errors.js'

export const TRANSPORT_ERRORS = {
  TRANSPORT_ALREADY_ATTACHED: () => 'This transport has a receiver already; one P2P owns a transport',
  TRANSPORT_FRAME_TOO_LARGE: (f) => `A frame of ${f['size']} bytes is above this link's limit of ${f['limit']}`,
  TRANSPORT_FRAME_EMPTY: () => 'A frame must have at least one byte',
  TRANSPORT_CLOSED: () => 'The transport is closed',
  TRANSPORT_BAD_OPTION: (f) => `Option ${f['option']} is ${String(f['value'])}; ${f['expected']}`,
  TRANSPORT_ID_IN_USE: (f) => `Steam id ${f['id']} is already on this network`,
  TRANSPORT_CONNECT_FAILED: (f) => `No link to ${f['url']}: ${f['reason']}`,
  TRANSPORT_LISTEN_FAILED: (f) => `Cannot listen on ${f['address']}: ${f['reason']}`,
  TRANSPORT_NO_WEBSOCKET: () =>
    'There is no WebSocket here: this platform has no global one and the package "ws" could not be loaded',
  TRANSPORT_NO_UDP: () => 'There is no UDP here: only Node has it, with its module "node:dgram"',
  TRANSPORT_NO_WEBRTC: () =>
    'There is no WebRTC here: this platform has none, and the package "node-datachannel" could not be loaded',
} as const satisfies Parameters<typeof errorsOf>[0]

export const transportError = errorsOf(TRANSPORT_ERRORS)
