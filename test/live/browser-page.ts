// Runs in the page: joins the server over the browser's own WebSocket and has every packet sent back.
import {
  bytesToVar,
  COMPRESSION_GZIP,
  compress,
  Dictionary,
  decompressDynamic,
  isVector3,
  P2P,
  P2P_SEND_RELIABLE,
  P2P_SEND_UNRELIABLE,
  StringName,
  type Variant,
  type VariantInput,
  Vector2i,
  Vector3,
  varToBytes,
} from '../../src/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { Random, RandomValues } from '../variant/random.js'

const PAGE = 76561198000000003n

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

async function join(url: string): Promise<{ sent: number; back: number; equal: number; text: string }> {
  const transport = new WebSocketTransport({ steamId: PAGE })
  const server = await transport.open(url)
  const p2p = new P2P({ steamId: PAGE, transport })
  const values = new RandomValues(new Random(1), { version: 4 })
  const packets = Array.from({ length: 50 }, (_, n) => {
    const bytes = varToBytes({ n, value: values.value() } as VariantInput)
    return n % 2 ? compress(bytes, COMPRESSION_GZIP) : bytes
  })
  packets.push(new Uint8Array(200_000).map((_, i) => i * 7))
  const sent = packets.filter((packet, i) =>
    p2p.sendP2PPacket(server, packet, i === 3 && packet.length <= 1200 ? P2P_SEND_UNRELIABLE : P2P_SEND_RELIABLE, 1),
  ).length
  const echoes: Uint8Array[] = []
  const end = performance.now() + 20_000
  while (echoes.length < sent && performance.now() < end) {
    const { data } = p2p.readP2PPacket(1 << 20, 1)
    if (data) echoes.push(data)
    else await new Promise((resolve) => setTimeout(resolve, 2))
  }
  const equal = echoes.filter((echo, i) => same(echo, packets[i]!)).length
  const last = decompressDynamic(echoes[49]!, -1, COMPRESSION_GZIP)
  const value: Variant = bytesToVar(last)
  p2p.close()
  return { sent, back: echoes.length, equal, text: String(value) }
}

/** What a person reads of a value in a page: as text, as JSON, and in the console (told by its events). */
function show(): string[] {
  const value = new Dictionary<unknown, unknown>([
    ['pos', new Vector3(1, 2.5, 3)],
    [new Vector2i(1, 2), [2n ** 60n, new StringName('hp')]],
  ])
  console.log(value.get('pos'))
  return [
    String(value),
    JSON.stringify(value),
    String(isVector3(value.get('pos'))),
    Object.prototype.toString.call(value),
  ]
}

Object.assign(globalThis, { join, show })
