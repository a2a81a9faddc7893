import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { type LossyCounters, Repair } from '../../../src/channel/lossy/index.js'
import { LARGEST_FRAME } from '../../../src/channel/lossy/link.js'
import { type Clock, systemClock } from '../../../src/clock.js'
import type { Link } from '../../../src/transport/index.js'
import { join, numbered, type Pair, pour, randomOf, type Side, type Weather, type World, world } from './path.js'

/** Which of the frames is not the one that was sent; -1 when all are. */
function firstWrong(got: readonly Uint8Array[], sent: readonly Uint8Array[]): number {
  return got.findIndex((frame, i) => !sent[i] || Buffer.compare(frame, sent[i]) !== 0)
}

function expectFrames(side: Side, sent: readonly Uint8Array[]): void {
  expect({ count: side.frames.length, wrong: firstWrong(side.frames, sent) }).toEqual({ count: sent.length, wrong: -1 })
}

/** Frames of all kinds of sizes. */
function mixture(count: number, seed: number): Uint8Array[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => numbered(i, 4 + Math.floor(random() ** 6 * 30_000)))
}

/** Sends all of them, waiting for a drain where the link is full. */
function sendAll(side: Side, frames: readonly Uint8Array[]): void {
  let next = 0
  const go = () => {
    while (next < frames.length && side.link.send(frames[next]!.slice(), 'reliable')) next++
  }
  side.onDrain = go
  go()
}

function quiet(weather: Weather = {}): World & Pair {
  const w = world({ latencyMs: 20, ...weather })
  return { ...w, ...join(w) }
}

