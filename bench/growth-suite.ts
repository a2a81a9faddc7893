// npm run bench:suite -- growth [--rounds=5] [--bytes=...] [--sessions=...] [--json=file]
// Whether work grows with what there is to do and no faster. Time per byte of a value from a hundred bytes to a hundred
// megabytes, and time per packet with one session to ten thousand.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { VirtualClock } from '../src/clock.js'
import { P2P, P2P_SEND_RELIABLE } from '../src/p2p/index.js'
import { MemoryNetwork } from '../src/transport/index.js'
import { bytesToVar, type VariantInput, varToBytes } from '../src/variant/index.js'
import { playerState, random } from './payloads.js'

/** A line of a plot: what is on the axis, and the quickest that was seen there. */
export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, nanoseconds: number])[]
}

const option = (name: string) => process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
const ROUNDS = Number(option('rounds') ?? 5)
const MOST_BYTES = Number(option('bytes') ?? 100_000_000)
const MOST_SESSIONS = Number(option('sessions') ?? 10_000)
/** One turn handles at least so much, or small values would be timed by the clock's own steps. */
const TURN_BYTES = 2_000_000

function nanoseconds(run: () => void): number {
  const start = process.hrtime.bigint()
  run()
  return Number(process.hrtime.bigint() - start)
}

function quickest(run: () => void, count: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    best = Math.min(
      best,
      nanoseconds(() => {
        for (let i = 0; i < count; i++) run()
      }) / count,
    )
  }
  return best
}

/** As many players as make so many bytes; small ones are parts of a player. */
function playersOf(bytes: number): VariantInput {
  const next = random(3)
  const one = varToBytes(playerState(next)).length
  if (bytes < one) return { id: 7, name: 'player_007', hp: 5.5, at: [1, 2] }
  return Array.from({ length: Math.round(bytes / one) }, (_, id) => playerState(next, id))
}

function codecSeries(): Series[] {
  const encode: [number, number][] = []
  const decode: [number, number][] = []
  const limits = { maxBytes: MOST_BYTES * 2, maxElements: MOST_BYTES }
  for (let wanted = 100; wanted <= MOST_BYTES; wanted *= 10) {
    const value = playersOf(wanted)
    const bytes = varToBytes(value)
    const { length } = bytes
    const count = Math.max(1, Math.round(TURN_BYTES / length))
    encode.push([length, quickest(() => void varToBytes(value), count) / length])
    decode.push([length, quickest(() => void bytesToVar(bytes, limits), count) / length])
    console.log(
      `${length} bytes: encode ${encode.at(-1)![1].toFixed(2)}, decode ${decode.at(-1)![1].toFixed(2)} ns a byte`,
    )
  }
  return [
    { name: 'encode', points: encode },
    { name: 'decode', points: decode },
  ]
}

const SERVER = 76561197960265729n
const PACKETS = 20_000

/** One packet to each of so many peers in turn, read at the other end. */
function packetCost(sessions: number): number {
  const clock = new VirtualClock()
  const network = new MemoryNetwork({ clock })
  const server = new P2P({ steamId: SERVER, transport: network.transport(SERVER), clock, callbacks: 'manual' })
  const peers = Array.from({ length: sessions }, (_, n) => {
    const steamId = SERVER + 1n + BigInt(n)
    const p2p = new P2P({ steamId, transport: network.transport(steamId), clock, callbacks: 'manual' })
    p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
    return { steamId, p2p }
  })
  const packet = new Uint8Array(64)
  const turn = () => {
    let sent = 0
    while (sent < PACKETS) {
      for (let n = 0; n < sessions && sent < PACKETS; n++, sent++) {
        server.sendP2PPacket(peers[n]!.steamId, packet, P2P_SEND_RELIABLE)
      }
      clock.advance(16)
      for (const { p2p } of peers) {
        p2p.runCallbacks()
        while (p2p.isP2PPacketAvailable()) p2p.readP2PPacket(64)
      }
    }
  }
  turn()
  const best = quickest(turn, 1) / PACKETS
  for (const { p2p } of peers) p2p.close()
  server.close()
  console.log(`${sessions} sessions: ${best.toFixed(0)} ns a packet`)
  return best
}

function sessionSeries(): Series[] {
  const points: [number, number][] = []
  for (let sessions = 1; sessions <= MOST_SESSIONS; sessions *= 10) points.push([sessions, packetCost(sessions)])
  return [{ name: 'send, deliver and read', points }]
}

const report = {
  node: process.versions.node,
  cpu: cpus()[0]?.model ?? 'unknown',
  bytes: codecSeries(),
  sessions: sessionSeries(),
}
const file = option('json')
if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
