// UdpTransport on real sockets; what strangers can do to it stands in udp-door.test.ts.
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isGodotWireError } from '../../src/errors.js'
import { VirtualClock } from '../../src/transport/index.js'
import { type UdpClaim, UdpTransport, type UdpTransportOptions } from '../../src/transport/udp/index.js'
import { bytes, Ear } from './ear.js'
import { UdpDetour } from './udp-detour.js'
import { ACCEPT, CLOSE, FRAME, GONE, helloOf, idIn, PING, PONG, RawSocket, REFUSE, RETRY, withId } from './udp-raw.js'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

function transport(steamId: bigint, options: Partial<UdpTransportOptions> = {}) {
  const made = new UdpTransport({ steamId, ...options })
  open.push(() => made.close())
  return { transport: made, ear: new Ear(made), stats: made.stats }
}

async function server(options: Partial<UdpTransportOptions> = {}, host?: string) {
  const made = transport(100n, options)
  return { ...made, place: await made.transport.listen(host === undefined ? {} : { host }) }
}

async function raw(address?: string): Promise<RawSocket> {
  const socket = await RawSocket.open(address)
  open.push(() => socket.close())
  return socket
}

async function detour(to: { host: string; port: number }, options = {}): Promise<UdpDetour> {
  const made = await UdpDetour.to(to, options)
  open.push(() => made.close())
  return made
}

/** The code that a promise is rejected with, and the error. */
async function rejection(promise: Promise<unknown>): Promise<{ code: string; error: Error }> {
  const error = await promise.then(
    () => undefined,
    (caught: Error) => caught,
  )
  if (!isGodotWireError(error)) throw new Error(`rejected with ${String(error)}`)
  return { code: error.code, error }
}

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))

describe('a link', () => {
  it('comes up at both ends, and each knows where the other is', async () => {
    const b = await server()
    const a = transport(7n)
    expect(await a.transport.open(b.place)).toBe(100n)
    await Promise.all([a.ear.up(), b.ear.up()])
    expect(a.ear.link).toMatchObject({ peer: 100n, reliable: false, relayed: false, maxFrameSize: 1280 })
    expect(a.ear.link.address).toEqual({ ip: 0x7f000001, port: b.place.port })
    expect(b.ear.link.peer).toBe(7n)
    expect(b.ear.link.address!.ip).toBe(0x7f000001)
    // Whether the port is true shows who is answered there.
    a.ear.link.send(bytes(1, 2, 3), 'datagram')
    await b.ear.got(1)
    expect(b.ear.link.address!.port).not.toBe(b.place.port)
    b.ear.link.send(bytes(4), 'reliable')
    await a.ear.got(1)
    expect([a.stats.linksUp, b.stats.linksUp, b.stats.pendingHandshakes]).toEqual([1, 1, 0])
  })

  it('tells the port from which the other end has dialled', async () => {
    const b = await server()
    const a = transport(7n)
    const own = await a.transport.listen()
    await a.transport.open(b.place)
    await b.ear.up()
    expect(b.ear.link.address).toEqual({ ip: 0x7f000001, port: own.port })
  })

  it.skipIf(!hasIpv6)('runs over IPv6, whose addresses are no numbers', async () => {
    const b = await server({}, '::1')
    expect(b.place.host).toBe('::1')
    const a = transport(7n)
    expect(await a.transport.open(b.place)).toBe(100n)
    await Promise.all([a.ear.up(), b.ear.up()])
    expect(a.ear.link.address).toEqual({ ip: 0, port: b.place.port })
    a.ear.link.send(new Uint8Array(1280).fill(5), 'datagram')
    await b.ear.got(1)
    expect(b.ear.frames[0]).toEqual(new Uint8Array(1280).fill(5))
  })

  it.skipIf(!hasIpv6)('takes both families where it listens on `::`', async () => {
    const b = await server({}, '::')
    const a = [transport(7n), transport(8n)]
    await a[0]!.transport.open({ host: '127.0.0.1', port: b.place.port })
    await a[1]!.transport.open({ host: '::1', port: b.place.port })
    await b.ear.up(2)
    const ips = b.ear.links.map(({ peer, address }) => [peer, address!.ip])
    expect(ips).toEqual([
      [7n, 0x7f000001],
      [8n, 0],
    ])
  })

  it('takes a name for an address', async () => {
    const b = await server()
    expect(await transport(7n).transport.open({ host: 'localhost', port: b.place.port })).toBe(100n)
  })

  it('has the smaller frame limit of both ends, and datagrams that fit any path by default', async () => {
    const b = await server({ maxFrameSize: 9000 })
    const a = transport(7n, { maxFrameSize: 1400 })
    await a.transport.open(b.place)
    await Promise.all([a.ear.up(), b.ear.up()])
    expect([a.ear.link.maxFrameSize, b.ear.link.maxFrameSize]).toEqual([1400, 1400])
    const c = await raw()
    const plain = await server()
    const id = await c.shakeHands(plain.place, { steamId: 9n, limit: 65_000 })
    await plain.ear.up()
    plain.ear.link.send(new Uint8Array(plain.ear.link.maxFrameSize), 'datagram')
    const frame = await c.gotType(FRAME)
    // 48 bytes of IPv6 and UDP, and 9 of ours: below the 1,500 of Ethernet.
    expect(frame.byteLength + 48).toBeLessThanOrEqual(1500)
    expect(id).not.toBe(0n)
  })

  it('comes to one of both that dial each other at once', async () => {
    const places = new Map<bigint, { host: string; port: number }>()
    const addressOf = (peer: bigint) => places.get(peer)
    for (let round = 0; round < 5; round++) {
      const [a, b] = [transport(7n, { addressOf }), transport(8n, { addressOf })]
      places.set(7n, await a.transport.listen())
      places.set(8n, await b.transport.listen())
      a.transport.connect(8n)
      b.transport.connect(7n)
      await Promise.all([a.ear.up(), b.ear.up()])
      a.ear.link.send(bytes(1), 'datagram')
      await b.ear.got(1)
      expect([a.ear.links.length, b.ear.links.length]).toEqual([1, 1])
      a.transport.close()
      b.transport.close()
    }
  })
})

