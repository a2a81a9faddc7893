// What two multiplexers and one that speaks bare frames make of each other: the rows of docs/protocol.md, section 3, that
// the game does not see.
import { describe, expect, it } from 'vitest'
import { Multiplexer, type MultiplexerOptions, SendType } from '../../src/channel/index.js'
import { FrameWriter, openFrame, type RecordVisitor, readRecords } from '../../src/channel/records.js'
import { VirtualClock } from '../../src/clock.js'
import { type Link, MemoryNetwork } from '../../src/transport/index.js'

const OURS = 1n
const THEIRS = 2n
const CREDIT = 1 << 22
const NOTHING = { session: 0, sequence: 0 }

/** What a record said as numbers; for OPEN and ACCEPT the session that the frame came from stands first. */
function numbersOf(name: string, args: readonly unknown[], source: number): number[] {
  const numbers = args.flatMap((a) => {
    if (a instanceof Uint8Array) return [a.length]
    return typeof a === 'object' ? Object.values(a as object) : [Number(a)]
  })
  return name === 'open' || name === 'accept' ? [source, ...numbers] : numbers
}

/** A multiplexer, and a peer that is played by hand: what it hears is a list, what it says is written out. */
function scene(options: MultiplexerOptions = {}) {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock })
  const requests: bigint[] = []
  const failures: bigint[] = []
  const ours = new Multiplexer(
    network.transport(OURS),
    { sessionRequest: (peer) => requests.push(peer), sessionFailed: (peer) => failures.push(peer) },
    { clock, ...options },
  )
  const heard: [string, ...number[]][] = []
  /** Where the last frame came from: the id of our session. */
  let source = 0
  const gone: string[] = []
  let link: Link | undefined
  const visitor = new Proxy({} as RecordVisitor, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        heard.push([String(name), ...numbersOf(String(name), args, source)]),
  })
  const transport = network.transport(THEIRS)
  transport.attach({
    linkUp: (up) => {
      link = up
    },
    frame: (_, frame) => {
      const opened = openFrame(frame)
      source = opened.source
      readRecords(opened.records, visitor)
    },
    drain: () => {},
    linkDown: (_, reason) => gone.push(reason),
  })
  const connect = () => {
    transport.connect(OURS)
    clock.advance(0)
  }
  connect()
  const say = (destination: number, theirId: number, write: (frame: FrameWriter) => void) => {
    const frame = new FrameWriter().begin(destination, theirId)
    write(frame)
    link!.send(frame.toBytes(), 'reliable')
    clock.advance(0)
  }
  /** Everything heard since the last time, without what names it does not ask for. */
  const listen = (...names: string[]) => {
    clock.advance(0)
    return heard.splice(0).filter(([name]) => names.length === 0 || names.includes(name))
  }
  return { clock, network, ours, requests, failures, gone, say, listen, connect, link: () => link! }
}

/** Ours asks, theirs accepts as `theirId`; the answer is the id of ours. */
function accepted(here: ReturnType<typeof scene>, theirId: number): number {
  here.ours.send(THEIRS, new Uint8Array([1]), SendType.RELIABLE, 0)
  const [[, id] = []] = here.listen('open')
  here.say(id!, theirId, (frame) => frame.accept(CREDIT, NOTHING))
  expect(here.listen('fragment')).toEqual([['fragment', 0, 0, 1, 0, 1]])
  return id!
}

describe('a peer that says UNKNOWN', () => {
  it('with everything delivered: the session ends, and nobody is told', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(id, 77, (frame) => frame.ack(1, 0, CREDIT))
    here.say(0, 0, (frame) => frame.unknown(77, NOTHING))
    expect(here.ours.sessionInfo(THEIRS)).toBeUndefined()
    expect(here.listen()).toEqual([])
    expect(here.failures).toEqual([])
    expect(here.clock.pending).toBe(0)
  })

  it('with something undelivered: it is asked anew and gets it from the first byte', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(0, 0, (frame) => frame.unknown(77, NOTHING))
    const [[, again] = []] = here.listen('open')
    expect(again).not.toBe(id)
    here.say(again!, 78, (frame) => frame.accept(CREDIT, NOTHING))
    expect(here.listen('fragment')).toEqual([['fragment', 0, 0, 1, 0, 1]])
  })

  it('of another session: nothing happens', () => {
    const here = scene()
    accepted(here, 77)
    here.say(0, 0, (frame) => frame.unknown(76, NOTHING))
    expect(here.ours.sessionInfo(THEIRS)?.active).toBe(true)
  })
})

