import { describe, expect, it, vi } from 'vitest'
import {
  type Link,
  MemoryNetwork,
  type MemoryNetworkOptions,
  systemClock,
  VirtualClock,
} from '../../src/transport/index.js'
import { bytes, Ear } from './ear.js'

/** Two peers with a link, on a clock of their own. */
function still(options: MemoryNetworkOptions = {}) {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock, ...options })
  const [a, b] = [network.transport(1n), network.transport(2n)]
  const [atA, atB] = [new Ear(a), new Ear(b)]
  a.connect(2n)
  clock.advance(2 * (options.latencyMs ?? 0))
  return { clock, network, a, b, atA, atB, link: atA.link }
}

/** Two peers with a link, on the system's clock. */
async function live(options: MemoryNetworkOptions = {}) {
  const network = new MemoryNetwork(options)
  const [a, b] = [network.transport(1n), network.transport(2n)]
  const [atA, atB] = [new Ear(a), new Ear(b)]
  a.connect(2n)
  await Promise.all([atA.up(), atB.up()])
  return { network, a, b, atA, atB, link: atA.link }
}

const first = (frame: Uint8Array) => frame[0]!
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

function sendNumbers(link: Link, count: number, lane: 'reliable' | 'datagram'): void {
  for (const i of upTo(count)) link.send(bytes(i), lane)
}

describe('options', () => {
  const bad: [keyof MemoryNetworkOptions, number][] = [
    ['seed', -1],
    ['seed', 1.5],
    ['seed', 2 ** 32],
    ['latencyMs', -1],
    ['latencyMs', Number.NaN],
    ['latencyMs', Number.POSITIVE_INFINITY],
    ['jitterMs', 60_001],
    ['loss', 1.1],
    ['duplicate', -0.1],
    ['reorder', Number.NaN],
    ['maxFrameSize', 1279],
    ['maxFrameSize', 16_777_217],
    ['highWaterMark', 0],
  ]
  it.each(bad)('%s of %d is refused by name', (option, value) => {
    expect(() => new MemoryNetwork({ [option]: value })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION', facts: expect.objectContaining({ option, value }) }),
    )
  })

  it.each([0n, -1n, 1n << 64n])('a Steam id of %d is refused', (id) => {
    expect(() => new MemoryNetwork().transport(id)).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }))
  })

  it('the largest Steam id is taken', () => {
    expect(new MemoryNetwork().transport((1n << 64n) - 1n).localId).toBe((1n << 64n) - 1n)
  })
})

describe('peers', () => {
  it('have an id each, which is free again after close', () => {
    const network = new MemoryNetwork()
    const one = network.transport(1n)
    expect(() => network.transport(1n)).toThrow(expect.objectContaining({ code: 'TRANSPORT_ID_IN_USE' }))
    one.close()
    expect(network.transport(1n).localId).toBe(1n)
  })

  it('are found only while they are on the network', () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork({ clock })
    const a = network.transport(1n)
    const atA = new Ear(a)
    a.connect(2n)
    a.connect(1n)
    clock.advance(10)
    expect(atA.log).toEqual([])
    const b = network.transport(2n)
    a.connect(2n)
    clock.advance(0)
    expect(atA.log).toEqual(['up 2'])
    b.close()
    a.connect(2n)
    clock.advance(0)
    expect(atA.log).toEqual(['up 2', 'down 2: the other end closed its transport'])
  })

  it('that came back with the same id get a new link', () => {
    const { clock, network, a, b, atA } = still()
    b.close()
    clock.advance(0)
    const again = new Ear(network.transport(2n))
    a.connect(2n)
    clock.advance(0)
    atA.link.send(bytes(7), 'reliable')
    clock.advance(0)
    expect(again.log).toEqual(['up 1', 'frame 7'])
  })

  it('without a receiver cost a bounded amount of memory', () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork({ clock })
    const [a, b] = [network.transport(1n), network.transport(2n)]
    const atA = new Ear(a)
    for (let i = 0; i < 40_000; i++) {
      a.connect(2n)
      clock.advance(0)
      atA.link.close()
      clock.advance(0)
    }
    expect(atA.links.length).toBe(32_769)
    const atB = new Ear(b)
    clock.advance(0)
    expect([atB.links.length, atB.downs.length]).toEqual([32_769, 32_769])
  })
})

