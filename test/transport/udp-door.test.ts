// What strangers can and cannot do, on a socket of paper and a clock of the test's own.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { ipv4Number, networkOf } from '../../src/transport/address.js'
import { COOKIE_LIFETIME_MS, CookieJar } from '../../src/transport/udp/cookies.js'
import { Dial } from '../../src/transport/udp/dial.js'
import { hmac, PaperSocket, paperHub } from './udp-hub.js'
import {
  ACCEPT,
  acceptOf,
  CLOSE,
  FRAME,
  GONE,
  givenId,
  type HelloFields,
  helloOf,
  idIn,
  PING,
  PONG,
  REFUSE,
  RETRY,
  withId,
} from './udp-raw.js'

type World = ReturnType<typeof paperHub>

/** Two hellos from that place; the answer to the second. */
function knock({ hear }: World, fields: HelloFields, address = '10.0.0.1', port = 5000): Buffer | undefined {
  const [retry] = hear(helloOf(fields), address, port)
  if (retry?.[0] !== RETRY) return retry
  return hear(helloOf({ ...fields, cookie: retry.subarray(9) }), address, port)[0]
}

/** A link from that place. @returns the id that datagrams to the hub carry. */
function linkFrom(world: World, fields: HelloFields, address = '10.0.0.1', port = 5000): bigint {
  const accept = knock(world, fields, address, port)
  expect(accept?.[0]).toBe(ACCEPT)
  const id = givenId(accept!)
  expect(world.hear(withId(PING, id), address, port).at(-1)?.[0]).toBe(PONG)
  return id
}

function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 0x7fffffff
    return state % below
  }
}

