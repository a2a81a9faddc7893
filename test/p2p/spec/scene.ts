// What the tests of the specification share. Sections and rulings that they cite are those of the description of
// GodotSteam's P2P calls that docs/p2p.md lists rule by rule.
import { expect } from 'vitest'
import { P2P_SEND_RELIABLE } from '../../../src/p2p/index.js'
import type { Link, MemoryNetworkOptions, Transport } from '../../../src/transport/index.js'
import { ALICE, BOB, bytes, type Peer, readAll, World } from '../world.js'

type PeerOptions = NonNullable<Parameters<World['peer']>[1]>

export interface Scene {
  readonly world: World
  readonly alice: Peer
  readonly bob: Peer
}

/** Alice and Bob, who have not spoken yet. Bob accepts whoever asks. */
export function strangers(
  network: MemoryNetworkOptions = {},
  aliceOptions: PeerOptions = {},
  bobOptions: PeerOptions = {},
): Scene {
  const world = new World(network)
  return { world, alice: world.peer(ALICE, aliceOptions), bob: world.friendly(BOB, bobOptions) }
}

/** Alice and Bob with a session, and nothing under way or unread. */
export function friends(...options: Parameters<typeof strangers>): Scene {
  const scene = strangers(...options)
  expect(scene.alice.p2p.sendP2PPacket(BOB, bytes(0), P2P_SEND_RELIABLE)).toBe(true)
  scene.world.pass(1_000)
  expect(readAll(scene.bob.p2p)).toEqual([bytes(0)])
  return scene
}

/** A transport whose links look as they are told to: relayed, or with an address. */
export function disguised(transport: Transport, face: Partial<Link>): Transport {
  const masks = new Map<Link, Link>()
  const maskOf = (link: Link) => {
    const mask = masks.get(link) ?? masked(link, face)
    masks.set(link, mask)
    return mask
  }
  return {
    localId: transport.localId,
    connect: (peer) => transport.connect(peer),
    close: () => transport.close(),
    attach: (receiver) =>
      transport.attach({
        linkUp: (link) => receiver.linkUp(maskOf(link)),
        frame: (link, frame) => receiver.frame(maskOf(link), frame),
        drain: (link) => receiver.drain(maskOf(link)),
        linkDown: (link, reason) => receiver.linkDown(maskOf(link), reason),
      }),
  }
}

function masked(link: Link, face: Partial<Link>): Link {
  return new Proxy(link, {
    get(target, name) {
      if (name in face) return face[name as keyof Link]
      const value: unknown = target[name as keyof Link]
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** The first bytes of the packets that wait. */
export function packetsOf(peer: Peer, channel = 0): number[] {
  return readAll(peer.p2p, channel).map((packet) => packet[0]!)
}
