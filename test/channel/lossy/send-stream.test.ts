import { describe, expect, it } from 'vitest'
import { PacketWriter } from '../../../src/channel/lossy/packet.js'
import { SendStream } from '../../../src/channel/lossy/send-stream.js'
import { numbered } from './path.js'

function lost(stream: SendStream): [number, number][] {
  return Array.from({ length: stream.lostCount }, (_, i) => [stream.lostStart(i), stream.lostSize(i)])
}

/** A stream of which `size` bytes were sent: a length of one byte, and a frame. */
function sent(size: number): SendStream {
  const stream = new SendStream(1000)
  stream.push(numbered(1, size - 1))
  stream.sent(0, size)
  return stream
}

describe('SendStream', () => {
  it('sends again what is lost, but not what came in another packet', () => {
    const stream = sent(101)
    stream.acknowledge(20, 40)
    stream.lose(0, 60)
    expect(lost(stream)).toEqual([
      [0, 20],
      [40, 20],
    ])
    stream.acknowledge(45, 50)
    stream.sent(0, 20)
    expect(lost(stream)).toEqual([
      [40, 5],
      [50, 10],
    ])
    stream.acknowledge(0, 20)
    stream.lose(0, 45)
    expect([lost(stream)[0], stream.base]).toEqual([[40, 5], 40])
  })

  it('gives up no byte before it is acknowledged, and then all of them', () => {
    const stream = sent(101)
    stream.push(numbered(2, 50))
    stream.sent(101, 51)
    stream.acknowledge(30, 152)
    expect(stream.cost).toBe(152 + 2 * 64)
    stream.acknowledge(0, 30)
    expect([stream.cost, stream.base, stream.hasWork]).toEqual([0, 152, false])
  })

  it('offers no more than its credit, which only grows', () => {
    const stream = new SendStream(100)
    stream.push(numbered(1, 500))
    expect([stream.newSize, stream.hasWork]).toEqual([100, true])
    stream.sent(0, 100)
    expect([stream.newSize, stream.hasWork]).toEqual([0, false])
    stream.grant(50)
    expect(stream.newSize).toBe(0)
    stream.grant(300)
    expect([stream.newStart, stream.newSize]).toEqual([100, 200])
  })

  it('writes any part of its frames, lengths and all', () => {
    const stream = new SendStream(100_000)
    const whole: number[] = []
    for (const [i, size] of [1, 127, 128, 300, 20_000].entries()) {
      const frame = new Uint8Array(size).fill(i + 1)
      stream.push(frame)
      const head = size < 128 ? [size] : [(size & 0x7f) | 0x80, size >> 7]
      whole.push(...(size < 16_384 ? head : [(size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, size >> 14]), ...frame)
    }
    expect(stream.unsentBytes).toBe(whole.length)
    for (let start = 0; start < 700; start += 7) {
      for (const size of [1, 2, 130, 600]) {
        const writer = new PacketWriter()
        stream.write(writer, start, size)
        expect([...writer.viewBytes()]).toEqual(whole.slice(start, start + size))
      }
    }
  })
})
