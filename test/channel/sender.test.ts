// Which packets share a frame, and when a frame goes.
import { describe, expect, it } from 'vitest'
import { type FrameReport, Multiplexer, type MultiplexerOptions, SendType } from '../../src/channel/index.js'
import { systemClock, VirtualClock } from '../../src/clock.js'
import { MemoryNetwork, type MemoryNetworkOptions } from '../../src/transport/index.js'

const US = 1n
const THEM = 2n

/** Two ends with a session, and the frames with packets that this end sends from now on. */
function scene(weather: MemoryNetworkOptions = {}, options: MultiplexerOptions = {}) {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock, ...weather })
  const frames: number[] = []
  const onFrame = ({ direction, taken, records }: FrameReport) => {
    const count = records.filter(({ name }) => name === 'MESSAGE' || name === 'FRAGMENT').length
    if (direction === 'out' && taken && count > 0) frames.push(count)
  }
  const refused: number[] = []
  const onRefused = ({ direction, taken }: FrameReport) => {
    if (direction === 'out' && !taken) refused.push(clock.now())
  }
  const listener = { sessionRequest: () => {}, sessionFailed: () => {} }
  const ours = new Multiplexer(network.transport(US), listener, {
    clock,
    ...options,
    onFrame: (report) => {
      onFrame(report)
      onRefused(report)
    },
  })
  const theirs: Multiplexer = new Multiplexer(
    network.transport(THEM),
    { ...listener, sessionRequest: (peer) => theirs.accept(peer) },
    { clock },
  )
  ours.send(THEM, new Uint8Array(1), SendType.RELIABLE, 0)
  clock.advance(1_000)
  theirs.read(0)
  frames.length = 0
  const send = (size: number, type: 0 | 1 | 2 | 3 = SendType.RELIABLE) => ours.send(THEM, new Uint8Array(size), type, 0)
  const readSizes = () => {
    const sizes: number[] = []
    for (let packet = theirs.read(0); packet; packet = theirs.read(0)) sizes.push(packet.data.length)
    return sizes
  }
  return { clock, network, ours, frames, refused, send, readSizes }
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