describe('time', () => {
  it('passes only with the clock that was given', () => {
    const { clock, atB, link } = still({ latencyMs: 40 })
    link.send(bytes(1), 'reliable')
    clock.advance(39)
    expect(atB.frames).toEqual([])
    clock.advance(1)
    expect(atB.frames).toEqual([bytes(1)])
  })

  it('leaves no timer behind when all is closed', () => {
    const { clock, a, b, link } = still({ latencyMs: 40 })
    link.send(bytes(1), 'reliable')
    expect(clock.pending).toBe(1)
    a.close()
    b.close()
    expect(clock.pending).toBe(0)
  })

  it('brings what is due first first, whatever was sent first', () => {
    const { clock, network, a, atA, atB, link } = still({ latencyMs: 10 })
    network.transport(3n)
    a.connect(3n)
    link.send(bytes(1), 'reliable')
    clock.advance(10)
    expect([atA.log, atB.log]).toEqual([['up 2'], ['up 1', 'frame 1']])
    clock.advance(10)
    expect(atA.log).toEqual(['up 2', 'up 3'])
  })

  it.each([
    ['the quick way', {}],
    ['a clock of their own', { clock: { ...systemClock } }],
    ['a clock so coarse that it stands still', { clock: { ...systemClock, now: () => 0 } }],
  ])('goes on for others while two peers answer each other for ever by %s', async (_how, options) => {
    const { a, b, atA, atB, link } = await live(options)
    atA.onFrame = (from, frame) => from.send(frame, 'reliable')
    atB.onFrame = (from, frame) => from.send(frame, 'reliable')
    link.send(bytes(1), 'reliable')
    await new Promise((resolve) => setTimeout(resolve, 0))
    await atB.got(3)
    a.close()
    b.close()
  })

  it('does not keep frames of other links when a receiver throws', () => {
    const { clock, network, atB, link } = still()
    const third = new Ear(network.transport(3n))
    clock.advance(0)
    link.send(bytes(1), 'reliable')
    network.transport(4n).connect(3n)
    atB.onFrame = () => {
      throw new Error('must not, but did')
    }
    expect(() => clock.advance(0)).toThrow('must not, but did')
    clock.advance(0)
    expect(third.log).toEqual(['up 4'])
  })

  it('does not keep them on the quick way either', async () => {
    const { atB, link } = await live()
    const errors: unknown[] = []
    vi.stubGlobal('queueMicrotask', (task: () => void) => {
      Promise.resolve()
        .then(task)
        .catch((error) => errors.push(error))
    })
    atB.onFrame = (_link, frame) => {
      if (frame[0] === 1) throw new Error('must not, but did')
    }
    sendNumbers(link, 4, 'reliable')
    await atB.got(4)
    vi.unstubAllGlobals()
    expect(atB.frames.map(first)).toEqual([0, 1, 2, 3])
    expect(errors).toHaveLength(1)
  })
})

