// Captures written by the test itself: real bytes of real connections, with the headers of IP, TCP and UDP made around them.

import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { createServer, connect as dial, type Socket } from 'node:net'

/** Bytes that one end sent, in the order in which they were seen. */
export interface Chunk {
  readonly fromClient: boolean
  readonly bytes: Uint8Array
}

const LINKTYPE_IPV4 = 228
const CLIENT = [10, 0, 0, 1]
const SERVER = [10, 0, 0, 2]
const SERVER_PORT = 7777
const TCP = 6
const UDP = 17
/** The largest segment: what is longer goes in several. */
const SEGMENT = 1400

/** A file of the classic kind, with a packet each millisecond. */
export function pcap(packets: readonly Uint8Array[]): Uint8Array {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(0x40000, 16)
  head.writeUInt32LE(LINKTYPE_IPV4, 20)
  const records = packets.flatMap((packet, i) => {
    const record = Buffer.alloc(16)
    record.writeUInt32LE(1_700_000_000 + Math.floor(i / 1000), 0)
    record.writeUInt32LE((i % 1000) * 1000, 4)
    record.writeUInt32LE(packet.length, 8)
    record.writeUInt32LE(packet.length, 12)
    return [record, packet]
  })
  return Buffer.concat([head, ...records])
}

function ip(protocol: number, fromClient: boolean, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(20)
  head[0] = 0x45
  head.writeUInt16BE(20 + payload.length, 2)
  head[8] = 64
  head[9] = protocol
  head.set(fromClient ? CLIENT : SERVER, 12)
  head.set(fromClient ? SERVER : CLIENT, 16)
  return Buffer.concat([head, payload])
}

/** UDP datagrams of one conversation; `port` is the client's. */
export function udpPackets(chunks: readonly Chunk[], port = 40_000): Buffer[] {
  return chunks.map(({ fromClient, bytes }) => {
    const head = Buffer.alloc(8)
    head.writeUInt16BE(fromClient ? port : SERVER_PORT, 0)
    head.writeUInt16BE(fromClient ? SERVER_PORT : port, 2)
    head.writeUInt16BE(8 + bytes.length, 4)
    return ip(UDP, fromClient, Buffer.concat([head, bytes]))
  })
}

const SYN = 0x02
const ACK = 0x10
const PUSH = 0x08

/** The segments of one TCP connection, its handshake included. */
export function tcpPackets(chunks: readonly Chunk[], port = 50_000): Buffer[] {
  const next = { client: 1, server: 1 }
  const segment = (fromClient: boolean, flags: number, sequence: number, ack: number, bytes: Uint8Array) => {
    const head = Buffer.alloc(20)
    head.writeUInt16BE(fromClient ? port : SERVER_PORT, 0)
    head.writeUInt16BE(fromClient ? SERVER_PORT : port, 2)
    head.writeUInt32BE(sequence, 4)
    head.writeUInt32BE(ack, 8)
    head[12] = 5 << 4
    head[13] = flags
    head.writeUInt16BE(0xffff, 14)
    return ip(TCP, fromClient, Buffer.concat([head, bytes]))
  }
  const none = new Uint8Array()
  const packets = [
    segment(true, SYN, 0, 0, none),
    segment(false, SYN | ACK, 0, 1, none),
    segment(true, ACK, 1, 1, none),
  ]
  for (const { fromClient, bytes } of chunks) {
    for (let at = 0; at < bytes.length; at += SEGMENT) {
      const part = bytes.subarray(at, at + SEGMENT)
      const [own, other] = fromClient ? (['client', 'server'] as const) : (['server', 'client'] as const)
      packets.push(segment(fromClient, ACK | PUSH, next[own], next[other], part))
      next[own] += part.length
    }
  }
  return packets
}

/** Stands between a client and a server on this machine and writes down what they say. */
export async function tapped(serverPort: number): Promise<{ port: number; chunks: Chunk[]; close: () => void }> {
  const chunks: Chunk[] = []
  const sockets: Socket[] = []
  const listener = createServer((client) => {
    const server = dial(serverPort, '127.0.0.1')
    sockets.push(client, server)
    pass(client, server, true, chunks)
    pass(server, client, false, chunks)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const close = () => {
    for (const socket of sockets) socket.destroy()
    listener.close()
  }
  return { port: (listener.address() as AddressInfo).port, chunks, close }
}

/** The same for UDP: what one client and a server say to each other. */
export async function tappedUdp(serverPort: number): Promise<{ port: number; chunks: Chunk[]; close: () => void }> {
  const chunks: Chunk[] = []
  const [outer, inner] = [createSocket('udp4'), createSocket('udp4')]
  let clientPort = 0
  outer.on('message', (bytes, { port }) => {
    clientPort = port
    chunks.push({ fromClient: true, bytes })
    inner.send(bytes, serverPort, '127.0.0.1')
  })
  inner.on('message', (bytes) => {
    chunks.push({ fromClient: false, bytes })
    outer.send(bytes, clientPort, '127.0.0.1')
  })
  for (const socket of [outer, inner]) {
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  }
  const close = () => {
    outer.close()
    inner.close()
  }
  return { port: outer.address().port, chunks, close }
}

function pass(from: Socket, to: Socket, fromClient: boolean, chunks: Chunk[]): void {
  from.on('data', (bytes: Buffer) => {
    chunks.push({ fromClient, bytes })
    to.write(bytes)
  })
  from.on('close', () => to.destroy())
  from.on('error', () => to.destroy())
}

/** A WebSocket as a server's bytes: the answer to the upgrade, and a binary message for each frame. */
export function webSocketChunks(messages: readonly Uint8Array[]): Chunk[] {
  const ask =
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
  const answer =
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n'
  return [
    { fromClient: true, bytes: Buffer.from(ask) },
    { fromClient: false, bytes: Buffer.from(answer) },
    ...messages.map((message) => ({ fromClient: false, bytes: webSocketMessage(message) })),
  ]
}

function webSocketMessage(message: Uint8Array): Buffer {
  const head = Buffer.from(
    message.length < 126 ? [0x82, message.length] : [0x82, 126, message.length >> 8, message.length & 0xff],
  )
  return Buffer.concat([head, message])
}