describe('the handshake at the listening end', () => {
  it('goes by the document, byte by byte', () => {
    const world = paperHub({ maxFrameSize: 2000 })
    const fields = { steamId: 7n, id: 0xabcdef0123456789n, limit: 1500 }
    const [retry] = world.hear(helloOf(fields))
    expect([retry!.byteLength, retry![0], idIn(retry!)]).toEqual([25, RETRY, 0xabcdef0123456789n])
    const [accept] = world.hear(helloOf({ ...fields, cookie: retry!.subarray(9) }))
    expect([accept!.byteLength, accept![0], idIn(accept!)]).toEqual([28, ACCEPT, 0xabcdef0123456789n])
    expect([accept![9], accept!.readUInt16LE(10), accept!.readBigUInt64LE(12)]).toEqual([1, 2000, 100n])
    expect(world.ear.log).toEqual([])
    const id = givenId(accept!)
    expect(world.hear(withId(FRAME, id, Buffer.from('abc')))).toEqual([])
    expect(world.ear.log).toEqual(['up 7', 'frame 97,98,99'])
    expect(world.ear.link).toMatchObject({ peer: 7n, reliable: false, relayed: false, maxFrameSize: 1500 })
    expect(world.ear.link.address).toEqual({ ip: 0x0a000001, port: 5000 })
    const [pong] = world.hear(withId(PING, id))
    expect(pong).toEqual(withId(PONG, 0xabcdef0123456789n))
    world.hear(withId(CLOSE, id, Buffer.from('bye')))
    expect(world.ear.log.at(-1)).toBe('down 7: bye')
    expect(world.clock.pending).toBe(0)
  })

  it('takes a cookie from the address, the port and the hello that it was given to, and from no other', () => {
    const world = paperHub()
    const fields = { steamId: 7n, id: 5n }
    const cookie = world.hear(helloOf(fields))[0]!.subarray(9)
    const says = (changed: object, address = '10.0.0.1', port = 5000) =>
      world.hear(helloOf({ ...fields, cookie, ...changed }), address, port)[0]![0]
    expect(says({}, '10.0.0.2')).toBe(RETRY)
    expect(says({}, '10.0.0.1', 5001)).toBe(RETRY)
    expect(says({ steamId: 8n })).toBe(RETRY)
    expect(says({ id: 6n })).toBe(RETRY)
    expect(says({ limit: 1281 })).toBe(RETRY)
    expect(says({ cookie: Buffer.from(cookie).fill(1, 15) })).toBe(RETRY)
    expect(world.hub.stats.pendingHandshakes).toBe(0)
    expect(says({})).toBe(ACCEPT)
    expect(world.hub.stats).toMatchObject({ pendingHandshakes: 1, retries: 7 })
  })

  it('forgets cookies after twenty seconds, and not before ten', () => {
    const world = paperHub()
    const cookieAt = (ms: number) => {
      world.clock.advance(ms)
      return world.hear(helloOf({ steamId: 7n }))[0]!.subarray(9)
    }
    const says = (cookie: Uint8Array) => world.hear(helloOf({ steamId: 7n, cookie }))[0]![0]
    const early = cookieAt(1)
    const late = cookieAt(COOKIE_LIFETIME_MS - 2)
    world.clock.advance(COOKIE_LIFETIME_MS)
    expect(says(late)).toBe(ACCEPT)
    world.clock.advance(COOKIE_LIFETIME_MS)
    expect(says(late)).toBe(RETRY)
    expect(says(early)).toBe(RETRY)
    // A jar that nobody asked for an hour makes two new secrets at once.
    const clock = world.clock
    const jar = new CookieJar(hmac, clock)
    const old = jar.bake('a', 1, Buffer.from('x'))
    clock.advance(3_600_000)
    expect(jar.knows(old, 'a', 1, Buffer.from('x'))).toBe(false)
  })

  it('is not shortened or repeated by what somebody has recorded', () => {
    const world = paperHub()
    const fields = { steamId: 7n }
    const cookie = world.hear(helloOf(fields))[0]!.subarray(9)
    const proven = helloOf({ ...fields, cookie })
    const id = givenId(world.hear(proven)[0]!)
    const recorded = [helloOf(fields), proven, withId(PING, id), withId(FRAME, id, Buffer.from('abcd'))]
    world.hear(recorded[2]!)
    world.hear(recorded[3]!)
    // While the link is up: the same ACCEPT, and no second link.
    expect(givenId(world.hear(proven)[0]!)).toBe(id)
    expect(world.ear.links).toHaveLength(1)
    world.hear(withId(CLOSE, id))
    const heard = world.ear.log.length
    for (const datagram of [...recorded, ...recorded]) world.hear(datagram)
    expect(world.ear.log.slice(heard)).toEqual([])
    // The handshake that was begun ends by itself.
    expect(world.hub.stats).toMatchObject({ linksUp: 0, pendingHandshakes: 1 })
    world.clock.advance(5000)
    expect(world.hub.stats).toMatchObject({ pendingHandshakes: 0, handshakeTimeouts: 1 })
    expect(world.clock.pending).toBe(0)
  })

  it('refuses other versions, frame limits below 1,280, and ids that are none', () => {
    const world = paperHub()
    const refusal = (fields: HelloFields) => {
      const answer = knock(world, fields)!
      expect([answer[0], answer.byteLength, idIn(answer)]).toEqual([REFUSE, 10, 0x1111_2222_3333_4444n])
      return answer[9]
    }
    expect(refusal({ steamId: 7n, version: 2 })).toBe(1)
    expect(refusal({ steamId: 7n, version: 0 })).toBe(1)
    expect(refusal({ steamId: 7n, limit: 1279 })).toBe(1)
    expect(refusal({ steamId: 0n })).toBe(2)
    expect(refusal({ steamId: 100n })).toBe(2)
    expect(world.hear(helloOf({ steamId: 7n, magic: 'GWIX' }))).toEqual([])
    expect(world.hub.stats).toMatchObject({ refusedHellos: 5, brokenDatagrams: 1, pendingHandshakes: 0 })
  })

  it('does not listen where nobody was asked to', () => {
    const world = paperHub()
    world.hub.datagram(new PaperSocket(false), helloOf({ steamId: 7n }), '10.0.0.1', 5000)
    expect(world.hub.stats).toMatchObject({ strayDatagrams: 1, retries: 0 })
  })
})

