import { describe, expect, it } from 'vitest'
import { join, numbered, type Pair, pour, randomOf, type Weather, type World, world } from './path.js'
import { RenoFlow } from './reno.js'

/** Ten Mbit a second, 40 ms there and back. */
const RATE = 1_250_000
const LATENCY = 20

/** The bytes that fill the path, and how many times as many wait at its narrow place. */
function bottleneck(queues: number, more: Weather = {}): World {
  const { bandwidth = RATE, latencyMs = LATENCY } = more
  return world({ bandwidth, latencyMs, queueBytes: (queues * bandwidth * 2 * latencyMs) / 1000, ...more })
}

function flow(w: World, number: number, size?: number): Pair {
  const pair = join(w, { random: randomOf(w.forth.weather.seed * 100 + number) })
  pair.b.keep = false
  pour(pair.a, size)
  return pair
}

/** Bytes a second that arrive at each of them. */
function rates(w: World, flows: readonly { readonly bytes: number }[], ms: number): number[] {
  const before = flows.map(({ bytes }) => bytes)
  w.clock.advance(ms)
  return flows.map(({ bytes }, i) => ((bytes - before[i]!) * 1000) / ms)
}

/** 1 when all have the same, 1 / n when one has everything (Jain, Chiu, Hawe 1984). */
function jain(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0)
  return sum ** 2 / (shares.length * shares.reduce((a, b) => a + b * b, 0))
}

/** What arrives of what could: the rate of the bottleneck, less what chance takes. */
function goodput(weather: Weather): number {
  const w = bottleneck(1, weather)
  const { b } = flow(w, 1)
  w.clock.advance(4000)
  const { bandwidth = RATE, loss = 0 } = weather
  return rates(w, [b], 16_000)[0]! / (bandwidth * (1 - loss))
}

describe('goodput of one flow, as a part of what the path lets through', () => {
  it.each([
    [0, 0.93],
    [0.01, 0.93],
    [0.05, 0.92],
    [0.1, 0.87],
    [0.3, 0.76],
  ])('at a loss of %d is more than %d', (loss, least) => {
    for (const seed of [1, 2, 3]) {
      const part = goodput({ loss, seed })
      expect(part).toBeGreaterThan(least)
      expect(part).toBeLessThan(1.02)
    }
  })

  it.each([
    ['slow', { bandwidth: 60_000, latencyMs: 30 }, 0.85],
    ['long', { bandwidth: 2_000_000, latencyMs: 100 }, 0.75],
    ['near', { bandwidth: 3_000_000, latencyMs: 3 }, 0.85],
  ])('on a path that is %s', (_name, weather, least) => {
    for (const loss of [0, 0.05, 0.1]) expect(goodput({ ...weather, loss, seed: 4 })).toBeGreaterThan(least)
  })

  it('is not lost on a path that doubles, reorders and has jitter', () => {
    expect(goodput({ jitterMs: 8, reorder: 0.05, duplicate: 0.05, seed: 5 })).toBeGreaterThan(0.85)
  })

  it.each([0, 0.1])('is not lost where the way takes from 0 to 60 ms by chance, at a loss of %d', (loss) => {
    const w = world({ bandwidth: RATE, queueBytes: RATE * 0.06, jitterMs: 60, loss, seed: 2 })
    const { a, b } = flow(w, 1)
    w.clock.advance(4000)
    expect(rates(w, [b], 10_000)[0]! / (RATE * (1 - loss))).toBeGreaterThan(0.8)
    const { lostPackets, latePackets } = a.repair.counters
    expect(lostPackets / w.forth.packets).toBeLessThan(loss + 0.08)
    expect(latePackets).toBeGreaterThan(50)
  })

  it('is not lost where acknowledgements come together, ten round trips late', () => {
    const near = { bandwidth: RATE, latencyMs: 1, queueBytes: 50_000 }
    const w = world(near, { latencyMs: 1, holdMs: 20 })
    const { b } = flow(w, 1)
    w.clock.advance(3000)
    expect(rates(w, [b], 5000)[0]! / RATE).toBeGreaterThan(0.85)
  })
})

describe('what waits at the narrow place', () => {
  it('is at most about one more path full, once the first rounds are over, however much could wait', () => {
    const w = bottleneck(50)
    flow(w, 1)
    w.clock.advance(3000)
    w.forth.mostQueued = 0
    w.clock.advance(20_000)
    expect(w.forth.mostQueued).toBeLessThan(1.3 * RATE * 0.04)
    expect(w.forth.overflows).toBe(0)
  })

  it('is little as a rule', () => {
    const w = bottleneck(50)
    flow(w, 1)
    w.clock.advance(3000)
    let sum = 0
    for (let i = 0; i < 1000; i++) {
      w.clock.advance(10)
      sum += w.forth.queued
    }
    expect(sum / 1000).toBeLessThan(0.35 * RATE * 0.04)
  })

  it('does not overflow for long where little fits', () => {
    const w = bottleneck(0.25)
    const { b } = flow(w, 1)
    w.clock.advance(4000)
    const before = { overflows: w.forth.overflows, packets: w.forth.packets }
    const [rate] = rates(w, [b], 16_000)
    expect(rate).toBeGreaterThan(0.9 * RATE)
    expect((w.forth.overflows - before.overflows) / (w.forth.packets - before.packets)).toBeLessThan(0.06)
  })

  it('does not overflow for ever under more datagrams than the path takes', () => {
    const w = world({ bandwidth: 20_000, latencyMs: 20, queueBytes: 3000 })
    const { a } = join(w)
    const send = (seconds: number) => {
      for (let i = 0; i < seconds * 200; i++) {
        a.link.send(numbered(i, 500), 'datagram')
        w.clock.advance(5)
      }
    }
    send(4)
    const before = { overflows: w.forth.overflows, packets: w.forth.packets }
    send(6)
    expect((w.forth.overflows - before.overflows) / (w.forth.packets - before.packets)).toBeLessThan(0.1)
  })
})

