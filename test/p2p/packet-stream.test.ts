// `for await (const packet of p2p.packets(channel))`.
import { describe, expect, it } from 'vitest'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE, type P2PBackend } from '../../src/p2p/index.js'
import { Arrivals, PacketStream } from '../../src/p2p/packet-stream.js'
import { friends } from './spec/scene.js'
import { ALICE, BOB, bytes, CAROL, type Peer, World } from './world.js'

type Stream = AsyncIterableIterator<{ readonly data: Uint8Array }, undefined>

/** Reads up to `most` packets as a program would, and writes down their first bytes. */
async function collect(stream: Stream, most = Number.POSITIVE_INFINITY): Promise<number[]> {
  const got: number[] = []
  for await (const { data } of stream) {
    got.push(data[0]!)
    if (got.length >= most) break
  }
  return got
}

function send(from: Peer, values: readonly number[], channel = 0): void {
  for (const value of values) from.p2p.sendP2PPacket(BOB, bytes(value), P2P_SEND_RELIABLE, channel)
}

describe('packets', () => {
  it('come as they arrive, those that waited first, whole and with their sender', async () => {
    const { world, alice, bob } = friends()
    send(alice, [1, 2])
    world.settle()
    const stream = bob.p2p.packets()
    const first = await stream.next()
    expect(first).toEqual({
      done: false,
      value: { data: bytes(1), remote_steam_id: ALICE, steam_id_remote: ALICE },
    })
    const rest = collect(stream, 3)
    send(alice, [3, 4])
    world.settle()
    expect(await rest).toEqual([2, 3, 4])
  })

  it('of other channels are left alone', async () => {
    const { world, alice, bob } = friends()
    const got = collect(bob.p2p.packets(5), 1)
    send(alice, [1], 4)
    send(alice, [2], 5)
    world.settle()
    expect(await got).toEqual([2])
    expect(bob.p2p.readP2PPacket(1, 4).data).toEqual(bytes(1))
  })

  it('end with close, also for who waits', async () => {
    const { world, alice, bob } = friends()
    const stream = bob.p2p.packets()
    const waiting = collect(stream)
    send(alice, [1])
    world.settle()
    await Promise.resolve()
    bob.p2p.close()
    expect(await waiting).toEqual([1])
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    expect(await bob.p2p.packets().next()).toEqual({ done: true, value: undefined })
  })

  it('end when the signal aborts; what was not taken can still be read', async () => {
    const { world, alice, bob } = friends()
    const abort = new AbortController()
    const waiting = collect(bob.p2p.packets(0, { signal: abort.signal }))
    abort.abort()
    expect(await waiting).toEqual([])
    send(alice, [1])
    world.settle()
    expect(await collect(bob.p2p.packets(0, { signal: abort.signal }))).toEqual([])
    expect(bob.p2p.readP2PPacket(1).data).toEqual(bytes(1))
  })

  it('end with break, and nothing is lost: the next loop and polling go on where it stopped', async () => {
    const { world, alice, bob } = friends()
    send(alice, [1, 2, 3, 4])
    world.settle()
    expect(await collect(bob.p2p.packets(), 1)).toEqual([1])
    expect(bob.p2p.readP2PPacket(1).data).toEqual(bytes(2))
    expect(await collect(bob.p2p.packets(), 2)).toEqual([3, 4])
  })

  it('of one channel are shared by two loops: each packet goes to one of them, and none is lost', async () => {
    const { world, alice, bob } = friends()
    const stop = new AbortController()
    const loops = [1, 2].map(() => collect(bob.p2p.packets(0, { signal: stop.signal })))
    const sent = Array.from({ length: 20 }, (_, i) => i)
    for (const value of sent) {
      send(alice, [value])
      world.settle()
      for (let i = 0; i < 5; i++) await Promise.resolve()
    }
    stop.abort()
    const got = (await Promise.all(loops)).flat()
    expect(got.sort((a, b) => a - b)).toEqual(sent)
  })

  it('asked for before they are there come in the order of asking', async () => {
    const { world, alice, bob } = friends()
    const stream = bob.p2p.packets()
    const three = [stream.next(), stream.next(), stream.next()]
    send(alice, [1, 2, 3])
    world.settle()
    const values = (await Promise.all(three)).map(({ value }) => value?.data[0])
    expect(values).toEqual([1, 2, 3])
  })

  it('that nobody asks for are held within the limits of the session, not by the loop', async () => {
    const { world, alice, bob } = friends({}, {}, { maxUnreadDatagrams: 4 })
    const stream = bob.p2p.packets()
    for (let i = 0; i < 10; i++) alice.p2p.sendP2PPacket(BOB, bytes(i), P2P_SEND_UNRELIABLE)
    world.settle()
    expect(await collect(stream, 4)).toEqual([0, 1, 2, 3])
    expect(bob.p2p.isP2PPacketAvailable()).toBe(false)
  })

  it('to oneself come too', async () => {
    const alice = new World().peer(ALICE)
    const got = collect(alice.p2p.packets(3), 1)
    alice.p2p.sendP2PPacket(ALICE, bytes(7), P2P_SEND_RELIABLE, 3)
    expect(await got).toEqual([7])
  })
})