describe('before an address is proven', () => {
  it('no answer is larger than what it answers, and nothing is kept', () => {
    const world = paperHub({ token: new Uint8Array(512) })
    const id = linkFrom(world, { steamId: 7n })
    let asked = 0
    let answered = 0
    const cookie = new Uint8Array(16).fill(9)
    const rests = [0, 1, 16, 200, 1280].map((size) => new Uint8Array(size))
    const datagrams = [
      helloOf({ steamId: 9n }),
      helloOf({ steamId: 9n, cookie }),
      helloOf({ steamId: 9n, cookie, token: new Uint8Array(512) }),
      helloOf({ steamId: 9n, version: 9 }),
      helloOf({ steamId: 0n }),
      helloOf({ steamId: 100n, limit: 1 }),
      ...rests.flatMap((rest) => [...Array(256).keys()].map((type) => withId(type, 12_345n, rest))),
      // With the id of a link, from elsewhere.
      ...rests.flatMap((rest) => [...Array(256).keys()].map((type) => withId(type, id, rest))),
    ]
    for (const datagram of datagrams) {
      const answers = world.hear(datagram, '198.51.100.1', 53)
      const size = answers.reduce((sum, answer) => sum + answer.byteLength, 0)
      expect(size, `type ${datagram[0]}, ${datagram.byteLength} bytes`).toBeLessThanOrEqual(datagram.byteLength)
      asked += datagram.byteLength
      answered += size
    }
    expect(answered).toBeGreaterThan(0)
    expect(answered / asked).toBeLessThanOrEqual(1)
    expect(world.hub.stats).toMatchObject({ linksUp: 1, pendingHandshakes: 0 })
    expect(world.hub.crowd.size).toBe(1)
    expect(world.ear.downs).toEqual([])
  })

  it('100,000 hellos from as many addresses leave no trace', async () => {
    const world = paperHub()
    const random = randomOf(11)
    const flood = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const address = `${random(224)}.${random(256)}.${random(256)}.${random(256)}`
        const cookie = i % 2 === 0 ? new Uint8Array(16) : new Uint8Array(16).fill(1 + random(255))
        const answers = world.hear(
          helloOf({ steamId: BigInt(i + 1), id: BigInt(i), cookie }),
          address,
          1 + random(65_535),
        )
        if (answers.length !== 1 || answers[0]![0] !== RETRY) throw new Error(`hello ${i} was answered otherwise`)
        if (i % 1000 === 0) await Promise.resolve()
      }
    }
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const heap = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    await flood(10_000)
    const before = heap()
    await flood(100_000)
    expect(heap() - before).toBeLessThan(2 << 20)
    expect(world.hub.stats).toMatchObject({ retries: 110_000, pendingHandshakes: 0, linksUp: 0 })
    expect([world.hub.knocks.size, world.hub.crowd.size, world.clock.pending]).toEqual([0, 0, 0])
  })
})