describe('the reliable lane over a path that loses', () => {
  for (const loss of [0, 0.01, 0.05, 0.1, 0.3]) {
    it.each([1, 2, 3])(`is complete and in order, both ways, at a loss of ${loss} (seed %i)`, (seed) => {
      const rough = { latencyMs: 15, jitterMs: 10, duplicate: 0.1, reorder: 0.1, loss, seed }
      const { clock, a, b } = quiet(rough)
      const [forth, back] = [mixture(300, seed), mixture(300, seed + 100)]
      sendAll(a, forth)
      sendAll(b, back)
      clock.advance(30_000)
      expectFrames(b, forth)
      expectFrames(a, back)
      expect([a.down, b.down]).toEqual([undefined, undefined])
    })
  }

  it('delivers frames of every size, and of the largest, with their neighbours', () => {
    const { clock, a, b } = quiet({ loss: 0.02, reorder: 0.05 })
    const sizes = Array.from({ length: 2600 }, (_, i) => i + 4)
    const large = [4095, 4096, 4097, 16_383, 16_384, 16_385, LARGEST_FRAME - 1, LARGEST_FRAME]
    const frames = [...sizes, ...large].map((size, i) => numbered(i, size))
    const tiny = [new Uint8Array([1]), new Uint8Array([2, 3]), new Uint8Array([4, 5, 6])]
    sendAll(a, [...tiny, ...frames])
    clock.advance(60_000)
    expectFrames(b, [...tiny, ...frames])
  })

  it('repeats the very last packet, with nothing behind it to show that it is missing', () => {
    const { clock, forth, a, b } = quiet()
    a.link.send(numbered(1, 100), 'reliable')
    clock.advance(500)
    forth.loses = () => true
    a.link.send(numbered(2, 100), 'reliable')
    clock.advance(10)
    forth.loses = undefined
    clock.advance(1000)
    expectFrames(b, [numbered(1, 100), numbered(2, 100)])
    expect(a.repair.counters.probes).toBe(1)
  })

  it('repeats a lost tail of many packets', () => {
    const { clock, forth, a, b } = quiet()
    const frames = mixture(40, 5)
    sendAll(a, frames.slice(0, 20))
    clock.advance(2000)
    sendAll(a, frames.slice(20))
    let passed = 0
    forth.loses = () => passed++ >= 3
    clock.advance(15)
    forth.loses = undefined
    clock.advance(3000)
    expectFrames(b, frames)
  })

  it('does not repeat what arrived when only acknowledgements get lost now and then', () => {
    const { clock, back, a, b } = quiet()
    const random = randomOf(8)
    back.loses = () => random() < 0.3
    const frames = Array.from({ length: 400 }, (_, i) => numbered(i, 1000))
    for (let i = 0; i < frames.length; i++) {
      a.link.send(frames[i]!.slice(), 'reliable')
      clock.advance(4)
    }
    clock.advance(2000)
    expectFrames(b, frames)
    expect(a.repair.counters.lostPackets).toBeLessThan(4)
  })

  it('answers a crowd of packets once, where the clock can tell when all of it was heard', () => {
    const count = (isTold: boolean) => {
      const w = world({ latencyMs: 20, holdMs: 10 })
      const waiting: (() => void)[] = []
      const clock: Clock = {
        now: () => w.clock.now(),
        setTimeout: (callback, ms) => w.clock.setTimeout(callback, ms),
        clearTimeout: (timer) => w.clock.clearTimeout(timer),
        ...(isTold && { afterInput: (callback) => waiting.push(callback) }),
      }
      const { a, b } = join(w, { clock })
      const frames = Array.from({ length: 400 }, (_, i) => numbered(i, 1000))
      sendAll(a, frames)
      for (let ms = 0; ms < 3000; ms++) {
        w.clock.advance(1)
        for (const callback of waiting.splice(0)) callback()
      }
      expectFrames(b, frames)
      return w.back.packets
    }
    const [one, each] = [count(true), count(false)]
    expect(each).toBeGreaterThan(150)
    expect(one).toBeLessThan(each / 2)
  })

  it('goes on after every acknowledgement was lost for a second', () => {
    const { clock, back, a, b } = quiet()
    const frames = mixture(200, 3)
    sendAll(a, frames)
    clock.advance(50)
    back.cut = true
    clock.advance(1000)
    back.cut = false
    clock.advance(5000)
    expectFrames(b, frames)
  })

  it.each([1, 3, 8])('goes on after nothing passed for %i s', (seconds) => {
    const { clock, forth, back, a, b } = quiet({ bandwidth: 500_000, queueBytes: 30_000 })
    const frames = Array.from({ length: 150 }, (_, i) => numbered(i, 8000))
    sendAll(a, frames)
    clock.advance(500)
    forth.cut = back.cut = true
    clock.advance(seconds * 1000)
    forth.cut = back.cut = false
    clock.advance(10_000)
    expectFrames(b, frames)
    expect(a.down).toBeUndefined()
  })

  it('ends the link when nothing passes any more, after as many probes as the option says', () => {
    const w = world({ latencyMs: 20 })
    const { a, b, rawA } = join(w, { maxProbes: 6 })
    sendAll(a, [numbered(1, 100)])
    w.clock.advance(1000)
    w.forth.cut = true
    a.link.send(numbered(2, 100), 'reliable')
    w.clock.advance(60_000)
    expect(a.repair.counters.probes).toBe(6)
    expect(a.down).toBe('no answer to 6 probes')
    expect(rawA.up).toBe(false)
    expect(b.down).toBe('no answer to 6 probes')
    expect(w.clock.pending).toBe(0)
  })

  it('follows a path whose round trip grows tenfold, and shrinks again', () => {
    const { clock, forth, back, a, b } = quiet({ bandwidth: 500_000, queueBytes: 40_000 })
    const frames = Array.from({ length: 600 }, (_, i) => numbered(i, 16_000))
    sendAll(a, frames)
    clock.advance(3000)
    forth.weather.latencyMs = back.weather.latencyMs = 200
    clock.advance(20_000)
    forth.weather.latencyMs = back.weather.latencyMs = 20
    clock.advance(20_000)
    expectFrames(b, frames)
    const { rtt, congestion } = a.link.recovery
    expect(rtt.smoothed).toBeLessThan(150)
    expect(congestion.minRtt).toBeLessThan(60)
  })

  it('learns how far a path reorders, and stops repeating what was only late', () => {
    const { clock, a, b } = quiet({ bandwidth: 1_000_000, queueBytes: 100_000, jitterMs: 30 })
    b.keep = false
    pour(a)
    clock.advance(4000)
    const before = { ...a.repair.counters }
    const bytes = b.bytes
    clock.advance(8000)
    const lost = a.repair.counters.lostPackets - before.lostPackets
    expect(lost / ((b.bytes - bytes) / 1200)).toBeLessThan(0.05)
  })
})

