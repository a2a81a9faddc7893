import { Multiplexer, type MultiplexerOptions, type SendType, type Transport } from '../channel/index.js'
import type { BackendEvents, P2PBackend } from './backend.js'
import { CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY } from './messages-constants.js'
import { SessionMessages, sessionFailureReason } from './session-messages.js'

/** Our own sessions as a backend, for both faces of them. */
export function sessionBackend(transport: Transport, options: MultiplexerOptions): P2PBackend {
  let events: BackendEvents | undefined
  const multiplexer = new Multiplexer(
    transport,
    {
      // One session, two faces: a game listens to the one that it uses.
      sessionRequest(peer) {
        events?.sessionRequest(peer)
        events?.messagesSessionRequest?.(peer)
      },
      sessionFailed(peer, error) {
        events?.sessionFailed(peer, error)
        const { reason, text } = sessionFailureReason(error)
        events?.messagesSessionFailed?.(reason, peer, CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY, text)
      },
      sessionOpened: (peer) => events?.sessionOpened?.(peer),
      sessionClosed: (peer, why) => events?.sessionClosed?.(peer, why),
      packetArrived: (channel) => events?.packetArrived?.(channel),
      dropped: (drop) => events?.dropped?.(drop),
    },
    options,
  )
  return {
    steamId: transport.localId,
    announcesPackets: true,
    messages: new SessionMessages(multiplexer),
    attach: (listener) => {
      events = listener
    },
    send: (peer, data, type, channel) => multiplexer.send(peer, data, type as SendType, channel),
    sendToAll: (peers, data, type, channel) => multiplexer.sendToAll(peers, data, type as SendType, channel),
    nextPacketSize: (channel) => multiplexer.nextPacketSize(channel),
    read(channel, maxSize) {
      const packet = multiplexer.read(channel)
      if (!packet) return undefined
      const { peer, data } = packet
      if (data.length <= maxSize) return { steamId: peer, data }
      const bytes = data.length - maxSize
      events?.dropped?.({ what: 'packet tail', why: 'read-size', count: 1, bytes, peer, channel })
      return { steamId: peer, data: data.slice(0, maxSize) }
    },
    accept: (peer) => {
      multiplexer.accept(peer)
    },
    closeChannel: (peer, channel) => multiplexer.closeChannel(peer, channel),
    closeSession: (peer) => multiplexer.closeSession(peer),
    sessionState: (peer) => multiplexer.sessionInfo(peer),
    allowRelay: (allow) => transport.allowRelay?.(allow),
    flush: (peer) => multiplexer.flush(peer),
    statistics: (peer) => multiplexer.statistics(peer),
    close: () => multiplexer.close(),
  }
}