describe('what cannot be', () => {
  it('a port that is taken is an error with the code of the system', async () => {
    const b = await server()
    const { code, error } = await rejection(transport(7n).transport.listen({ port: b.place.port }))
    expect(code).toBe('TRANSPORT_LISTEN_FAILED')
    expect((error.cause as { code?: string }).code).toBe('EADDRINUSE')
    expect(error.message).toContain(`127.0.0.1:${b.place.port}`)
  })

  it('an address that is not ours, and a name that nobody has', async () => {
    expect((await rejection(transport(7n).transport.listen({ host: '192.0.2.77' }))).code).toBe(
      'TRANSPORT_LISTEN_FAILED',
    )
    const nobody = { host: 'nobody.invalid', port: 5 }
    expect((await rejection(transport(7n).transport.open(nobody))).code).toBe('TRANSPORT_CONNECT_FAILED')
    expect((await rejection(transport(7n).transport.listen({ host: 'nobody.invalid' }))).code).toBe(
      'TRANSPORT_LISTEN_FAILED',
    )
  })

  it('nobody listens there: the system says so at once', async () => {
    const free = await raw()
    const { place } = free
    free.close()
    open.pop()
    const a = transport(7n, { handshakeTimeoutMs: 600_000 })
    const { code, error } = await rejection(a.transport.open(place))
    expect(code).toBe('TRANSPORT_CONNECT_FAILED')
    expect(error.message).toContain(`udp://127.0.0.1:${place.port}: nobody listens there (ECONNREFUSED)`)
    expect(a.stats.pendingHandshakes).toBe(0)
  })

  it('somebody listens there who does not answer', async () => {
    const silent = await raw()
    const a = transport(7n, { handshakeTimeoutMs: 300 })
    const { code, error } = await rejection(a.transport.open(silent.place))
    expect([code, /no answer in time/.test(error.message)]).toEqual(['TRANSPORT_CONNECT_FAILED', true])
    expect(silent.heard.length).toBeGreaterThanOrEqual(1)
    expect(a.stats).toMatchObject({ handshakeTimeouts: 1, pendingHandshakes: 0 })
  })

  it.each([
    ['steamId', 0n],
    ['steamId', 1n << 64n],
    ['maxFrameSize', 1279],
    ['maxFrameSize', 65_499],
    ['handshakeTimeoutMs', 0],
    ['keepAliveMs', 0],
    ['silenceMs', 10_000],
    ['highWaterMark', 0],
    ['maxLinks', 0],
    ['maxPerAddress', 0],
    ['maxPendingHandshakes', 1.5],
    ['receiveBufferSize', 0],
    ['sendBufferSize', -1],
    ['token', new Uint8Array(513)],
    ['token', 'text'],
    ['onDuplicate', 'ask'],
  ])('the option %s as %s', (name, value) => {
    let error: unknown
    try {
      new UdpTransport({ steamId: 7n, [name]: value } as UdpTransportOptions)
    } catch (caught) {
      error = caught
    }
    expect(isGodotWireError(error, 'TRANSPORT_BAD_OPTION')).toBe(true)
    expect(String(error)).toContain(name)
  })

  it('ports and hosts that are none', async () => {
    const { transport: a } = transport(7n)
    const asks = [
      a.listen({ port: 65_536 }),
      a.listen({ port: -1 }),
      a.open({ host: '127.0.0.1', port: 0 }),
      a.open({ host: '', port: 5 }),
      a.open({ host: 5 as unknown as string, port: 5 }),
    ]
    for (const ask of asks) expect((await rejection(ask)).code).toBe('TRANSPORT_BAD_OPTION')
  })

  it('a platform without UDP', async () => {
    vi.doMock('../../src/transport/udp/node/half.js', () => ({
      nodeHalf: () => Promise.reject(new Error('no such module')),
    }))
    vi.resetModules()
    try {
      const { UdpTransport: Elsewhere } = await import('../../src/transport/udp/index.js')
      const made = new Elsewhere({ steamId: 7n, addressOf: () => ({ host: '127.0.0.1', port: 5 }) })
      await expect(made.listen()).rejects.toMatchObject({ code: 'TRANSPORT_NO_UDP' })
      await expect(made.open({ host: '127.0.0.1', port: 5 })).rejects.toMatchObject({ code: 'TRANSPORT_NO_UDP' })
      made.connect(8n)
      made.close()
    } finally {
      vi.doUnmock('../../src/transport/udp/node/half.js')
      vi.resetModules()
    }
  })
})

