// Which packets share a frame, and when a frame goes.
import { describe, expect, it } from 'vitest'
import { type Drop, type FrameReport, Multiplexer, type MultiplexerOptions, SendType } from '../../src/channel/index.js'
import { systemClock, VirtualClock } from '../../src/clock.js'
import { MemoryNetwork, type MemoryNetworkOptions } from '../../src/transport/index.js'

const US = 1n
const THEM = 2n

const PACKETS = ['MESSAGE', 'FRAGMENT', 'DATAGRAM']

/** Two ends with a session, and the frames with packets that this end sends from now on. */
function scene(weather: MemoryNetworkOptions = {}, options: MultiplexerOptions = {}) {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock, ...weather })
  const frames: number[] = []
  const onFrame = ({ direction, taken, records }: FrameReport) => {
    const count = records.filter(({ name }) => PACKETS.includes(name)).length
    if (direction === 'out' && taken && count > 0) frames.push(count)
  }
  const refused: number[] = []
  const onRefused = ({ direction, taken }: FrameReport) => {
    if (direction === 'out' && !taken) refused.push(clock.now())
  }
  const listener = { sessionRequest: () => {}, sessionFailed: () => {} }
  const drops: Drop[] = []
  const dropped = (drop: Drop) => void drops.push(drop)
  const ours = new Multiplexer(
    network.transport(US),
    { ...listener, dropped },
    {
      clock,
      ...options,
      onFrame: (report) => {
        onFrame(report)
        onRefused(report)
      },
    },
  )
  const theirs: Multiplexer = new Multiplexer(
    network.transport(THEM),
    { ...listener, sessionRequest: (peer) => theirs.accept(peer) },
    { clock },
  )
  ours.send(THEM, new Uint8Array(1), SendType.RELIABLE, 0)
  clock.advance(1_000)
  theirs.read(0)
  frames.length = 0
  const send = (size: number, type: 0 | 1 | 2 | 3 = SendType.RELIABLE, channel = 0) =>
    ours.send(THEM, new Uint8Array(size), type, channel)
  const readSizes = () => {
    const sizes: number[] = []
    for (let packet = theirs.read(0); packet; packet = theirs.read(0)) sizes.push(packet.data.length)
    return sizes
  }
  return { clock, network, ours, theirs, frames, refused, drops, send, readSizes }
}