describe('the datagram lane', () => {
  it('does not wait behind a full reliable lane', () => {
    const { clock, a, b } = quiet({ bandwidth: 250_000, queueBytes: 5000, latencyMs: 20 })
    b.keep = false
    pour(a)
    clock.advance(3000)
    expect(a.link.bufferedBytes).toBeGreaterThan(100_000)
    expect(a.link.datagramBacklog).toBe(0)
    const arrivals: number[] = []
    b.onFrame = (frame) => {
      if (frame.length === 77) arrivals.push(clock.now())
    }
    const sent = clock.now()
    for (let i = 0; i < 20; i++) {
      expect(a.link.send(numbered(i, 77), 'datagram')).toBe(true)
      clock.advance(50)
    }
    clock.advance(500)
    expect(arrivals.length).toBeGreaterThan(10)
    const lateness = arrivals.map((at) => (at - sent) % 50)
    expect(Math.max(...lateness)).toBeLessThan(50)
    expect(arrivals[0]! - sent).toBeLessThan(60)
  })

  it('is answered, so that its sender knows the path', () => {
    const { clock, a } = quiet()
    clock.advance(1000)
    a.link.send(numbered(1, 50), 'datagram')
    clock.advance(100)
    expect(a.link.recovery.sent.inFlight).toBe(0)
    expect(a.repair.counters.probes).toBe(0)
  })

  it('is not repeated', () => {
    const { clock, forth, a, b } = quiet()
    a.link.send(numbered(1, 50), 'datagram')
    clock.advance(100)
    forth.cut = true
    a.link.send(numbered(2, 50), 'datagram')
    clock.advance(30)
    forth.cut = false
    a.link.send(numbered(3, 50), 'datagram')
    clock.advance(3000)
    expectFrames(b, [numbered(1, 50), numbered(3, 50)])
  })

  it('comes at most once though the path doubles everything', () => {
    const { clock, a, b } = quiet({ duplicate: 1 })
    for (let i = 0; i < 50; i++) a.link.send(numbered(i, 50), 'datagram')
    clock.advance(1000)
    expect(b.frames).toHaveLength(50)
    expect(b.repair.counters.duplicatePackets).toBeGreaterThan(0)
  })

  it('is dropped at the sender, and said so, when it waited too long for a path that is full', () => {
    const w = world({ latencyMs: 20, bandwidth: 20_000, queueBytes: 3000 })
    const dropped: number[] = []
    const { a } = join(w, { maxDatagramAgeMs: 100, dropped: (_link, frame) => dropped.push(frame.length) })
    for (let i = 0; i < 500; i++) {
      a.link.send(numbered(i, 500), 'datagram')
      w.clock.advance(5)
    }
    expect(a.repair.counters.staleDatagrams).toBeGreaterThan(100)
    expect(dropped).toHaveLength(a.repair.counters.staleDatagrams)
    w.clock.advance(2000)
    expect(a.link.bufferedBytes).toBe(0)
  })

  it('is bounded: more than fits is not taken, and a drain follows', () => {
    const w = world({ latencyMs: 20, bandwidth: 20_000, queueBytes: 3000 })
    const { a } = join(w, { maxDatagramBytes: 10_000 })
    let taken = 0
    while (a.link.send(numbered(taken, 500), 'datagram')) taken++
    expect(taken).toBe(20)
    expect(a.drains).toBe(0)
    w.clock.advance(2000)
    expect(a.drains).toBe(1)
    let small = 0
    while (a.link.send(new Uint8Array(1), 'datagram')) small++
    expect(small).toBe(625)
  })

  it('takes frames up to what fits the link below; larger ones go reliably', () => {
    const w = world({ latencyMs: 1 })
    const { a, b } = join(w)
    for (const size of [1253, 1254, 1255, 5000]) a.link.send(numbered(size, size), 'datagram')
    w.forth.loses = (packet) => packet.length > 1280
    w.clock.advance(1000)
    expect(b.frames.map((frame) => frame.length).sort((x, y) => x - y)).toEqual([1253, 1254, 1255, 5000])
  })
})

