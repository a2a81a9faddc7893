// The dissector in Wireshark: on the bytes of real connections, on captures of the inspector, and on what is broken.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect } from 'vitest'
import { PacketWriter } from '../../src/channel/lossy/packet.js'
import { FrameWriter } from '../../src/channel/records.js'
import { COMPRESSION_GZIP, compress } from '../../src/compression/index.js'
import { type CapturedFrame, writeCapture } from '../../src/inspect/index.js'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE } from '../../src/p2p/index.js'
import { createRelay } from '../../src/relay/node/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import * as datagrams from '../../src/transport/udp/datagrams.js'
import { UdpTransport } from '../../src/transport/udp/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { StringName, Vector3, varToBytes } from '../../src/variant/index.js'
import { seededBelow } from '../seeded.js'
import { until } from '../until.js'
import { type Chunk, pcap, tapped, tappedUdp, tcpPackets, udpPackets, webSocketChunks } from './pcap.js'
import { itInWireshark, Wireshark } from './with-tshark.js'

const ANN = 76561197960265729n
const BOB = 76561197960265730n

const wireshark = new Wireshark()
afterAll(() => wireshark.remove())

/** Two peers over a real WebSocket, and what passed on it. */
async function overWebSocket(use: (ann: P2P, bob: P2P) => Promise<void>): Promise<Chunk[]> {
  const server = new WebSocketTransport({ steamId: BOB })
  const tap = await tapped((await server.listen({ port: 0 })).port)
  const bob = new P2P({ steamId: BOB, transport: server })
  const client = new WebSocketTransport({ steamId: ANN })
  const ann = new P2P({ steamId: ANN, transport: client })
  try {
    bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
    await client.open(`ws://127.0.0.1:${tap.port}`)
    await use(ann, bob)
    return tap.chunks
  } finally {
    ann.close()
    bob.close()
    tap.close()
  }
}

function frame(write: (writer: FrameWriter) => void, destination = 0x11223344, source = 0x55667788): Uint8Array {
  const writer = new FrameWriter().begin(destination, source)
  write(writer)
  return writer.toBytes()
}

const VALUE = { hp: 5, at: new Vector3(1, 2, 3.5), list: [null, true, 1.5, 2n ** 40n, 'text', new StringName('x')] }

describe('WebSocket', () => {
  itInWireshark('shows hellos, sessions and the values in packets', async () => {
    const chunks = await overWebSocket(async (ann, bob) => {
      ann.sendP2PPacket(BOB, varToBytes(VALUE), P2P_SEND_RELIABLE, 0)
      await until(() => bob.isP2PPacketAvailable(0))
      bob.sendP2PPacket(ANN, varToBytes(new Vector3(1, 2, 3), { version: 3 }), P2P_SEND_UNRELIABLE, -3)
      await until(() => ann.isP2PPacketAvailable(-3))
      // One after the other, so that no frame carries two.
      const packets = [compress(varToBytes(['zip', 'zip']), COMPRESSION_GZIP), new Uint8Array([1, 2, 3])]
      for (const [i, packet] of [...packets, new Uint8Array(150_000)].entries()) {
        ann.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE, 1 + i)
        await until(() => bob.isP2PPacketAvailable(1 + i))
      }
    })
    const file = wireshark.write('ws.pcap', pcap(tcpPackets(chunks)))
    const hellos = await wireshark.fields(file, 'godot_wire.hello.steam_id', 'godot_wire.hello.max_frame')
    expect(hellos).toEqual([
      [String(ANN), '65536'],
      [String(BOB), '65536'],
    ])
    const packets = await wireshark.fields(
      file,
      'godot_wire.channel',
      'godot_wire.length',
      'godot_wire.variant.version',
      'godot_wire.variant.text',
      'godot_wire.variant.int',
    )
    const named = new Map(packets.map((row) => [row[0], row]))
    expect(named.get('0')?.slice(2)).toEqual(['4', 'hp;at;list;text;x', '5;1099511627776'])
    expect(named.get('-3')).toEqual(['-3', '16', '3', '', ''])
    // Opened by Wireshark.
    expect(named.get('1')?.slice(2)).toEqual(['4', 'zip;zip', ''])
    expect(named.get('2')?.slice(1)).toEqual(['3', '', '', ''])
    const fragments = await wireshark.fields(file, 'godot_wire.total', 'godot_wire.offset', 'godot_wire.length')
    expect(fragments.length).toBeGreaterThan(1)
    expect(fragments[0]?.[0]).toContain('150000')
    const records = (await wireshark.fields(file, 'godot_wire.record')).flat().join(';').split(';')
    for (const record of ['0x01', '0x02', '0x06', '0x10', '0x20', '0x21']) expect(records, record).toContain(record)
    expect(await wireshark.fields(file, 'godot_wire.malformed')).toEqual([])
  })

  itInWireshark('shows what a relay and its peers say', async () => {
    const relay = await createRelay({ port: 0, insecure: true })
    const tap = await tapped(relay.port)
    const peers: P2P[] = []
    try {
      const ids: bigint[] = []
      for (const port of [tap.port, relay.port]) {
        const { steamId, token } = (await (await fetch(`http://127.0.0.1:${relay.port}/identity`)).json()) as Record<
          string,
          string
        >
        const transport = new RelayTransport({
          steamId: BigInt(steamId!),
          url: `ws://127.0.0.1:${port}/?token=${token}`,
        })
        await transport.open()
        ids.push(BigInt(steamId!))
        peers.push(new P2P({ steamId: BigInt(steamId!), transport }))
      }
      const [ann, bob] = peers as [P2P, P2P]
      bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
      ann.sendP2PPacket(ids[1]!, varToBytes({ by: 'relay' }), P2P_SEND_RELIABLE, 4)
      await until(() => bob.isP2PPacketAvailable(4))
      const file = wireshark.write('relay.pcap', pcap(tcpPackets(tap.chunks)))
      const types = (await wireshark.fields(file, 'godot_wire.relay.type')).flat()
      expect(types.slice(0, 4)).toEqual(['0x00', '0x01', '0x03', '0x10'])
      const ups = await wireshark.fields(
        file,
        'godot_wire.relay.max_frame',
        'godot_wire.relay.peer',
        'godot_wire.relay.link',
      )
      expect(ups).toEqual([['65531', String(ids[1]), '1']])
      const texts = await wireshark.fields(
        file,
        'godot_wire.variant.text',
        'godot_wire.channel',
        'godot_wire.relay.link',
      )
      expect(texts).toEqual([['by;relay', '4', '1']])
    } finally {
      for (const peer of peers) peer.close()
      tap.close()
      relay.close()
    }
  })
})