describe('once it is', () => {
  it('one address begins so many links and handshakes, and others are not kept out', () => {
    const world = paperHub({ maxPerAddress: 3 })
    const from = (address: string, id: number) =>
      knock(world, { steamId: BigInt(id), id: BigInt(id) }, address, 5000 + id)
    linkFrom(world, { steamId: 1n, id: 1n }, '10.0.0.1', 5001)
    expect([2, 3].map((id) => from('10.0.0.1', id)![0])).toEqual([ACCEPT, ACCEPT])
    expect([...from('10.0.0.1', 4)!.subarray(9)]).toEqual([5])
    expect([...from('::ffff:10.0.0.1', 4)!.subarray(9)]).toEqual([5])
    expect(from('10.0.0.2', 5)![0]).toBe(ACCEPT)
    // Handshakes end, and make room.
    world.clock.advance(5000)
    expect(world.hub.crowd.count('10.0.0.1')).toBe(1)
    expect(from('10.0.0.1', 4)![0]).toBe(ACCEPT)
  })

  it('all IPv6 addresses of one network count as one', () => {
    const world = paperHub({ maxPerAddress: 2 })
    const from = (address: string, id: number) => knock(world, { steamId: BigInt(id), id: BigInt(id) }, address)![0]
    expect(from('2001:db8:1:2::1', 1)).toBe(ACCEPT)
    expect(from('2001:db8:1:2:ffff::9', 2)).toBe(ACCEPT)
    expect(from('2001:db8:1:2:3:4:5:6', 3)).toBe(REFUSE)
    expect(from('2001:db8:1:3::1', 4)).toBe(ACCEPT)
  })

  it('there are so many links', () => {
    const world = paperHub({ maxLinks: 2 })
    linkFrom(world, { steamId: 1n, id: 1n }, '10.0.0.1')
    linkFrom(world, { steamId: 2n, id: 2n }, '10.0.0.2')
    expect([...knock(world, { steamId: 3n, id: 3n }, '10.0.0.3')!.subarray(9)]).toEqual([4])
    // Between ACCEPT and its answer others may have come.
    const late = paperHub({ maxLinks: 1 })
    const accept = knock(late, { steamId: 1n, id: 1n }, '10.0.0.1')!
    linkFrom(late, { steamId: 2n, id: 2n }, '10.0.0.2')
    expect(late.hear(withId(PING, givenId(accept)), '10.0.0.1').map((one) => one[0])).toEqual([CLOSE, CLOSE, CLOSE])
    expect(late.ear.links).toHaveLength(1)
  })

  it('a flood of real handshakes costs so many places, and the oldest give way', () => {
    const world = paperHub({ maxPendingHandshakes: 10, maxPerAddress: 4 })
    for (let i = 1; i <= 2000; i++) {
      const accept = knock(world, { steamId: BigInt(i + 1000), id: BigInt(i) }, `10.${i >> 8}.${i & 255}.1`)
      expect(accept![0]).toBe(ACCEPT)
      expect(world.hub.knocks.size).toBeLessThanOrEqual(10)
    }
    expect(world.hub.stats).toMatchObject({ pendingHandshakes: 10, handshakeTimeouts: 1990 })
    expect([world.hub.crowd.size, world.clock.pending]).toEqual([10, 10])
    // Whoever comes now gets through.
    linkFrom(world, { steamId: 7n, id: 7n }, '192.0.2.1')
  })

  it('of those that ask `authenticate` none gives way', async () => {
    const asked: bigint[] = []
    const never = new Promise<boolean>(() => {})
    const authenticate = ({ steamId }: { steamId: bigint }) => {
      asked.push(steamId)
      return never
    }
    const world = paperHub({ maxPendingHandshakes: 2, authenticate })
    for (let i = 1; i <= 5; i++) knock(world, { steamId: BigInt(i), id: BigInt(i) }, `10.0.0.${i}`)
    await Promise.resolve()
    expect(asked).toEqual([1n, 2n])
    expect(world.hub.stats).toMatchObject({ pendingHandshakes: 2, droppedHellos: 3 })
    world.clock.advance(5000)
    expect(world.hub.stats).toMatchObject({ pendingHandshakes: 0, handshakeTimeouts: 2 })
  })
})