describe('frames', () => {
  it('change hands without a copy', async () => {
    const { atB, link } = await live()
    const frame = bytes(1, 2, 3)
    link.send(frame, 'reliable')
    await atB.got(1)
    expect(atB.frames[0]).toBe(frame)
  })

  it('of the reliable lane stay in order whatever the weather', () => {
    const { clock, atB, link } = still({ latencyMs: 5, jitterMs: 50, loss: 1, duplicate: 1, reorder: 1 })
    sendNumbers(link, 100, 'reliable')
    clock.advance(200)
    expect(atB.frames.map(first)).toEqual(upTo(100))
  })

  it('of the datagram lane are lost by chance', () => {
    const { clock, atB, link } = still({ loss: 0.5 })
    sendNumbers(link, 200, 'datagram')
    clock.advance(0)
    expect(atB.frames.length).toBeGreaterThan(70)
    expect(atB.frames.length).toBeLessThan(130)
    expect(link.bufferedBytes).toBe(0)
  })

  it('of the datagram lane are doubled, the second a copy', () => {
    const { clock, atB, link } = still({ duplicate: 1 })
    const frame = bytes(1, 2)
    link.send(frame, 'datagram')
    clock.advance(0)
    expect(atB.frames).toEqual([frame, frame])
    expect(atB.frames.filter((each) => each === frame)).toHaveLength(1)
    expect(new Set(atB.frames.map((each) => each.buffer)).size).toBe(2)
  })

  it.each([
    ['with a delay', { latencyMs: 10, reorder: 0.3 }],
    ['by jitter alone', { jitterMs: 10 }],
    ['on a clock without delay', { reorder: 0.3 }],
  ])('of the datagram lane overtake each other %s', (_how, options) => {
    const { clock, atB, link } = still(options)
    sendNumbers(link, 100, 'datagram')
    clock.advance(100)
    expect(atB.frames.map(first)).not.toEqual(upTo(100))
    expect(atB.frames.map(first).sort((x, y) => x - y)).toEqual(upTo(100))
  })

  it('of the datagram lane overtake each other on the quick way', async () => {
    const { atB, link } = await live({ reorder: 0.3 })
    sendNumbers(link, 100, 'datagram')
    await atB.got(100)
    expect(atB.frames.map(first)).not.toEqual(upTo(100))
    expect(atB.frames.map(first).sort((x, y) => x - y)).toEqual(upTo(100))
  })

  it('never come before the link they came over', () => {
    const { clock, network, atA } = still({ latencyMs: 10, jitterMs: 50, reorder: 0.5, seed: 3 })
    const c = network.transport(3n)
    const atC = new Ear(c)
    // Each end sends the moment it hears of the link.
    atA.linkUp = (link) => sendNumbers(link, 20, 'datagram')
    c.connect(1n)
    clock.advance(500)
    expect(atC.log[0]).toBe('up 1')
    expect(atC.frames).toHaveLength(20)
  })
})

describe('a seed', () => {
  function run(seed: number) {
    const storm = { latencyMs: 20, jitterMs: 30, loss: 0.2, duplicate: 0.2, reorder: 0.2 }
    const { clock, atB, link } = still({ seed, ...storm })
    const times: string[] = []
    atB.onFrame = (_link, frame) => times.push(`${clock.now()} ${frame}`)
    for (const i of upTo(100)) {
      link.send(bytes(i), i % 3 === 0 ? 'reliable' : 'datagram')
      clock.advance(1)
    }
    clock.advance(500)
    return times
  }

  it('makes the same run again', () => expect(run(7)).toEqual(run(7)))
  it('of another number makes another run', () => expect(run(7)).not.toEqual(run(8)))

  it('treats each pair of peers by itself', () => {
    const { clock, network, atB, link } = still({ loss: 0.5 })
    sendNumbers(link, 50, 'datagram')
    clock.advance(0)
    const alone = atB.frames.map(first)

    const other = still({ loss: 0.5 })
    const c = other.network.transport(3n)
    const atC = new Ear(c)
    c.connect(2n)
    other.clock.advance(0)
    for (const i of upTo(50)) {
      other.link.send(bytes(i), 'datagram')
      atC.link.send(bytes(200), 'datagram')
    }
    other.clock.advance(0)
    expect(other.atB.frames.map(first).filter((number) => number !== 200)).toEqual(alone)
    expect(network).toBeDefined()
  })
})

describe('a partition', () => {
  it('brings the link down at both ends, with what was under way', () => {
    const { clock, network, atA, atB, link } = still({ latencyMs: 10 })
    link.send(bytes(1), 'reliable')
    network.partition(2n, 1n)
    expect(link.send(bytes(2), 'reliable')).toBe(false)
    clock.advance(100)
    expect([atA.log, atB.log]).toEqual([
      ['up 2', 'down 2: partition'],
      ['up 1', 'down 1: partition'],
    ])
  })

  it('holds until it is healed and someone asks', () => {
    const { clock, network, a, b, atA } = still()
    network.partition(1n, 2n)
    clock.advance(0)
    a.connect(2n)
    b.connect(1n)
    clock.advance(100)
    expect(atA.links).toHaveLength(1)
    network.heal(1n, 2n)
    clock.advance(100)
    expect(atA.links).toHaveLength(1)
    b.connect(1n)
    clock.advance(0)
    expect(atA.links).toHaveLength(2)
  })

  it('hits the two peers and nobody else, and a link that is only coming too', () => {
    const { clock, network, a, atA } = still({ latencyMs: 10 })
    const c = network.transport(3n)
    new Ear(c)
    const d = network.transport(4n)
    a.connect(3n)
    a.connect(4n)
    network.partition(1n, 4n)
    clock.advance(100)
    expect(atA.log).toEqual(['up 2', 'up 3'])
    d.close()
  })
})

