// Takes Godot's place where none can be had: the same flow, the same kinds of packets, judged by bytes and by values read
// back. It shows that the pieces work together; that Godot agrees, only Godot can show.
import { Buffer } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import {
  AABB,
  Basis,
  bytesToVar,
  Callable,
  COMPRESSION_GZIP,
  Color,
  compress,
  Dictionary,
  decompressDynamic,
  EncodedObjectAsID,
  float,
  Messenger,
  NodePath,
  P2P,
  type P2PSend,
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
  Plane,
  Projection,
  Quaternion,
  Rect2,
  Rect2i,
  RID,
  Signal,
  StringName,
  Transform2D,
  Transform3D,
  TypedArray,
  VARIANT_TYPE_NAMES,
  type VariantInput,
  VariantType,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
  varToBytes,
} from '../../src/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { PATIENT, SERVER_ID } from './echo-server.js'
import type { PeerEvent } from './report.js'

const CHANNELS = 3
const WINDOW = 8
const UNRELIABLE_LIMIT = 1200
const LARGEST = 200_000

/** One value of each Variant type. */
function everyType(n: number): VariantInput[] {
  const v3 = new Vector3(n, -0.5, 1e-3)
  return [
    null,
    n % 2 === 0,
    n * 2 ** 33,
    n + 0.1,
    `packet ${n} – äöü € 😀`,
    new Vector2(n, 0.1),
    new Vector2i(n, -n),
    new Rect2(new Vector2(1, 2), new Vector2(3, n)),
    new Rect2i(new Vector2i(1, 2), new Vector2i(3, n)),
    v3,
    new Vector3i(1, 2, n),
    new Transform2D(),
    new Vector4(1, 2, 3, n),
    new Vector4i(1, 2, 3, n),
    new Plane(v3, n),
    new Quaternion(0, 0, 0, 1),
    new AABB(v3, v3),
    new Basis(v3, v3, v3),
    new Transform3D(new Basis(), v3),
    new Projection(),
    new Color(0.1, 0.2, 0.3, 0.4),
    new StringName(`name_${n}`),
    new NodePath('/root/Player:position:x'),
    new RID(BigInt(n)),
    new EncodedObjectAsID(2n ** 63n + BigInt(n)),
    new Callable(),
    new Signal('hit', BigInt(n)),
    new Dictionary<unknown, unknown>([[new Vector2i(n, n), float(n)]]),
    new TypedArray(VariantType.INT, [1, 2, n]),
    new Uint8Array([1, 2, 3]),
    new Int32Array([n, -n]),
    new BigInt64Array([BigInt(n) << 40n]),
    new Float32Array([n / 3]),
    new Float64Array([n / 3]),
    new PackedStringArray(['', 'a', `${n}`]),
    new PackedVector2Array([new Vector2(n, n)]),
    new PackedVector3Array([v3]),
    new PackedColorArray([new Color(n, 0, 0, 1)]),
    new PackedVector4Array([new Vector4(n, 1, 2, 3)]),
  ]
}

interface Packet {
  readonly wire: Uint8Array
  readonly raw: Uint8Array
  readonly gzip: boolean
  readonly channel: number
  readonly sendType: P2PSend
  sentAt: number
  rtt: number
  echo: Uint8Array | undefined
}

function makePacket(n: number, of: number): Packet {
  const all = everyType(n)
  const blob = n === Math.floor(of / 2) ? LARGEST - 200 : Math.floor(Math.exp((n / of) * Math.log(LARGEST / 2)))
  const value = { n, send_type: n % 4, value: all[n % all.length]!, blob: new Uint8Array(randomBytes(blob)) }
  const gzip = Math.floor(n / 12) % 2 === 1
  const pack = () => {
    const raw = varToBytes(value)
    return { raw, wire: gzip ? compress(raw, COMPRESSION_GZIP) : raw }
  }
  let packed = pack()
  if (value.send_type < 2 && packed.wire.length > UNRELIABLE_LIMIT) {
    value.send_type += 2
    packed = pack()
  }
  return {
    ...packed,
    gzip,
    channel: n % CHANNELS,
    sendType: value.send_type as P2PSend,
    sentAt: 0,
    rtt: -1,
    echo: undefined,
  }
}

function rawPacket(size: number): Packet {
  const wire = new Uint8Array(randomBytes(size))
  wire[0] = 0xff // Neither the head of a Variant nor of gzip.
  return { wire, raw: wire, gzip: false, channel: 0, sendType: 2, sentAt: 0, rtt: -1, echo: undefined }
}

/** Value for value, by what reading and writing it again makes of both. */
function sameValue(a: Uint8Array, b: Uint8Array): boolean {
  const again = (bytes: Uint8Array) => Buffer.from(varToBytes(bytesToVar(bytes, { exact: true })))
  return again(a).equals(again(b))
}