describe('two that say to be the same', () => {
  it('the second waits until the first has shown that it is there, and is refused', () => {
    const world = paperHub()
    const first = linkFrom(world, { steamId: 7n, id: 1n }, '10.0.0.1')
    const asks = { steamId: 7n, id: 2n }
    const cookie = world.hear(helloOf(asks), '10.0.0.2')[0]!.subarray(9)
    const again = () => {
      world.hub.datagram(world.socket, helloOf({ ...asks, cookie }), '10.0.0.2', 5000)
      return world.socket.take().map(({ bytes, to }) => `${bytes[0]} ${to.address}`)
    }
    expect(again()).toEqual([`${PING} 10.0.0.1`])
    world.hear(withId(PONG, first), '10.0.0.1')
    expect(again()).toEqual([`${REFUSE} 10.0.0.2`])
    // A sign of life is good for two seconds.
    world.clock.advance(2001)
    expect(again()).toEqual([`${PING} 10.0.0.1`])
    expect(world.ear.log).toEqual(['up 7'])
  })

  it('a first one that is silent for two seconds makes room', () => {
    const world = paperHub()
    linkFrom(world, { steamId: 7n, id: 1n }, '10.0.0.1')
    const asks = { steamId: 7n, id: 2n }
    const cookie = world.hear(helloOf(asks), '10.0.0.2')[0]!.subarray(9)
    const again = () => world.hear(helloOf({ ...asks, cookie }), '10.0.0.2').map((one) => one[0])
    again()
    world.clock.advance(1000)
    const pings = world.socket.take().filter(({ bytes }) => bytes[0] === PING)
    expect(pings.length).toBeGreaterThanOrEqual(4)
    expect(again()).toEqual([])
    world.clock.advance(1000)
    world.socket.take()
    expect(world.ear.downs).toEqual(['the other end is silent'])
    expect(again()).toEqual([ACCEPT])
  })

  it('with `replace` the newer one is taken, after its handshake is whole', () => {
    const world = paperHub({ onDuplicate: 'replace' })
    const first = linkFrom(world, { steamId: 7n, id: 1n }, '10.0.0.1')
    const accept = knock(world, { steamId: 7n, id: 2n }, '10.0.0.2')!
    expect(world.ear.downs).toEqual([])
    world.hear(withId(PING, givenId(accept)), '10.0.0.2')
    expect(world.ear.log).toEqual(['up 7', 'down 7: replaced by a newer link', 'up 7'])
    expect(world.hear(withId(FRAME, first, Buffer.from('x')), '10.0.0.1')).toEqual([withId(GONE, first)])
    expect(world.hub.stats).toMatchObject({ linksUp: 1, replacedLinks: 1 })
  })

  it('who comes again from the same address and port is let in, also where there is no room beside', () => {
    const world = paperHub({ maxPerAddress: 1 })
    linkFrom(world, { steamId: 7n, id: 1n })
    linkFrom(world, { steamId: 7n, id: 2n })
    expect(world.ear.log).toEqual(['up 7', 'down 7: replaced by a newer link', 'up 7'])
    expect(world.hub.crowd.count('10.0.0.1')).toBe(1)
  })
})

describe('the life of a link', () => {
  it('an id counts from its own place only; elsewhere it is gone', () => {
    const world = paperHub()
    const id = linkFrom(world, { steamId: 7n })
    for (const [address, port] of [
      ['10.0.0.2', 5000],
      ['10.0.0.1', 5001],
    ] as const) {
      expect(world.hear(withId(FRAME, id, Buffer.from('abc')), address, port)).toEqual([withId(GONE, id)])
      expect(world.hear(withId(CLOSE, id), address, port)).toEqual([])
    }
    // GONE carries the id that the other end was sent: what strangers cannot know.
    expect(world.hear(withId(GONE, 0x1111_2222_3333_4445n))).toEqual([])
    expect(world.hear(withId(GONE, 0x1111_2223_3333_4444n))).toEqual([])
    expect(world.hear(withId(GONE, id))).toEqual([])
    expect(world.hear(withId(GONE, 0x1111_2222_3333_4444n), '10.0.0.2')).toEqual([])
    expect(world.ear.log).toEqual(['up 7'])
    world.hear(withId(GONE, 0x1111_2222_3333_4444n))
    expect(world.ear.downs).toEqual(['the other end does not know this link any more'])
  })

  it('half of a right id is a wrong one', () => {
    const world = paperHub()
    const id = linkFrom(world, { steamId: 7n })
    for (let bit = 0n; bit < 64n; bit++) world.hear(withId(CLOSE, id ^ (1n << bit)))
    expect(world.ear.downs).toEqual([])
  })

  it('asks after silence, and ends with it', () => {
    const world = paperHub({ keepAliveMs: 1000, silenceMs: 5000 })
    const id = linkFrom(world, { steamId: 7n })
    const pings = () => world.socket.take().filter(({ bytes }) => bytes[0] === PING).length
    world.clock.advance(999)
    expect(pings()).toBe(0)
    world.clock.advance(1)
    expect(pings()).toBe(1)
    world.hear(withId(PONG, id))
    world.clock.advance(999)
    expect(pings()).toBe(0)
    world.clock.advance(4000)
    expect(pings()).toBe(10)
    expect(world.ear.downs).toEqual([])
    world.clock.advance(1)
    expect(world.ear.downs).toEqual(['the other end is silent'])
    expect(world.hub.stats).toMatchObject({ linksUp: 0, silentLinks: 1 })
    expect(world.clock.pending).toBe(0)
  })

  it('does not take its own sleep for silence', () => {
    const world = paperHub({ keepAliveMs: 1000, silenceMs: 5000 })
    const id = linkFrom(world, { steamId: 7n })
    const { clock } = world
    clock.sleep(3_600_000)
    clock.advance(1000)
    expect(world.ear.downs).toEqual([])
    expect(world.socket.take().some(({ bytes }) => bytes[0] === PING)).toBe(true)
    world.hear(withId(PONG, id))
    clock.advance(999)
    expect(world.ear.downs).toEqual([])
    // Whoever is silent after that is silent, though every timer be late.
    for (let i = 0; i < 8; i++) {
      clock.sleep(1500)
      clock.advance(500)
    }
    expect(world.ear.downs).toEqual(['the other end is silent'])
  })

  it('drops frames that are empty or too large, and what is of no use', () => {
    const world = paperHub()
    const id = linkFrom(world, { steamId: 7n })
    world.hear(withId(FRAME, id))
    world.hear(withId(FRAME, id, new Uint8Array(1281)))
    world.hear(withId(ACCEPT, id, new Uint8Array(19)))
    world.hear(withId(0x77, id))
    expect(world.hub.stats).toMatchObject({ droppedFrames: 2, strayDatagrams: 2 })
    world.hear(withId(FRAME, id, new Uint8Array(1280)))
    expect(world.ear.frames.map((frame) => frame.byteLength)).toEqual([1280])
  })

  it('a reason is cut at 200 bytes, between characters', () => {
    const world = paperHub()
    linkFrom(world, { steamId: 7n })
    world.ear.link.close(`a${'é'.repeat(200)}`)
    const closes = world.socket.take().map(({ bytes }) => bytes)
    expect(closes.map((one) => one[0])).toEqual([CLOSE, CLOSE, CLOSE])
    expect(closes[0]!.subarray(9).toString()).toBe(`a${'é'.repeat(99)}`)
  })
})

