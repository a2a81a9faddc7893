import type { Session } from './session.js'
import { SESSION_ERROR_NONE } from './session-host.js'
import type { LinkFigures, SessionStatistics } from './statistics.js'

/** A session as `getP2PSessionState` sees it. */
export interface SessionInfo {
  /** Packets flow. */
  readonly active: boolean
  /** It was asked for, and the peer has not answered yet. */
  readonly connecting: boolean
  /** Why it failed, a `SESSION_ERROR_*`; 0 while it has not. */
  readonly error: number
  /** A third party passes the frames on. */
  readonly relayed: boolean
  /** Bytes of packets that wait to be handed to the link. */
  readonly bytesQueued: number
  /** Packets that wait to be handed to the link. */
  readonly packetsQueued: number
  /** IPv4 address as an unsigned number, first octet highest; 0 where it is not known. */
  readonly ip: number
  /** Port of the other end; 0 where it is not known. */
  readonly port: number
}

/** A session with oneself: there is no link, and nothing waits but to be read. */
export const OWN_SESSION: SessionInfo = {
  active: true,
  connecting: false,
  error: SESSION_ERROR_NONE,
  relayed: false,
  bytesQueued: 0,
  packetsQueued: 0,
  ip: 0,
  port: 0,
}

export function infoOf({ state, error, link, out }: Session): SessionInfo {
  return {
    active: state === 'active',
    connecting: state === 'connecting',
    error,
    relayed: link?.relayed ?? false,
    bytesQueued: out.unsentBytes,
    packetsQueued: out.unsentMessages,
    ip: link?.address?.ip ?? 0,
    port: link?.address?.port ?? 0,
  }
}

/** What waits in the inbox of one peer. */
export interface UnreadFigures {
  readonly packets: number
  readonly bytes: number
}

export function statisticsOf(session: Session, unread: UnreadFigures, now: number): SessionStatistics {
  const { out, traffic } = session
  const figures = (session.link ?? {}) as LinkFigures
  const measured = session.measure()
  const went = traffic.framesOut.lastSecond(now)
  const came = traffic.framesIn.lastSecond(now)
  return {
    roundTripMs: figures.roundTripMs ?? measured,
    loss: figures.loss ?? share(out.messagesResent, out.messagesSent),
    packetsSent: traffic.packetsSent,
    packetsReceived: traffic.packetsReceived,
    bytesSent: traffic.bytesSent,
    bytesReceived: traffic.bytesReceived,
    framesSent: traffic.framesOut.count,
    framesReceived: traffic.framesIn.count,
    frameBytesSent: traffic.framesOut.bytes,
    frameBytesReceived: traffic.framesIn.bytes,
    framesSentPerSecond: went.count,
    framesReceivedPerSecond: came.count,
    frameBytesSentPerSecond: went.bytes,
    frameBytesReceivedPerSecond: came.bytes,
    packetsResent: out.messagesResent,
    datagramsDropped: traffic.datagramsDropped,
    packetsQueued: out.unsentMessages,
    bytesQueued: out.unsentBytes,
    packetsUnacknowledged: out.length,
    bytesUnacknowledged: out.bufferedBytes,
    packetsUnread: unread.packets,
    bytesUnread: unread.bytes,
    ageMs: now - traffic.since,
  }
}

function share(part: number, rest: number): number {
  return part === 0 ? 0 : part / (part + rest)
}