describe('flows that share a narrow place', () => {
  it.each([
    [2, 1, 0, 0.95],
    [2, 0.25, 0, 0.95],
    [2, 4, 0, 0.95],
    [2, 1, 0.1, 0.9],
    [2, 1, 0.3, 0.85],
    [4, 2, 0.01, 0.9],
  ])('%d of them, a queue of %d paths full, a loss of %d: Jain index above %d', (count, queues, loss, least) => {
    for (const seed of [1, 2, 3]) {
      const w = bottleneck(queues, { loss, seed })
      const flows = Array.from({ length: count }, (_, i) => {
        const { b } = flow(w, i)
        w.clock.advance(2000)
        return b
      })
      // Who came later saw the queue of the others, until all of them measure the empty path together.
      w.clock.advance(7000 * count)
      const shares = rates(w, flows, 20_000)
      expect(jain(shares)).toBeGreaterThan(least)
      expect(shares.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.8 * RATE * (1 - loss))
    }
  })

  it.each([
    [1, 0.1],
    [2, 0.3],
    [4, 0.3],
  ])('leave a flow of the Reno kind its part of a queue of %d paths full: more than %d', (queues, least) => {
    const w = bottleneck(queues)
    const reno = new RenoFlow(w)
    reno.fill()
    w.clock.advance(5000)
    expect(reno.bytes / 5).toBeGreaterThan(0.9 * RATE)
    const { b } = flow(w, 1)
    w.clock.advance(15_000)
    const [theirs, ours] = rates(w, [reno, b], 40_000)
    expect(theirs! / RATE).toBeGreaterThan(least)
    expect(ours! / RATE).toBeGreaterThan(0.25)
    reno.stop()
  })
})

describe('the model of the path', () => {
  it('finds its rate and its least round trip', () => {
    const w = bottleneck(1)
    const { a } = flow(w, 1)
    w.clock.advance(3000)
    const { bandwidth, minRtt, state } = a.link.recovery.congestion
    expect(bandwidth * 1000).toBeGreaterThan(0.95 * RATE)
    expect(bandwidth * 1000).toBeLessThan(1.1 * RATE)
    expect(minRtt).toBeGreaterThan(40)
    expect(minRtt).toBeLessThan(44)
    expect(state).toBe('probe-bw')
  })

  it('takes loss by chance for that, and loss of its own making not', () => {
    const w = bottleneck(1, { loss: 0.1 })
    const { a } = flow(w, 1)
    w.clock.advance(5000)
    let most = 0
    for (let i = 0; i < 50; i++) {
      w.clock.advance(200)
      most = Math.max(most, a.link.recovery.congestion.lossFloor)
    }
    expect(most).toBeGreaterThan(0.05)
    expect(most).toBeLessThan(0.2)
    const clean = bottleneck(0.25)
    const other = flow(clean, 2)
    clean.clock.advance(10_000)
    expect(clean.forth.overflows).toBeGreaterThan(100)
    expect(other.a.link.recovery.congestion.lossFloor).toBeLessThan(0.02)
  })

  it('keeps what it knows of the rate while there is little to send', () => {
    const w = bottleneck(1)
    const { a } = flow(w, 1)
    w.clock.advance(3000)
    a.onDrain = undefined
    w.clock.advance(2000)
    const known = a.link.recovery.congestion.bandwidth
    for (let i = 0; i < 300; i++) {
      a.link.send(numbered(i, 100), 'reliable')
      w.clock.advance(50)
    }
    expect(a.link.recovery.congestion.bandwidth).toBeGreaterThan(0.9 * known)
  })

  it('does not stop to measure after a pause, which has measured already', () => {
    const w = bottleneck(1, { jitterMs: 1 })
    const { a } = flow(w, 1)
    w.clock.advance(3000)
    a.onDrain = undefined
    w.clock.advance(15_000)
    const states = new Set<string>()
    pour(a)
    for (let i = 0; i < 100; i++) {
      w.clock.advance(10)
      states.add(a.link.recovery.congestion.state)
    }
    expect([...states]).toEqual(['probe-bw'])
  })

  it('follows a narrow place that becomes wider, and narrower again', () => {
    const w = bottleneck(2)
    const { b } = flow(w, 1)
    w.clock.advance(4000)
    w.forth.weather.bandwidth = 4 * RATE
    w.forth.weather.queueBytes *= 4
    w.clock.advance(6000)
    expect(rates(w, [b], 4000)[0]).toBeGreaterThan(3.4 * RATE)
    w.forth.weather.bandwidth = RATE
    w.forth.weather.queueBytes /= 4
    w.clock.advance(3000)
    const before = w.forth.overflows
    expect(rates(w, [b], 4000)[0]).toBeGreaterThan(0.85 * RATE)
    expect(w.forth.overflows - before).toBeLessThan(300)
  })

  it('spreads packets over time instead of sending a window at once', () => {
    const w = bottleneck(1)
    const { a, rawA } = flow(w, 1)
    w.clock.advance(3000)
    const moments = new Map<number, number>()
    rawA.tap = (packet) => {
      const ms = Math.floor(w.clock.now())
      moments.set(ms, (moments.get(ms) ?? 0) + packet.length)
    }
    w.clock.advance(1000)
    expect(a.link.recovery.congestion.window).toBeGreaterThan(80_000)
    expect(Math.max(...moments.values())).toBeLessThan(8 * RATE * 0.001)
  })
})