describe('close', () => {
  it('while a dial is on its way', async () => {
    const silent = await raw()
    const a = transport(7n, { handshakeTimeoutMs: 600_000 })
    const opened = rejection(a.transport.open(silent.place))
    await silent.got(1)
    a.transport.close()
    expect((await opened).code).toBe('TRANSPORT_CLOSED')
    expect([a.ear.log, a.stats.pendingHandshakes]).toEqual([[], 0])
  })

  it('before a dial or a port has begun to be', async () => {
    const silent = await raw()
    const a = transport(7n)
    const asks = [a.transport.open(silent.place), a.transport.listen()].map(rejection)
    a.transport.close()
    expect((await Promise.all(asks)).map(({ code }) => code)).toEqual(['TRANSPORT_CLOSED', 'TRANSPORT_CLOSED'])
    for (const ask of [a.transport.open(silent.place), a.transport.listen()]) {
      expect((await rejection(ask)).code).toBe('TRANSPORT_CLOSED')
    }
    a.transport.connect(100n)
    a.transport.close()
    expect(silent.heard).toEqual([])
  })

  it('by the server while a handshake waits for its last step', async () => {
    const b = await server()
    const client = await raw()
    const id = await client.knock(b.place, { steamId: 7n })
    expect(b.stats.pendingHandshakes).toBe(1)
    b.transport.close()
    expect(b.stats.pendingHandshakes).toBe(0)
    const next = transport(101n)
    await next.transport.listen({ port: b.place.port })
    client.send(withId(PING, id), b.place)
    expect(await client.gotType(GONE)).toEqual(withId(GONE, id))
    expect([b.ear.log, next.ear.log]).toEqual([[], []])
  })

  it('by the client before its link was announced at the server', async () => {
    const b = await server()
    const client = await raw()
    const id = await client.knock(b.place, { steamId: 7n })
    client.send(withId(CLOSE, id), b.place)
    client.send(withId(PING, id), b.place)
    expect(await client.gotType(GONE)).toEqual(withId(GONE, id))
    expect([b.ear.log, b.stats.pendingHandshakes]).toEqual([[], 0])
  })

  it('while `authenticate` thinks', async () => {
    const answers: ((proven: boolean) => void)[] = []
    const b = await server({ authenticate: () => new Promise((resolve) => answers.push(resolve)) })
    const client = await raw()
    client.send(helloOf({ steamId: 7n }), b.place)
    const cookie = (await client.gotType(RETRY)).subarray(9)
    client.send(helloOf({ steamId: 7n, cookie }), b.place)
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    b.transport.close()
    answers[0]!(true)
    expect(b.stats.pendingHandshakes).toBe(0)
    // What comes next is the answer of somebody else.
    const next = transport(101n)
    await next.transport.listen({ port: b.place.port })
    client.send(withId(PING, 5n), b.place)
    await client.got(2)
    expect(client.heard.map((one) => one[0])).toEqual([RETRY, GONE])
  })

  it('of a link is told to the other end, with the reason', async () => {
    const b = await server()
    const client = await raw()
    await client.shakeHands(b.place, { steamId: 7n, id: 77n })
    await b.ear.up()
    b.ear.link.close('enough')
    expect(b.ear.downs).toEqual([])
    expect(await client.gotType(CLOSE)).toEqual(withId(CLOSE, 77n, Buffer.from('enough')))
    await b.ear.down()
    expect(b.ear.downs).toEqual(['enough'])
    expect(b.stats.linksUp).toBe(0)
  })

  it('is heard though two of its three datagrams get lost', async () => {
    const b = await server()
    const way = await detour(b.place)
    const a = transport(7n)
    await a.transport.open(way.place)
    await b.ear.up()
    let closes = 0
    way.passes = (datagram) => datagram[0] !== CLOSE || ++closes === 3
    a.ear.link.close('bye')
    await b.ear.down()
    expect(b.ear.downs).toEqual(['bye'])
  })

  it('of a link within its own events', async () => {
    const b = await server()
    const a = transport(7n)
    b.ear.onFrame = (link) => link.close('after one frame')
    await a.transport.open(b.place)
    await b.ear.up()
    for (let i = 0; i < 5; i++) a.ear.link.send(bytes(i), 'datagram')
    await a.ear.down()
    expect(b.ear.log).toEqual(['up 7', 'frame 0', 'down 7: after one frame'])
    expect(a.ear.downs).toEqual(['after one frame'])
  })

  it('of a transport within its own events, and it is free again', async () => {
    const b = await server()
    const a = transport(7n)
    b.ear.onFrame = () => b.transport.close()
    await a.transport.open(b.place)
    await b.ear.up()
    for (let i = 0; i < 5; i++) a.ear.link.send(bytes(i), 'datagram')
    await a.ear.down()
    expect(a.ear.downs).toEqual(['the other end closed its transport'])
    expect(b.ear.log).toEqual(['up 7', 'frame 0'])
    // Its port is free again.
    const next = transport(101n)
    expect(await next.transport.listen({ port: b.place.port })).toEqual(b.place)
  })

  it('by a server that died and is back: the client hears of it with its next datagram', async () => {
    const b = await server()
    const way = await detour(b.place)
    const a = transport(7n)
    await a.transport.open(way.place)
    await b.ear.up()
    // Without a word to the other end.
    way.passes = (datagram) => datagram[0] !== CLOSE
    b.transport.close()
    const back = transport(100n)
    await vi.waitFor(() => back.transport.listen({ port: b.place.port }))
    a.ear.link.send(bytes(1), 'datagram')
    await a.ear.down()
    expect(a.ear.downs).toEqual(['the other end does not know this link any more'])
    expect(a.stats.silentLinks).toBe(1)
    expect(back.ear.log).toEqual([])
  })
})