/** What two ends say over UDP, with frames of sessions and packets of links that lose. */
function udpTalk(): Chunk[] {
  const [ours, theirs] = [
    { low: 0x01020304, high: 0x05060708 },
    { low: 0x11121314, high: 0x15161718 },
  ]
  const hello = {
    steamId: ANN,
    maxFrameSize: 1400,
    id: ours,
    cookie: new Uint8Array(16),
    token: new Uint8Array([7, 8, 9]),
  }
  const acceptance = { steamId: BOB, maxFrameSize: 1300, id: ours }
  const carried = (bytes: Uint8Array) => Buffer.concat([datagrams.header(datagrams.TYPE.FRAME, theirs), bytes])
  const lossy = new PacketWriter()
  lossy.begin(17)
  lossy.ping()
  lossy.credit(70_000)
  lossy.datagram(frame((writer) => writer.datagram(5, varToBytes('lossy'))))
  return [
    { fromClient: true, bytes: datagrams.writeHello(hello) },
    { fromClient: false, bytes: datagrams.writeRetry(ours, new Uint8Array(16).fill(9)) },
    { fromClient: false, bytes: datagrams.writeAccept(theirs, acceptance) },
    { fromClient: true, bytes: carried(frame((writer) => writer.message(3, 2, varToBytes({ udp: 1 })))) },
    { fromClient: true, bytes: carried(lossy.toBytes()) },
    { fromClient: false, bytes: datagrams.header(datagrams.TYPE.PING, theirs) },
    { fromClient: false, bytes: datagrams.writeRefuse(theirs, datagrams.REFUSAL.FULL) },
    { fromClient: false, bytes: datagrams.writeClose(theirs, 'good bye') },
  ]
}