export async function runTypeScriptPeer(
  url: string,
  steamId: bigint,
  count: number,
  tell: (event: PeerEvent) => void,
): Promise<void> {
  const transport = new WebSocketTransport({ steamId })
  const p2p = new P2P({ steamId, transport, maxDatagramBacklog: PATIENT })
  await transport.open(url)
  tell({ phase: 'connected', engine: `a TypeScript peer on Node ${process.versions.node}` })

  const messenger = new Messenger(p2p)
  messenger.send(SERVER_ID, { message: 'handshake', from: steamId })
  tell({ phase: 'request_sent' })
  await until(() => messenger.poll().length > 0)
  tell({ phase: 'handshake' })
  tell({ phase: 'types', covered: everyType(0).length, of: VARIANT_TYPE_NAMES.length, missing: [] })

  const packets = Array.from({ length: count - 2 }, (_, n) => makePacket(n, count))
  packets.push(rawPacket(1), rawPacket(LARGEST))
  await exchange(p2p, packets, tell)
  tell({ phase: 'result', ...sum(packets) })
  p2p.close()
}

async function exchange(p2p: P2P, packets: readonly Packet[], tell: (event: PeerEvent) => void): Promise<void> {
  const flying: Packet[] = []
  let next = 0
  let done = 0
  await until(() => {
    while (next < packets.length && flying.length < WINDOW) {
      const packet = packets[next]!
      packet.sentAt = performance.now()
      if (!p2p.sendP2PPacket(SERVER_ID, packet.wire, packet.sendType, packet.channel)) break
      flying.push(packet)
      next++
    }
    for (let channel = 0; channel < CHANNELS; channel++) {
      while (p2p.isP2PPacketAvailable(channel)) {
        const { data } = p2p.readP2PPacket(p2p.getAvailableP2PPacketSize(channel), channel)
        const packet = takeFrom(flying, channel, data!)
        if (!packet) continue
        packet.echo = data
        packet.rtt = (performance.now() - packet.sentAt) * 1000
        if (++done % 40 === 0 && done < packets.length) tell({ phase: 'progress', done, of: packets.length })
      }
    }
    return done === packets.length
  })
}

/** Which packet this is: unreliable ones may have overtaken others. One that came changed is told by its length. */
function takeFrom(flying: Packet[], channel: number, data: Uint8Array): Packet | undefined {
  const isAlike = (packet: Packet) => packet.channel === channel && packet.wire.length === data.length
  const same = flying.findIndex((packet) => isAlike(packet) && Buffer.compare(packet.wire, data) === 0)
  const at = same >= 0 ? same : flying.findIndex(isAlike)
  return flying.splice(Math.max(0, at), 1)[0]
}

function sum(packets: readonly Packet[]) {
  const back = packets.filter((packet) => packet.echo !== undefined)
  const gzipped = packets.filter((packet) => packet.gzip)
  const total = (of: readonly Packet[], size: (packet: Packet) => number) => of.reduce((all, p) => all + size(p), 0)
  const count = (key: (packet: Packet) => number) => {
    const counts: Record<string, number> = {}
    for (const packet of packets) counts[key(packet)] = (counts[key(packet)] ?? 0) + 1
    return counts
  }
  const unpacked = (p: Packet) => (p.gzip ? decompressDynamic(p.echo!, 1 << 22, COMPRESSION_GZIP) : p.echo!)
  const isVariant = (p: Packet) => p.raw[0] !== 0xff
  return {
    packets: packets.length,
    bytes_raw: total(packets, (p) => p.raw.length),
    bytes_wire: total(packets, (p) => p.wire.length),
    gzip_packets: gzipped.length,
    raw_of_gzip: total(gzipped, (p) => p.raw.length),
    bytes_gzip: total(gzipped, (p) => p.wire.length),
    smallest: Math.min(...packets.map((p) => p.raw.length)),
    largest: Math.max(...packets.map((p) => p.raw.length)),
    rtt_us_by_send_type: Object.fromEntries(
      [0, 1, 2, 3].map((type) => [type, back.filter((p) => p.sendType === type).map((p) => p.rtt)]),
    ),
    mismatch_bytes: back.filter((p) => !Buffer.from(p.wire).equals(p.echo!)).length,
    mismatch_value: back.filter((p) => isVariant(p) && !sameValue(p.raw, unpacked(p))).length,
    lost: packets.length - back.length,
    channels: count((p) => p.channel),
    send_types: count((p) => p.sendType),
  }
}

/** Asks again and again, for a minute at most. */
async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 60_000
  while (!done() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1))
}