describe('packets', () => {
  it('take along everything that was written in one turn, and the acknowledgement', () => {
    const { clock, forth, back, a, b } = quiet()
    clock.advance(1000)
    const [before, answers] = [forth.packets, back.packets]
    b.onFrame = (frame) => b.link.send(frame.slice(), 'reliable')
    for (let i = 0; i < 12; i++) a.link.send(numbered(i, 40), i % 2 ? 'datagram' : 'reliable')
    clock.advance(22)
    expect(forth.packets - before).toBe(1)
    clock.advance(100)
    expect(a.frames).toHaveLength(12)
    expect(back.packets - answers).toBe(1)
  })

  it('are never larger than the option and the link below allow', () => {
    const w = world({ latencyMs: 5, loss: 0.1 })
    const { a, b, rawA } = join(w, { packetSize: 1000 })
    const sizes = new Set<number>()
    rawA.tap = (packet) => sizes.add(packet.length)
    sendAll(a, mixture(100, 2))
    w.clock.advance(5000)
    expect(b.frames).toHaveLength(100)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    expect(Math.max(...sizes)).toBeGreaterThan(990)
  })

  it('are few where nothing happens: no timer and no packet while idle', () => {
    const { clock, forth, back, a, b } = quiet({ loss: 0.1, seed: 4 })
    sendAll(a, mixture(50, 1))
    clock.advance(20_000)
    expect(b.frames).toHaveLength(50)
    const before = forth.packets + back.packets
    clock.advance(600_000)
    expect(forth.packets + back.packets).toBe(before)
    expect(clock.pending).toBe(0)
    expect([a.link.heldBytes, a.link.recovery.sent.bytesInFlight]).toEqual([0, 0])
  })

  it('leave within the turn on the clock of the system', async () => {
    const sent: Uint8Array[] = []
    const raw = {
      peer: 2n,
      reliable: false,
      relayed: false,
      address: undefined,
      maxFrameSize: 1280,
      bufferedBytes: 0,
      send: (frame: Uint8Array) => sent.push(frame) > 0,
      close: () => {},
    }
    let link: Link | undefined
    const receiver = {
      linkUp: (up: Link) => {
        link = up
      },
      frame: () => {},
      drain: () => {},
      linkDown: () => {},
    }
    const repair = new Repair(receiver, { clock: systemClock })
    repair.linkUp(raw)
    link!.send(numbered(1, 10), 'reliable')
    expect(sent).toHaveLength(0)
    await Promise.resolve()
    expect(sent).toHaveLength(1)
    repair.close()
  })
})

