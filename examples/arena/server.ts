// The arena's server: it alone decides where everybody is. Players say which way they want to go, spectators watch.

import { bytesToVar, type Encodable, isGodotWireError, type Variant, Vector2, varToBytes } from '../../src/index.js'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE, type P2PSend } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import {
  CHAT_LENGTH,
  FIELD,
  field,
  isText,
  MOTION,
  NAME_LENGTH,
  type Player,
  rosterOf,
  SPEED,
  TALK,
  TICK_MS,
} from './protocol.js'

const SERVER_ID = 76561198000000001n
const READS_A_TICK = 1_000
const CHATS_A_SECOND = 4
const MAX_PEERS = 64
const RADIUS = 16

interface Actor extends Player {
  place: Vector2
  direction: Vector2
  chats: number
}

/** A server on this machine; `close` ends it. */
export async function startArena(host = '127.0.0.1', port = 0) {
  const transport = new WebSocketTransport({ steamId: SERVER_ID, maxLinks: MAX_PEERS })
  const { url } = await transport.listen({ host, port })
  const arena = new Arena(transport)
  return { url, arena, close: () => arena.close() }
}

export class Arena {
  readonly actors = new Map<bigint, Actor>()
  readonly #spectators = new Set<bigint>()
  // Games that crash say nothing: whoever is silent for six seconds has left.
  readonly #p2p: P2P
  readonly #timer: NodeJS.Timeout
  #tick = 0

  constructor(transport: WebSocketTransport) {
    this.#p2p = new P2P({ steamId: SERVER_ID, transport, keepAliveMs: 2_000, vanishMs: 6_000 })
    this.#p2p.on('p2p_session_request', (id) => this.#p2p.acceptP2PSessionWithUser(id))
    this.#timer = setInterval(() => this.#step(), TICK_MS)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#p2p.close()
  }

  #step(): void {
    this.#tick++
    this.#read(TALK, (from, value) => this.#heard(from, value))
    this.#read(MOTION, (from, value) => this.#steered(from, value))
    for (const id of [...this.actors.keys(), ...this.#spectators]) {
      if (this.#p2p.getP2PSessionState(id).connection_active !== 1) this.#leave(id)
    }
    for (const actor of this.actors.values()) this.#move(actor)
    const ids = BigInt64Array.from(this.actors.keys())
    const places = [...this.actors.values()].map(({ place }) => place)
    this.#tell({ tick: this.#tick, ids, places }, P2P_SEND_UNRELIABLE, MOTION)
  }

  #read(channel: number, take: (from: bigint, value: Variant) => void): void {
    for (let i = 0; i < READS_A_TICK && this.#p2p.isP2PPacketAvailable(channel); i++) {
      const { data, remote_steam_id: from } = this.#p2p.readP2PPacket(1 << 16, channel)
      try {
        if (data) take(from, bytesToVar(data))
      } catch (error) {
        // Somebody sent what is no value: that is theirs to mend.
        if (!isGodotWireError(error)) throw error
      }
    }
  }

  #heard(from: bigint, value: Variant): void {
    const [name, text] = [field(value, 'join'), field(value, 'chat')]
    if (isText(name)) this.#join(from, name)
    else if (isText(text)) this.#chat(from, text)
    else if (field(value, 'watch') === true) this.#watch(from)
    else if (field(value, 'leave') === true) this.#leave(from)
  }

  #join(id: bigint, asked: string): void {
    const name = asked.trim().slice(0, NAME_LENGTH) || 'nobody'
    const place = new Vector2(FIELD.width * Math.random(), FIELD.height * Math.random())
    // Steps of the golden ratio around the wheel: neighbours never look alike.
    const hue = (this.actors.size * 0.618) % 1
    this.actors.set(id, { id, name, hue, place, direction: new Vector2(0, 0), chats: CHATS_A_SECOND })
    this.#tell(rosterOf(this.actors.values()))
    this.#say('arena', `${name} is here`)
  }

  #watch(id: bigint): void {
    this.#spectators.add(id)
    this.#send(id, rosterOf(this.actors.values()))
  }

  #leave(id: bigint): void {
    this.#spectators.delete(id)
    const actor = this.actors.get(id)
    if (!this.actors.delete(id)) return
    this.#tell(rosterOf(this.actors.values()))
    this.#say('arena', `${actor?.name} left`)
  }

  #chat(from: bigint, text: string): void {
    const actor = this.actors.get(from)
    if (!actor || actor.chats < 1) return
    actor.chats--
    this.#say(actor.name, text.slice(0, CHAT_LENGTH))
  }

  #steered(from: bigint, value: Variant): void {
    const actor = this.actors.get(from)
    const go = field(value, 'go')
    if (!actor || !(go instanceof Vector2) || !Number.isFinite(go.x + go.y)) return
    const length = Math.hypot(go.x, go.y)
    // Nobody is faster than the others, whatever they send.
    actor.direction = length > 1 ? new Vector2(go.x / length, go.y / length) : go
  }

  #move(actor: Actor): void {
    const way = (SPEED * TICK_MS) / 1000
    const within = (value: number, limit: number) => Math.min(limit - RADIUS, Math.max(RADIUS, value))
    const { place, direction } = actor
    const x = within(place.x + direction.x * way, FIELD.width)
    actor.place = new Vector2(x, within(place.y + direction.y * way, FIELD.height))
    actor.chats = Math.min(CHATS_A_SECOND, actor.chats + (CHATS_A_SECOND * TICK_MS) / 1000)
  }

  #say(name: string, text: string): void {
    this.#tell({ from: name, text })
  }

  #tell<T>(value: Encodable<T>, type: P2PSend = P2P_SEND_RELIABLE, channel = TALK): void {
    const packet = varToBytes(value)
    for (const id of [...this.actors.keys(), ...this.#spectators]) this.#p2p.sendP2PPacket(id, packet, type, channel)
  }

  #send<T>(id: bigint, value: Encodable<T>): void {
    this.#p2p.sendP2PPacket(id, varToBytes(value), P2P_SEND_RELIABLE, TALK)
  }
}