describe('UDP', () => {
  itInWireshark('shows datagrams from the hello on', async () => {
    const file = wireshark.write('udp.pcap', pcap(udpPackets(udpTalk())))
    const types = await wireshark.fields(file, 'godot_wire.udp.type')
    expect(types.flat()).toEqual(['0x01', '0x02', '0x03', '0x10', '0x10', '0x20', '0x04', '0x22'])
    expect(await wireshark.fields(file, 'godot_wire.hello.steam_id', 'godot_wire.udp.max_frame')).toEqual([
      [String(ANN), '1400'],
      [String(BOB), '1300'],
    ])
    expect(await wireshark.fields(file, 'godot_wire.variant.text', 'godot_wire.channel')).toEqual([
      ['udp', '2'],
      ['lossy', '5'],
    ])
    expect(await wireshark.fields(file, 'godot_wire.lossy.number', 'godot_wire.lossy.record')).toEqual([
      ['17', '0x01;0x03;0x10'],
    ])
    expect((await wireshark.fields(file, 'godot_wire.reason')).flat()).toEqual(['good bye'])
    expect(await wireshark.fields(file, 'godot_wire.malformed')).toEqual([])
  })

  itInWireshark('puts the stream of a real link together, and shows the example of the protocol', async () => {
    const server = new UdpTransport({ steamId: BOB })
    const tap = await tappedUdp((await server.listen({ port: 0 })).port)
    const client = new UdpTransport({ steamId: ANN })
    const [ann, bob] = [new P2P({ steamId: ANN, transport: client }), new P2P({ steamId: BOB, transport: server })]
    try {
      bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
      await client.open({ host: '127.0.0.1', port: tap.port })
      for (const [channel, text] of ['first', 'second', 'x'.repeat(4_000)].entries()) {
        ann.sendP2PPacket(BOB, varToBytes(text), P2P_SEND_RELIABLE, channel)
        await until(() => bob.isP2PPacketAvailable(channel))
      }
      ann.sendP2PPacket(BOB, varToBytes('datagram'), P2P_SEND_UNRELIABLE, 3)
      await until(() => bob.isP2PPacketAvailable(3))
    } finally {
      ann.close()
      bob.close()
      tap.close()
    }
    const file = wireshark.write('link.pcap', pcap(udpPackets(tap.chunks)))
    const rows = await wireshark.fields(file, 'godot_wire.channel', 'godot_wire.variant.text')
    const texts = rows.map(([, text]) => text)
    for (const text of ['first', 'second', 'datagram']) expect(texts).toContain(text)
    expect(texts.some((text) => text?.startsWith('xxx'))).toBe(true)
    expect(await wireshark.fields(file, 'godot_wire.malformed')).toEqual([])
    const [example] = /^02 02010000$[\s\S]*?^01$/m.exec(
      readFileSync(fileURLToPath(new URL('../../docs/protocol.md', import.meta.url)), 'utf8'),
    )!
    const packet = Buffer.from(example.replace(/\s/g, ''), 'hex')
    const shown = wireshark.write('example.pcapng', writeCapture([captured(packet)]))
    const names = ['number', 'record', 'largest', 'delay', 'run', 'gap', 'offset'].map(
      (name) => `godot_wire.lossy.${name}`,
    )
    expect(await wireshark.fields(shown, ...names)).toEqual([
      ['258', '0x02;0x03;0x10;0x20;0x01', '300', '500', '292;0;1', '1;0', '262144;16'],
    ])
  })

  itInWireshark('leaves other datagrams alone', async () => {
    const file = wireshark.write('other.pcap', pcap(udpPackets([{ fromClient: true, bytes: Buffer.alloc(60, 1) }])))
    expect(await wireshark.fields(file, 'godot_wire')).toEqual([])
  })
})

function captured(bytes: Uint8Array, at = 0): CapturedFrame {
  return { at: 1_700_000_000_000 + at, from: ANN, to: BOB, lane: 'reliable', taken: true, frame: bytes }
}

describe('what is broken', () => {
  const good = frame((writer) => writer.message(1, 0, varToBytes(VALUE)))
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['another kind', good.map((byte, i) => (i === 0 ? 7 : byte)), /no frame of kind 7/],
    ['no record', good.subarray(0, 9), /without a record/],
    ['a cut header', good.subarray(0, 6), /ends too early/],
    ['an unknown record', good.map((byte, i) => (i === 9 ? 0x77 : byte)), /unknown record type 119/],
    ['a cut packet', good.subarray(0, good.length - 1), /longer than its frame/],
    ['a long varint', Buffer.concat([good.subarray(0, 9), Buffer.from([0x10, 0, 255, 255, 255, 255, 127])]), /varint/],
    ['a fragment too far', frame((writer) => writer.fragment(0, 0, 5, 4, new Uint8Array(9))), /beyond its message/],
  ]
  itInWireshark('is marked, and nothing else is', async () => {
    const frames = [...cases.map(([, bytes]) => bytes), good]
    const file = wireshark.write('broken.pcapng', writeCapture(frames.map((bytes, i) => captured(bytes, i))))
    const rows = await wireshark.fields(file, 'frame.number', '_ws.expert.message', 'godot_wire.malformed')
    for (const [i, [name, , message]] of cases.entries()) {
      expect(rows[i]?.[1], name).toMatch(message)
      expect(rows[i]?.[2], name).not.toBe('')
    }
    expect(rows.at(-1)?.slice(1)).toEqual(['', ''])
  })

  itInWireshark('is a note where a value breaks that must be of Godot 4', async () => {
    const bytes = varToBytes([1, 2])
    bytes[16] = 99
    const file = wireshark.write('value.pcapng', writeCapture([captured(frame((writer) => writer.datagram(0, bytes)))]))
    const asked = ['-o', 'godot_wire.version:Godot 4', '-T', 'fields', '-e', '_ws.expert.message']
    expect(await wireshark.read(file, ...asked)).toContain('Broken at byte 16 of the Variant: no type 99')
    expect(await wireshark.fields(file, '_ws.expert.message')).toEqual([])
  })
})

