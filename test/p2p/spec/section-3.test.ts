// Section 3: enums and constants.
import { describe, expect, it } from 'vitest'
import * as p2p from '../../../src/p2p/index.js'

/** All constants of the room whose name begins so. */
function named(prefix: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(p2p).filter(([name]) => name.startsWith(prefix)))
}

describe('section 3: enums and constants', () => {
  it('P2PSend has the four names of Godot 3 and 4', () => {
    expect(named('P2P_SEND_')).toEqual({
      P2P_SEND_UNRELIABLE: 0,
      P2P_SEND_UNRELIABLE_NO_DELAY: 1,
      P2P_SEND_RELIABLE: 2,
      P2P_SEND_RELIABLE_WITH_BUFFERING: 3,
    })
  })

  it('and those of Godot 2', () => {
    expect(named('EP2P_')).toEqual({
      EP2P_SEND_UNRELIABLE: 0,
      EP2P_SEND_UNRELIABLE_NO_DELAY: 1,
      EP2P_SEND_RELIABLE: 2,
      EP2P_SEND_RELIABLE_WITH_BUFFERING: 3,
    })
  })

  it('P2PSessionError says LOGGED_ON, as GodotSteam does', () => {
    expect(named('P2P_SESSION_ERROR_')).toEqual({
      P2P_SESSION_ERROR_NONE: 0,
      P2P_SESSION_ERROR_NOT_RUNNING_APP: 1,
      P2P_SESSION_ERROR_NO_RIGHTS_TO_APP: 2,
      P2P_SESSION_ERROR_DESTINATION_NOT_LOGGED_ON: 3,
      P2P_SESSION_ERROR_TIMEOUT: 4,
      P2P_SESSION_ERROR_MAX: 5,
    })
  })

  it('SocketConnectionType', () => {
    expect(named('NET_SOCKET_CONNECTION_TYPE_')).toEqual({
      NET_SOCKET_CONNECTION_TYPE_NOT_CONNECTED: 0,
      NET_SOCKET_CONNECTION_TYPE_UDP: 1,
      NET_SOCKET_CONNECTION_TYPE_UDP_RELAY: 2,
    })
  })

  it('SocketState', () => {
    expect(named('NET_SOCKET_STATE_')).toEqual({
      NET_SOCKET_STATE_INVALID: 0,
      NET_SOCKET_STATE_CONNECTED: 1,
      NET_SOCKET_STATE_INITIATED: 10,
      NET_SOCKET_STATE_LOCAL_CANDIDATE_FOUND: 11,
      NET_SOCKET_STATE_RECEIVED_REMOTE_CANDIDATES: 12,
      NET_SOCKET_STATE_CHALLENGE_HANDSHAKE: 15,
      NET_SOCKET_STATE_DISCONNECTING: 21,
      NET_SOCKET_STATE_LOCAL_DISCONNECT: 22,
      NET_SOCKET_STATE_TIMEOUT_DURING_CONNECT: 23,
      NET_SOCKET_STATE_REMOTE_END_DISCONNECTED: 24,
      NET_SOCKET_STATE_BROKEN: 25,
    })
  })
})
