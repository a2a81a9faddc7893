import { isGodotWireError } from '../../errors.js'
import type { P2P } from '../../p2p/index.js'
import type { SessionFigures } from '../feed.js'

/** Sessions that are shown at most. */
const MOST = 500

/** What a P2P says of its sessions with those peers. */
export function sessionsOf(p2p: P2P, peers: ReadonlySet<bigint>): SessionFigures[] {
  const found: SessionFigures[] = []
  for (const peer of peers) {
    if (found.length >= MOST) break
    const figures = peer === p2p.steamId ? undefined : sessionOf(p2p, peer)
    if (figures) found.push(figures)
  }
  return found
}

function sessionOf(p2p: P2P, peer: bigint): SessionFigures | undefined {
  const state = p2p.getP2PSessionState(peer)
  const statistics = statisticsOf(p2p, peer)
  if (state.connection_active === undefined || statistics === undefined) return undefined
  const { roundTripMs, loss, bytesQueued, packetsQueued, bytesUnacknowledged, packetsUnacknowledged } = statistics
  const { packetsUnread, packetsResent, datagramsDropped } = statistics
  return {
    peer: String(peer),
    state: stateText(state.connection_active, state.connecting, state.session_error, state.using_relay),
    roundTripMs,
    loss,
    bytesQueued,
    packetsQueued,
    bytesUnacknowledged,
    packetsUnacknowledged,
    packetsUnread,
    packetsResent,
    datagramsDropped,
  }
}

/** A backend that counts nothing says so; then there is nothing to show. */
function statisticsOf(p2p: P2P, peer: bigint) {
  try {
    return p2p.getSessionStatistics(peer)
  } catch (error) {
    if (isGodotWireError(error, 'P2P_NOT_SUPPORTED')) return undefined
    throw error
  }
}

function stateText(active: number, connecting: number, error: number, relayed: number): string {
  if (error !== 0) return `failed: ${error}`
  if (active === 1) return relayed === 1 ? 'open, by a relay' : 'open'
  return connecting === 1 ? 'connecting' : 'closed'
}
