// The samples that need a relay, played with TypeScript peers of the same relay.
import { cleanup } from 'node-datachannel'
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { expect } from 'vitest'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import {
  CHAT_ROOM_ENTER_RESPONSE_FULL,
  CHAT_ROOM_ENTER_RESPONSE_SUCCESS,
  type Lobbies,
  RelayTransport,
} from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'
import { turnUntil } from '../until.js'
import { startRelay, token } from './addon-relay-setup.js'
import { PLAYER, type Stage } from './gdscript-samples.js'
import { RtcBridge } from './rtc-bridge.js'

const FRIENDS = [76561198000000003n, 76561198000000004n, 76561198000000005n] as const
const LATECOMER = 76561198000000006n
const ASK_AGAIN_MS = 20
/** A direct way that is not found at first is looked for again after a while. */
const DIRECT_PATIENCE_MS = 60_000

/** The sample opens a public lobby for four, accepts who asks for a session, and prints why it lost the relay. */
export async function playInALobby(stage: Stage): Promise<void> {
  const { url } = await startRelay(stage.ends)
  const game = stage.startGame({
    given: `var steam_id = ${PLAYER}\nvar token = "${await token(PLAYER)}"`,
    edits: [['wss://relay.example.com', url]],
  })
  const transports: RelayTransport[] = []
  for (const id of [...FRIENDS, LATECOMER]) transports.push(await joined(stage, url, id))
  const [first] = transports as [RelayTransport]
  const lobby = await firstLobby(first.lobbies)
  const responses: number[] = []
  for (const { lobbies } of transports) responses.push(await joinLobby(lobbies, lobby))
  const welcome = CHAT_ROOM_ENTER_RESPONSE_SUCCESS
  expect(responses).toEqual([welcome, welcome, welcome, CHAT_ROOM_ENTER_RESPONSE_FULL])
  expect(first.lobbies.getLobbyOwner(lobby)).toBe(PLAYER)

  const p2p = new P2P({ steamId: FRIENDS[0], transport: first })
  stage.ends.push(() => p2p.close())
  const opened = new Promise<bigint>((resolve) => p2p.on('session_opened', resolve))
  p2p.sendP2PPacket(PLAYER, new Uint8Array([1]), P2P_SEND_RELIABLE)
  expect(await opened).toBe(PLAYER)

  await joined(stage, url, PLAYER)
  expect(await game.nextLine('relay: ')).toMatch(/^relay: 4003 \S/)
}

/** The sample's `MyConnection` is a connection that this process lends to the game. */
export async function playStraight(stage: Stage): Promise<void> {
  const { url } = await startRelay(stage.ends)
  const bridge = await RtcBridge.start()
  stage.ends.push(() => bridge.close())
  const relay = relayTransport(url, FRIENDS[0])
  const transport = new WebRtcTransport({ relay, RTCPeerConnection: RTCPeerConnection as never })
  const p2p = new P2P({ steamId: FRIENDS[0], transport })
  stage.ends.push(cleanup, () => p2p.close())
  await relay.open()

  const isFour = stage.version === 4
  const game = stage.startGame({
    given: myConnection(isFour, bridge.port),
    around: echoByTheRelay(isFour, url, await token(PLAYER)),
    // What the sample's own comment gives for Godot 3.
    edits: isFour ? [] : [['func() -> Object: return MyConnection.new()  # Godot 3: ', '']],
  })
  const send = () => p2p.sendP2PPacket(PLAYER, new Uint8Array([1]), P2P_SEND_RELIABLE)
  expect(send()).toBe(true)
  await turnUntil(
    'packets go straight both ways',
    () => {
      if (game.ended) throw game.failure('ended')
      if (p2p.readP2PPacket(1).data) send()
      return game.lines.includes('by the relay: 0') && p2p.getP2PSessionState(PLAYER).using_relay === 0
    },
    DIRECT_PATIENCE_MS,
  )
  expect(bridge.carried).toBeGreaterThan(0)
}

function relayTransport(url: string, steamId: bigint): RelayTransport {
  return new RelayTransport({ steamId, url: async () => `${url}?token=${await token(steamId)}` })
}

async function joined(stage: Stage, url: string, steamId: bigint): Promise<RelayTransport> {
  const transport = relayTransport(url, steamId)
  stage.ends.push(() => transport.close())
  await transport.open()
  return transport
}

/** The first lobby that the relay lists. */
function firstLobby(lobbies: Lobbies): Promise<bigint> {
  return new Promise((resolve) => {
    lobbies.on('lobby_match_list', ([lobby]) => {
      if (lobby === undefined) setTimeout(() => lobbies.requestLobbyList(), ASK_AGAIN_MS)
      else resolve(lobby)
    })
    lobbies.requestLobbyList()
  })
}

function joinLobby(lobbies: Lobbies, lobby: bigint): Promise<number> {
  return new Promise((resolve) => {
    lobbies.on('lobby_joined', (_lobby, _permissions, _locked, response) => resolve(response))
    lobbies.joinLobby(lobby)
  })
}

/** What the sample makes one of: it has no arguments. */
const myConnection = (isFour: boolean, port: number) => `
class MyConnection:
	extends "bridged_webrtc.gd"
	func _init()${isFour ? ':\n\t\tsuper' : '.'}(${port}, 0)${isFour ? '' : ':\n\t\tpass'}


func make_connection():
	return MyConnection.new()
`

/** A game that sends back what it gets, and says by which way. */
const echoByTheRelay = (isFour: boolean, url: string, token: string) => (sample: string) =>
  `
func _ready():
	${sample.trimEnd()}
	GodotWire.connect_to_relay("${url}", ${PLAYER}, "${token}")
	${
    isFour
      ? 'GodotWire.p2p_session_request.connect(GodotWire.acceptP2PSessionWithUser)'
      : 'GodotWire.connect("p2p_session_request", GodotWire, "acceptP2PSessionWithUser")'
  }


func _process(_delta):
	GodotWire.run_callbacks()
	while GodotWire.isP2PPacketAvailable(0):
		var packet = GodotWire.readP2PPacket(1, 0)
		var sender = packet["remote_steam_id"]
		GodotWire.sendP2PPacket(sender, packet["data"], GodotWire.P2P_SEND_RELIABLE, 0)
		print("by the relay: ", GodotWire.getP2PSessionState(sender)["using_relay"])
`
