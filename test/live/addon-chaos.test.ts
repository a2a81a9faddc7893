// Random values between real engines and TypeScript: over links that break again and again, and from one version of
// Godot to another with TypeScript between them.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { ENGINE_NAMES, type Engine, type EngineName } from '../../scripts/engines.js'
import { Messenger, P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { bytesToVar, type GodotVersion, type Variant, varToBytes } from '../../src/variant/index.js'
import { turnUntil } from '../until.js'
import { type AddonProject, engineErrors, makeProject, nextSaid, startScript } from './addon-project.js'
import { cuttableServer } from './cuttable.js'
import { describeWith } from './with-engine.js'

const SERVER = 76561198000000001n
const SENDER = 76561198000000002n
const ECHO = 76561198000000003n
const PACKETS = 10_000
const CUT_EVERY = 700
const CUTS = Math.floor(PACKETS / CUT_EVERY)
const READ_AT_ONCE = 100
const CROSSED = 1_000
const PATIENCE_MS = 50_000

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** Where two packets part, and what stands there. */
function firstDifference(got: Uint8Array, wanted: Uint8Array): string {
  const at = got.findIndex((byte, i) => byte !== wanted[i])
  const around = (bytes: Uint8Array) => Buffer.from(bytes.subarray(Math.max(0, at - 24), at + 16)).toString('hex')
  return `at ${at} of ${got.length} and ${wanted.length}: ${around(got)} and ${around(wanted)}`
}

function versionOf(name: EngineName): GodotVersion {
  return name === 'godot4' ? 4 : 3
}

/** A server whose connections can be cut without a word to either end. */
async function startServer() {
  const { http, sockets, cut: cutAll, url } = await cuttableServer()
  const transport = new WebSocketTransport({ steamId: SERVER })
  await transport.listen({ server: http })
  const p2p = new P2P({ steamId: SERVER, transport })
  ends.push(
    () => p2p.close(),
    () => http.close(),
  )
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  /** How many connections that broke. */
  const cut = () => {
    const count = sockets.size
    cutAll()
    return count
  }
  return { p2p, cut, url }
}

for (const name of ENGINE_NAMES) {
  describeWith(name, 'random values over links that break', (engine) => {
    let project: AddonProject
    beforeAll(() => {
      project = makeProject(engine)
    })
    afterAll(() => project.remove())

    it('arrive once, in order, equal by value and by bytes, 10,000 each way', async () => {
      const version = versionOf(name)
      const { p2p, cut, url } = await startServer()
      const args = { url, id: SENDER, packets: PACKETS, seed: 20260501 }
      const godot = startScript(engine, project, 'chaos_client.gd', args)
      ends.push(() => godot.kill())
      const wrong = { order: 0, bytes: [] as string[] }
      const waiting: Uint8Array[] = []
      let received = 0
      let cuts = 0
      let uncut = 0
      const take = () => {
        const { data } = p2p.readP2PPacket(1 << 20)
        const value = bytesToVar(data!, { version, exact: true }) as Variant[]
        if (value[0] !== received) wrong.order++
        const again = varToBytes(value, { version })
        if (Buffer.compare(again, data!) !== 0) wrong.bytes.push(`${received}: ${firstDifference(data!, again)}`)
        waiting.push(again)
        received++
        uncut++
      }
      await turnUntil(
        'all values came and went',
        () => {
          for (let i = 0; i < READ_AT_ONCE && uncut < CUT_EVERY && p2p.isP2PPacketAvailable(); i++) take()
          // Nothing more is read until there is a connection to cut.
          if (uncut === CUT_EVERY && cut() > 0) {
            uncut = 0
            cuts++
          }
          while (waiting.length > 0 && p2p.sendP2PPacket(SENDER, waiting[0]!, P2P_SEND_RELIABLE)) waiting.shift()
          return received >= PACKETS && waiting.length === 0
        },
        PATIENCE_MS,
      )
      const said = await nextSaid(godot, 'packets')
      expect({ received, cuts, wrong }).toEqual({ received: PACKETS, cuts: CUTS, wrong: { order: 0, bytes: [] } })
      expect(said).toMatchObject({ packets: PACKETS, lost: 0, doubled: 0, values: 0, bytes: 0, failures: 0 })
      expect(said['differences']).toEqual([])
      expect(said['reconnects']).toBeGreaterThanOrEqual(CUTS - 1)
      expect(await godot.exited).toBe(0)
      expect(engineErrors(godot)).toEqual([])
    })
  })
}

/** `describeWith` for two engines, under the names of both. */
function describeWithBoth(a: EngineName, b: EngineName, title: string, tests: (a: Engine, b: Engine) => void): void {
  describeWith(a, `${a} to ${b}`, (first) => describeWith(b, title, (second) => tests(first, second)))
}

const PAIRS: readonly (readonly [EngineName, EngineName])[] = [
  ['godot4', 'godot3'],
  ['godot4', 'godot36'],
  ['godot3', 'godot4'],
  ['godot36', 'godot3'],
]

for (const [from, to] of PAIRS) {
  describeWithBoth(from, to, 'values from one to the other and back, with TypeScript between them', (sender, echo) => {
    it('are the same when they come home', async () => {
      const { p2p, url } = await startServer()
      const projects = [makeProject(sender), makeProject(echo)] as const
      for (const project of projects) ends.push(() => project.remove())
      const options = { limit: 256, decode: { exact: true } }
      const toSender = new Messenger(p2p, { ...options, channel: 1, version: versionOf(from) })
      const toEcho = new Messenger(p2p, { ...options, channel: 2, version: versionOf(to) })
      const there = startScript(echo, projects[1], 'value_echo.gd', { url, id: ECHO, channel: 2 })
      ends.push(() => there.kill())
      await nextSaid(there, 'opened')
      const isSameVersion = versionOf(from) === versionOf(to)
      const args = { url, id: SENDER, packets: CROSSED, channel: 1, common: 1, seed: 7, bytes: isSameVersion ? 1 : 0 }
      const here = startScript(sender, projects[0], 'chaos_client.gd', args)
      ends.push(() => here.kill())
      let back = 0
      await turnUntil(
        'all values went there and came back',
        () => {
          for (const { value } of toSender.poll()) toEcho.send(ECHO, value)
          for (const { value } of toEcho.poll()) {
            toSender.send(SENDER, value)
            back++
          }
          return back >= CROSSED
        },
        PATIENCE_MS,
      )
      const said = await nextSaid(here, 'packets')
      expect(said['differences']).toEqual([])
      expect(said).toMatchObject({ packets: CROSSED, lost: 0, doubled: 0, values: 0, bytes: 0, failures: 0 })
      expect([toSender.badPackets, toEcho.badPackets]).toEqual([0, 0])
      toEcho.send(ECHO, 'quit')
      expect([await here.exited, await there.exited]).toEqual([0, 0])
      expect([...engineErrors(here), ...engineErrors(there)]).toEqual([])
    })
  })
}