describe('the end of a link', () => {
  it('comes behind what was sent before it', () => {
    const { clock, atB, link } = still({ latencyMs: 10, jitterMs: 20 })
    sendNumbers(link, 3, 'reliable')
    link.close('enough')
    clock.advance(100)
    expect(atB.log).toEqual(['up 1', 'frame 0', 'frame 1', 'frame 2', 'down 1: enough'])
  })

  it('comes before the start of the next one, also when that is asked for at once', () => {
    const { clock, a, b, atA, atB, link } = still({ latencyMs: 10, jitterMs: 20 })
    link.send(bytes(1), 'reliable')
    link.close('restart')
    a.connect(2n)
    clock.advance(100)
    expect(atA.log).toEqual(['up 2', 'down 2: restart', 'up 2'])
    expect(atB.log).toEqual(['up 1', 'frame 1', 'down 1: restart', 'up 1'])
    b.connect(1n)
    clock.advance(100)
    expect(atB.links).toHaveLength(2)
  })

  it('is told once when both ends close at the same time', () => {
    const { clock, atA, atB } = still({ latencyMs: 10 })
    atA.link.close('a')
    atB.link.close('b')
    clock.advance(100)
    expect([atA.downs, atB.downs]).toEqual([['a'], ['b']])
  })
})

describe('back-pressure', () => {
  it('counts what is under way, one direction at a time', () => {
    const { clock, atA, atB, link } = still({ latencyMs: 10, highWaterMark: 1000 })
    const send = () => link.send(new Uint8Array(400), 'reliable')
    expect([send(), send(), send(), send()]).toEqual([true, true, true, false])
    expect(link.bufferedBytes).toBe(1200)
    expect(atB.link.send(new Uint8Array(400), 'reliable')).toBe(true)
    clock.advance(10)
    expect(atA.drains).toEqual([link])
    expect(atB.frames).toHaveLength(3)
    expect(link.bufferedBytes).toBe(0)
    expect(send()).toBe(true)
  })

  it('ends at half the mark, not at each frame', () => {
    const { clock, atA, link } = still({ latencyMs: 10, highWaterMark: 1000 })
    for (let i = 0; i < 10; i++) {
      link.send(new Uint8Array(100), 'reliable')
      clock.advance(1)
    }
    // The first one lands now.
    expect(link.send(new Uint8Array(100), 'reliable')).toBe(true)
    expect(link.send(new Uint8Array(100), 'reliable')).toBe(false)
    clock.advance(4)
    expect(atA.drains).toHaveLength(0)
    clock.advance(1)
    expect(atA.drains).toHaveLength(1)
  })

  it('is also felt by whoever sends to a peer without a receiver', () => {
    const clock = new VirtualClock()
    const network = new MemoryNetwork({ clock, highWaterMark: 1000 })
    const [a, b] = [network.transport(1n), network.transport(2n)]
    const atA = new Ear(a)
    a.connect(2n)
    clock.advance(0)
    for (let i = 0; i < 1000; i++) {
      atA.link.send(new Uint8Array(1000), 'reliable')
      clock.advance(0)
    }
    const atB = new Ear(b)
    clock.advance(0)
    expect(atB.frames.length).toBe(1)
    atA.link.send(new Uint8Array(1000), 'reliable')
    clock.advance(0)
    expect(atB.frames.length).toBe(2)
  })
})

describe('close', () => {
  it('frees what it held, and misuse of it is misuse', () => {
    const { a, link } = still()
    a.close()
    a.connect(2n)
    expect(link.send(bytes(1), 'reliable')).toBe(false)
    expect(() => a.attach(new Ear())).toThrow(expect.objectContaining({ code: 'TRANSPORT_CLOSED' }))
  })
})