describe('ACCEPT', () => {
  it('again with the same id changes nothing', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(id, 77, (frame) => frame.accept(CREDIT, NOTHING))
    expect(here.listen()).toEqual([])
    expect(here.ours.sessionInfo(THEIRS)?.active).toBe(true)
  })

  it('gives the session of its frame, and no other', () => {
    const here = scene()
    here.ours.send(THEIRS, new Uint8Array([1]), SendType.RELIABLE, 0)
    const [[, id] = []] = here.listen('open')
    here.say(id!, 0, (frame) => frame.accept(CREDIT, NOTHING))
    expect(here.ours.sessionInfo(THEIRS)?.active).toBe(false)
    here.say(id! + 1, 77, (frame) => frame.accept(CREDIT, NOTHING))
    expect(here.ours.sessionInfo(THEIRS)?.active).toBe(false)
    here.say(id!, 77, (frame) => frame.accept(CREDIT, NOTHING))
    expect(here.ours.sessionInfo(THEIRS)?.active).toBe(true)
  })
})

describe('a frame from another session of the peer', () => {
  it('is answered with UNKNOWN, and nothing else is done with it', () => {
    const here = scene()
    const id = accepted(here, 77)
    for (const source of [78, 0]) {
      here.say(id, source, (frame) => {
        frame.ack(1, 0, CREDIT)
        frame.message(0, 0, new Uint8Array([9]))
        frame.datagram(0, new Uint8Array([9]))
      })
      expect(here.listen()).toEqual([['unknown', id, 0, 0]])
    }
    expect(here.ours.nextPacketSize(0)).toBeUndefined()
    // It was no sign of life either.
    here.clock.advance(5_000)
    expect(here.listen('ping')).toHaveLength(1)
  })
})

describe('what was received in a session that is over', () => {
  const message = (sequence: number) => (frame: FrameWriter) => frame.message(sequence, 0, new Uint8Array(3))

  it('is told with OPEN, with ACCEPT and with UNKNOWN', () => {
    const here = scene()
    const id = accepted(here, 77)
    for (let i = 0; i < 3; i++) here.say(id, 77, message(i))
    here.ours.closeSession(THEIRS)
    here.listen()
    here.say(id, 77, message(3))
    expect(here.listen()).toEqual([['unknown', id, 77, 3]])
    here.ours.send(THEIRS, new Uint8Array([1]), SendType.RELIABLE, 0)
    expect(here.listen('open').map((open) => open.slice(3))).toEqual([[77, 3]])
    here.ours.closeSession(THEIRS)
    here.say(0, 79, (frame) => frame.open(CREDIT, NOTHING))
    here.ours.accept(THEIRS)
    expect(here.listen('accept').map((accept) => accept.slice(3))).toEqual([[77, 3]])
  })

  it('is not sent again when the peer opens a new session', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.ours.send(THEIRS, new Uint8Array([2, 2]), SendType.RELIABLE, 0)
    here.listen()
    here.say(0, 78, (frame) => frame.open(CREDIT, { session: id, sequence: 1 }))
    expect(here.listen('fragment')).toEqual([['fragment', 0, 0, 2, 0, 2]])
  })

  it('is not sent again after UNKNOWN, and with everything received the session ends', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(0, 0, (frame) => frame.unknown(77, { session: id, sequence: 1 }))
    expect(here.listen()).toEqual([])
    expect(here.ours.sessionInfo(THEIRS)).toBeUndefined()
  })

  it('counts for the session that it names only', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(0, 78, (frame) => frame.open(CREDIT, { session: id + 1, sequence: 1 }))
    expect(here.listen('fragment')).toHaveLength(1)
  })

  it('never becomes less for one session of the peer, though another of ours met it later', () => {
    const here = scene()
    const id = accepted(here, 77)
    for (let i = 0; i < 3; i++) here.say(id, 77, message(i))
    here.ours.closeSession(THEIRS)
    // A late OPEN of the same session is taken for a new request, and closed again.
    here.say(0, 77, (frame) => frame.open(CREDIT, NOTHING))
    expect(here.ours.accept(THEIRS)).toBe(true)
    here.ours.closeSession(THEIRS)
    here.listen()
    here.say(id, 77, message(3))
    expect(here.listen()).toEqual([['unknown', id, 77, 3]])
  })
})