describe('back-pressure', () => {
  it('answers false when the send buffer is full, drains once, and loses nothing', () => {
    const w = world({ latencyMs: 20, bandwidth: 200_000, queueBytes: 20_000 })
    const { a, b } = join(w, { maxUnsent: 50_000 })
    const frames = Array.from({ length: 500 }, (_, i) => numbered(i, 2000))
    let next = 0
    while (a.link.send(frames[next]!.slice(), 'reliable')) next++
    expect(next).toBe(25)
    expect(a.drains).toBe(0)
    a.onDrain = () => {
      while (next < frames.length && a.link.send(frames[next]!.slice(), 'reliable')) next++
    }
    w.clock.advance(10_000)
    expect(a.drains).toBeGreaterThan(10)
    expectFrames(b, frames)
  })

  it('of the link below is waited for', () => {
    const { clock, a, b, rawA } = quiet()
    clock.advance(1000)
    const frames = mixture(30, 9)
    rawA.takes = 2
    sendAll(a, frames)
    clock.advance(20_000)
    expect(b.frames.length).toBeLessThan(10)
    expect(a.down).toBeUndefined()
    expect(rawA.refusals).toBe(1)
    rawA.takes = Number.POSITIVE_INFINITY
    a.repair.drain(rawA)
    clock.advance(5000)
    expectFrames(b, frames)
  })

  it('of the link below is waited for also while answers are missing', () => {
    const { clock, forth, a, b, rawA } = quiet()
    clock.advance(1000)
    const frames = mixture(30, 9)
    rawA.takes = 3
    forth.cut = true
    sendAll(a, frames)
    clock.advance(10_000)
    expect(a.down).toBeUndefined()
    rawA.takes = Number.POSITIVE_INFINITY
    forth.cut = false
    a.repair.drain(rawA)
    clock.advance(5000)
    expectFrames(b, frames)
  })

  it('of the link below holds back acknowledgements too, without a timer that cannot rest', () => {
    const { clock, a, b, rawB } = quiet()
    clock.advance(1000)
    rawB.takes = 0
    a.link.send(numbered(1, 10), 'reliable')
    clock.advance(500)
    expectFrames(b, [numbered(1, 10)])
    expect([rawB.refusals, a.link.recovery.sent.inFlight > 0]).toEqual([1, true])
    rawB.takes = Number.POSITIVE_INFINITY
    b.repair.drain(rawB)
    clock.advance(100)
    expect(a.link.recovery.sent.inFlight).toBe(0)
  })

  it('bounds what is kept for a peer that acknowledges nothing', () => {
    const w = world({ latencyMs: 20 })
    const { a } = join(w, { sendBufferSize: 1 << 20, maxUnsent: 1 << 20 })
    w.clock.advance(100)
    w.forth.cut = true
    pour(a, 1000)
    w.clock.advance(5000)
    expect(a.link.heldBytes).toBeLessThanOrEqual((1 << 20) + 1100)
  })

  it('of a receiver is credit: no more is under way than it said it would take', () => {
    const w = world({ latencyMs: 20 })
    const { a, b } = join(w, { receiveBufferSize: 262_144 })
    w.clock.advance(100)
    // One packet is lost, so that all behind it must wait.
    let full = 0
    w.forth.loses = (packet) => packet.length > 1100 && ++full === 3
    let most = 0
    w.back.loses = () => {
      most = Math.max(most, b.link.heldBytes)
      return false
    }
    const frames = Array.from({ length: 100 }, (_, i) => numbered(i, 16_000))
    sendAll(a, frames)
    w.clock.advance(5000)
    expectFrames(b, frames)
    expect(most).toBeLessThanOrEqual(262_144 + 2 * 4096 + LARGEST_FRAME)
    expect(b.repair.counters.beyondCredit).toBe(0)
  })
})

