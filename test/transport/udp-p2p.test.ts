// Sessions over real UDP by a way that loses, doubles and reorders: the repair of the channel room and this transport together.
import { afterEach, describe, expect, it } from 'vitest'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_RELIABLE_WITH_BUFFERING, P2P_SEND_UNRELIABLE } from '../../src/p2p/index.js'
import { UdpTransport } from '../../src/transport/udp/index.js'
import { UdpDetour } from './udp-detour.js'

const A = 76561197960265729n
const B = 76561197960265730n
const TYPES = [P2P_SEND_RELIABLE, P2P_SEND_RELIABLE_WITH_BUFFERING] as const

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function pair(weather: { seed?: number; loss?: number; duplicate?: number; reorder?: number } = {}) {
  const patience = { keepAliveMs: 50, silenceMs: 400 }
  const [near, far] = [new UdpTransport({ steamId: B, ...patience }), await own(patience)]
  const detour = await UdpDetour.to(await near.listen(), weather)
  far.place = detour.place
  const [a, b] = [new P2P({ steamId: A, transport: far.transport }), new P2P({ steamId: B, transport: near })]
  for (const p2p of [a, b]) p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  open.push(() => {
    a.close()
    b.close()
    detour.close()
  })
  return { a, b, detour, transport: far.transport }
}

/** The end that dials, to where it is told later. */
async function own(patience: object) {
  const end: { place?: { host: string; port: number }; transport: UdpTransport } = {
    transport: new UdpTransport({ steamId: A, ...patience, addressOf: (peer) => (peer === B ? end.place : undefined) }),
  }
  return end
}

/** A packet of its own size, that tells its number. */
function packet(number: number, size: number): Uint8Array {
  const data = new Uint8Array(size).fill(number)
  new DataView(data.buffer).setUint32(0, number)
  return data
}

async function read(p2p: P2P, channel: number, count: number): Promise<number[]> {
  const numbers: number[] = []
  for await (const { data } of p2p.packets(channel)) {
    const number = new DataView(data.buffer, data.byteOffset).getUint32(0)
    if (!data.subarray(4).every((byte) => byte === (number & 0xff))) throw new Error(`packet ${number} was changed`)
    numbers.push(number)
    if (numbers.length === count) break
  }
  return numbers
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('sessions over UDP', () => {
  it.each([
    ['a quiet way', {}],
    ['a way with bad weather', { seed: 11, loss: 0.2, duplicate: 0.2, reorder: 0.2 }],
  ])('bring reliable packets whole and in order on %s, in both directions', async (_, weather) => {
    const { a, b } = await pair(weather)
    const count = 200
    const sizes = [4, 100, 1200, 5000]
    const arrived = TYPES.flatMap((type) => [read(a, type, count), read(b, type, count)])
    for (let i = 0; i < count; i++) {
      for (const type of TYPES) {
        expect(a.sendP2PPacket(B, packet(i, sizes[i % 4]!), type, type)).toBe(true)
        expect(b.sendP2PPacket(A, packet(i, sizes[(i + 1) % 4]!), type, type)).toBe(true)
      }
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    for (const numbers of await Promise.all(arrived)) expect(numbers).toEqual(upTo(count))
  })

  it('carry a packet of a mebibyte, in pieces of a datagram each', async () => {
    const { a, b, detour } = await pair({ seed: 5, loss: 0.1 })
    const whole = read(b, 0, 1)
    expect(a.sendP2PPacket(B, packet(77, 1 << 20), P2P_SEND_RELIABLE)).toBe(true)
    expect(await whole).toEqual([77])
    const largest = detour.toServer.reduce((most, { byteLength }) => Math.max(most, byteLength), 0)
    expect(largest).toBeLessThanOrEqual(1209)
    expect(detour.toServer.length).toBeGreaterThan((1 << 20) / 1200)
  })

  it('lose unreliable packets at the most, and double none', async () => {
    const { a, b } = await pair({ seed: 7, loss: 0.2, duplicate: 0.3, reorder: 0.2 })
    const first = read(b, 1, 1)
    a.sendP2PPacket(B, packet(0, 4), P2P_SEND_RELIABLE, 1)
    await first
    for (let i = 0; i < 100; i++) {
      a.sendP2PPacket(B, packet(i, 50), P2P_SEND_UNRELIABLE)
      if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    const fence = read(b, 1, 1)
    a.sendP2PPacket(B, packet(1, 4), P2P_SEND_RELIABLE, 1)
    await fence
    const numbers: number[] = []
    while (b.isP2PPacketAvailable()) {
      const { data } = b.readP2PPacket(100)
      numbers.push(new DataView(data!.buffer, data!.byteOffset).getUint32(0))
    }
    expect(numbers.length).toBeGreaterThan(20)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it('go on when their link broke, and nothing is lost or doubled', async () => {
    const { a, b, detour, transport } = await pair()
    const arrived = read(b, 0, 300)
    for (let i = 0; i < 100; i++) a.sendP2PPacket(B, packet(i, 300), P2P_SEND_RELIABLE)
    await new Promise((resolve) => setTimeout(resolve, 20))
    detour.cut()
    for (let i = 100; i < 200; i++) a.sendP2PPacket(B, packet(i, 300), P2P_SEND_RELIABLE)
    // Until both have noticed.
    while (transport.stats.linksUp > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    detour.passes = () => true
    for (let i = 200; i < 300; i++) a.sendP2PPacket(B, packet(i, 300), P2P_SEND_RELIABLE)
    expect(await arrived).toEqual(upTo(300))
    expect(transport.stats.silentLinks).toBeGreaterThan(0)
  })

  it('tell where the other end is', async () => {
    const { a, b, detour } = await pair()
    const arrived = read(b, 0, 1)
    a.sendP2PPacket(B, packet(1, 8), P2P_SEND_RELIABLE)
    await arrived
    expect(a.getP2PSessionState(B)).toMatchObject({
      connection_active: 1,
      using_relay: 0,
      remote_ip: 0x7f000001,
      remote_port: detour.place.port,
    })
  })
})
