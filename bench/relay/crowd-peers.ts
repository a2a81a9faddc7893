// A process full of peers: `crowd-peers.ts <relay|forwarder> <first id> <peers> <rate> <seconds> <url>...`. Neighbours talk
// with each other, `rate` packets a second each, and each packet says when it was sent.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import type { Link } from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { peerUrl, type Role } from './roles.js'

const PACKET = 100
const TICK_MS = 5
/** One of so many packets is timed. */
const TIMED = 50
/** For what is under way when the time is over. */
const LAST_MS = 10_000

/** What the peers of one process have seen. */
export interface CrowdResult {
  readonly sent: number
  readonly received: number
  /** Packets that could not be sent, as the way was full. */
  readonly refused: number
  readonly seconds: number
  readonly latencies: readonly number[]
}

type Send = (packet: Uint8Array) => boolean

/** What has arrived at the peers of this process. */
class Arrivals {
  count = 0
  readonly latencies: number[] = []

  note(packet: Uint8Array): void {
    if (++this.count % TIMED !== 0) return
    this.latencies.push(performance.now() - new DataView(packet.buffer, packet.byteOffset).getFloat64(0))
  }
}

async function relayPair(urls: readonly string[], first: bigint, arrivals: Arrivals): Promise<Send[]> {
  const links: Link[] = []
  const transports = []
  for (const [n, steamId] of [first, first + 1n].entries()) {
    const url = await peerUrl(urls[(Number(first) + n) % urls.length]!, 'relay', steamId)
    const transport = new RelayTransport({ steamId, url, reconnect: false })
    transport.attach({
      linkUp: (link) => links.push(link),
      frame: (_, frame) => arrivals.note(frame),
      drain() {},
      linkDown: (_, reason) => console.error('down:', reason),
    })
    await transport.open()
    transports.push(transport)
  }
  transports[0]!.connect(first + 1n)
  while (links.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  return links.map((link) => (packet) => link.send(packet, 'reliable'))
}

async function forwarderPair(urls: readonly string[], first: bigint, arrivals: Arrivals): Promise<Send[]> {
  const sends: Send[] = []
  for (const steamId of [first, first + 1n]) {
    const socket = new WebSocket(await peerUrl(urls[0]!, 'forwarder', steamId), { perMessageDeflate: false })
    socket.on('message', (data: Uint8Array) => arrivals.note(data))
    await once(socket, 'open')
    sends.push((packet) => {
      socket.send(packet)
      return true
    })
  }
  return sends
}

function stamped(): Uint8Array {
  const packet = new Uint8Array(PACKET)
  new DataView(packet.buffer).setFloat64(0, performance.now())
  return packet
}

/** Every peer in its turn, evenly over the time. What falls behind by more than a second is not made up for. */
async function talk(peers: readonly Send[], perSecond: number, seconds: number) {
  const start = performance.now()
  let [next, done, sent, refused] = [0, 0, 0, 0]
  for (let now = start; now - start < seconds * 1000; now = performance.now()) {
    const due = ((now - start) / 1000) * perSecond
    done = Math.max(done, due - perSecond)
    for (; done < due; done++) {
      if (peers[next++ % peers.length]!(stamped())) sent++
      else refused++
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  return { sent, refused, seconds: (performance.now() - start) / 1000 }
}

async function run(role: Role, first: bigint, count: number, rate: number, seconds: number, urls: string[]) {
  const arrivals = new Arrivals()
  const pair = role === 'relay' ? relayPair : forwarderPair
  const peers: Send[] = []
  for (let n = 0; n < count; n += 2) peers.push(...(await pair(urls, first + BigInt(n), arrivals)))
  process.send!('ready')
  await once(process, 'message')
  const { sent, refused, seconds: took } = await talk(peers, count * rate, seconds)
  const end = performance.now() + LAST_MS
  while (arrivals.count < sent && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10))
  const { count: received, latencies } = arrivals
  process.send!({ sent, received, refused, seconds: took, latencies } satisfies CrowdResult)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [role, first, count, rate, seconds, ...urls] = process.argv.slice(2)
  process.on('disconnect', () => process.exit())
  await run(role as Role, BigInt(first!), Number(count), Number(rate), Number(seconds), urls)
}
