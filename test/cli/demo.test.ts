// `godot-wire demo`, as a newcomer runs it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Event } from '../../src/cli/node/demo/event.js'
import { play } from '../../src/cli/node/demo/play.js'
import { MemoryNetwork } from '../../src/transport/index.js'
import { makeProgram, type Program } from './program.js'

let program: Program
beforeAll(async () => {
  program = await makeProgram()
})
afterAll(() => program?.remove())

const eventsOf = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)

describe.each([
  ['over WebSocket', []],
  ['by a relay', ['--relay']],
])('the demo %s', (_, args) => {
  it('shakes hands, speaks to one and to all, and everything arrives', async () => {
    const { code, stdout, stderr } = await program.run(['demo', '--json', ...args])
    expect([code, stderr]).toEqual([0, ''])
    const events = eventsOf(stdout)
    const read = events.flatMap((event) =>
      event.event === 'read' ? [`${event.who} < ${event.from}: ${event.value}`] : [],
    )
    const heard = (who: string, from: string, message: string) =>
      read.filter((line) => line.startsWith(`${who} < ${from}: { "message": "${message}"`))
    for (const player of ['Ann', 'Bob']) {
      for (const [who, from, message] of [
        ['server', player, 'handshake'],
        [player, 'server', 'welcome'],
        ['server', player, 'ready'],
        [player, 'server', 'start'],
      ] as const) {
        expect(heard(who, from, message), `${from} to ${who}: ${message}`).toHaveLength(1)
      }
    }
    expect(read).toHaveLength(8)
    expect(events.filter(({ event }) => event === 'request')).toHaveLength(2)
    const sizes = events.flatMap((event) => (event.event === 'send' ? [event] : []))
    expect(sizes.find(({ to }) => to === 'all 2')!.wire).toBeLessThan(sizes.find(({ to }) => to === 'all 2')!.bytes)
    expect(events.at(-1)).toMatchObject({ event: 'end', packets: 8 })
  })

  it('tells it in words, and its first packet can be read', async () => {
    const { code, stdout } = await program.run(['demo', ...args])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /Ann +sendP2PPacket to server: \{ "message": "handshake", "from": \d+ \}\n +68 bytes by var_to_bytes/,
    )
    expect(stdout).toMatch(/server +p2p_session_request from Ann: acceptP2PSessionWithUser/)
    expect(stdout).toContain('All 8 packets arrived as they were sent')
    const [, packet = ''] = /npx godot-wire decode --annotate (\S+)/.exec(stdout) ?? []
    expect((await program.run(['decode', packet])).stdout).toMatch(/"message": "handshake"/)
  })
})

it('says so where something does not arrive', async () => {
  // The server is on a network of its own.
  const [alone, network] = [new MemoryNetwork(), new MemoryNetwork()]
  const members = ['server', 'Ann', 'Bob'].map((name, i) => {
    const steamId = 76561198000000001n + BigInt(i)
    return { name, steamId, transport: (i === 0 ? alone : network).transport(steamId) }
  })
  const events: Event[] = []
  const { isComplete } = await play({ members, close: () => {} }, (event) => void events.push(event), 300)
  expect(isComplete).toBe(false)
  expect(events.at(-1)).toEqual({
    who: 'demo',
    event: 'problem',
    text: '2 of 2 packets did not arrive as they were sent',
  })
})
