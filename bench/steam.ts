// npm run bench:steam: what the binding adds to a bare call of the Steam library, what a polling loop costs,
// and what it leaves behind. A double of the library stands in for Steam, since a client and an account are needed for the
// real one; sends end there at once. Exits 1 when a send costs more than 1.5 bare calls, or the loop leaves something.
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { P2P, P2P_SEND_RELIABLE } from '../src/p2p/index.js'
import { openSteam, type SteamBackend } from '../src/steam/node/index.js'
import { buildDouble } from '../test/steam/double/build.js'
import { Rounds, type Timed } from './rounds.js'

const ALICE = 76561197960265729n
const BOB = 76561197960265730n
const ROUNDS = 150

/** The most that a send may cost, in bare calls, and that a packet may leave in memory, in bytes. */
const DEAREST_SEND = 1.5
const MOST_LEFT = 1

/** A polling loop, in packets, and how many of them the memory is measured over. */
const LOOP = 10_000
const LOOPS = 10

type Bare = (self: bigint, id: bigint, data: Uint8Array, size: number, type: number, channel: number) => boolean

/** The quickest of many short turns, in nanoseconds a call. */
function compare(contenders: readonly Timed[]): ReadonlyMap<string, number> {
  const rounds = new Rounds(contenders)
  for (let round = 0; round < ROUNDS; round++) rounds.round()
  return rounds.best
}

function print(title: string, times: ReadonlyMap<string, number>): void {
  const [[, first]] = [...times] as [[string, number]]
  console.log(`\n${title}`)
  for (const [name, time] of times) {
    console.log(`  ${name.padEnd(42)} ${time.toFixed(0).padStart(6)} ns  ${(time / first).toFixed(2).padStart(6)} x`)
  }
}

async function sends(open: (env: Record<string, string>) => Promise<SteamBackend>): Promise<void> {
  const backend = await open({ STEAM_DOUBLE_SINK: '1' })
  const p2p = new P2P({ backend, callbacks: 'manual' })
  const library = koffi.load(backend.libraryPath)
  const self = library.func('void *SteamAPI_SteamNetworking_v006()')() as bigint
  const bare = library.func('SteamAPI_ISteamNetworking_SendP2PPacket', 'bool', [
    'void *',
    'uint64_t',
    'const void *',
    'uint32_t',
    'int',
    'int',
  ]) as unknown as Bare
  for (const size of [64, 1024]) {
    const packet = new Uint8Array(size).fill(7)
    assert.equal(bare(self, BOB, packet, size, 2, 0), true)
    assert.equal(backend.send(BOB, packet, 2, 0), true)
    assert.equal(p2p.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE), true)
    const times = compare([
      { name: 'a bare koffi call', run: () => bare(self, BOB, packet, size, 2, 0) },
      { name: 'backend.send', run: () => backend.send(BOB, packet, 2, 0) },
      { name: 'p2p.sendP2PPacket', run: () => p2p.sendP2PPacket(BOB, packet, P2P_SEND_RELIABLE) },
    ])
    print(`send, ${size} bytes`, times)
    const bareNs = times.get('a bare koffi call')!
    for (const [name, ns] of times)
      hold(ns / bareNs <= DEAREST_SEND, `${name} costs more than ${DEAREST_SEND} bare calls`)
  }
  p2p.close()
}

async function polling(open: (env: Record<string, string>) => Promise<SteamBackend>): Promise<void> {
  const p2p = new P2P({ backend: await open({ STEAM_DOUBLE_SINK: '' }), callbacks: 'manual' })
  const packet = new Uint8Array(256).fill(7)
  const read = () => p2p.readP2PPacket(p2p.getAvailableP2PPacketSize()).data
  const times = compare([
    { name: 'nothing there', run: () => p2p.isP2PPacketAvailable(1) },
    {
      name: 'send to oneself, ask, read, 256 bytes',
      run() {
        p2p.sendP2PPacket(ALICE, packet, P2P_SEND_RELIABLE)
        return read()
      },
    },
    { name: 'runCallbacks', run: () => p2p.runCallbacks() },
  ])
  assert.equal(read(), undefined)
  print('a polling loop (the double looks into its socket at each call)', times)
  if (globalThis.gc) memory(p2p, packet)
  else console.log('\nmemory: not measured without --expose-gc')
  p2p.close()
}

/** What is held once all garbage is gone. */
function held(): number {
  for (let i = 0; i < 4; i++) globalThis.gc!()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

function loop(p2p: P2P, packet: Uint8Array): void {
  for (let i = 0; i < LOOP; i++) {
    p2p.sendP2PPacket(ALICE, packet, P2P_SEND_RELIABLE)
    p2p.runCallbacks()
    assert.equal(p2p.readP2PPacket(p2p.getAvailableP2PPacketSize()).data!.length, packet.length)
  }
}

function memory(p2p: P2P, packet: Uint8Array): void {
  // What is compiled and learned at first is no packet's.
  for (let i = 0; i < 5; i++) loop(p2p, packet)
  const before = held()
  for (let i = 0; i < LOOPS; i++) loop(p2p, packet)
  const left = (held() - before) / (LOOP * LOOPS)
  console.log(`\n${LOOPS} loops of ${LOOP} packets sent, polled and read leave ${left.toFixed(3)} bytes a packet`)
  hold(left < MOST_LEFT, `the loop leaves more than ${MOST_LEFT} byte a packet`)
}

function hold(isTrue: boolean, complaint: string): void {
  if (isTrue) return
  console.error(`NOT HELD: ${complaint}`)
  process.exitCode = 1
}

const built = buildDouble()
if ('missing' in built) throw new Error(built.missing)
const { path: library } = built
const folder = mkdtempSync(join(tmpdir(), 'gws-'))
let copies = 0
async function open(env: Record<string, string>): Promise<SteamBackend> {
  Object.assign(process.env, { STEAM_DOUBLE_DIR: folder, STEAM_DOUBLE_ID: String(ALICE), ...env })
  const copy = join(folder, `${copies++}.so`)
  copyFileSync(library, copy)
  return openSteam({ appId: 480, library: copy, pollIntervalMs: 0 })
}
console.log(`Node ${process.versions.node}, koffi ${koffi.version}, ${process.platform} ${process.arch}`)
try {
  await sends(open)
  await polling(open)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
