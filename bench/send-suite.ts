// npm run bench:suite -- send [--rounds=60] [--json=file]
// Packets of 64 bytes from sendP2PPacket to readP2PPacket, in memory and over WebSocket on loopback, beside plain
// ws.send of the same packets, and a value for the 64 members of a lobby; all in one run, round by round, and the best round
// of each counts.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { WebSocket, WebSocketServer } from 'ws'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE, type P2PSend } from '../src/p2p/index.js'
import { MemoryNetwork, type Transport } from '../src/transport/index.js'
import { WebSocketTransport } from '../src/transport/websocket/index.js'
import { broadcasts } from './broadcast.js'
import { PAYLOADS } from './payloads.js'
import { median } from './rounds.js'

const [ALICE, BOB] = [76561197960265729n, 76561197960265730n]
const PACKET = new Uint8Array(64).fill(7)
/** Packets of one turn: what a server tells its players at once, and more. */
const BURST = 2_000
/** As many unreliable ones as a link may hold before more are dropped. */
const UNRELIABLE_BURST = 500
const PINGS = 60
/** The pause before each: a game's packets come one by one. */
const PAUSE_MS = 2
/** Packets a second in memory. */
const MEMORY_TARGET = 1_500_000

/** Something that takes packets at one end and gives them out at the other. */
interface Way {
  readonly name: string
  /** Packets of a burst. */
  readonly size: number
  /** Sends a burst, and resolves when the other end has read all of it. */
  burst(): Promise<void>
  /** Sends one, and resolves when the other end has sent it back. */
  ping(): Promise<void>
  close(): void
}

async function p2pWay(
  name: string,
  transports: readonly [Transport, Transport],
  type: P2PSend = P2P_SEND_RELIABLE,
): Promise<Way> {
  const size = type === P2P_SEND_RELIABLE ? BURST : UNRELIABLE_BURST
  const alice = new P2P({ steamId: ALICE, transport: transports[0] })
  const bob = new P2P({ steamId: BOB, transport: transports[1] })
  bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
  const send = () => {
    if (!alice.sendP2PPacket(BOB, PACKET, type)) throw new Error(`${name}: a packet was not taken`)
  }
  const echo = async () => {
    for await (const { data } of bob.packets(1)) bob.sendP2PPacket(ALICE, data, type, 1)
  }
  void echo()
  const answers = alice.packets(1)[Symbol.asyncIterator]()
  alice.sendP2PPacket(BOB, PACKET, P2P_SEND_RELIABLE)
  await alice.flush(BOB)
  bob.readP2PPacket(64)
  return {
    name,
    size,
    async burst() {
      for (let n = 0; n < size; n++) send()
      for (let got = 0, turn = 0; got < size; turn++) {
        for (; bob.isP2PPacketAvailable(); got++) bob.readP2PPacket(bob.getAvailableP2PPacketSize())
        if (turn > 1_000_000) throw new Error(`${name}: ${got} of ${size} packets arrived`)
        if (got < size) await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async ping() {
      alice.sendP2PPacket(BOB, PACKET, type, 1)
      await answers.next()
    },
    close() {
      alice.close()
      bob.close()
    },
  }
}

function inMemory(name: string, type: P2PSend): Promise<Way> {
  const network = new MemoryNetwork()
  return p2pWay(name, [network.transport(ALICE), network.transport(BOB)], type)
}

/**
 * Who sends the bursts. What a client sends is masked, byte by byte, which ws does in JavaScript unless `bufferutil` is
 * installed: a price of each byte, that no sharing of frames makes less.
 */
type From = 'client' | 'server'

async function overWebSocket(name: string, from: From): Promise<Way> {
  const server = new WebSocketTransport({ steamId: from === 'server' ? ALICE : BOB })
  const { url } = await server.listen({ host: '127.0.0.1', port: 0 })
  const client = new WebSocketTransport({ steamId: from === 'server' ? BOB : ALICE })
  await client.open(url)
  return p2pWay(name, from === 'server' ? [server, client] : [client, server])
}

/** One message for each packet, as whoever writes this by hand does. */
async function overBareWs(name: string, from: From): Promise<Way> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
  const [[accepted]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [[WebSocket], unknown]
  const [near, far] = from === 'server' ? [accepted, client] : [client, accepted]
  let got = 0
  let isEcho = false
  let all: (() => void) | undefined
  let answered: (() => void) | undefined
  near.on('message', () => answered?.())
  far.on('message', (data: Uint8Array) => {
    if (isEcho) far.send(data)
    else if (++got === BURST) all?.()
  })
  return {
    name,
    size: BURST,
    async burst() {
      isEcho = false
      got = 0
      const done = new Promise<void>((resolve) => {
        all = resolve
      })
      for (let n = 0; n < BURST; n++) near.send(PACKET)
      await done
    },
    async ping() {
      isEcho = true
      const answer = new Promise<void>((resolve) => {
        answered = resolve
      })
      near.send(PACKET)
      await answer
    },
    close() {
      client.terminate()
      server.close()
    },
  }
}

async function nanosecondsOf(run: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint()
  await run()
  return Number(process.hrtime.bigint() - start)
}

const option = (name: string) => process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)

const ways = [
  await inMemory('P2P, in memory', P2P_SEND_RELIABLE),
  await inMemory('P2P unreliable, in memory', P2P_SEND_UNRELIABLE),
  await overWebSocket('P2P, over WebSocket from a client', 'client'),
  await overBareWs('ws.send from a client', 'client'),
]
const bursting = [...ways, await overWebSocket('P2P, over WebSocket', 'server'), await overBareWs('ws.send', 'server')]
const lobbies = broadcasts(PAYLOADS['state']!)
const best = new Map<string, number>()
const note = (name: string, ns: number) => best.set(name, Math.min(ns, best.get(name) ?? Number.POSITIVE_INFINITY))
for (let round = 0; round < Number(option('rounds') ?? 60); round++) {
  for (const way of bursting) note(`packet/${way.name}`, (await nanosecondsOf(() => way.burst())) / way.size)
  for (const lobby of lobbies) {
    note(`compressed state to a member of 64/${lobby.name}`, (await nanosecondsOf(() => lobby.turn())) / lobby.packets)
  }
  // Turn about, so that a disturbance meets all of them.
  const pings = ways.map((): number[] => [])
  for (let n = 0; n < PINGS; n++) {
    for (const [i, way] of ways.entries()) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      pings[i]!.push(await nanosecondsOf(() => way.ping()))
    }
  }
  for (const [i, way] of ways.entries()) note(`there and back, median/${way.name}`, median(pings[i]!))
}
for (const { close } of [...bursting, ...lobbies]) close()
best.set('packet/goal in memory', 1e9 / MEMORY_TARGET)