describe('who is it', () => {
  it('`authenticate` hears what there is to know, and lets in', async () => {
    const claims: UdpClaim[] = []
    const authenticate = (claim: UdpClaim) => {
      claims.push(claim)
      return Buffer.from(claim.token).toString() === 'sesame'
    }
    const b = await server({ authenticate })
    const a = transport(7n, { token: Buffer.from('sesame') })
    const own = await a.transport.listen()
    expect(await a.transport.open(b.place)).toBe(100n)
    expect(claims).toEqual([
      { steamId: 7n, ip: '127.0.0.1', port: own.port, token: new Uint8Array(Buffer.from('sesame')) },
    ])
    const { error } = await rejection(transport(8n).transport.open(b.place))
    expect(error.message).toContain('it refused the Steam id')
  })

  it.each([
    ['false', () => false],
    ['an exception', () => fail()],
    ['a rejected promise', () => Promise.reject(new Error('no'))],
    ['the word yes', () => 'yes' as unknown as boolean],
  ])('%s refuses', async (_, authenticate) => {
    const b = await server({ authenticate })
    const { error } = await rejection(transport(7n).transport.open(b.place))
    expect(error.message).toContain('it refused the Steam id')
    expect(b.stats).toMatchObject({ linksUp: 0, pendingHandshakes: 0, refusedHellos: 1 })
  })

  it('a second one of the same id is refused while the first is there', async () => {
    const b = await server()
    const [first, second] = [transport(7n), transport(7n)]
    await first.transport.open(b.place)
    await b.ear.up()
    const { error } = await rejection(second.transport.open(b.place))
    expect(error.message).toContain('another link speaks as this Steam id there')
    expect([first.ear.downs, b.ear.log]).toEqual([[], ['up 7']])
  })

  it('and let in when the first has vanished', async () => {
    const b = await server()
    const way = await detour(b.place)
    const [first, second] = [transport(7n), transport(7n)]
    await first.transport.open(way.place)
    await b.ear.up()
    way.cut()
    expect(await second.transport.open(b.place)).toBe(100n)
    await b.ear.up(2)
    expect(b.ear.log).toEqual(['up 7', 'down 7: the other end is silent', 'up 7'])
  })

  it('`connect` takes nobody else for the peer that it dialled', async () => {
    const b = await server()
    const a = transport(7n, { addressOf: () => b.place })
    a.transport.connect(101n)
    const client = await raw()
    await client.shakeHands(b.place, { steamId: 9n })
    await vi.waitFor(() => expect(b.stats.retries).toBe(2))
    await vi.waitFor(() => expect(a.stats.pendingHandshakes).toBe(0))
    expect(a.ear.log).toEqual([])
    a.transport.connect(100n)
    await a.ear.up()
  })
})