describe('the dialling end', () => {
  function dialling(options: object = {}) {
    const world = paperHub({ steamId: 50n, ...options })
    const socket = new PaperSocket(false)
    const remote = { socket, address: '10.0.0.9', port: 4000, owned: true }
    const results: (bigint | string)[] = []
    const dial = new Dial(world.hub, remote, undefined, (result) => results.push(result))
    world.hub.dial(dial)
    dial.say()
    const take = () => socket.take().map((answer) => answer.bytes)
    const hear = (bytes: Uint8Array, address = '10.0.0.9') =>
      world.hub.datagram(socket, new Uint8Array(bytes), address, 4000)
    const hello = take()[0]!
    return {
      ...world,
      hearAtDoor: world.hear,
      hear,
      take,
      results,
      socket,
      hello,
      ownId: hello.readBigUInt64LE(16),
      dial,
    }
  }

  it('shows its token to whoever has answered only', () => {
    const { hello, hear, take, ownId } = dialling({ token: Buffer.from('secret') })
    expect(hello).toEqual(helloOf({ steamId: 50n, id: ownId }))
    const cookie = new Uint8Array(16).fill(7)
    hear(withId(RETRY, ownId, cookie))
    expect(take()).toEqual([helloOf({ steamId: 50n, id: ownId, cookie, token: Buffer.from('secret') })])
  })

  it('is not driven faster by RETRY than three times', () => {
    const { hear, take, ownId, clock } = dialling()
    for (let i = 0; i < 50; i++) hear(withId(RETRY, ownId, new Uint8Array(16).fill(i)))
    expect(take()).toHaveLength(3)
    clock.advance(5000)
    expect(take().length).toBeLessThan(15)
  })

  it('says PING until it is heard, and does not take a second ACCEPT for an answer', () => {
    const { hear, take, ownId, clock, results, ear } = dialling()
    const accept = acceptOf(ownId, { steamId: 9n, id: 77n, limit: 1400 })
    hear(accept)
    expect(results).toEqual([9n])
    expect(take()).toEqual([withId(PING, 77n)])
    clock.advance(200)
    expect(take()).toEqual([withId(PING, 77n)])
    // "I have not heard you": so it is asked at once, and again.
    hear(accept)
    expect(take()).toEqual([withId(PING, 77n)])
    clock.advance(1000)
    expect(take().length).toBeGreaterThanOrEqual(4)
    hear(withId(PONG, ownId))
    clock.advance(5000)
    expect(take()).toEqual([])
    expect(ear.log).toEqual(['up 9'])
    expect(ear.link.maxFrameSize).toBe(1280)
  })

  it('keeps the link that came up meanwhile, and ends the other', () => {
    const world = dialling()
    linkFrom({ ...world, hear: world.hearAtDoor }, { steamId: 9n, id: 5n }, '10.0.0.1')
    world.hear(acceptOf(world.ownId, { steamId: 9n, id: 77n }))
    expect(world.results).toEqual([9n])
    expect(world.take().map((one) => one.toString('hex'))).toEqual(
      Array(3).fill(withId(CLOSE, 77n, Buffer.from('there is a link already')).toString('hex')),
    )
    expect(world.ear.log).toEqual(['up 9'])
  })

  it('ends a link that is never heard', () => {
    const { hear, ownId, clock, ear, socket } = dialling()
    hear(acceptOf(ownId, { steamId: 9n, id: 77n }))
    clock.advance(5000)
    expect(ear.log).toEqual(['up 9', 'down 9: the other end is silent'])
    expect(clock.pending).toBe(0)
    return Promise.resolve().then(() => expect(socket.isOpen).toBe(false))
  })

  it.each([
    ['another version', { steamId: 9n, id: 77n, version: 2 }, 'protocol version 2, not 1'],
    ['a small limit', { steamId: 9n, id: 77n, limit: 1279 }, 'a frame limit of 1279, below 1280'],
    ['no id', { steamId: 0n, id: 77n }, '0 is no Steam id'],
    ['its own id', { steamId: 50n, id: 77n }, "50 is this end's own id"],
  ])('declines %s', (_, fields, reason) => {
    const { hear, take, ownId, results, ear } = dialling()
    hear(acceptOf(ownId, fields))
    expect(results).toEqual([reason])
    expect(take().map((one) => one[0])).toEqual([CLOSE, CLOSE, CLOSE])
    expect(ear.log).toEqual([])
  })

  it.each([
    [1, 'it does not speak protocol version 1'],
    [2, 'it refused the Steam id'],
    [3, 'another link speaks as this Steam id there'],
    [4, 'it has as many links as it may'],
    [5, 'it has as many links with this address as it may'],
    [99, 'it refused for reason 99'],
  ])('says why it was refused: %i', (code, reason) => {
    const { hear, ownId, results } = dialling()
    hear(withId(REFUSE, ownId, Buffer.of(code)))
    expect(results).toEqual([reason])
  })

  it('does not believe strangers', () => {
    const { hear, take, ownId, results, hub, clock } = dialling()
    hear(withId(REFUSE, ownId ^ 1n, Buffer.of(1)))
    hear(withId(REFUSE, ownId, Buffer.of(1)), '10.0.0.8')
    hear(acceptOf(ownId ^ (1n << 40n), { steamId: 9n, id: 77n }))
    for (const size of [0, 1, 15, 17, 18, 20]) {
      hear(withId(RETRY, ownId, new Uint8Array(size)))
      hear(withId(ACCEPT, ownId, new Uint8Array(size)))
    }
    hear(withId(REFUSE, ownId))
    expect([results, take()]).toEqual([[], []])
    expect(hub.stats).toMatchObject({ strayDatagrams: 3, brokenDatagrams: 13, linksUp: 0 })
    clock.advance(5000)
    expect(results).toEqual(['no answer in time'])
    expect(clock.pending).toBe(0)
  })
})

