// When frames leave, and in whose memory they come: a socket of ws that only writes down what is done to it.
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WsSocket } from '../../src/transport/websocket/node/socket.js'
import { NOBODY } from '../../src/transport/websocket/socket.js'

function scene() {
  const log: string[] = []
  const ws = Object.assign(new EventEmitter(), {
    bufferedAmount: 0,
    send: (message: Uint8Array) => log.push(`send ${message[0]}`),
  })
  const tcp = { cork: () => log.push('cork'), uncork: () => log.push('uncork') }
  const messages: (Uint8Array | undefined)[] = []
  const owner = { ...NOBODY, message: (bytes: Uint8Array | undefined) => void messages.push(bytes) }
  const socket = new WsSocket(ws as never, owner, tcp as never)
  const send = (...values: number[]) => {
    for (const value of values) socket.send(new Uint8Array([value]))
  }
  const arrives = (data: Buffer) => {
    ws.emit('message', data, true)
    return messages.at(-1)!
  }
  return { log, send, arrives }
}

describe('frames of one task', () => {
  it('leave together behind the first, which leaves at once', async () => {
    const { log, send } = scene()
    send(1, 2, 3)
    expect(log).toEqual(['send 1', 'cork', 'send 2', 'send 3'])
    await Promise.resolve()
    expect(log.splice(0)).toEqual(['send 1', 'cork', 'send 2', 'send 3', 'uncork'])
    send(4)
    await Promise.resolve()
    send(5, 6)
    await Promise.resolve()
    expect(log).toEqual(['send 4', 'send 5', 'cork', 'send 6', 'uncork'])
  })
})

describe('a message', () => {
  it('that is most of what came with it is not copied', () => {
    const { arrives } = scene()
    const data = Buffer.from(new ArrayBuffer(106), 6, 100).fill(7)
    const message = arrives(data)
    expect(message.buffer).toBe(data.buffer)
    expect(message).toEqual(new Uint8Array(100).fill(7))
  })

  it('that is less than half of it has memory of its own', () => {
    const { arrives } = scene()
    const chunk = new ArrayBuffer(1000)
    const copy = arrives(Buffer.from(chunk, 6, 499))
    expect([copy.buffer.byteLength, copy.byteLength]).toEqual([499, 499])
    // Node’s pool, in which everybody’s small buffers are.
    const pooled = arrives(Buffer.from('in the pool'))
    expect(pooled.buffer.byteLength).toBe(11)
  })

  it('is a plain array in both cases', () => {
    const { arrives } = scene()
    for (const size of [60, 10]) {
      const message = arrives(Buffer.from(new ArrayBuffer(100), 0, size))
      expect(Object.getPrototypeOf(message)).toBe(Uint8Array.prototype)
      expect(message.byteLength).toBe(size)
    }
  })
})
