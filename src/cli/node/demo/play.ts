/** What the players of the demo say to each other: the GodotSteam tutorial's handshake, then a packet to all. */
import { isDictionary, PackedVector2Array, type VariantInput, Vector2 } from '../../../variant/index.js'
import type { Tell } from './event.js'
import { type Heard, Player, type Sent } from './player.js'
import type { Stage } from './stage.js'

/** Once this has passed, what is still missing does not come. */
const PATIENCE_MS = 10_000

/** About a frame of a game. */
const FRAME_MS = 10

export interface Played {
  /** Every packet arrived, and its bytes were those that were sent. */
  readonly isComplete: boolean
  /** The first packet that was sent, as base64. */
  readonly packet: string
}

/** @param patienceMs how long all of it may take */
export async function play({ members }: Stage, tell: Tell, patienceMs = PATIENCE_MS): Promise<Played> {
  const names = new Map(members.map(({ steamId, name }) => [steamId, name]))
  const nameOf = (id: bigint) => names.get(id) ?? String(id)
  const cast = members.map((member) => new Player(member, nameOf, tell))
  const game = new Game(cast)
  try {
    const isComplete = await game.run(patienceMs)
    const { packets, bytes, wire, missing } = game.ledger
    if (isComplete) tell({ who: 'demo', event: 'end', packets, bytes, wire })
    else
      tell({ who: 'demo', event: 'problem', text: `${missing} of ${packets} packets did not arrive as they were sent` })
    return { isComplete, packet: game.ledger.first }
  } finally {
    for (const player of cast) player.close()
  }
}

class Game {
  readonly ledger = new Ledger()
  readonly #server: Player
  readonly #players: readonly Player[]
  readonly #ready = new Set<bigint>()

  constructor([server, ...players]: readonly Player[]) {
    this.#server = server!
    this.#players = players
  }

  /** Whether all of it came about. */
  async run(patienceMs: number): Promise<boolean> {
    const { steamId: server } = this.#server
    for (const player of this.#players) this.#send(player, [server], { message: 'handshake', from: player.steamId })
    const end = performance.now() + patienceMs
    while (!this.#isOver() && performance.now() < end) {
      this.#frame()
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS))
    }
    return this.#isOver()
  }

  /** As a game's _process. */
  #frame(): void {
    for (const heard of this.#read(this.#server)) this.#serverHears(heard)
    for (const player of this.#players) for (const heard of this.#read(player)) this.#playerHears(player, heard)
  }

  /** To one: the answer to a handshake. To all: where everybody is, once everybody is ready. */
  #serverHears({ from, value }: Heard): void {
    const message = messageOf(value)
    if (message === 'handshake') {
      const spawn = new Vector2(32 * (1 + this.#indexOf(from)), 48)
      this.#send(this.#server, [from], { message: 'welcome', from: this.#server.steamId, spawn })
    }
    if (message !== 'ready') return
    this.#ready.add(from)
    if (this.#ready.size < this.#players.length) return
    const everybody = this.#players.map(({ steamId }) => steamId)
    const path = new PackedVector2Array(Array.from({ length: 3 }, (_, i) => new Vector2(16 * i, 48)))
    this.#send(this.#server, everybody, { message: 'start', players: everybody, path })
  }

  #playerHears(player: Player, { from, value }: Heard): void {
    if (messageOf(value) === 'welcome') this.#send(player, [from], { message: 'ready', hp: 100 })
  }

  #indexOf(id: bigint): number {
    return this.#players.findIndex(({ steamId }) => steamId === id)
  }

  #isOver(): boolean {
    return this.#ready.size === this.#players.length && this.ledger.missing === 0
  }

  #send(player: Player, to: readonly bigint[], value: VariantInput): void {
    this.ledger.sent(player.steamId, player.sendP2pPacket(to, value))
  }

  #read(player: Player): Heard[] {
    const all = player.readAllP2pPackets()
    for (const heard of all) this.ledger.heard(player.steamId, heard)
    return all
  }
}

function messageOf(value: unknown): unknown {
  return isDictionary(value) ? value.get('message') : undefined
}

/** What was sent and what arrived: each packet of a session in its turn, byte for byte. */
class Ledger {
  packets = 0
  bytes = 0
  wire = 0
  first = ''
  readonly #due = new Map<string, Uint8Array[]>()
  #broken = 0

  /** Packets that have not arrived, or not as they were sent. */
  get missing(): number {
    return [...this.#due.values()].reduce((sum, due) => sum + due.length, this.#broken)
  }

  sent(from: bigint, { to, bytes, packet }: Sent): void {
    this.first ||= Buffer.from(packet).toString('base64')
    for (const id of to) {
      const key = `${from}>${id}`
      this.#due.set(key, [...(this.#due.get(key) ?? []), bytes])
      this.packets++
      this.bytes += bytes.length
      this.wire += packet.length
    }
  }

  heard(to: bigint, { from, bytes }: Heard): void {
    const expected = this.#due.get(`${from}>${to}`)?.shift()
    if (expected === undefined || Buffer.compare(expected, bytes) !== 0) this.#broken++
  }
}
