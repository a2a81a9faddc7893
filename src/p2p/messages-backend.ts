/** A message of `receiveMessagesOnChannel`, under GodotSteam's keys and in their order. */
export interface NetworkingMessage {
  /** The bytes of the message; they belong to the reader. */
  readonly payload: Uint8Array
  /** How many bytes `payload` has. */
  readonly size: number
  /** Always 0: these messages belong to no connection. */
  readonly connection: number
  /** The Steam id of the sender. */
  readonly identity: bigint
  /** What the receiver has noted at the connection (m_nConnUserData): 0n, as there is none. */
  readonly receiver_user_data: bigint
  /** Microseconds, on the clock of this end. */
  readonly time_received: bigint
  /**
   * Over Steam the sender's number for it (m_nMessageNumber); over our transports its place among what arrived in the
   * session, from 1.
   */
  readonly message_number: bigint
  /** The channel that it was sent on. */
  readonly channel: number
  /** Only the bit NETWORKING_SEND_RELIABLE means something. */
  readonly flags: number
  /** What the sender has noted at the message (m_nUserData): 0n, as it is not sent along. */
  readonly sender_user_data: bigint
}

/** What `getSessionConnectionInfo` says; the parts that were not asked for are not there. */
export interface SessionConnectionInfo {
  /** How the session stands: a CONNECTION_STATE. */
  readonly connection_state: number
  /** With `get_connection`: whom the session is with; 0n where there is none. */
  readonly identity?: bigint
  /** With `get_connection`: what this end has noted at the connection; -1n or 0n, as nobody did. */
  readonly user_data?: bigint
  /** With `get_connection`: the socket that it came in by; 0, as sessions have none. */
  readonly listen_socket?: number
  /** With `get_connection`: the address with its port where it is known, else an empty text. */
  readonly remote_address?: string
  /**
   * With `get_connection`: the data centre of Valve's near the other end, four letters as a number; 0 where none is
   * known.
   */
  readonly remote_pop?: number
  /** With `get_connection`: the data centre of Valve's that relays, four letters as a number; 0 where none does. */
  readonly pop_relay?: number
  /** With `get_connection`: why it ended, a CONNECTION_END; 0 while nothing has. */
  readonly end_reason?: number
  /** With `get_connection`: the reason in words, for logs; empty while nothing has ended. */
  readonly end_debug?: string
  /** With `get_connection`: what the session is, in words, for logs. */
  readonly debug_description?: string
  /** With `get_connection`: Steam's k_nSteamNetworkConnectionInfoFlags, added up; 0 over our transports. */
  readonly info_flags?: number
  /** With `get_status`: a CONNECTION_STATE again. */
  readonly state?: number
  /** With `get_status`: round trip in milliseconds, -1 while it is not known. */
  readonly ping?: number
  /** With `get_status`: share of packets that arrive, 0 to 1; -1 while it is not known. */
  readonly local_quality?: number
  /** The same as the other end sees it; -1 while it is not known, and always over our transports. */
  readonly remote_quality?: number
  /** With `get_status`: frames that went over the link in the last whole second. */
  readonly packets_out_per_second?: number
  /** With `get_status`: bytes of the frames in `packets_out_per_second`. */
  readonly bytes_out_per_second?: number
  /** With `get_status`: frames that came over the link in the last whole second. */
  readonly packets_in_per_second?: number
  /** With `get_status`: bytes of the frames in `packets_in_per_second`. */
  readonly bytes_in_per_second?: number
  /** With `get_status`: bytes per second that may be sent; 0 where nothing but the link bounds it. */
  readonly send_rate?: number
  /** With `get_status`: bytes of unreliable messages that wait to be sent; 0 over our transports, where none waits. */
  readonly pending_unreliable?: number
  /** With `get_status`: bytes of reliable messages that wait to be sent for the first time. */
  readonly pending_reliable?: number
  /** With `get_status`: bytes of reliable messages that were sent and are not acknowledged. */
  readonly sent_unacknowledged_reliable?: number
  /** With `get_status`: microseconds that a message sent now would wait at this end. */
  readonly queue_time?: bigint
}

/** GodotSteam's six Networking Messages calls, as a backend answers them. */
export interface MessagesBackend {
  /** As `NetworkingMessages.sendMessageToUser`: a RESULT, never an exception. */
  sendMessageToUser(remote_steam_id: bigint, data: Uint8Array, flags: number, channel: number): number
  /** Takes up to `max_messages` messages that wait on a channel, in order of arrival over all senders. */
  receiveMessagesOnChannel(channel: number, max_messages: number): NetworkingMessage[]
  /** Accepts a session that was asked for. False when there is none; true also for one that is up. */
  acceptSessionWithUser(remote_steam_id: bigint): boolean
  /** Closes the session with a user, also one that has failed. False when there was none. */
  closeSessionWithUser(remote_steam_id: bigint): boolean
  /** Closes one channel with a user. False when it was not open. */
  closeChannelWithUser(remote_steam_id: bigint, channel: number): boolean
  /** How the session with a user stands; an empty object where nothing is known, as after `close`. */
  getSessionConnectionInfo(
    remote_steam_id: bigint,
    get_connection: boolean,
    get_status: boolean,
  ): SessionConnectionInfo | Partial<Record<keyof SessionConnectionInfo, undefined>>
}