describe('an address', () => {
  it('that somebody else wrote into a hello leads nowhere', async () => {
    const b = await server()
    const [victim, attacker] = [await raw('127.0.0.2'), await raw('127.0.0.3')]
    // The attacker has a good cookie, of its own address. What it says from elsewhere is a stranger's.
    attacker.send(helloOf({ steamId: 7n }), b.place)
    const cookie = (await attacker.gotType(RETRY)).subarray(9)
    victim.send(helloOf({ steamId: 7n, cookie }), b.place)
    await victim.gotType(RETRY)
    expect(b.stats).toMatchObject({ pendingHandshakes: 0, linksUp: 0, retries: 2 })
    expect(victim.heardBytes).toBeLessThanOrEqual(victim.sentBytes)
  })

  it('that changes ends the link there, and not the link', async () => {
    const b = await server()
    const [client, moved] = [await raw(), await raw()]
    const id = await client.shakeHands(b.place, { steamId: 7n, id: 77n })
    moved.send(withId(FRAME, id, bytes(1)), b.place)
    moved.send(withId(CLOSE, id), b.place)
    expect(await moved.gotType(GONE)).toEqual(withId(GONE, id))
    client.send(withId(FRAME, id, bytes(2)), b.place)
    await b.ear.got(1)
    expect(b.ear.log).toEqual(['up 7', 'frame 2'])
    expect(moved.heardBytes).toBeLessThanOrEqual(moved.sentBytes)
  })

  it('before it is proven is sent less than it sent, also on the wire', async () => {
    const b = await server({ authenticate: () => true, token: new Uint8Array(512) })
    const stranger = await raw()
    const token = new Uint8Array(512)
    const shapes = [
      helloOf({ steamId: 7n }),
      helloOf({ steamId: 7n, token }),
      helloOf({ steamId: 7n, version: 3 }),
      helloOf({ steamId: 7n, cookie: new Uint8Array(16).fill(1), token }),
      withId(PING, 1n),
      withId(PONG, 1n),
      withId(FRAME, 1n),
      withId(FRAME, 1n, new Uint8Array(1280)),
      withId(CLOSE, 1n),
      withId(GONE, 1n),
      withId(ACCEPT, 1n, new Uint8Array(19)),
    ]
    for (let i = 0; i < 20; i++) for (const shape of shapes) stranger.send(shape, b.place)
    // The same number of answers each round: four hellos, and GONE for the four that belong to links.
    await stranger.got(20 * 8)
    expect(stranger.heardBytes / stranger.sentBytes).toBeLessThan(1)
    expect(b.stats).toMatchObject({ pendingHandshakes: 0, linksUp: 0 })
    expect(new Set(stranger.heard.map((one) => one[0]))).toEqual(new Set([RETRY, REFUSE, GONE]))
  })

  it('of a replayed conversation brings nothing', async () => {
    const b = await server()
    const way = await detour(b.place)
    const a = transport(7n)
    await a.transport.open(way.place)
    await b.ear.up()
    a.ear.link.send(bytes(1, 2, 3), 'datagram')
    await b.ear.got(1)
    const recorded = [...way.toServer]
    const id = idIn(Buffer.from(recorded.at(-1)!))
    expect(recorded.map((one) => one[0])).toEqual([1, 1, PING, FRAME])
    // Once while the link is up: the frame is doubled, as UDP may do by itself, and that is all.
    for (const datagram of recorded) way.inject(datagram, true, b.place)
    await b.ear.got(2)
    a.ear.link.close()
    await b.ear.down()
    for (const datagram of recorded) way.inject(datagram, true, b.place)
    await vi.waitFor(() => expect(way.toClient.map((one) => one[0])).toContain(GONE))
    expect(b.ear.log).toEqual(['up 7', 'frame 1,2,3', 'frame 1,2,3', 'down 7: closed'])
    expect(id).not.toBe(0n)
  })
})

