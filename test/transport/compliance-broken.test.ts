import { describe, expect, it } from 'vitest'
import {
  type Lane,
  type Link,
  MemoryNetwork,
  type MemoryNetworkOptions,
  type Transport,
  type TransportPair,
  type TransportReceiver,
  transportCompliance,
} from '../../src/transport/index.js'

// Every check of the suite is seen failing here, against a transport that breaks just the rule it is about.

type Check = () => Promise<void>

function checksOf(setup: () => Promise<TransportPair>, timeoutMs = 1000): Map<string, Check> {
  const checks = new Map<string, Check>()
  const runner = {
    describe: (_name: string, body: () => void) => body(),
    it: (name: string, body: Check) => checks.set(name, body),
  }
  transportCompliance(runner, setup, { timeoutMs })
  return checks
}

/** A link that behaves as another one does but for what is overridden. */
class OddLink implements Link {
  readonly inner: Link
  readonly odd: Partial<Link>

  constructor(inner: Link, odd: Partial<Link> = {}) {
    this.inner = inner
    this.odd = odd
  }

  get peer() {
    return this.odd.peer ?? this.inner.peer
  }
  get reliable() {
    return this.inner.reliable
  }
  get maxFrameSize() {
    return this.odd.maxFrameSize ?? this.inner.maxFrameSize
  }
  get relayed() {
    return this.inner.relayed
  }
  get address() {
    return this.odd.address ?? this.inner.address
  }
  get bufferedBytes() {
    return this.odd.bufferedBytes ?? this.inner.bufferedBytes
  }
  send(frame: Uint8Array, lane: Lane) {
    return (this.odd.send ?? this.inner.send.bind(this.inner))(frame, lane)
  }
  close(reason?: string) {
    ;(this.odd.close ?? this.inner.close.bind(this.inner))(reason)
  }
}

/** A transport that behaves as another one does but for what a test overrides. */
class OddTransport implements Transport {
  readonly inner: Transport
  receiver: TransportReceiver | undefined
  readonly links = new Map<Link, OddLink>()
  /** What is odd about a link. */
  oddLink: (link: Link) => Partial<Link> = () => ({})
  /** What is odd about events; `next` is the real receiver. */
  oddEvents: (next: TransportReceiver) => Partial<TransportReceiver> = () => ({})
  onAttach = (receiver: TransportReceiver) => this.realAttach(receiver)
  onConnect = (peer: bigint) => this.inner.connect(peer)
  onClose = () => this.inner.close()

  constructor(inner: Transport) {
    this.inner = inner
  }

  get localId() {
    return this.inner.localId
  }
  attach(receiver: TransportReceiver) {
    this.onAttach(receiver)
  }
  connect(peer: bigint) {
    this.onConnect(peer)
  }
  close() {
    this.onClose()
  }

  realAttach(receiver: TransportReceiver) {
    const odd = this.oddEvents(receiver)
    this.inner.attach({
      linkUp: (link) => (odd.linkUp ?? receiver.linkUp.bind(receiver))(this.of(link)),
      frame: (link, frame) => (odd.frame ?? receiver.frame.bind(receiver))(this.of(link), frame),
      drain: (link) => (odd.drain ?? receiver.drain.bind(receiver))(this.of(link)),
      linkDown: (link, reason) => (odd.linkDown ?? receiver.linkDown.bind(receiver))(this.of(link), reason),
    })
    this.receiver ??= receiver
  }

  of(link: Link): OddLink {
    const known = this.links.get(link)
    if (known !== undefined) return known
    const made = new OddLink(link, this.oddLink(link))
    this.links.set(link, made)
    return made
  }

  get link(): OddLink {
    return [...this.links.values()].at(-1)!
  }
}

type Mutant = (a: OddTransport, b: OddTransport) => void

function brokenPair(mutate: Mutant, options: MemoryNetworkOptions = {}): () => Promise<TransportPair> {
  return async () => {
    const network = new MemoryNetwork(options)
    const a = new OddTransport(network.transport(1n))
    const b = new OddTransport(network.transport(2n))
    mutate(a, b)
    const teardown = async () => {
      a.inner.close()
      b.inner.close()
    }
    return { a, b, cutLink: () => network.partition(1n, 2n), teardown }
  }
}

