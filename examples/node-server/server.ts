// A server for players in browsers, in Godot and in Node: it lets them in, tells everybody where everybody is, and passes on
// what they say. It believes nothing: what is no request of the shape below costs its sender the packet, and nobody else.
//
//   npm run node-server                  at ws://127.0.0.1:7777
//   npm run node-server -- 8910 0.0.0.0  at another port, for the network
import { fileURLToPath } from 'node:url'
import {
  finite,
  Messenger,
  P2P,
  P2P_SEND_RELIABLE,
  P2P_SEND_UNRELIABLE,
  shape,
  sized,
  string,
  unionOf,
  Vector2,
} from 'godot-wire'
import { WebSocketTransport } from 'godot-wire/transport/websocket'

const SERVER_ID = 76561198000000001n
const FIELD = { width: 640, height: 400 }
const TICK_MS = 50
const READS_A_TICK = 1_000
/** What fits into one unreliable packet: 16 bytes for each player. */
const MAX_PLAYERS = 50

/** Requests and talk, reliably, and where everybody is, which may be lost. */
const [TALK, MOTION] = [0, 1]

/** What a player may ask for: in Godot {"message": "join", "name": "Ann"}, and so on. */
const Request = unionOf('message', {
  join: shape({ name: sized(string, 1, 16) }),
  move: shape({ to: finite(Vector2) }),
  chat: shape({ text: sized(string, 1, 200) }),
})

interface Player {
  readonly name: string
  at: Vector2
}

export interface Server {
  readonly url: string
  close(): void
}

/** A server at that port; 0 takes a free one. */
export async function startServer(port = 7777, host = '127.0.0.1'): Promise<Server> {
  const transport = new WebSocketTransport({ steamId: SERVER_ID, maxLinks: MAX_PLAYERS })
  const { url } = await transport.listen({ port, host })
  // Pages that are closed say nothing: whoever is silent for six seconds has left.
  const p2p = new P2P({ steamId: SERVER_ID, transport, keepAliveMs: 2_000, vanishMs: 6_000 })
  const talk = new Messenger(p2p, { channel: TALK, sendType: P2P_SEND_RELIABLE })
  const motion = new Messenger(p2p, { channel: MOTION, sendType: P2P_SEND_UNRELIABLE })
  const players = new Map<bigint, Player>()

  /** The Steam ids are the keys: an int of Godot, a bigint here. */
  const tellNames = () => talk.send(0n, { names: new Map([...players].map(([id, { name }]) => [id, name])) })

  const leave = (id: bigint) => {
    talk.members.delete(id)
    motion.members.delete(id)
    const player = players.get(id)
    if (!players.delete(id)) return
    console.log(`${player?.name} left`)
    tellNames()
  }

  const take = (id: bigint, packet: Uint8Array) => {
    const request = Request.safeDecode(packet, { maxBytes: 4_096 })
    if (!request.ok) return console.log(`${id} sent what is no request: ${request.error.message}`)
    const player = players.get(id)
    const { value } = request
    if (value.message === 'join') join(id, value.name)
    else if (player && value.message === 'move') player.at = within(value.to)
    else if (player && value.message === 'chat') talk.send(0n, { from: player.name, text: value.text })
  }

  const join = (id: bigint, name: string) => {
    players.set(id, { name, at: new Vector2(FIELD.width / 2, FIELD.height / 2) })
    talk.members.add(id)
    motion.members.add(id)
    console.log(`${name} joined`)
    tellNames()
  }

  const tick = () => {
    for (let reads = 0; reads < READS_A_TICK && p2p.isP2PPacketAvailable(TALK); reads++) {
      const { remote_steam_id: from, data } = p2p.readP2PPacket(p2p.getAvailableP2PPacketSize(TALK), TALK)
      if (data) take(from, data)
    }
    for (const id of players.keys()) if (p2p.getP2PSessionState(id).connection_active !== 1) leave(id)
    if (players.size === 0) return
    const places = [...players.values()].map(({ at }) => at)
    motion.send(0n, { ids: BigInt64Array.from(players.keys()), places })
  }

  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  const timer = setInterval(tick, TICK_MS)
  return {
    url,
    close() {
      clearInterval(timer)
      p2p.close()
    },
  }
}

function within({ x, y }: Vector2): Vector2 {
  const clamp = (value: number, limit: number) => Math.min(limit, Math.max(0, value))
  return new Vector2(clamp(x, FIELD.width), clamp(y, FIELD.height))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port = '7777', host] = process.argv.slice(2)
  const { url } = await startServer(Number(port), host)
  console.log(`listening at ${url}; Ctrl+C ends it`)
}