function mutated(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const copy = bytes.slice(0, random(6) === 0 ? 1 + random(bytes.length) : bytes.length)
  for (let i = random(5); i >= 0; i--) {
    copy[random(copy.length)] = [0, 1, 0x7f, 0x80, 0xff, random(256), random(40)][random(7)]!
  }
  return copy
}

describe('2,000 mutated frames', () => {
  itInWireshark('never raise an error in the script', async () => {
    const random = seededBelow(7)
    const pick = (from: readonly Uint8Array[]) => mutated(from[random(from.length)]!, random)
    const values = [VALUE, [[[{ deep: [new Vector3(0, 0, 0)] }]]], new Int32Array(9), ['a', 'b'], new Float64Array(3)]
    const frames = values.flatMap((value) => [
      frame((writer) => writer.message(1, 0, varToBytes(value))),
      frame((writer) => writer.datagram(1, compress(varToBytes(value), COMPRESSION_GZIP))),
      frame((writer) => {
        writer.ack(4, 300, 1_000_000)
        writer.fragment(2, 3, 5000, 100, varToBytes(value))
      }),
    ])
    frames.push(frame((writer) => writer.datagram(-1, varToBytes([{ old: new Vector3(1, 2, 3) }], { version: 3 }))))
    frames.push(frame((writer) => writer.open(5, { session: 1, sequence: 2 }), 0))
    const talk = udpTalk().map(({ bytes }) => bytes)
    const hello = Buffer.alloc(20)
    hello.write('GWIR')
    hello.writeUInt8(1, 4)
    hello.writeUInt32LE(65536, 16)
    const relayed = frames.map((bytes) => Buffer.concat([Buffer.from([0x10, 1, 0, 0, 0]), bytes]))
    const over = (messages: readonly Uint8Array[], port: number) => tcpPackets(webSocketChunks(messages), port)
    const times = <T>(count: number, make: () => T) => Array.from({ length: count }, make)
    const files = [
      writeCapture(times(800, () => captured(pick(frames)))),
      pcap([
        ...udpPackets([{ fromClient: true, bytes: talk[0]! }]),
        ...times(500, () => udpPackets([{ fromClient: random(2) === 0, bytes: pick(talk) }])).flat(),
      ]),
      pcap([
        ...over([hello, ...times(400, () => pick(frames))], 50_001),
        ...over([hello, Buffer.from([0, 1]), ...times(300, () => pick(relayed))], 50_002),
      ]),
    ]
    const shown = []
    for (const [i, bytes] of files.entries()) {
      const printed = await wireshark.read(wireshark.write(`fuzz${i}`, bytes), '-V')
      expect(printed).not.toMatch(/lua error/i)
      shown.push(printed.match(/^godot-wire(?: capture)?: /gm)?.length ?? 0)
    }
    // Each was the dissector's: in a capture by two headers, elsewhere by one, and the hellos with them.
    expect(shown[0]).toBeGreaterThanOrEqual(800)
    expect(shown[1]).toBe(501)
    expect(shown[2]).toBeGreaterThanOrEqual(700)
  })
})

describe('docs/wireshark.md', () => {
  const text = readFileSync(fileURLToPath(new URL('../../docs/wireshark.md', import.meta.url)), 'utf8')
  const samples = [...text.matchAll(/^\$ tshark -r game\.pcapng (.*)\n([\s\S]*?)^```$/gm)]

  itInWireshark('shows what is printed', async () => {
    const open = frame((writer) => writer.open(4_194_304, { session: 0, sequence: 0 }), 0, 0x0000a11c)
    const accept = frame((writer) => writer.accept(4_194_304, { session: 0, sequence: 0 }), 0xa11c, 0xb0b)
    const move = frame(
      (writer) => writer.message(0, 0, varToBytes({ hp: 5, at: new Vector3(1, 2, 3.5) })),
      0xb0b,
      0xa11c,
    )
    const frames = [captured(open), { ...captured(accept, 12), from: BOB, to: ANN }, captured(move, 25)]
    const file = wireshark.write('game.pcapng', writeCapture(frames))
    expect(samples.length).toBeGreaterThan(2)
    for (const [, args = '', output = ''] of samples) {
      const words = [...args.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
      const printed = await wireshark.read(file, ...words)
      // Blanks at the ends of lines are the terminal's.
      const lines = (one: string) => one.split('\n').map((line) => line.trimEnd())
      const [got, wanted] = [lines(printed), lines(output)]
      const from = got.indexOf(wanted[0]!)
      expect(got.slice(from, from + wanted.length - 1), args).toEqual(wanted.slice(0, -1))
    }
  })
})
