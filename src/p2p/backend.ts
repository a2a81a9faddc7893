import {
  Multiplexer,
  type MultiplexerOptions,
  type SendType,
  type SessionInfo,
  type Transport,
} from '../channel/index.js'

/** A session as Steam's P2PSessionState_t has it. */
export type BackendSessionState = SessionInfo

/** What a backend tells. Never called from within a call to the backend but `poll`. */
export interface BackendEvents {
  sessionRequest(steamId: bigint): void
  sessionFailed(steamId: bigint, error: number): void
}

/**
 * Who carries the packets: our own sessions over a transport, or Steam itself. Ids are valid and full when they get here;
 * sizes and types are checked by the backend, since they are its limits.
 */
export interface P2PBackend {
  readonly steamId: bigint
  /** Names the one listener, once, before anything else is called. */
  attach(events: BackendEvents): void
  send(steamId: bigint, data: Uint8Array, sendType: number, channel: number): boolean
  /** Size of the next packet on a channel, which may be 0; undefined when there is none. */
  nextPacketSize(channel: number): number | undefined
  /** Takes the next packet; at most `maxSize` of its bytes are wanted, the rest is lost. */
  read(channel: number, maxSize: number): { readonly steamId: bigint; readonly data: Uint8Array } | undefined
  accept(steamId: bigint): void
  closeChannel(steamId: bigint, channel: number): boolean
  closeSession(steamId: bigint): boolean
  sessionState(steamId: bigint): BackendSessionState | undefined
  allowRelay(allow: boolean): void
  /** For backends that must be asked for their events; ours need no asking. */
  poll?(): void
  close(): void
}

/** Our own sessions as a backend. */
export function sessionBackend(transport: Transport, options: MultiplexerOptions): P2PBackend {
  let events: BackendEvents | undefined
  const multiplexer = new Multiplexer(
    transport,
    {
      sessionRequest: (peer) => events?.sessionRequest(peer),
      sessionFailed: (peer, error) => events?.sessionFailed(peer, error),
    },
    options,
  )
  return {
    steamId: transport.localId,
    attach: (listener) => {
      events = listener
    },
    send: (peer, data, type, channel) => multiplexer.send(peer, data, type as SendType, channel),
    nextPacketSize: (channel) => multiplexer.nextPacketSize(channel),
    read(channel, maxSize) {
      const packet = multiplexer.read(channel)
      if (!packet) return undefined
      const { peer, data } = packet
      return { steamId: peer, data: data.length > maxSize ? data.slice(0, maxSize) : data }
    },
    accept: (peer) => {
      multiplexer.accept(peer)
    },
    closeChannel: (peer, channel) => multiplexer.closeChannel(peer, channel),
    closeSession: (peer) => multiplexer.closeSession(peer),
    sessionState: (peer) => multiplexer.sessionInfo(peer),
    allowRelay: (allow) => transport.allowRelay?.(allow),
    close: () => multiplexer.close(),
  }
}