const later = queueMicrotask

/** What comes before there is a receiver is lost, but for the links themselves. */
function forgetful(a: OddTransport) {
  let ready = false
  const early: Link[] = []
  a.onAttach = (receiver) => {
    ready = true
    a.receiver = receiver
    later(() => early.forEach((link) => void receiver.linkUp(a.of(link))))
  }
  a.inner.attach({
    linkUp: (link) => (ready ? a.receiver?.linkUp(a.of(link)) : early.push(link)),
    frame: (link, frame) => (ready ? a.receiver?.frame(a.of(link), frame) : undefined),
    drain: () => {},
    linkDown: (link, reason) => a.receiver?.linkDown(a.of(link), reason),
  })
}

/** Frames go straight from `send` into the other end's receiver. */
function delivering(from: OddTransport, to: OddTransport) {
  from.oddLink = () => ({
    send(frame) {
      to.receiver?.frame(to.link, frame)
      return true
    },
  })
}

const mutants: [check: string, what: string, mutate: Mutant, text: RegExp][] = [
  [
    'attach returns before any event',
    'announces a link inside attach',
    (a) => {
      a.onAttach = (receiver) => {
        receiver.linkUp(new OddLink({} as Link))
        a.realAttach(receiver)
      }
    },
    /events during attach is 1|linkUp from within attach/,
  ],
  [
    'a second attach throws and changes nothing',
    'lets a second receiver pass',
    (a) => {
      a.onAttach = (receiver) => (a.receiver ? undefined : a.realAttach(receiver))
    },
    /did not throw; it must throw TRANSPORT_ALREADY_ATTACHED/,
  ],
  [
    'a second attach throws and changes nothing',
    'throws anything',
    (a) => {
      a.onAttach = (receiver) => {
        if (a.receiver) throw new Error('no')
        a.realAttach(receiver)
      }
    },
    /threw Error: no; it must throw/,
  ],
  [
    'a second attach throws and changes nothing',
    'throws, and gives events to the second one all the same',
    (a) => {
      a.oddEvents = () => ({ frame: (link, frame) => a.receiver?.frame(link, frame) })
      a.onAttach = (receiver) => {
        const second = a.receiver !== undefined
        a.receiver = receiver
        if (!second) a.realAttach(receiver)
        else a.inner.attach(receiver)
      }
    },
    /turned away is 1|Waited|frame before linkUp/,
  ],
  [
    'links and frames from before attach are not lost',
    'drops what comes too early',
    (a) => forgetful(a),
    /until 3 frames have arrived \(0 have\)/,
  ],
  [
    'connect brings linkUp to both ends, after it returned',
    'never dials',
    (a) => {
      a.onConnect = () => {}
    },
    /in vain until both ends have heard linkUp \(a: 0, b: 0\)/,
  ],
  [
    'connect brings linkUp to both ends, after it returned',
    'announces the link inside connect',
    (a) => {
      a.onConnect = (peer) => {
        a.receiver?.linkUp(new OddLink({} as Link, { peer }))
        a.inner.connect(peer)
      }
    },
    /linkUp from within connect/,
  ],
  [
    'connect brings linkUp to both ends, after it returned',
    'confuses the peers',
    (a) => {
      a.oddLink = () => ({ peer: 77n })
    },
    /peer of a's link is 77, not 2/,
  ],
  [
    'a link tells the truth about itself',
    'has room for less than a datagram',
    (a) => {
      a.oddLink = () => ({ maxFrameSize: 1000 })
    },
    /maxFrameSize is 1000, below 1280/,
  ],
  [
    'a link tells the truth about itself',
    'has a signed address',
    (_a, b) => {
      b.oddLink = () => ({ address: { ip: -1, port: 1 } })
    },
    /address.ip is -1/,
  ],
  [
    'connect again, from either end, makes no second link',
    'makes a link for each call',
    (a) => {
      a.onConnect = (peer) => {
        a.inner.connect(peer)
        if (a.links.size > 0) later(() => a.receiver?.linkUp(new OddLink(a.link.inner)))
      }
    },
    /linkUp while the earlier link to 2 is up/,
  ],
  [
    'connect to a peer that nobody knows is silent',
    'tells of a link that failed',
    (a) => {
      a.onConnect = (peer) => {
        a.inner.connect(peer)
        if (peer !== 2n) later(() => a.receiver?.linkDown(new OddLink(a.link.inner, { peer }), 'unknown'))
      }
    },
    /linkDown before linkUp of that link/,
  ],
  [
    'connect to a peer that nobody knows is silent',
    'throws',
    (a) => {
      a.onConnect = (peer) => {
        if (peer !== 2n) throw new Error('who is that?')
        a.inner.connect(peer)
      }
    },
    /who is that/,
  ],
  ['send returns before any event', 'delivers inside send', (a, b) => delivering(a, b), /frame from within send/],
  [
    'a send from within an event returns before any other event',
    'delivers inside send',
    (a, b) => delivering(b, a),
    /frame from within frame of a receiver/,
  ],
  [
    'reliable frames of 1 byte to maxFrameSize arrive intact and in order',
    'cuts long frames',
    (_a, b) => {
      b.oddEvents = (next) => ({ frame: (link, frame) => next.frame(link, frame.subarray(0, 65_535)) })
    },
    /65535 bytes arrived, 65536 were sent/,
  ],
  [
    'reliable frames of 1 byte to maxFrameSize arrive intact and in order',
    'swaps two frames',
    (_a, b) => {
      let held: Uint8Array | undefined
      let count = 0
      b.oddEvents = (next) => ({
        frame(link, frame) {
          if (++count === 5) held = frame
          else next.frame(link, frame)
          if (held !== undefined && count === 6) next.frame(link, held)
        },
      })
    },
    /Frame 4 is not the one that was sent as number 4/,
  ],
  [
    'reliable frames of 1 byte to maxFrameSize arrive intact and in order',
    'loses some',
    (a) => {
      a.oddEvents = (next) => ({ frame: (link, frame) => frame.byteLength !== 2 && next.frame(link, frame) })
    },
    /until 215 frames have arrived \(213 have\)/,
  ],
  [
    'reliable frames of 1 byte to maxFrameSize arrive intact and in order',
    'doubles the last',
    (_a, b) => {
      let count = 0
      b.oddEvents = (next) => ({
        frame(link, frame) {
          if (++count === 215) next.frame(link, frame.slice())
          next.frame(link, frame)
        },
      })
    },
    /216 frames arrived of 215 that were sent/,
  ],
  [
    'datagrams arrive intact',
    'changes a byte',
    (_a, b) => {
      b.oddEvents = (next) => ({
        frame(link, frame) {
          frame[7]! ^= 1
          next.frame(link, frame)
        },
      })
    },
    /Frame 0 of 20 bytes is none of those that were sent/,
  ],
  [
    'datagrams arrive intact',
    'loses all',
    (a) => {
      a.oddLink = (link) => ({ send: (frame, lane) => lane === 'datagram' || link.send(frame, lane) })
    },
    /until 50 frames have arrived \(0 have\)/,
  ],
  [
    'a frame that arrived belongs to the receiver',
    'reads into the same bytes again and again',
    (_a, b) => {
      const pool = new Uint8Array(65_536)
      b.oddEvents = (next) => ({
        frame(link, frame) {
          pool.set(frame)
          next.frame(link, pool.subarray(0, frame.byteLength))
        },
      })
    },
    /A frame was changed after it had been handed over/,
  ],
  [
    'a frame that arrived belongs to the receiver',
    'hands the same bytes over twice',
    (_a, b) => {
      b.oddEvents = (next) => ({
        frame(link, frame) {
          next.frame(link, frame)
          next.frame(link, frame)
        },
      })
    },
    /Frame \d+ of 64 bytes is none of those that were sent/,
  ],
  [
    'a frame of no bytes or too many throws, and the link goes on',
    'answers false for a frame that is too large',
    (a) => {
      a.oddLink = (link) => ({ send: (frame, lane) => frame.byteLength <= link.maxFrameSize && link.send(frame, lane) })
    },
    /A frame above maxFrameSize did not throw/,
  ],
  [
    'a frame of no bytes or too many throws, and the link goes on',
    'takes a frame of no bytes',
    (a) => {
      a.oddLink = (link) => ({ send: (frame, lane) => frame.byteLength === 0 || link.send(frame, lane) })
    },
    /A frame of no bytes did not throw/,
  ],
  [
    'a full link says so, drains, and delivers exactly what it took',
    'never drains',
    (a) => {
      a.oddEvents = () => ({ drain() {} })
    },
    /in vain until drain follows a send that was refused/,
  ],
  [
    'a full link says so, drains, and delivers exactly what it took',
    'takes everything',
    (a) => {
      const kept: Uint8Array[] = []
      a.oddLink = () => ({
        send: (frame) => kept.push(frame) > 0,
        get bufferedBytes() {
          return kept.length * 16_384
        },
      })
    },
    /bufferedBytes is 33570816, and send has never answered false/,
  ],
  [
    'a full link says so, drains, and delivers exactly what it took',
    'drains without need',
    (a) => {
      a.oddLink = (link) => ({
        send(frame, lane) {
          later(() => a.receiver?.drain(a.link))
          return link.send(frame, lane) || true
        },
        bufferedBytes: 0,
      })
    },
    /drain came although no send was refused|frames have arrived/,
  ],
  [
    'a full link says so, drains, and delivers exactly what it took',
    'keeps what it refused',
    (a) => {
      const kept: Uint8Array[] = []
      a.oddLink = (link) => ({
        send(frame, lane) {
          const taken = link.send(frame.slice(), lane)
          if (!taken) kept.push(frame)
          return taken
        },
      })
      a.oddEvents = (next) => ({
        drain(link) {
          for (const frame of kept.splice(0)) (link as OddLink).inner.send(frame, 'reliable')
          next.drain(link)
        },
      })
    },
    /The number of frame 64 is 64, not 65/,
  ],
  [
    'a full link says so, drains, and delivers exactly what it took',
    'loses what it took last',
    (a) => {
      a.oddLink = (link) => ({ send: (frame, lane) => link.bufferedBytes > 1_000_000 || link.send(frame, lane) })
    },
    /frames have arrived \(62 have\)/,
  ],
  [
    'close of a link brings linkDown to both ends, once, after it returned',
    'calls linkDown inside close',
    (a) => {
      a.oddLink = (link) => ({
        close(reason) {
          a.receiver?.linkDown(a.of(link), reason ?? '')
          link.close(reason)
        },
      })
    },
    /linkDown during close is 1|linkDown from within close of a link/,
  ],
  [
    'close of a link brings linkDown to both ends, once, after it returned',
    'leaves the other end in the dark',
    (_a, b) => {
      b.oddEvents = () => ({ linkDown() {} })
    },
    /both ends have heard linkDown \(a: 1, b: 0\)/,
  ],
  [
    'close of a link brings linkDown to both ends, once, after it returned',
    'says it twice',
    (_a, b) => {
      b.oddEvents = (next) => ({
        linkDown(link, reason) {
          next.linkDown(link, reason)
          later(() => next.linkDown(link, reason))
        },
      })
    },
    /linkDown at b is 2|linkDown after linkDown of that link/,
  ],
  [
    'close of a link brings linkDown to both ends, once, after it returned',
    'delivers after the end',
    (_a, b) => {
      b.oddEvents = (next) => ({
        linkDown(link, reason) {
          next.linkDown(link, reason)
          later(() => next.frame(link, new Uint8Array(4)))
        },
      })
    },
    /frame after linkDown of that link/,
  ],
  [
    'close of a link a second time does nothing',
    'tells of each close',
    (a) => {
      a.oddLink = (link) => ({
        close(reason) {
          later(() => a.receiver?.linkDown(a.of(link), 'again'))
          link.close(reason)
        },
      })
    },
    /linkDown at a is|linkDown after linkDown/,
  ],
  [
    'close of a link a second time does nothing',
    'throws',
    (a) => {
      let closed = false
      a.oddLink = (link) => ({
        close(reason) {
          if (closed) throw new Error('closed already')
          closed = true
          link.close(reason)
        },
      })
    },
    /closed already/,
  ],
  [
    'a link that is down takes no frame',
    'takes them',
    (_a, b) => {
      b.oddLink = (link) => ({ send: (frame, lane) => link.send(frame, lane) || true })
    },
    /send at the other end is true, not false/,
  ],
  [
    'a link that is down takes no frame',
    'takes them until linkDown',
    (a) => {
      a.oddLink = (link) => ({ send: (frame, lane) => link.send(frame, lane) || true })
    },
    /send right after close is true, not false/,
  ],
  [
    'the last frames before close of a link arrive in order or not at all',
    'sends the last ones twice',
    (_a, b) => {
      const seen: Uint8Array[] = []
      b.oddEvents = (next) => ({
        frame(link, frame) {
          seen.push(frame.slice())
          next.frame(link, frame)
        },
        linkDown(link, reason) {
          for (const frame of seen.slice(-3)) next.frame(link, frame)
          next.linkDown(link, reason)
        },
      })
    },
    /103 frames arrived of 100 that were sent/,
  ],
  [
    'the last frames before close of a link arrive in order or not at all',
    'loses some from the middle',
    (_a, b) => {
      let count = 0
      b.oddEvents = (next) => ({ frame: (link, frame) => ++count !== 50 && next.frame(link, frame) })
    },
    /Frame 49 is not the one that was sent as number 49/,
  ],
  [
    'a link can come up again after linkDown',
    'dials once in its life',
    (a) => {
      let dialled = false
      a.onConnect = (peer) => {
        if (!dialled) a.inner.connect(peer)
        dialled = true
      }
    },
    /both ends have heard linkUp \(a: 1, b: 1\)/,
  ],
  [
    'a link can come up again after linkDown',
    'brings the old link back',
    (a) => {
      let first: OddLink | undefined
      a.of = (link) => {
        first ??= new OddLink(link)
        return first
      }
    },
    /linkUp for a link that went down before/,
  ],
  [
    'a link that breaks brings linkDown to both ends',
    'does not notice',
    (a) => {
      a.oddEvents = (next) => ({ linkDown: (link, reason) => reason !== 'partition' && next.linkDown(link, reason) })
    },
    /both ends have heard linkDown \(a: 0, b: 1\)/,
  ],
  [
    'close of a transport is silent here and linkDown there',
    'tells its own receiver',
    (a) => {
      a.onClose = () => {
        a.inner.close()
        later(() => a.receiver?.linkDown(a.link, 'closed'))
      }
    },
    /linkDown after close of the transport|linkDown at the end that closed is 1/,
  ],
  [
    'close of a transport is silent here and linkDown there',
    'leaves without a word',
    (a) => {
      a.onClose = () => {}
    },
    /in vain until the other end has heard linkDown|frame after close of the transport/,
  ],
  [
    'close of a transport a second time does nothing',
    'throws',
    (_a, b) => {
      let closed = false
      b.onClose = () => {
        if (closed) throw new Error('closed already')
        closed = true
        b.inner.close()
      }
    },
    /closed already/,
  ],
]