describe('a way that loses', () => {
  it('brings links up, and counts silence as an end', async () => {
    const clock = new VirtualClock()
    const b = await server({ clock })
    const way = await detour(b.place, { seed: 9, loss: 0.4 })
    const a = transport(7n)
    expect(await a.transport.open(way.place)).toBe(100n)
    await b.ear.up()
    way.cut()
    clock.advance(29_000)
    expect(b.ear.downs).toEqual([])
    clock.advance(2000)
    expect(b.ear.downs).toEqual(['the other end is silent'])
    expect(clock.pending).toBe(0)
  })

  it('does not make a link of a doubled or overtaken handshake twice', async () => {
    const b = await server()
    const way = await detour(b.place, { seed: 3, duplicate: 0.5, reorder: 0.5 })
    for (let round = 1; round <= 10; round++) {
      const a = transport(BigInt(round), { maxFrameSize: 1280 })
      await a.transport.open(way.place)
      await b.ear.up(round)
      a.ear.link.close()
      await b.ear.down(round)
    }
    expect(b.ear.log).toHaveLength(20)
  })
})

describe('the system', () => {
  it('is asked for buffers that hold more than it has room for by itself', async () => {
    const b = await server()
    const client = await raw()
    const id = await client.shakeHands(b.place, { steamId: 7n })
    const frame = withId(FRAME, id, new Uint8Array(1024))
    // All in one turn, in which nobody reads.
    for (let i = 0; i < 600; i++) client.send(frame, b.place)
    await b.ear.got(600)
  })

  it('carries datagrams of any size that UDP has', async () => {
    const b = await server({ maxFrameSize: 65_498 })
    const a = transport(7n, { maxFrameSize: 65_498 })
    await a.transport.open(b.place)
    await Promise.all([a.ear.up(), b.ear.up()])
    a.ear.link.send(new Uint8Array(65_498).fill(1), 'datagram')
    await b.ear.got(1)
    expect(b.ear.frames[0]!.byteLength).toBe(65_498)
    expect([a.stats.sendErrors, a.ear.link.bufferedBytes]).toEqual([0, 0])
  })
})

function fail(): boolean {
  throw new Error('no')
}
