// PacketPeerStream: packets and values with a length in front, and the limits of the engine's buffers.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PacketPeerStream, type PacketPeerStreamOptions } from '../../../src/variant/framing/index.js'
import { Dictionary, GodotObject } from '../../../src/variant/index.js'
import { codeFrom } from '../code-of.js'
import { fromHex, toHex } from '../hex.js'
import { chunksOf, frame, hexOf, joined, randomValues } from './streams.js'

/** Packets that wait, as hex. */
function packetsOf(peer: PacketPeerStream): string[] {
  const packets: string[] = []
  for (let packet = peer.getPacket(); packet; packet = peer.getPacket()) packets.push(toHex(packet))
  return packets
}

const OBJECT = new GodotObject('RefCounted', new Dictionary<unknown, unknown>([['script', null]]))

describe('PacketPeerStream', () => {
  it('puts a length, low byte first, in front of a packet and of a value', () => {
    const peer = new PacketPeerStream()
    expect(toHex(peer.putPacket(Uint8Array.of(9, 8, 7)))).toBe('03000000090807')
    expect(toHex(peer.putVar(5))).toBe('080000000200000005000000')
  })

  it('sends nothing for an empty packet, and takes one', () => {
    const peer = new PacketPeerStream()
    expect(peer.putPacket(new Uint8Array(0))).toHaveLength(0)
    peer.push(fromHex('00000000 01000000 ff 00000000'))
    expect(peer.getAvailablePacketCount()).toBe(3)
    expect(packetsOf(peer)).toEqual(['', 'ff', ''])
    peer.push(fromHex('00000000'))
    expect(peer.getVar()).toMatchObject({ ok: false, error: { code: 'VARIANT_TRUNCATED' } })
  })

  it('gives the same packets for any chunks', () => {
    const packets = fc.array(fc.uint8Array({ minLength: 1, maxLength: 80 }), { maxLength: 20 })
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 })
    const property = fc.property(packets, sizes, (sent, steps) => {
      const peer = new PacketPeerStream()
      const got: string[] = []
      let next = 0
      let counted = 0
      for (const chunk of chunksOf(
        joined(sent.map((packet) => peer.putPacket(packet))),
        () => steps[next++ % steps.length]!,
      )) {
        peer.push(chunk)
        const count = peer.getAvailablePacketCount()
        const now = packetsOf(peer)
        expect(now).toHaveLength(count)
        counted += count
        got.push(...now)
      }
      expect(peer.getAvailablePacketCount()).toBe(0)
      expect(counted).toBe(sent.length)
      expect(got).toEqual(sent.map(toHex))
    })
    fc.assert(property, { numRuns: 2_000 })
  })

  it('counts right while packets are taken and come', () => {
    const peer = new PacketPeerStream()
    const stream = joined(Array.from({ length: 300 }, (_, i) => frame(new Uint8Array(i % 7))))
    let left = 0
    let whole = 0
    for (const chunk of chunksOf(stream, () => 11)) {
      peer.push(chunk)
      whole += chunk.length
      left = peer.getAvailablePacketCount()
      if (left > 3) {
        peer.getPacket()
        expect(peer.getAvailablePacketCount()).toBe(left - 1)
        expect(peer.getVar()).toBeDefined()
        expect(peer.getAvailablePacketCount()).toBe(left - 2)
      }
    }
    expect(whole).toBe(stream.length)
    expect(packetsOf(peer)).toHaveLength(left > 3 ? left - 2 : left)
  })

  it('reads values as values', () => {
    const values = randomValues(6, 300).filter((value) => hexOf(value).length < 100_000)
    const peer = new PacketPeerStream({ exact: true })
    for (const value of values) {
      peer.push(peer.putVar(value))
      const result = peer.getVar()
      expect(result?.ok === true && hexOf(result.value)).toBe(hexOf(value))
    }
    expect(values.length).toBeGreaterThan(250)
  })

  it('gives packets of their own', () => {
    const peer = new PacketPeerStream()
    peer.push(frame(Uint8Array.of(1, 2, 3)))
    const packet = peer.getPacket()
    peer.push(frame(new Uint8Array(50).fill(9)))
    expect(packet).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('has the limits of the engine: it gets what an engine can put, and puts what an engine can get', () => {
    const peer = new PacketPeerStream()
    expect(peer.putPacket(new Uint8Array(65_531))).toHaveLength(65_535)
    expect(() => peer.putPacket(new Uint8Array(65_532))).toThrow(
      expect.objectContaining({
        code: 'VARIANT_FRAME_TOO_LARGE',
        facts: { length: 65_532, limit: 65_531, option: 'outputBufferMaxSize' },
      }),
    )
    peer.push(frame(new Uint8Array(65_532)))
    expect(peer.getPacket()).toHaveLength(65_532)
    peer.push(frame(new Uint8Array(65_533)))
    expect(peer.getAvailablePacketCount()).toBe(0)
    expect(() => peer.getPacket()).toThrow(
      expect.objectContaining({ code: 'VARIANT_FRAME_TOO_LARGE', facts: expect.objectContaining({ offset: 65_536 }) }),
    )
    expect(codeFrom(() => peer.push(new Uint8Array(1)))).toBe('VARIANT_FRAME_TOO_LARGE')
    expect(peer.putPacket(Uint8Array.of(1))).toHaveLength(5)
  })

  it('has limits of values beside those of packets', () => {
    const large = new PacketPeerStream({ outputBufferMaxSize: 2 ** 24, inputBufferMaxSize: 2 ** 24 })
    const largest = new Uint8Array(8 * 1024 * 1024 - 8)
    expect(large.putVar(largest)).toHaveLength(8 * 1024 * 1024 + 4)
    expect(codeFrom(() => large.putVar(new Uint8Array(largest.length + 1)))).toBe('VARIANT_TOO_LARGE')
    expect(codeFrom(() => new PacketPeerStream().putVar(new Uint8Array(65_524)))).toBe('VARIANT_FRAME_TOO_LARGE')
    expect(new PacketPeerStream().putVar(new Uint8Array(65_520))).toHaveLength(65_532)
    const strict = new PacketPeerStream({ maxBytes: 8 })
    strict.push(large.putVar('four'))
    expect(strict.getVar()).toMatchObject({ ok: false, error: { code: 'VARIANT_TOO_LARGE' } })
  })

  it('is full when more than a packet can be waits', () => {
    const peer = new PacketPeerStream({ inputBufferMaxSize: 10 })
    peer.push(joined([frame(new Uint8Array(9)), Uint8Array.of(1)]))
    expect(peer.full).toBe(true)
    expect(codeFrom(() => peer.push(new Uint8Array(1)))).toBe('VARIANT_READER_FULL')
    expect(peer.getPacket()).toHaveLength(9)
    expect(peer.full).toBe(false)
    peer.push(fromHex('000000 ff'))
    expect(peer.getPacket()).toEqual(Uint8Array.of(0xff))
  })

  it.each<[PacketPeerStreamOptions]>([
    [{ inputBufferMaxSize: 0 }],
    [{ inputBufferMaxSize: 2 ** 31 }],
    [{ outputBufferMaxSize: 1.5 }],
    [{ outputBufferMaxSize: -1 }],
    [{ maxBytes: 0 }],
    [{ version: 7 as never }],
    [{ realSize: 'double', version: 3 }],
  ])('refuses %j', (options) => {
    expect(codeFrom(() => new PacketPeerStream(options))).toBe('VARIANT_BAD_OPTION')
  })

  it('takes 1 and 2^31 - 1 as sizes', () => {
    const small = new PacketPeerStream({ inputBufferMaxSize: 1, outputBufferMaxSize: 1 })
    expect(small.putPacket(Uint8Array.of(1))).toHaveLength(5)
    expect(codeFrom(() => small.putPacket(Uint8Array.of(1, 2)))).toBe('VARIANT_FRAME_TOO_LARGE')
    const large = new PacketPeerStream({ inputBufferMaxSize: 2 ** 31 - 1 })
    large.push(fromHex('ffffff7f'))
    expect(large.getPacket()).toBeUndefined()
    large.push(Uint8Array.of(1))
    expect(() => large.end()).toThrow(
      expect.objectContaining({ code: 'VARIANT_FRAME_TRUNCATED', facts: { offset: 0, needed: 2 ** 31 + 3, left: 5 } }),
    )
  })

  it('writes and reads full Objects only when they are asked for', () => {
    const [plain, full] = [new PacketPeerStream(), new PacketPeerStream({ objects: true })]
    expect(codeFrom(() => plain.putVar(OBJECT))).toBe('VARIANT_OBJECT_NOT_ALLOWED')
    for (const peer of [plain, full]) peer.push(full.putVar(OBJECT))
    expect(plain.getVar()).toMatchObject({ error: { code: 'VARIANT_OBJECT_NOT_ALLOWED' } })
    expect(full.getVar()).toMatchObject({ value: OBJECT })
  })

  it('refuses packets that are no Uint8Array', () => {
    expect(codeFrom(() => new PacketPeerStream().putPacket('x' as never))).toBe('VARIANT_UNSUPPORTED')
    expect(codeFrom(() => new PacketPeerStream().push('x' as never))).toBe('VARIANT_UNSUPPORTED')
  })

  it('reads packets and values from a source', async () => {
    const peer = new PacketPeerStream()
    async function* source() {
      for (const chunk of chunksOf(joined([peer.putVar(1), peer.putVar('two')]), () => 5)) yield chunk
    }
    const packets: string[] = []
    for await (const packet of new PacketPeerStream().packets(source())) packets.push(toHex(packet))
    expect(packets).toEqual([hexOf(1), hexOf('two')])
    const values: unknown[] = []
    for await (const result of new PacketPeerStream().vars(source())) values.push(result.ok && result.value)
    expect(values).toEqual([1, 'two'])
  })
})
