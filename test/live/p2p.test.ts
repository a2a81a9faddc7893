// The addon in a real Godot against the library: packets of every kind, in both directions, between several peers.
import { Buffer } from 'node:buffer'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { ENGINE_NAMES } from '../../scripts/engines.js'
import type { RunningEngine } from '../../scripts/run-engine.js'
import { Messenger, P2P, P2P_SEND_RELIABLE, type P2PSend } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { expectPackets, noise } from '../p2p/world.js'
import { type AddonProject, engineErrors, makeProject, startScript } from './addon-project.js'
import { describeWith } from './with-engine.js'

const SERVER = 76561198000000001n
const GODOT = 76561198000000002n
const QUIT = Buffer.from('quit')
const QUIT_CHANNEL = 7

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function startServer() {
  const transport = new WebSocketTransport({ steamId: SERVER })
  const { url } = await transport.listen({ host: '127.0.0.1', port: 0 })
  const p2p = new P2P({ steamId: SERVER, transport })
  ends.push(() => p2p.close())
  return { p2p, url, transport }
}

/** The next event of that name that the Godot client prints. */
async function event(godot: RunningEngine, name: string): Promise<Record<string, unknown>> {
  for (;;) {
    const line = await godot.nextLine('GODOT_WIRE ')
    const said = JSON.parse(line.slice('GODOT_WIRE '.length)) as Record<string, unknown>
    if (said['event'] === name) return said
    if (said['event'] === 'error' || said['event'] === 'timeout') throw godot.failure(line)
  }
}

/** Waits until `count` packets are read from a channel; bounded, and says how far it came. */
async function receive(p2p: P2P, channel: number, count: number): Promise<Uint8Array[]> {
  const got: Uint8Array[] = []
  const end = performance.now() + 30_000
  while (got.length < count) {
    if (performance.now() > end) throw new Error(`only ${got.length} of ${count} packets came on channel ${channel}`)
    const { data } = p2p.readP2PPacket(1 << 20, channel)
    if (data) got.push(data)
    else await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return got
}

async function quit(p2p: P2P, godot: RunningEngine, id: bigint): Promise<Record<string, unknown>> {
  p2p.sendP2PPacket(id, QUIT, P2P_SEND_RELIABLE, QUIT_CHANNEL)
  const said = await event(godot, 'quit')
  expect(await godot.exited).toBe(0)
  return said
}

for (const name of ENGINE_NAMES) {
  describeWith(name, 'the addon', (engine) => {
    let project: AddonProject
    beforeAll(() => {
      project = makeProject(engine)
    })
    afterAll(() => project.remove())

    function startEcho(url: string, id: bigint, sendType: number): RunningEngine {
      const godot = startScript(engine, project, 'echo_client.gd', { url, id, 'send-type': sendType })
      ends.push(() => godot.kill())
      return godot
    }

    it('passes its own tests in the engine', async () => {
      const godot = startScript(engine, project, 'self_test.gd')
      await godot.exited
      const failed = godot.lines.filter((line) => line.startsWith('FAIL') || line.startsWith('       '))
      const [, passed, failures] = /(\d+) passed, (\d+) failed/.exec(godot.lines.at(-1)!) ?? []
      expect({ failures, failed: failures === '0' ? [] : failed }).toEqual({ failures: '0', failed: [] })
      expect(Number(passed)).toBeGreaterThanOrEqual(89)
      expect(engineErrors(godot)).toEqual([])
    })

    it.each([
      [0, 'unreliable', [0, 1, 3, 64, 500, 1200]],
      [1, 'unreliable no delay', [0, 1, 3, 64, 500, 1200]],
      [2, 'reliable', [0, 1, 1200, 1201, 16_384, 65_519, 65_536, 200_000, 1_048_576]],
      [3, 'reliable with buffering', [0, 1, 1200, 1201, 65_536, 1_048_576]],
    ] as const)('sends back packets of type %i, %s, of every size on every channel', async (type, _name, sizes) => {
      const { p2p, url } = await startServer()
      const godot = startEcho(url, GODOT, type)
      await event(godot, 'link_opened')
      // Datagrams need a session that is up: the first packet of a session makes it.
      p2p.sendP2PPacket(GODOT, new Uint8Array([1]), P2P_SEND_RELIABLE, 0)
      expect((await event(godot, 'p2p_session_request'))['remote_steam_id']).toBe(String(SERVER))
      expectPackets(await receive(p2p, 0, 1), [new Uint8Array([1])])
      for (let channel = 0; channel < 7; channel++) {
        const sent = sizes.map((size) => noise(size, size + channel + 1))
        for (const packet of sent) expect(p2p.sendP2PPacket(GODOT, packet, type as P2PSend, channel)).toBe(true)
        expectPackets(await receive(p2p, channel, sent.length), sent)
      }
      expect(p2p.getP2PSessionState(GODOT)).toMatchObject({ session_error: 0, packets_queued_for_send: 0 })
      const said = await quit(p2p, godot, GODOT)
      expect(said['refused']).toBe(0)
    })

    it('keeps the order of 5,000 reliable packets that do not fit any buffer at once', async () => {
      const { p2p, url } = await startServer()
      const godot = startEcho(url, GODOT, P2P_SEND_RELIABLE)
      await event(godot, 'link_opened')
      const sent = Array.from({ length: 5_000 }, (_, i) => noise(i % 50 === 0 ? 60_000 : 100 + (i % 400), i))
      const got: Uint8Array[] = []
      const end = performance.now() + 60_000
      for (let next = 0; got.length < sent.length && performance.now() < end; ) {
        while (next < sent.length && p2p.sendP2PPacket(GODOT, sent[next]!, P2P_SEND_RELIABLE, 3)) next++
        while (p2p.isP2PPacketAvailable(3)) got.push(p2p.readP2PPacket(1 << 20, 3).data!)
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      expectPackets(got, sent)
      await quit(p2p, godot, GODOT)
    })

    it('joins in twos: each is asked, answers for itself, and hears what is sent to all', async () => {
      const { p2p, url } = await startServer()
      const ids = [GODOT, GODOT + 1n]
      const godots = ids.map((id) => startEcho(url, id, P2P_SEND_RELIABLE))
      for (const godot of godots) await event(godot, 'link_opened')
      const messenger = new Messenger(p2p)
      for (const id of [SERVER, ...ids]) messenger.members.add(id)
      expect(messenger.send(0, { message: 'to all', from: SERVER })).toBe(true)
      const heard: bigint[] = []
      const end = performance.now() + 30_000
      while (heard.length < 2 && performance.now() < end) {
        for (const { from, value } of messenger.poll()) {
          expect(String(value)).toBe('{ "message": "to all", "from": 76561198000000001 }')
          heard.push(from)
        }
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      expect(heard.sort()).toEqual(ids)
      for (const [i, godot] of godots.entries()) await quit(p2p, godot, ids[i]!)
    })

    it('opens a new session after ours was closed, and tells its game', async () => {
      const { p2p, url } = await startServer()
      const godot = startEcho(url, GODOT, P2P_SEND_RELIABLE)
      await event(godot, 'link_opened')
      for (let round = 0; round < 3; round++) {
        p2p.sendP2PPacket(GODOT, new Uint8Array([round]), P2P_SEND_RELIABLE, 0)
        if (round === 0) await event(godot, 'p2p_session_request')
        expectPackets(await receive(p2p, 0, 1), [new Uint8Array([round])])
        expect(p2p.closeP2PSessionWithUser(GODOT)).toBe(true)
      }
      await quit(p2p, godot, GODOT)
    })
  })
}