/** What is asked of links without a reliable lane too, and by other means where frames may be lost. */
const looseMutants: typeof mutants = [
  [
    'links and frames from before attach are not lost',
    'drops what comes too early',
    (a) => forgetful(a),
    /until 3 frames have arrived \(0 have\)/,
  ],
  [
    'send returns before any event',
    'carries nothing from one end',
    (a) => {
      a.oddLink = () => ({ send: () => true })
    },
    /in vain until a frame of 4 bytes has arrived/,
  ],
  [
    'a send from within an event returns before any other event',
    'delivers inside send',
    (a, b) => delivering(b, a),
    /frame from within frame of a receiver/,
  ],
  [
    'a send from within an event returns before any other event',
    'loses what is sent from within one',
    (_a, b) => {
      b.oddLink = () => ({ send: () => true })
    },
    /in vain until the answer has arrived/,
  ],
  [
    'reliable frames of 1 byte to maxFrameSize arrive intact and in order',
    'loses what does not fit a packet of the network',
    (a) => {
      a.oddLink = (link) => ({ send: (frame, lane) => frame.byteLength > 1472 || link.send(frame, lane) })
    },
    /in vain until a frame of 16383 bytes has arrived/,
  ],
  [
    'reliable frames of 1 byte to maxFrameSize arrive intact and in order',
    'delivers what nobody sent',
    (_a, b) => {
      b.oddEvents = (next) => ({
        frame(link, frame) {
          if (frame.byteLength === 1280) later(() => next.frame(link, new Uint8Array(9)))
          next.frame(link, frame)
        },
      })
    },
    /Frame \d+ of 9 bytes is none of those that were sent/,
  ],
  [
    'datagrams arrive intact',
    'changes a byte',
    (_a, b) => {
      b.oddEvents = (next) => ({
        frame(link, frame) {
          if (frame.byteLength > 8) frame[7]! ^= 1
          next.frame(link, frame)
        },
      })
    },
    /Frame 0 of 20 bytes is none of those that were sent/,
  ],
  [
    'a frame that arrived belongs to the receiver',
    'reads into the same bytes again and again',
    (_a, b) => {
      const pool = new Uint8Array(65_536)
      b.oddEvents = (next) => ({
        frame(link, frame) {
          pool.set(frame)
          next.frame(link, pool.subarray(0, frame.byteLength))
        },
      })
    },
    /A frame was changed after it had been handed over/,
  ],
  [
    'a full link says so, drains, and delivers exactly what it took',
    'never drains',
    (a) => {
      a.oddEvents = () => ({ drain() {} })
    },
    /in vain until drain follows a send that was refused/,
  ],
  [
    'the last frames before close of a link arrive in order or not at all',
    'delivers rests of memory at the end',
    (_a, b) => {
      b.oddEvents = (next) => ({
        linkDown(link, reason) {
          next.frame(link, new Uint8Array(200))
          next.linkDown(link, reason)
        },
      })
    },
    /Frame 100 of 200 bytes is none of those that were sent/,
  ],
]