describe('the end of a link', () => {
  it('frees all timers, at both ends', () => {
    const { clock, a, b } = quiet({ loss: 0.2 })
    sendAll(a, mixture(200, 1))
    sendAll(b, mixture(200, 2))
    clock.advance(60)
    a.link.close('enough')
    expect(a.link.send(numbered(1, 10), 'reliable')).toBe(false)
    clock.advance(50)
    expect([a.down, b.down]).toEqual(['enough', 'enough'])
    const count = b.frames.length
    clock.advance(1000)
    expect(clock.pending).toBe(0)
    expect(b.frames).toHaveLength(count)
  })

  it('takes along what was written in the same turn', () => {
    const { clock, a, b } = quiet()
    clock.advance(100)
    a.link.send(numbered(1, 10), 'reliable')
    a.link.close()
    clock.advance(100)
    expectFrames(b, [numbered(1, 10)])
  })

  it('that the receiver asks for within a frame stops the frames behind it', () => {
    const { clock, a, b } = quiet()
    b.onFrame = () => b.link.close('one is enough')
    for (let i = 0; i < 10; i++) a.link.send(numbered(i, 20), i < 5 ? 'datagram' : 'reliable')
    clock.advance(100)
    expect(b.frames).toHaveLength(1)
    expect([a.down, b.down]).toEqual(['one is enough', 'one is enough'])
    clock.advance(1000)
    expect(clock.pending).toBe(0)
  })

  it('of all links comes with close, and nothing is told', () => {
    const { clock, a, b } = quiet()
    sendAll(a, mixture(20, 1))
    clock.advance(30)
    b.link.send(numbered(1, 10), 'reliable')
    a.repair.close()
    b.repair.close()
    // What is under way on the path has a timer of its own.
    expect(clock.pending).toBeLessThanOrEqual(1)
    clock.advance(1000)
    expect(clock.pending).toBe(0)
    expect([a.down, b.down]).toEqual([undefined, undefined])
  })
})

describe('Repair', () => {
  it('hands on links that are reliable as they are', () => {
    const heard: unknown[] = []
    const repair = new Repair({
      linkUp: (link) => heard.push(['up', link]),
      frame: (link, frame) => heard.push(['frame', link, frame]),
      drain: (link) => heard.push(['drain', link]),
      linkDown: (link, reason) => heard.push(['down', link, reason]),
    })
    const link = { reliable: true } as Link
    const frame = new Uint8Array([7])
    repair.linkUp(link)
    repair.frame(link, frame)
    repair.drain(link)
    repair.linkDown(link, 'over')
    expect(heard).toEqual([
      ['up', link],
      ['frame', link, frame],
      ['drain', link],
      ['down', link, 'over'],
    ])
    expect((heard[1] as unknown[])[2]).toBe(frame)
  })

  it('is silent about links that it was never told of', () => {
    const { clock, a, b, rawB } = quiet()
    const stray = { reliable: false } as Link
    a.repair.frame(stray, new Uint8Array([2, 0, 0, 0, 0, 1]))
    a.repair.drain(stray)
    a.repair.linkDown(stray, 'never')
    sendAll(a, [numbered(1, 10)])
    clock.advance(100)
    expectFrames(b, [numbered(1, 10)])
    b.repair.linkDown(rawB, 'gone')
    b.repair.linkDown(rawB, 'again')
    expect(b.down).toBe('gone')
  })

  it('throws for options that make no sense', () => {
    const bad: [object, string][] = [
      [{ packetSize: 255 }, 'packetSize'],
      [{ packetSize: 70_000 }, 'packetSize'],
      [{ receiveBufferSize: 1000 }, 'receiveBufferSize'],
      [{ maxProbes: 0 }, 'maxProbes'],
      [{ maxUnsent: 1.5 }, 'maxUnsent'],
      [{ nonsense: 1 }, 'nonsense'],
    ]
    for (const [options, option] of bad) {
      const facts = { code: 'CHANNEL_BAD_OPTION', facts: expect.objectContaining({ option }) }
      expect(() => new Repair({} as never, options)).toThrow(expect.objectContaining(facts))
    }
  })

  it('counts over all of its links', () => {
    const w = world({ latencyMs: 10, loss: 0.2 })
    const { a, b } = join(w)
    sendAll(a, mixture(100, 3))
    w.clock.advance(10_000)
    const lost: (keyof LossyCounters)[] = ['lostPackets']
    for (const counter of lost) expect(a.repair.counters[counter]).toBeGreaterThan(20)
    expect(b.frames).toHaveLength(100)
    expect(a.link.loss).toBeGreaterThan(0.1)
    expect(a.link.loss).toBeLessThan(0.35)
    expect(a.link.roundTripMs).toBeCloseTo(a.link.recovery.rtt.smoothed)
  })
})
