// The example server in a process of its own, with the double in Steam's place, and players who do what the tutorial does.
// The example's player in a real Godot is the sample of docs/steam.md: gdscript-samples.test.ts.
import { expect, it, onTestFinished } from 'vitest'
import { type Message, Messenger, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { type Dictionary, Vector2 } from '../../src/variant/index.js'
import { startFile } from '../steam/child.js'
import { describeWithDouble } from '../steam/double.js'
import { ALICE, BOB, CAROL, noise, SERVER, type SteamPeer, SteamWorld } from '../steam/world.js'

const EXAMPLE = 'examples/steam-server/index.ts'

interface Player {
  readonly messenger: Messenger
  next(): Promise<Record<string, unknown>>
}

function player(peer: SteamPeer): Player {
  const messenger = new Messenger(peer.p2p)
  const waiting: Message[] = []
  return {
    messenger,
    async next() {
      const end = performance.now() + 20_000
      while (waiting.length === 0) {
        if (performance.now() > end) throw new Error('no message came')
        waiting.push(...messenger.poll())
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      return (waiting.shift()!.value as Dictionary).toObject()
    },
  }
}

describeWithDouble('the example server', () => {
  it.each([
    ['as a player', [], CAROL],
    ['as a game server', ['--game-server'], SERVER],
  ] as const)('%s shakes hands, echoes, broadcasts and survives what is too large', async (_, args, id) => {
    const world = new SteamWorld({ STEAM_DOUBLE_CLOCK: '', STEAM_DOUBLE_SERVER_ID: String(SERVER) })
    world.set({ STEAM_DOUBLE_ID: String(CAROL) })
    const server = startFile(EXAMPLE, ['--library', world.library(), ...args])
    // Steam's library has threads for this.
    const pump = setInterval(() => world.settle(), 5)
    onTestFinished(() => clearInterval(pump))
    await server.line(`players reach this server as ${id}`)
    const alicePeer = await world.peer(ALICE)
    const [alice, bob] = [player(alicePeer), player(await world.peer(BOB))]
    for (const [who, its] of [
      [alice, ALICE],
      [bob, BOB],
    ] as const) {
      who.messenger.send(id, { message: 'handshake', from: its })
      expect(await who.next()).toEqual({ message: 'handshake', from: id })
      await server.line(`${its} joined`)
    }
    bob.messenger.send(id, { message: 'chat', text: 'x'.repeat(501) })
    bob.messenger.send(id, { message: 'chat', text: 7 })
    bob.messenger.send(id, { message: 'chat', from: ALICE, text: 'hello' })
    for (const who of [alice, bob]) expect(await who.next()).toEqual({ message: 'chat', from: BOB, text: 'hello' })

    alicePeer.p2p.sendP2PPacket(id, noise(100), P2P_SEND_RELIABLE)
    alice.messenger.send(id, { message: 'all of it', data: noise(1_048_500) })
    await server.line('P2P_MESSAGE_TOO_LARGE')
    alice.messenger.send(id, { message: 'move', at: new Vector2(1, 2) })
    const { message, what } = await alice.next()
    expect([message, (what as Dictionary).toObject()]).toEqual(['echo', { message: 'move', at: new Vector2(1, 2) }])

    bob.messenger.send(id, { message: 'bye' })
    await server.line(`${BOB} left`)
    server.interrupt()
    await server.line('closed')
    expect(await server.exited).toBe(0)
  })

  it('says what is wrong where Steam does not run', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_FAIL: 'noclient' })
    const server = startFile(EXAMPLE, ['--library', world.library()])
    await server.line('[STEAM_NO_CLIENT]')
    expect(await server.exited).toBe(1)
  })

  it('runs over WebSocket by one option', async () => {
    const server = startFile(EXAMPLE, ['--websocket', '0'])
    expect(await server.line('listening at ws://127.0.0.1:')).toMatch(/:\d+$/)
    await server.line('players reach this server as 76561198000000001')
    server.interrupt()
    expect(await server.exited).toBe(0)
  })
})