describe('transportCompliance finds', () => {
  for (const [check, what, mutate, text] of mutants) {
    // At once, as many of them wait for what will never come.
    it.concurrent(`${check}: one that ${what}`, async () => {
      const checks = checksOf(brokenPair(mutate))
      await expect(checks.get(check)!()).rejects.toThrow(text)
    })
  }

  for (const [check, what, mutate, text] of looseMutants) {
    it.concurrent(`without a reliable lane, ${check}: one that ${what}`, async () => {
      const checks = checksOf(brokenPair(mutate, { reliable: false }))
      await expect(checks.get(check)!()).rejects.toThrow(text)
    })
  }

  it.each([{}, { reliable: false }])('nothing wrong where nothing is: %j', async (options) => {
    for (const check of checksOf(brokenPair(() => {}, options)).values()) await check()
  })

  it('nothing wrong where the machine does something else for longer than anything may take', async () => {
    let busy = 0
    const stopped = (_a: OddTransport, b: OddTransport) => {
      b.oddEvents = (next) => ({
        frame(link, frame) {
          const end = performance.now() + (++busy === 5 ? 1500 : 0)
          while (performance.now() < end);
          next.frame(link, frame)
        },
      })
    }
    const slow = brokenPair(stopped, { latencyMs: 5, bandwidth: 2_000_000, queueMs: 60_000 })
    await checksOf(slow, 600).get('reliable frames of 1 byte to maxFrameSize arrive intact and in order')!()
    expect(busy).toBeGreaterThan(200)
  })

  it('a broken transport in every one of its checks', () => {
    const names = checksOf(brokenPair(() => {})).keys()
    expect([...new Set(mutants.map(([check]) => check))].sort()).toEqual([...names].sort())
  })
})