describe('packets of one task', () => {
  it('share frames behind the first, which goes at once', () => {
    const { clock, frames, send, readSizes } = scene()
    for (let i = 0; i < 100; i++) send(i)
    expect(frames).toEqual([1])
    clock.advance(0)
    expect(frames).toEqual([1, 99])
    expect(readSizes()).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it('do not wait for its end where a frame is full', () => {
    const { frames, send } = scene()
    for (let i = 0; i < 8; i++) send(20_000)
    expect(frames.length).toBeGreaterThan(1)
  })

  it('go before a close in the same task', () => {
    const { clock, ours, send, readSizes } = scene()
    for (let i = 0; i < 3; i++) send(i)
    ours.closeSession(THEM)
    clock.advance(0)
    expect(readSizes()).toEqual([0, 1, 2])
  })

  it('of the next task go at once again', () => {
    const { clock, frames, send } = scene()
    for (let task = 0; task < 3; task++) {
      send(1)
      clock.advance(0)
    }
    expect(frames).toEqual([1, 1, 1])
  })

  it('wait for no timer where the clock knows the end of a task', async () => {
    const clock = { ...systemClock, setTimeout: () => undefined }
    const time = new VirtualClock()
    const world = new MemoryNetwork({ clock: time })
    const got: number[] = []
    const theirs: Multiplexer = new Multiplexer(
      world.transport(THEM),
      {
        sessionRequest: (peer) => theirs.accept(peer),
        sessionFailed: () => {},
        packetArrived: () => got.push(theirs.read(0)!.data.length),
      },
      { clock },
    )
    const ours = new Multiplexer(world.transport(US), { sessionRequest: () => {}, sessionFailed: () => {} }, { clock })
    ours.send(THEM, new Uint8Array(9), SendType.RELIABLE, 0)
    time.advance(0)
    for (let i = 0; i < 3; i++) ours.send(THEM, new Uint8Array(i), SendType.RELIABLE, 0)
    time.advance(0)
    expect(got).toEqual([9, 0])
    await Promise.resolve()
    time.advance(0)
    expect(got).toEqual([9, 0, 1, 2])
    ours.close()
    theirs.close()
  })
})

describe('unreliable packets of one task', () => {
  const { UNRELIABLE, UNRELIABLE_NO_DELAY } = SendType

  it('share frames of up to 1,175 bytes behind the first, which goes at once', () => {
    const { clock, frames, send, readSizes } = scene()
    for (let i = 0; i < 40; i++) send(60 + (i % 3), UNRELIABLE)
    expect(frames).toEqual([1, 18, 18])
    clock.advance(0)
    expect(frames).toEqual([1, 18, 18, 3])
    expect(readSizes()).toEqual(Array.from({ length: 40 }, (_, i) => 60 + (i % 3)))
  })

  it('go alone where they fill a frame, and none overtakes another', () => {
    const { clock, frames, send, readSizes } = scene()
    for (const size of [1, 2, 1_200, 3, 600, 600]) send(size, UNRELIABLE)
    clock.advance(0)
    expect(frames).toEqual([1, 1, 1, 2, 1])
    expect(readSizes()).toEqual([1, 2, 1_200, 3, 600, 600])
  })

  it('of type 1 wait for nothing, and take along those that wait', () => {
    const { clock, frames, send, readSizes } = scene()
    for (const type of [UNRELIABLE, UNRELIABLE, UNRELIABLE_NO_DELAY, UNRELIABLE_NO_DELAY]) send(7, type)
    expect(frames).toEqual([1, 2, 1])
    clock.advance(0)
    expect(frames).toEqual([1, 2, 1])
    expect(readSizes()).toEqual([7, 7, 7, 7])
  })

  it('go before a close in the same task', () => {
    const { clock, ours, send, readSizes } = scene()
    for (let i = 0; i < 3; i++) send(i, UNRELIABLE)
    ours.closeSession(THEM)
    clock.advance(0)
    expect(readSizes()).toEqual([0, 1, 2])
  })

  it('that the link does not take are dropped and told by channel, and do not count as sent', () => {
    const { clock, ours, drops, send } = scene({ latencyMs: 10, highWaterMark: 1 })
    const before = ours.statistics(THEM)!
    for (const channel of [0, 3, 4, 4]) send(5, UNRELIABLE, channel)
    expect(drops).toEqual([])
    clock.advance(0)
    const told = { what: 'sent packet', why: 'congested', peer: THEM }
    expect(drops).toEqual([
      { ...told, channel: 3, count: 1, bytes: 5 },
      { ...told, channel: 4, count: 2, bytes: 10 },
    ])
    const after = ours.statistics(THEM)!
    expect(after.packetsSent - before.packetsSent).toBe(1)
    expect(after.bytesSent - before.bytesSent).toBe(5)
    expect(after.datagramsDropped).toBe(3)
    expect(ours.counters.datagramsNotSent).toBe(3)
  })

  it('are dropped where the link is gone when the task is done', () => {
    const { clock, network, drops, send } = scene()
    network.partition(US, THEM)
    for (let i = 0; i < 3; i++) send(5, UNRELIABLE)
    clock.advance(0)
    expect(drops).toMatchObject([
      { why: 'congested', count: 1, bytes: 5 },
      { why: 'no-link', count: 2, bytes: 10 },
    ])
  })
})

describe('acknowledgements', () => {
  /** How many timers of so many milliseconds were started. */
  class CountingClock extends VirtualClock {
    readonly started = new Map<number, number>()
    override setTimeout(callback: () => void, ms: number): unknown {
      this.started.set(ms, (this.started.get(ms) ?? 0) + 1)
      return super.setTimeout(callback, ms)
    }
  }

  /** Two ends that acknowledge after 77 ms and have spoken once. */
  function talkers() {
    const clock = new CountingClock()
    const network = new MemoryNetwork({ clock })
    const [ours, theirs] = [US, THEM].map((id) => {
      const listener = { sessionRequest: (from: bigint) => void peer.accept(from), sessionFailed: () => {} }
      const peer: Multiplexer = new Multiplexer(network.transport(id), listener, { clock, ackDelayMs: 77 })
      return peer
    }) as [Multiplexer, Multiplexer]
    const say = (from: Multiplexer, to: bigint, ms = 1) => {
      from.send(to, new Uint8Array(3), SendType.RELIABLE, 0)
      clock.advance(ms)
    }
    say(ours, THEM, 1_000)
    const owed = () => ours.statistics(THEM)!.packetsUnacknowledged
    return { clock, ours, theirs, say, owed }
  }

  it('that ride with what goes anyway need no timer of their own', () => {
    const { clock, ours, theirs, say } = talkers()
    clock.started.clear()
    for (let i = 0; i < 300; i++) {
      say(ours, THEM)
      say(theirs, US)
    }
    // In 600 ms each end looks again whenever its timer has run out.
    const started = [...clock.started].filter(([ms]) => ms > 0 && ms <= 77)
    expect(started.reduce((sum, [, count]) => sum + count, 0)).toBeLessThan(40)
    expect(ours.statistics(THEM)!.packetsUnacknowledged).toBeLessThanOrEqual(1)
    for (const peer of [ours, theirs]) peer.close()
    expect(clock.pending).toBe(0)
  })

  it('ride with the answer of a peer that answers: a packet and its echo are two frames, not three', () => {
    const { clock, ours, theirs } = talkers()
    clock.advance(100)
    const sent = () => ours.statistics(THEM)!.framesSent + theirs.statistics(US)!.framesSent
    const before = sent()
    for (let i = 0; i < 10; i++) {
      ours.send(THEM, new Uint8Array(3), SendType.RELIABLE, 1)
      clock.advance(1)
      theirs.send(US, theirs.read(1)!.data, SendType.RELIABLE, 1)
      clock.advance(1)
      expect(ours.read(1)!.data.length).toBe(3)
    }
    expect(sent() - before).toBe(20)
    expect(ours.statistics(THEM)!.packetsUnacknowledged).toBe(0)
    for (const peer of [ours, theirs]) peer.close()
  })

  it('go alone when nothing goes for as long as they may wait, also where a timer ran already', () => {
    const { clock, ours, theirs, say, owed } = talkers()
    say(ours, THEM, 10)
    say(theirs, US, 20)
    expect(owed()).toBe(0)
    say(ours, THEM, 76)
    expect(owed()).toBe(1)
    clock.advance(1)
    expect(owed()).toBe(0)
    for (const peer of [ours, theirs]) peer.close()
  })
})

describe('a link that refuses', () => {
  it('is asked again when it has drained, not with every packet', () => {
    const { clock, ours, send, refused, readSizes } = scene({ latencyMs: 30, highWaterMark: 70_000 })
    for (let i = 0; i < 12; i++) send(50_000)
    for (let i = 0; i < 200; i++) send(1)
    expect(refused).toHaveLength(1)
    clock.advance(2_000)
    expect(refused.length).toBeLessThan(20)
    expect(readSizes()).toHaveLength(212)
    expect(ours.sessionInfo(THEM)?.packetsQueued).toBe(0)
  })

  it('is not the one that replaces it', () => {
    const { clock, network, frames, send, readSizes } = scene({ latencyMs: 30, highWaterMark: 70_000 })
    for (let i = 0; i < 4; i++) send(60_000)
    clock.advance(0)
    network.partition(US, THEM)
    clock.advance(100)
    frames.length = 0
    network.heal(US, THEM)
    clock.advance(3_000)
    expect(frames.length).toBeGreaterThan(3)
    expect(readSizes()).toEqual([60_000, 60_000, 60_000, 60_000])
  })
})

describe('type 3', () => {
  it('waits as long as the most hurried packet among those that wait', () => {
    const { clock, ours, frames } = scene()
    const offer = (ms: number) => ours.offer(THEM, new Uint8Array(5), SendType.RELIABLE_WITH_BUFFERING, 0, ms)
    offer(200)
    clock.advance(10)
    offer(5)
    clock.advance(1)
    offer(200)
    clock.advance(3)
    expect(frames).toEqual([])
    clock.advance(1)
    expect(frames).toEqual([3])
    offer(200)
    clock.advance(150)
    offer(100)
    clock.advance(49)
    expect(frames).toEqual([3])
    clock.advance(1)
    expect(frames).toEqual([3, 2])
  })
})
