// Runs in the page: a peer that joins a relay and takes the direct way where there is one.
import { P2P, P2P_SEND_RELIABLE } from '../../src/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'

export interface WebRtcCalls {
  /** With the URL of a TURN server, only by way of that. */
  joinRelay(url: string, steamId: string, turn?: string): Promise<void>
  /** Sends so many packets, waits for as many back, and tells what came and how. */
  exchange(peer: string, count: number): Promise<{ equal: number; direct: number; relaying: number; port: number }>
  /** How many packets were sent back to whoever sent them. */
  echoed(): number
}

let p2p: P2P
let transport: WebRtcTransport
let echoes = 0

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2))
}

const calls: WebRtcCalls = {
  async joinRelay(url, id, turn) {
    const steamId = BigInt(id)
    const relay = new RelayTransport({ steamId, url })
    const iceServers = turn ? [{ urls: turn, username: 'ann', credential: 'secret' }] : []
    transport = new WebRtcTransport({ relay, iceServers, iceTransportPolicy: turn ? 'relay' : 'all' })
    p2p = new P2P({ steamId, transport })
    p2p.on('p2p_session_request', (peer) => p2p.acceptP2PSessionWithUser(peer))
    await relay.open()
    setInterval(() => {
      // Channel 1: back to where it came from.
      while (p2p.isP2PPacketAvailable(1)) {
        const { data, remote_steam_id } = p2p.readP2PPacket(1 << 20, 1)
        if (data && p2p.sendP2PPacket(remote_steam_id, data, P2P_SEND_RELIABLE, 2)) echoes++
      }
    }, 2)
  },
  async exchange(id, count) {
    const peer = BigInt(id)
    const packets = Array.from({ length: count }, (_, n) => {
      const packet = new Uint8Array(n % 20 === 0 ? 150_000 : 300).map((_, i) => i * 7 + n)
      packet[0] = n
      return packet
    })
    const end = performance.now() + 30_000
    let equal = 0
    let received = 0
    const read = () => {
      while (p2p.isP2PPacketAvailable(2)) {
        const { data } = p2p.readP2PPacket(1 << 20, 2)
        const wanted = packets[received++]!
        if (data?.length === wanted.length && data.every((byte, i) => byte === wanted[i])) equal++
      }
    }
    for (const packet of packets) {
      while (!p2p.sendP2PPacket(peer, packet, P2P_SEND_RELIABLE, 1) && performance.now() < end) await pause()
      read()
      await pause()
    }
    while ((received < count || transport.stats.directLinks === 0) && performance.now() < end) {
      read()
      await pause()
    }
    const state = p2p.getP2PSessionState(peer)
    return {
      equal,
      direct: transport.stats.directLinks,
      relaying: state?.using_relay ?? -1,
      port: state?.remote_port ?? 0,
    }
  },
  echoed: () => echoes,
}

Object.assign(globalThis, calls)