describe('bytes that make no sense', () => {
  it('100,000 of them break nothing, cost nothing, and are answered with no more than came', () => {
    const world = paperHub({ maxPendingHandshakes: 50 })
    const linkId = linkFrom(world, { steamId: 7n, id: 0x0f1e_2d3c_4b5a_6978n }, '10.0.0.1')
    const knockId = givenId(knock(world, { steamId: 8n, id: 80n }, '10.0.0.2')!)
    const cookie = world.hear(helloOf({ steamId: 9n, id: 90n }), '10.0.0.3')[0]!.subarray(9)
    // What makes sense, to be mutated; from the place from which it would.
    const seeds: [Buffer, string][] = [
      [helloOf({ steamId: 9n, id: 90n, cookie }), '10.0.0.3'],
      [helloOf({ steamId: 8n, id: 80n }), '10.0.0.2'],
      [withId(PING, linkId), '10.0.0.1'],
      [withId(FRAME, linkId, Buffer.alloc(64, 3)), '10.0.0.1'],
      [withId(CLOSE, ~linkId & 0xffff_ffff_ffff_ffffn, Buffer.from('bye')), '10.0.0.1'],
      [withId(GONE, 0xf0e1_d2c3_b4a5_9687n), '10.0.0.1'],
      [withId(PONG, knockId), '10.0.0.2'],
      [acceptOf(linkId, { steamId: 9n, id: 77n }), '10.0.0.1'],
    ]
    const random = randomOf(20_261)
    let answered = 0
    for (let i = 0; i < 100_000; i++) {
      const [seed, address] = seeds[random(seeds.length)]!
      const bytes = mutated(seed, random)
      // Who knows the id may close: that is no broken datagram.
      if (bytes[0] === CLOSE && bytes.byteLength >= 9 && idIn(Buffer.from(bytes)) === linkId) continue
      const answers = world.hear(bytes, address)
      const size = answers.reduce((sum, answer) => sum + answer.byteLength, 0)
      if (size > bytes.byteLength)
        throw new Error(`datagram ${i} of ${bytes.byteLength} bytes was answered with ${size}`)
      answered += answers.length
      if (i % 1000 === 0) world.clock.advance(20)
    }
    expect(answered).toBeGreaterThan(1000)
    expect(world.ear.log.filter((line) => line.startsWith('down 7'))).toEqual([])
    expect(world.hub.stats.pendingHandshakes).toBeLessThanOrEqual(50)
    expect(world.hub.stats.brokenDatagrams).toBeGreaterThan(1000)
    expect(world.hub.stats.strayDatagrams).toBeGreaterThan(1000)
    // And everything goes on.
    const before = world.ear.frames.length
    world.hear(withId(FRAME, linkId, Buffer.from('still here')))
    expect(world.ear.frames.length).toBe(before + 1)
    linkFrom(world, { steamId: 11n, id: 110n }, '10.0.0.4')
  })
})