describe('OPEN', () => {
  it('with the id of the active session: ACCEPT again, and what was not acknowledged', () => {
    const here = scene()
    here.say(0, 77, (frame) => frame.open(CREDIT, NOTHING))
    here.ours.send(THEIRS, new Uint8Array([5]), SendType.RELIABLE, 0)
    expect(here.listen().map(([name]) => name)).toEqual(['accept', 'fragment'])
    here.say(0, 77, (frame) => frame.open(CREDIT, NOTHING))
    expect(here.listen().map(([name]) => name)).toEqual(['accept', 'fragment'])
    expect(here.requests).toEqual([THEIRS])
  })

  it('comes every second until it is answered', () => {
    const here = scene()
    here.ours.send(THEIRS, new Uint8Array([5]), SendType.RELIABLE, 0)
    expect(here.listen('open')).toHaveLength(1)
    here.clock.advance(5_000)
    expect(here.listen('open')).toHaveLength(5)
    here.clock.advance(60_000)
    expect(here.listen('open')).toHaveLength(14)
    expect(here.failures).toEqual([THEIRS])
    expect(here.clock.pending).toBe(0)
  })
})

describe('OPEN with another id', () => {
  it('starts the session again, which is looked after like any other', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(0, 78, (frame) => frame.open(CREDIT, NOTHING))
    const answer = here.listen()
    expect(answer.map(([name]) => name)).toEqual(['accept', 'fragment'])
    expect(answer[0]![1]).not.toBe(id)
    here.say(answer[0]![1]!, 78, (frame) => frame.ack(1, 0, CREDIT))
    expect(here.ours.sessionInfo(THEIRS)?.active).toBe(true)
    here.clock.advance(21_000)
    expect(here.ours.sessionInfo(THEIRS)).toBeUndefined()
  })

  it('does not make packets of type 3 wait for ever', () => {
    const here = scene()
    accepted(here, 77)
    here.ours.send(THEIRS, new Uint8Array([3, 3, 3]), SendType.RELIABLE_WITH_BUFFERING, 0)
    here.say(0, 78, (frame) => frame.open(CREDIT, NOTHING))
    expect(here.listen('fragment').map(([, sequence]) => sequence)).toEqual([0])
    here.clock.advance(200)
    expect(here.listen('fragment').map(([, sequence]) => sequence)).toEqual([1])
  })

  it('of nobody is broken', () => {
    const here = scene()
    here.say(0, 0, (frame) => frame.open(CREDIT, NOTHING))
    expect(here.requests).toEqual([])
    expect(here.ours.counters.brokenFrames).toBe(1)
  })
})

describe('a request', () => {
  it('is forgotten when its peer has not asked for 20 s', () => {
    const here = scene()
    here.say(0, 77, (frame) => frame.open(CREDIT, NOTHING))
    here.clock.advance(20_001)
    expect(here.ours.accept(THEIRS)).toBe(false)
    expect(here.listen('accept')).toEqual([])
    here.say(0, 77, (frame) => frame.open(CREDIT, NOTHING))
    expect(here.requests).toEqual([THEIRS, THEIRS])
    here.clock.advance(20_001)
    // Too late to be an answer: this is our own request.
    here.ours.send(THEIRS, new Uint8Array([1]), SendType.RELIABLE, 0)
    expect(here.listen().map(([name]) => name)).toEqual(['open'])
  })
})

describe('what is remembered', () => {
  it('of sessions that failed is bounded', () => {
    const here = scene()
    for (let peer = 100n; peer < 400n; peer++) here.ours.send(peer, new Uint8Array([1]), SendType.RELIABLE, 0)
    here.clock.advance(20_000)
    expect(here.failures).toHaveLength(300)
    const known = here.failures.filter((peer) => here.ours.sessionInfo(peer) !== undefined)
    expect(known).toEqual(here.failures.slice(-256))
    expect(here.clock.pending).toBe(0)
  })
})

