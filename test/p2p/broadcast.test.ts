// A value for all members is encoded and compressed once, and its bytes are kept once, however many members there are.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { COMPRESSION_GZIP, compress } from '../../src/compression/index.js'
import { Messenger, P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE, type P2PBackend } from '../../src/p2p/index.js'
import { varToBytes } from '../../src/variant/index.js'
import { ALICE, BOB, bytes, CAROL, readAll, World } from './world.js'

/** As they are, but counted. */
vi.mock('../../src/variant/index.js', async (original) => {
  const room = await original<typeof import('../../src/variant/index.js')>()
  return { ...room, varToBytes: vi.fn(room.varToBytes) }
})
vi.mock('../../src/compression/index.js', async (original) => {
  const room = await original<typeof import('../../src/compression/index.js')>()
  return { ...room, compress: vi.fn(room.compress) }
})

const MEMBERS = 64
const memberIds = Array.from({ length: MEMBERS }, (_, n) => ALICE + 1n + BigInt(n))

beforeEach(() => {
  vi.mocked(varToBytes).mockClear()
  vi.mocked(compress).mockClear()
})

/** Bytes that buffers hold more after `run`, as far as no garbage is collected meanwhile. */
function buffersOf(run: () => void): number {
  const before = process.memoryUsage().arrayBuffers
  run()
  return process.memoryUsage().arrayBuffers - before
}

describe('a message to 64 members', () => {
  it('is encoded and compressed once, and arrives at each of them', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const members = memberIds.map((id) => world.friendly(id))
    const messenger = new Messenger(alice.p2p, { compression: COMPRESSION_GZIP })
    for (const id of memberIds) messenger.members.add(id)
    const value = { pos: 'a hundred times '.repeat(100) }
    expect(messenger.send(0n, value)).toBe(true)
    expect(vi.mocked(varToBytes).mock.calls).toHaveLength(1)
    expect(vi.mocked(compress).mock.calls).toHaveLength(1)
    world.settle()
    const packet = compress(varToBytes(value), COMPRESSION_GZIP)
    for (const { p2p } of members) expect(readAll(p2p)).toEqual([packet])
  })
})

describe('sendToAll', () => {
  it('keeps one copy of the data for all, where a loop keeps one for each', () => {
    const data = new Uint8Array(1_000_000)
    const together = new World().peer(ALICE).p2p
    const once = buffersOf(() => together.sendToAll(memberIds, data, P2P_SEND_RELIABLE))
    const alone = new World().peer(ALICE).p2p
    const each = buffersOf(() => {
      for (const id of memberIds) alone.sendP2PPacket(id, data, P2P_SEND_RELIABLE)
    })
    expect(once).toBeLessThan(4 * data.length)
    expect(each).toBeGreaterThan((MEMBERS / 2) * data.length)
    // Both hold all of it.
    for (const p2p of [together, alone]) {
      expect(memberIds.every((id) => p2p.getP2PSessionState(id).bytes_queued_for_send === data.length)).toBe(true)
    }
  })

  it('has taken what it is given: changing it afterwards changes no packet', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const [bob, carol] = [BOB, CAROL].map((id) => world.friendly(id)) as [typeof alice, typeof alice]
    const data = bytes(1, 2, 3)
    expect(alice.p2p.sendToAll([BOB, CAROL], data, P2P_SEND_RELIABLE, 4)).toBe(true)
    data.fill(9)
    world.settle()
    const first = readAll(bob.p2p, 4)
    expect(first).toEqual([bytes(1, 2, 3)])
    first[0]!.fill(8)
    expect(readAll(carol.p2p, 4)).toEqual([bytes(1, 2, 3)])
  })

  it('sends to oneself too, and a copy: what is read may be changed', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    alice.p2p.sendToAll([ALICE, BOB], bytes(5), P2P_SEND_RELIABLE)
    readAll(alice.p2p)[0]!.fill(0)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(5)])
  })

  it('answers false where one cannot be sent to, tells why, and sends to the others', () => {
    const world = new World()
    const alice = world.peer(ALICE)
    const bob = world.friendly(BOB)
    const drops: unknown[] = []
    alice.p2p.on('dropped', ({ why, peer, bytes }) => drops.push([why, peer, bytes]))
    expect(alice.p2p.sendToAll([0n, BOB], bytes(7), P2P_SEND_RELIABLE)).toBe(false)
    expect(alice.p2p.sendToAll([BOB, CAROL], new Uint8Array(1_201), P2P_SEND_UNRELIABLE)).toBe(false)
    expect(alice.p2p.sendToAll([], bytes(7), P2P_SEND_RELIABLE)).toBe(false)
    expect(() => alice.p2p.sendToAll([BOB], 'text' as never, P2P_SEND_RELIABLE)).toThrow(/P2P_BAD_DATA/)
    world.settle()
    expect(readAll(bob.p2p)).toEqual([bytes(7)])
    expect(drops).toEqual([
      ['bad-id', 0n, 1],
      ['too-large', BOB, 1_201],
      ['too-large', CAROL, 1_201],
    ])
  })

  it('answers false where too much waits for one, and sends to the others', () => {
    const { p2p } = new World().peer(ALICE)
    const data = new Uint8Array(1_000_000)
    while (p2p.sendP2PPacket(BOB, data, P2P_SEND_RELIABLE));
    expect(p2p.sendToAll([CAROL, BOB], data, P2P_SEND_RELIABLE)).toBe(false)
    expect(p2p.getP2PSessionState(CAROL).bytes_queued_for_send).toBe(data.length)
  })

  it('goes one by one over a backend that knows no other way', () => {
    const sent: bigint[] = []
    const steam = new P2P({ backend: backendWith(sent) })
    expect(steam.sendToAll([BOB, CAROL], bytes(1), P2P_SEND_RELIABLE)).toBe(true)
    expect(sent).toEqual([BOB, CAROL])
    expect(steam.sendToAll([], bytes(1), P2P_SEND_RELIABLE)).toBe(false)
    steam.close()
  })
})

function backendWith(sent: bigint[]): P2PBackend {
  return {
    steamId: ALICE,
    attach: () => {},
    send: (id: bigint) => sent.push(id) > 0,
    nextPacketSize: () => undefined,
    read: () => undefined,
    accept: () => {},
    closeChannel: () => false,
    closeSession: () => false,
    sessionState: () => undefined,
    allowRelay: () => {},
    close: () => {},
  }
}
