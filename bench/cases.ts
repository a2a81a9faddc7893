// The cases by name. Each proves its result once before it is timed: a fast wrong answer must not win.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import {
  bytesToVar,
  COMPRESSION_GZIP,
  compress,
  Dictionary,
  decompressDynamic,
  GodotFloat,
  P2P,
  P2P_SEND_RELIABLE,
  type VariantInput,
  Vector3,
  varToBytes,
} from '../src/index.js'
import { MemoryNetwork, type Transport } from '../src/transport/index.js'
import { WebSocketTransport } from '../src/transport/websocket/index.js'
import { ENGINE_SHA256, PAYLOADS } from './payloads.js'
import { FIELDS, numbersFor } from './shape-fields.js'

export interface Case {
  /** `group/payload`; the filter of `npm run bench -- encode` looks in it. */
  readonly name: string
  /** Bytes that one run handles, for the column of throughput. */
  readonly bytes: number
  /** Packets or values that one run handles. */
  readonly items: number
  /** Whether `run` gives a promise: what does not must not pay for one. */
  readonly isAsync: boolean
  /** Throws when the result is wrong. */
  check(): void | Promise<void>
  run(): void | Promise<void>
  /** Frees what the case holds. */
  end?(): void
}

const ALICE = 76561197960265729n
const BOB = 76561197960265730n

/** A value without classes, floats as they are on the wire: what is decoded must be this, by whichever way. */
function plain(value: unknown): unknown {
  if (value instanceof Dictionary) return plain(Object.fromEntries(value))
  if (value instanceof GodotFloat) return value.value
  if (value instanceof Vector3) return ['Vector3', ...[value.x, value.y, value.z].map(Math.fround)]
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}

function codecCases(payload: string, value: VariantInput): Case[] {
  const raw = varToBytes(value)
  const packed = compress(raw, COMPRESSION_GZIP)
  const { compiled } = FIELDS[payload]!
  const numbers = numbersFor(value) as never
  const one = (name: string, bytes: number, check: () => void, run: () => void): Case => ({
    name: `${name}/${payload}`,
    bytes,
    items: 1,
    isAsync: false,
    check,
    run,
  })
  const same = (a: Uint8Array, b: Uint8Array) => assert.equal(Buffer.compare(a, b), 0)
  return [
    one(
      'encode',
      raw.length,
      () => assert.equal(createHash('sha256').update(varToBytes(value)).digest('hex'), ENGINE_SHA256[payload]),
      () => void varToBytes(value),
    ),
    one(
      'decode',
      raw.length,
      () => assert.deepEqual(plain(bytesToVar(raw)), plain(value)),
      () => void bytesToVar(raw),
    ),
    one(
      'decode-object',
      raw.length,
      () => assert.deepEqual(plain(bytesToVar(raw, { dictionaryAs: 'object' })), plain(value)),
      () => void bytesToVar(raw, { dictionaryAs: 'object' }),
    ),
    one(
      'encode-compiled',
      raw.length,
      () => same(compiled.encode(numbers), raw),
      () => void compiled.encode(numbers),
    ),
    one(
      'decode-compiled',
      raw.length,
      () => assert.deepEqual(plain(compiled.decode(raw)), plain(value)),
      () => void compiled.decode(raw),
    ),
    one(
      'gzip',
      raw.length,
      () => same(gunzipSync(compress(raw, COMPRESSION_GZIP)), raw),
      () => void compress(raw, COMPRESSION_GZIP),
    ),
    one(
      'gunzip',
      raw.length,
      () => same(decompressDynamic(packed, -1, COMPRESSION_GZIP), raw),
      () => void decompressDynamic(packed, -1, COMPRESSION_GZIP),
    ),
  ]
}

/** How much goes before the game reads: about what one frame of a busy server handles. */
const BURST_PACKETS = 256
const BURST_BYTES = 1 << 20

/** Packets from Alice to Bob, read there, in bursts. */
function sendCase(name: string, packet: Uint8Array, make: () => Promise<[Transport, Transport]>): Case {
  let alice: P2P
  let bob: P2P
  const burstSize = Math.min(BURST_PACKETS, Math.floor(BURST_BYTES / packet.length))
  /** Reads what is there; turns of the event loop are given until all have arrived. */
  async function receive(wanted: number, check: (data: Uint8Array) => void): Promise<void> {
    let got = 0
    for (let turn = 0; got < wanted && turn < 100_000; turn++) {
      while (bob.isP2PPacketAvailable()) {
        check(bob.readP2PPacket(bob.getAvailableP2PPacketSize()).data!)
        got++
      }
      if (got < wanted) await new Promise((resolve) => setImmediate(resolve))
    }
    assert.equal(got, wanted, `${name}: packets that arrived`)
  }
  async function burst(): Promise<void> {
    for (let i = 0; i < burstSize; i++) {
      if (!alice.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE)) throw new Error(`${name}: a packet was not taken`)
    }
    await receive(burstSize, () => {})
  }
  let last = Promise.resolve()
  return {
    name,
    bytes: packet.length * burstSize,
    items: burstSize,
    isAsync: true,
    async check() {
      const [a, b] = await make()
      alice = new P2P({ steamId: ALICE, transport: a })
      bob = new P2P({ steamId: BOB, transport: b })
      bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
      for (let i = 0; i < 3; i++) assert.equal(alice.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE), true)
      await receive(3, (data) => assert.equal(Buffer.compare(data, packet), 0))
    },
    run() {
      // One burst behind the other: benny calls once without waiting, to see what it gets.
      last = last.then(burst)
      return last
    },
    end() {
      alice.close()
      bob.close()
    },
  }
}

async function overMemory(): Promise<[Transport, Transport]> {
  const network = new MemoryNetwork()
  return [network.transport(ALICE), network.transport(BOB)]
}

async function overWebSocket(): Promise<[Transport, Transport]> {
  const server = new WebSocketTransport({ steamId: BOB })
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
  const client = new WebSocketTransport({ steamId: ALICE })
  await client.open(url)
  return [client, server]
}

export function allCases(): Case[] {
  const codec = Object.entries(PAYLOADS).flatMap(([name, value]) => codecCases(name, value))
  const packets: [string, Uint8Array][] = [
    ['64B', new Uint8Array(64).fill(7)],
    ...Object.entries(PAYLOADS).map(([name, value]): [string, Uint8Array] => [name, varToBytes(value)]),
  ]
  const send = packets.flatMap(([name, packet]) => [
    sendCase(`send-memory/${name}`, packet, overMemory),
    sendCase(`send-websocket/${name}`, packet, overWebSocket),
  ])
  const order = (c: Case) => c.name.split('/')[0]!
  return [...codec, ...send].sort((a, b) => GROUPS.indexOf(order(a)) - GROUPS.indexOf(order(b)))
}

const GROUPS = ['encode', 'decode', 'decode-object', 'gzip', 'gunzip', 'send-memory', 'send-websocket']
