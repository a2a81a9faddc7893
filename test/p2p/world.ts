import { Buffer } from 'node:buffer'
import { afterEach, expect } from 'vitest'
import { VirtualClock } from '../../src/clock.js'
import { P2P, type P2PTransportOptions } from '../../src/p2p/index.js'
import { MemoryNetwork, type MemoryNetworkOptions } from '../../src/transport/index.js'

export { noise } from '../seeded.js'

export const ALICE = 76561197960265729n
export const BOB = 76561197960265730n
export const CAROL = 76561197960265731n

type PeerOptions = Omit<P2PTransportOptions, 'steamId' | 'transport'>

/** A peer and everything it was told. */
export interface Peer {
  readonly p2p: P2P
  readonly requests: bigint[]
  readonly failures: [bigint, number][]
}

const worlds: World[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) world.close()
})

/** Peers on a network in memory whose time stands still: `pass(20_000)` is twenty seconds. */
export class World {
  readonly clock = new VirtualClock()
  readonly network: MemoryNetwork
  readonly peers: Peer[] = []

  constructor(options: MemoryNetworkOptions = {}) {
    this.network = new MemoryNetwork({ ...options, clock: this.clock })
    worlds.push(this)
  }

  peer(steamId: bigint, options: PeerOptions = {}, transport = this.network.transport(steamId)): Peer {
    const p2p = new P2P({ steamId, transport, callbacks: 'manual', clock: this.clock, ...options })
    const peer: Peer = { p2p, requests: [], failures: [] }
    p2p.on('p2p_session_request', (id) => peer.requests.push(id))
    p2p.on('p2p_session_connect_fail', (id, error) => peer.failures.push([id, error]))
    this.peers.push(peer)
    return peer
  }

  /** A peer that accepts whoever asks. */
  friendly(steamId: bigint, options: PeerOptions = {}): Peer {
    const peer = this.peer(steamId, options)
    peer.p2p.on('p2p_session_request', (id) => peer.p2p.acceptP2PSessionWithUser(id))
    return peer
  }

  /** Lets time pass in steps, as a game's frames do, and delivers the signals after each. */
  pass(ms: number, step = 50): void {
    for (let left = ms; left >= 0; left -= step) {
      this.clock.advance(Math.min(step, left))
      for (const { p2p } of this.peers) p2p.runCallbacks()
      // What an accept sent is on its way within the same moment.
      this.clock.advance(0)
      if (left === 0) break
    }
  }

  /** Everything that is under way arrives. */
  settle(): void {
    for (let round = 0; round < 4; round++) this.pass(0)
  }

  close(): void {
    for (const { p2p } of this.peers) p2p.close()
  }
}

export function bytes(...values: number[]): Uint8Array {
  return new Uint8Array(values)
}

export function readAll(p2p: P2P, channel = 0): Uint8Array[] {
  const packets: Uint8Array[] = []
  while (p2p.isP2PPacketAvailable(channel)) {
    packets.push(p2p.readP2PPacket(p2p.getAvailableP2PPacketSize(channel), channel).data!)
  }
  return packets
}

/** Compares packets by their bytes; says which one differs, not a million numbers. */
export function expectPackets(got: readonly Uint8Array[], sent: readonly Uint8Array[]): void {
  const differing = got.findIndex((packet, i) => !sent[i] || Buffer.compare(packet, sent[i]) !== 0)
  expect({ count: got.length, differing }).toEqual({ count: sent.length, differing: -1 })
}
