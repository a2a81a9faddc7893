import { errorsOf } from '../errors.js'

/** Every error of this room. It answers as GodotSteam does; these are for misuse that JavaScript would let pass. */
export const P2P_ERRORS = {
  P2P_BAD_STEAM_ID: (f) => `${f['what']} is ${f['value']}; a Steam id is a bigint such as 76561197960287930n`,
  P2P_BAD_DATA: (f) => `Packet data must be a Uint8Array, not ${f['what']}; encode values with varToBytes`,
  P2P_BAD_SIZE: (f) => `${f['value']} is no size of a packet; it is the most bytes that are wanted, from 0`,
  P2P_BAD_OPTION: (f) => `Option ${f['option']} is ${String(f['value'])}; it must be ${f['expected']}`,
  P2P_BAD_SIGNAL: (f) => `There is no signal "${f['signal']}"; the signals are ${f['known']}`,
  P2P_MESSAGE_TOO_LARGE: (f) => `The message has ${f['size']} bytes as a packet; the limit is ${f['limit']}`,
  P2P_NOT_SUPPORTED: (f) => `The backend does not have ${f['what']}`,
} as const satisfies Parameters<typeof errorsOf>[0]

/** Every `code` that an error of this room can have; docs/error-codes.md says what to do about each. */
export type P2PErrorCode = keyof typeof P2P_ERRORS

export const p2pError = errorsOf(P2P_ERRORS)
