// The GodotSteam tutorial's own functions in a real Godot, `Steam` replaced by the addon, against a `Messenger`.
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { type RunningEngine, spawnEngine } from '../../scripts/run-engine.js'
import { COMPRESSION_GZIP } from '../../src/compression/index.js'
import { type Message, Messenger, P2P, PACKET_READ_LIMIT } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { Dictionary, Vector2 } from '../../src/variant/index.js'
import { describeWith } from './with-engine.js'

const PROJECT = fileURLToPath(new URL('../../godot', import.meta.url))
const SERVER = 76561198000000001n
const PLAYER = 76561198000000002n
const PREFIX = 'GODOT_WIRE '

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function nextSaid(godot: RunningEngine, key: string): Promise<Record<string, unknown>> {
  for (;;) {
    const said = JSON.parse((await godot.nextLine(PREFIX)).slice(PREFIX.length)) as Record<string, unknown>
    if (key in said) return said
  }
}

async function nextMessages(messenger: Messenger, count: number): Promise<Message[]> {
  const messages: Message[] = []
  const end = performance.now() + 30_000
  while (messages.length < count) {
    if (performance.now() > end) throw new Error(`only ${messages.length} of ${count} messages came`)
    messages.push(...messenger.poll())
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return messages
}

describeWith('godot4', 'the functions of the tutorial', (engine) => {
  it.each([
    ['uncompressed', {}],
    ['compressed', { compression: COMPRESSION_GZIP }],
  ] as const)('join, shake hands, send to one and to all, and read within their limit, %s', async (_, options) => {
    const transport = new WebSocketTransport({ steamId: SERVER })
    const { url } = await transport.listen({ host: '127.0.0.1', port: 0 })
    const p2p = new P2P({ steamId: SERVER, transport })
    ends.push(() => p2p.close())
    const messenger = new Messenger(p2p, options)
    const requests: bigint[] = []
    p2p.on('p2p_session_request', (id) => {
      requests.push(id)
      p2p.acceptP2PSessionWithUser(id)
      messenger.members.add(id)
      messenger.send(0, { message: 'handshake', from: SERVER })
    })
    const args = ['--url', url, '--id', String(PLAYER), '--gzip', 'compression' in options ? '1' : '0']
    const godot = spawnEngine(engine, { project: PROJECT, script: 'res://tests/tutorial_client.gd', args })
    ends.push(() => godot.kill())

    const [handshake] = await nextMessages(messenger, 1)
    expect(requests).toEqual([PLAYER])
    expect(handshake!.from).toBe(PLAYER)
    expect((handshake!.value as Dictionary).toObject()).toEqual({ message: 'handshake', from: PLAYER })
    const answered = await nextSaid(godot, 'from')
    expect(answered['from']).toBe(String(SERVER))
    expect(answered['data']).toBe(`{\n"from": ${SERVER},\n"message": "handshake"\n}`)

    // More at once than the read loop takes in a frame: none is lost, and the limit holds.
    const what = (i: number) =>
      new Dictionary<unknown, unknown>([
        ['i', i],
        ['at', new Vector2(i, -0.5)],
        [i, [null, true, 'ü']],
      ])
    for (let i = 0; i < 100; i++) messenger.send(PLAYER, { message: 'say it again', what: what(i) })
    const again = await nextMessages(messenger, 100)
    expect(again.map(({ value }) => String(value))).toEqual(Array.from({ length: 100 }, (_, i) => String(what(i))))

    messenger.send(PLAYER, { message: 'quit' })
    expect(await godot.exited).toBe(0)
    const reads = godot.lines
      .filter((line) => line.includes('read_in_one_frame'))
      .map((line) => (JSON.parse(line.slice(PREFIX.length)) as { read_in_one_frame: number }).read_in_one_frame)
    expect(Math.max(...reads)).toBeLessThanOrEqual(PACKET_READ_LIMIT)
    expect(reads.reduce((sum, count) => sum + count, 0)).toBe(102)
    expect(messenger.badPackets).toBe(0)
  })
})
