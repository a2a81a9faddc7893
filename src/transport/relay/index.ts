export type { RelayLink } from './link.js'
export {
  CHAT_MEMBER_STATE_CHANGE_DISCONNECTED,
  CHAT_MEMBER_STATE_CHANGE_ENTERED,
  CHAT_MEMBER_STATE_CHANGE_LEFT,
  CHAT_ROOM_ENTER_RESPONSE_DOESNT_EXIST,
  CHAT_ROOM_ENTER_RESPONSE_ERROR,
  CHAT_ROOM_ENTER_RESPONSE_FULL,
  CHAT_ROOM_ENTER_RESPONSE_NOT_ALLOWED,
  CHAT_ROOM_ENTER_RESPONSE_SUCCESS,
  LOBBY_TYPE_FRIENDS_ONLY,
  LOBBY_TYPE_INVISIBLE,
  LOBBY_TYPE_PRIVATE,
  LOBBY_TYPE_PUBLIC,
  Lobbies,
  type LobbyListener,
  type LobbySignals,
} from './lobbies.js'
export type { RelayTransportOptions } from './options.js'
export { RelayTransport, type RelayTransportStats } from './transport.js'