describe('packets of a backend that does not say when they arrive', () => {
  function quiet(options: { pollMs?: number } = {}) {
    const { clock } = new World()
    const waiting: number[] = []
    let asked = 0
    const backend: P2PBackend = {
      steamId: CAROL,
      attach: () => {},
      send: () => true,
      nextPacketSize: () => undefined,
      read: () => {
        asked++
        const value = waiting.shift()
        return value === undefined ? undefined : { steamId: BOB, data: bytes(value) }
      },
      accept: () => {},
      closeChannel: () => false,
      closeSession: () => false,
      sessionState: () => undefined,
      allowRelay: () => {},
      close: () => {},
    }
    return { clock, waiting, asked: () => asked, p2p: new P2P({ backend, clock, ...options }) }
  }

  it('are looked for every 10 ms while somebody waits, and not otherwise', async () => {
    const { clock, waiting, asked, p2p } = quiet()
    const got = collect(p2p.packets(), 2)
    await Promise.resolve()
    clock.advance(9)
    waiting.push(1, 2)
    await Promise.resolve()
    expect(asked()).toBe(1)
    clock.advance(1)
    expect(await got).toEqual([1, 2])
    const before = asked()
    clock.advance(1_000)
    await Promise.resolve()
    expect([asked(), clock.pending]).toEqual([before, 0])
    p2p.close()
  })

  it('are looked for as often as `pollMs` says, from 1 to 60,000', async () => {
    const { clock, waiting, p2p } = quiet({ pollMs: 300 })
    const got = collect(p2p.packets(), 1)
    await Promise.resolve()
    waiting.push(5)
    clock.advance(299)
    expect(clock.pending).toBe(1)
    clock.advance(1)
    expect(await got).toEqual([5])
    for (const pollMs of [0, 60_001, Number.NaN]) expect(() => quiet({ pollMs })).toThrow(/P2P_BAD_OPTION/)
  })
})

describe('who waits for packets', () => {
  it('is told of arrivals until one comes for which it does not wait, and again when it waits again', async () => {
    const arrivals = new Arrivals()
    const packets: number[] = []
    let reads = 0
    const read = () => {
      reads++
      return packets.shift()
    }
    const stream = new PacketStream(0, read, arrivals, () => {}, undefined)
    const arrive = (value: number) => {
      packets.push(value)
      arrivals.arrived(0)
    }
    for (const value of [1, 2]) {
      const next = stream.next()
      arrive(value)
      expect(await next).toEqual({ done: false, value })
      expect(arrivals.isEmpty).toBe(false)
    }
    const before = reads
    for (const value of [3, 4]) arrive(value)
    expect([arrivals.isEmpty, reads]).toEqual([true, before])
    expect([await stream.next(), await stream.next()].map(({ value }) => value)).toEqual([3, 4])
    expect(arrivals.isEmpty).toBe(true)
    const next = stream.next()
    expect(arrivals.isEmpty).toBe(false)
    arrive(5)
    expect((await next).value).toBe(5)
    await stream.return()
    expect(arrivals.isEmpty).toBe(true)
  })
})
