import { expect, it } from 'vitest'
import { isValidSteamId, NETWORKING_SEND_RELIABLE, P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { openSteam, openSteamGameServer } from '../../src/steam/node/index.js'
import { describeWithDouble } from './double.js'
import { ALICE, bytes, readAll, SERVER, SteamWorld } from './world.js'

describeWithDouble('a game server', () => {
  it('has an id of its own, which a player on full ids reaches and one on low 32 bits does not', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_SERVER_ID: String(SERVER) })
    const server = await world.gameServer()
    expect(server.p2p.steamId).toBe(SERVER)
    const alice = await world.peer(ALICE)
    alice.p2p.sendP2PPacket(SERVER, bytes(1), P2P_SEND_RELIABLE, 3)
    world.settle()
    expect(server.requests).toEqual([ALICE])
    server.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE, 3)
    world.settle()
    expect(readAll(server.p2p, 3)).toEqual([bytes(1)])
    expect(readAll(alice.p2p, 3)).toEqual([bytes(2)])

    // What GodotSteam for Godot 2, 3 and 4 does with the id of a game server: it addresses a player instead.
    const godot = new P2P({ backend: alice.backend, callbacks: 'manual', steamIdRule: 'godotsteam' })
    godot.sendP2PPacket(SERVER, bytes(9), P2P_SEND_RELIABLE)
    world.settle()
    expect(server.p2p.isP2PPacketAvailable()).toBe(false)
  })

  it('is reached by Networking Messages, which take whole ids in GodotSteam too', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_SERVER_ID: String(SERVER) })
    const server = await world.gameServer()
    const alice = await world.peer(ALICE)
    server.p2p.on('network_messages_session_request', (id) => server.p2p.acceptSessionWithUser(id))
    alice.p2p.sendMessageToUser(SERVER, bytes(1), NETWORKING_SEND_RELIABLE, 0)
    world.settle()
    expect(server.p2p.receiveMessagesOnChannel(0, 32)).toMatchObject([{ payload: bytes(1), identity: ALICE }])
    server.p2p.sendMessageToUser(ALICE, bytes(2), NETWORKING_SEND_RELIABLE, 0)
    world.settle()
    expect(alice.p2p.receiveMessagesOnChannel(0, 32)).toMatchObject([{ payload: bytes(2), identity: SERVER }])
    expect(server.requests).toEqual([])
  })

  it('speaks with a player of the same process, both ways', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_SERVER_ID: String(SERVER), STEAM_DOUBLE_ID: String(ALICE) })
    const library = world.library()
    const player = world.add(library, await openSteam({ appId: 480, library, pollIntervalMs: 0 }))
    const server = await world.gameServer({}, library)
    player.p2p.sendP2PPacket(SERVER, bytes(1), P2P_SEND_RELIABLE)
    world.settle()
    expect([server.requests, player.requests]).toEqual([[ALICE], []])
    server.p2p.acceptP2PSessionWithUser(ALICE)
    server.p2p.sendP2PPacket(ALICE, bytes(2), P2P_SEND_RELIABLE)
    world.settle()
    expect([readAll(server.p2p), readAll(player.p2p)]).toEqual([[bytes(1)], [bytes(2)]])
    player.p2p.close()
    expect(server.p2p.sendP2PPacket(ALICE, bytes(3), P2P_SEND_RELIABLE)).toBe(true)
  })

  it('is anonymous without a token, and says what it must before it is logged on', async () => {
    const server = await new SteamWorld().gameServer()
    expect(isValidSteamId(server.p2p.steamId)).toBe(true)
    expect((server.p2p.steamId >> 52n) & 15n).toBe(4n)
    expect(server.controls.said()).toBe('product=480;description=godot-wire;modDir=;dedicated=1;token=;advertise=0;')
    server.p2p.close()
    expect(server.controls.said()).toMatch(/advertise=0;off=;$/)
  })

  it('says what else it was told to', async () => {
    const server = await new SteamWorld().gameServer({
      token: 'ABC',
      product: 'mine',
      description: 'My Game',
      serverName: 'Näme',
      maxPlayers: 16,
      advertise: true,
      mode: 3,
      version: '1.2.3.4',
    })
    expect(server.controls.said()).toBe(
      'product=mine;description=My Game;modDir=;dedicated=1;name=Näme;players=16;token=ABC;advertise=1;',
    )
  })

  it('waits while Steam tries again', async () => {
    const server = await new SteamWorld({ STEAM_DOUBLE_SERVER_ID: String(SERVER) }).gameServer({ token: 'retry' })
    expect(server.p2p.steamId).toBe(SERVER)
  })

  it('that is refused, or gets no answer, is an error, and can be tried again', async () => {
    const world = new SteamWorld()
    const library = world.library()
    const options = { appId: 480, library, pollIntervalMs: 0 }
    await expect(openSteamGameServer({ ...options, token: 'bad' })).rejects.toMatchObject({
      code: 'STEAM_LOG_ON_FAILED',
      facts: { result: 5 },
    })
    await expect(openSteamGameServer({ ...options, token: 'mute', logOnTimeoutMs: 40 })).rejects.toMatchObject({
      code: 'STEAM_LOG_ON_FAILED',
      message: expect.stringContaining('within 40 ms'),
    })
    const server = await world.gameServer({}, library)
    expect(server.backend.isOpen).toBe(true)
  })
})
