/** A message of `receiveMessagesOnChannel`, under GodotSteam's keys and in their order. */
export interface NetworkingMessage {
  readonly payload: Uint8Array
  readonly size: number
  /** Always 0: these messages belong to no connection. */
  readonly connection: number
  /** The sender. */
  readonly identity: bigint
  readonly receiver_user_data: bigint
  /** Microseconds, on the clock of this end. */
  readonly time_received: bigint
  readonly message_number: bigint
  readonly channel: number
  /** Only the bit NETWORKING_SEND_RELIABLE means something. */
  readonly flags: number
  readonly sender_user_data: bigint
}

/** What `getSessionConnectionInfo` says; the parts that were not asked for are not there. */
export interface SessionConnectionInfo {
  /** A CONNECTION_STATE. */
  readonly connection_state: number
  readonly identity?: bigint
  readonly user_data?: bigint
  readonly listen_socket?: number
  /** IPv4 with its port where it is known, else an empty text. */
  readonly remote_address?: string
  readonly remote_pop?: number
  readonly pop_relay?: number
  /** A CONNECTION_END; 0 while nothing has ended. */
  readonly end_reason?: number
  readonly end_debug?: string
  readonly debug_description?: string
  readonly info_flags?: number
  /** A CONNECTION_STATE again. */
  readonly state?: number
  /** Round trip in milliseconds, -1 while it is not known. */
  readonly ping?: number
  /** Share of packets that arrive, 0 to 1; -1 while it is not known. */
  readonly local_quality?: number
  readonly remote_quality?: number
  readonly packets_out_per_second?: number
  readonly bytes_out_per_second?: number
  readonly packets_in_per_second?: number
  readonly bytes_in_per_second?: number
  /** Bytes per second that may be sent; 0 where nothing but the link bounds it. */
  readonly send_rate?: number
  readonly pending_unreliable?: number
  readonly pending_reliable?: number
  readonly sent_unacknowledged_reliable?: number
  /** Microseconds that a message sent now would wait at this end. */
  readonly queue_time?: bigint
}

/** GodotSteam's six Networking Messages calls, as a backend answers them. */
export interface MessagesBackend {
  sendMessageToUser(remote_steam_id: bigint, data: Uint8Array, flags: number, channel: number): number
  receiveMessagesOnChannel(channel: number, max_messages: number): NetworkingMessage[]
  acceptSessionWithUser(remote_steam_id: bigint): boolean
  closeSessionWithUser(remote_steam_id: bigint): boolean
  closeChannelWithUser(remote_steam_id: bigint, channel: number): boolean
  getSessionConnectionInfo(
    remote_steam_id: bigint,
    get_connection: boolean,
    get_status: boolean,
  ): SessionConnectionInfo | Partial<Record<keyof SessionConnectionInfo, undefined>>
}
