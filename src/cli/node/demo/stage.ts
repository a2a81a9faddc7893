/** Where the demo is played: three ends of a wire, in this process. */
import { createRelay } from '../../../relay/node/index.js'
import type { Transport } from '../../../transport/index.js'
import { CHAT_ROOM_ENTER_RESPONSE_SUCCESS, LOBBY_TYPE_PUBLIC, RelayTransport } from '../../../transport/relay/index.js'
import { WebSocketTransport } from '../../../transport/websocket/index.js'
import type { Tell } from './event.js'

export interface Member {
  readonly name: string
  readonly steamId: bigint
  readonly transport: Transport
}

export interface Stage {
  /** The server first. */
  readonly members: readonly Member[]
  close(): void
}

const NAMES = ['server', 'Ann', 'Bob'] as const

/** @throws (rejects) `RELAY_LISTEN_FAILED`, `TRANSPORT_LISTEN_FAILED`, `TRANSPORT_CONNECT_FAILED` */
export function openStage(byRelay: boolean, tell: Tell): Promise<Stage> {
  return byRelay ? aroundRelay(tell) : aroundServer(tell)
}

async function aroundServer(tell: Tell): Promise<Stage> {
  const members = NAMES.map((name, i) => {
    const steamId = 76561198000000001n + BigInt(i)
    return { name, steamId, transport: new WebSocketTransport({ steamId }) }
  })
  const [server, ...players] = members
  const { url } = await server!.transport.listen({ port: 0 })
  tell({ who: server!.name, event: 'note', text: `listens at ${url}, as Steam id ${server!.steamId}` })
  for (const { name, steamId, transport } of players) {
    await transport.open(url)
    tell({ who: name, event: 'note', text: `has dialled it, as Steam id ${steamId}` })
  }
  return { members, close: () => closeAll(members) }
}

async function aroundRelay(tell: Tell): Promise<Stage> {
  const relay = await createRelay({ port: 0, insecure: true })
  tell({ who: 'relay', event: 'note', text: `listens at ${relay.url}, and hands out identities` })
  const members: Joined[] = []
  for (const name of NAMES) members.push(await joined(name, relay.url))
  const [server, ...players] = members
  const lobby = await madeLobby(server!)
  tell({ who: server!.name, event: 'note', text: `has joined it as ${server!.steamId}, and made lobby ${lobby}` })
  for (const player of players) {
    await enteredLobby(player, lobby)
    tell({ who: player.name, event: 'note', text: `has joined it as ${player.steamId}, and entered the lobby` })
  }
  return {
    members,
    close() {
      closeAll(members)
      relay.close()
    },
  }
}

function closeAll(members: readonly Member[]): void {
  for (const { transport } of members) transport.close()
}

interface Joined extends Member {
  readonly transport: RelayTransport
}

async function joined(name: string, url: string): Promise<Joined> {
  const answer = await fetch(`${url.replace(/^ws/, 'http')}/identity`)
  const identity = (await answer.json()) as { steamId: string; token: string }
  const steamId = BigInt(identity.steamId)
  const transport = new RelayTransport({ steamId, url: `${url}/?token=${identity.token}` })
  await transport.open()
  return { name, steamId, transport }
}

function madeLobby({ transport: { lobbies } }: Joined): Promise<bigint> {
  return new Promise((resolve, reject) => {
    lobbies.on('lobby_created', (connect, lobby) => {
      if (connect === 1) resolve(lobby)
      else reject(new Error(`lobby_created says ${connect}`))
    })
    lobbies.createLobby(LOBBY_TYPE_PUBLIC, NAMES.length)
  })
}

function enteredLobby({ transport: { lobbies } }: Joined, lobby: bigint): Promise<void> {
  return new Promise((resolve, reject) => {
    lobbies.on('lobby_joined', (_lobby, _permissions, _locked, response) => {
      if (response === CHAT_ROOM_ENTER_RESPONSE_SUCCESS) resolve()
      else reject(new Error(`lobby_joined says ${response}`))
    })
    lobbies.joinLobby(lobby)
  })
}