/** Cut, lengthened, flipped or wholly random; the first bytes more often than others. */
function mutated(seed: Buffer, random: (below: number) => number): Uint8Array {
  const kind = random(5)
  if (kind === 0) return seed.subarray(0, random(seed.byteLength))
  if (kind === 1) return Buffer.concat([seed, Buffer.alloc(random(1500), random(256))])
  if (kind === 2) return Uint8Array.from({ length: random(64) }, () => random(256))
  const bytes = Buffer.from(seed)
  const flips = 1 + random(3)
  for (let i = 0; i < flips; i++) bytes[kind === 3 ? random(10) : random(bytes.byteLength)]! ^= 1 << random(8)
  return bytes
}

describe('addresses', () => {
  it.each([
    ['127.0.0.1', 0x7f000001],
    ['255.255.255.255', 0xffffffff],
    ['::ffff:10.1.2.3', 0x0a010203],
    ['::1', 0],
    ['fe80::1%eth0', 0],
  ])('%s as a number is %i', (address, number) => expect(ipv4Number(address)).toBe(number))

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:10.0.0.1', '10.0.0.1'],
    ['::1', '0:0:0:0::'],
    ['::', '0:0:0:0::'],
    ['2001:DB8::1', '2001:db8:0:0::'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['1::2:3:4:5:6:7', '1:0:2:3::'],
    ['fe80::1%eth0', 'fe80:0:0:0::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::'],
  ])('%s belongs to %s', (address, network) => expect(networkOf(address)).toBe(network))
})