describe('acknowledgement', () => {
  it('goes 50 ms later, or at the head of the next frame, or after 16 records', () => {
    const here = scene()
    const id = accepted(here, 77)
    const message = (sequence: number) => (frame: FrameWriter) => frame.message(sequence, 0, new Uint8Array(3))
    here.say(id, 77, message(0))
    expect(here.listen()).toEqual([])
    here.clock.advance(50)
    expect(here.listen()).toEqual([['ack', 1, 0, 1 << 22]])

    here.say(id, 77, message(1))
    here.ours.send(THEIRS, new Uint8Array([2]), SendType.RELIABLE, 0)
    expect(here.listen().map(([name, first]) => [name, first])).toEqual([
      ['ack', 2],
      ['fragment', 1],
    ])
    here.clock.advance(50)
    expect(here.listen()).toEqual([])

    for (let i = 2; i < 18; i++) here.say(id, 77, message(i))
    expect(here.listen().map(([name, first]) => [name, first])).toEqual([['ack', 18]])
  })

  it('of a quarter of the buffer that was read goes at once, so that a sender without credit goes on', () => {
    const here = scene({ receiveBufferSize: 2 << 20 })
    const id = accepted(here, 77)
    const half = new Uint8Array(500_000)
    for (let i = 0; i < 3; i++) {
      for (let offset = 0; offset < half.length; offset += 50_000) {
        here.say(id, 77, (f) => f.fragment(i, 0, half.length, offset, half.subarray(offset, offset + 50_000)))
      }
    }
    here.clock.advance(100)
    here.listen()
    here.ours.read(0)
    expect(here.listen('ack')).toEqual([])
    here.ours.read(0)
    const [[, sequence, held, credit] = []] = here.listen('ack')
    expect([sequence, held, credit]).toEqual([3, 0, (2 << 20) + 2 * (500_000 + 256)])
  })
})

describe('closing', () => {
  it('acknowledges what was received, and says nothing when that is done', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(id, 77, (frame) => frame.message(0, 0, new Uint8Array(3)))
    expect(here.ours.closeSession(THEIRS)).toBe(true)
    expect(here.listen().map(([name, sequence]) => [name, sequence])).toEqual([['ack', 1]])
    accepted(here, 78)
    expect(here.ours.closeSession(THEIRS)).toBe(true)
    expect(here.listen()).toEqual([])
  })
})

describe('keep-alive', () => {
  it('pings a second after the session is up, after 5 s of silence, and every 5 s, and is answered', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.clock.advance(999)
    expect(here.listen('ping')).toEqual([])
    here.clock.advance(1)
    expect(here.listen('ping')).toEqual([['ping', 1]])
    here.clock.advance(4_999)
    expect(here.listen('ping')).toEqual([])
    here.clock.advance(10_001)
    expect(here.listen('ping')).toHaveLength(3)
    here.say(id, 77, (frame) => frame.ping(0xabcdef))
    expect(here.listen('pong')).toEqual([['pong', 0xabcdef]])
  })

  it('closes the link of a peer that is silent for 20 s, so that the next one finds its place free', () => {
    const here = scene()
    const id = accepted(here, 77)
    here.say(id, 77, (frame) => frame.ack(1, 0, CREDIT))
    here.clock.advance(19_000)
    expect(here.gone).toEqual([])
    here.clock.advance(2_000)
    expect(here.gone).toHaveLength(1)
    expect(here.ours.sessionInfo(THEIRS)).toBeUndefined()
    expect(here.failures).toEqual([])
  })
})

describe('a link that comes back', () => {
  it('starts with ACK, and goes on with what was not acknowledged', () => {
    const here = scene()
    accepted(here, 77)
    here.network.partition(OURS, THEIRS)
    here.clock.advance(0)
    here.ours.send(THEIRS, new Uint8Array([2, 2]), SendType.RELIABLE, 4)
    here.listen()
    here.network.heal(OURS, THEIRS)
    here.connect()
    expect(here.listen().map(([name, sequence]) => [name, sequence])).toEqual([
      ['ack', 0],
      ['fragment', 0],
      ['fragment', 1],
    ])
  })

  it('is asked for while something waits', () => {
    const here = scene()
    accepted(here, 77)
    here.link().close()
    here.clock.advance(0)
    expect(here.gone).toHaveLength(1)
    here.clock.advance(1_000)
    here.clock.advance(0)
    expect(here.listen().map(([name]) => name)).toContain('ack')
  })
})