const ratio = (what: string, ours: string, over: string, target: number) => {
  return { what, ours, over, target, ratio: best.get(over)! / best.get(ours)! }
}
const report = {
  node: process.versions.node,
  cpu: cpus()[0]?.model ?? 'unknown',
  nanoseconds: Object.fromEntries(best),
  ratios: [
    ratio('packets in memory : 1,500,000 a second', 'packet/P2P, in memory', 'packet/goal in memory', 1),
    ratio(
      'unreliable packets in memory : 1,500,000 a second',
      'packet/P2P unreliable, in memory',
      'packet/goal in memory',
      1,
    ),
    ratio(
      'to 64 members : anew for each',
      'compressed state to a member of 64/Messenger',
      'compressed state to a member of 64/anew for each',
      1,
    ),
    ratio('packets over WebSocket : ws.send', 'packet/P2P, over WebSocket', 'packet/ws.send', 5),
    ratio(
      'packets over WebSocket from a client : ws.send',
      'packet/P2P, over WebSocket from a client',
      'packet/ws.send from a client',
      5,
    ),
    ratio(
      'there and back over WebSocket : ws.send',
      'there and back, median/P2P, over WebSocket from a client',
      'there and back, median/ws.send from a client',
      0.9,
    ),
  ],
}
console.log(`Node ${report.node}, ${report.cpu}; nanoseconds`)
for (const [name, ns] of best) console.log(`${name.padEnd(56)}${ns.toFixed(0).padStart(10)}`)
for (const { what, ratio, target } of report.ratios) {
  console.log(`${what.padEnd(56)}${ratio.toFixed(2).padStart(10)} ${ratio >= target ? 'met' : 'NOT MET'}`)
}
const file = option('json')
if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
process.exit()
