// Real Godots that find direct ways by real WebRTC (ICE, DTLS and SCTP of node-datachannel, lent to the engines), to each
// other and to a TypeScript peer, by the addon's own code: over the relay at first, then straight, and back when it breaks.
import { cleanup } from 'node-datachannel'
import { RTCPeerConnection } from 'node-datachannel/polyfill'
import { afterAll, afterEach, expect, it } from 'vitest'
import { ENGINE_NAMES, type Engine, type EngineName } from '../../scripts/engines.js'
import type { RunningEngine } from '../../scripts/run-engine.js'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE } from '../../src/p2p/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport, type WebRtcTransportOptions } from '../../src/transport/webrtc/index.js'
import { turnUntil } from '../until.js'
import { allSaid, engineErrors, makeProject, startScript } from './addon-project.js'
import { type Ends, piece, startRelay, token } from './addon-relay-setup.js'
import { RtcBridge } from './rtc-bridge.js'
import { describeWith } from './with-engine.js'

// Ada answers to Cy's offers, Bo makes offers to both.
const [ADA, CY, BO] = [76561198000000002n, 76561198000000003n, 76561198000000004n]
const [ORDERS, RELIABLE, UNRELIABLE] = [0, 1, 2]
const FIRST = 100
const STEP = 200
const CUTS = 3
const RETRY_MS = 200
/**
 * A web export holds 65,535 bytes of what arrived and drops more, also on the reliable channel. This is less than one frame of
 * the other end, so that it surely happens.
 */
const NARROW_ROOM = 16_000

const ends: Ends = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
afterAll(() => cleanup())

interface Came {
  sent: number
  sentUnreliable: number
  reliable: number
  wrong: number
  unreliable: Set<number>
  again: number
}

/** The TypeScript peer: it sends what the games send, and tells them how much. */
class Cy {
  readonly came: Map<bigint, Came>
  goal = 0
  readonly #made: RTCPeerConnection[]

  private constructor(
    readonly p2p: P2P,
    readonly transport: WebRtcTransport,
    games: readonly bigint[],
    made: RTCPeerConnection[],
  ) {
    this.#made = made
    const nothing = () => ({
      sent: 0,
      sentUnreliable: 0,
      reliable: 0,
      wrong: 0,
      unreliable: new Set<number>(),
      again: 0,
    })
    this.came = new Map(games.map((id) => [id, nothing()]))
    p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  }

  static async start(
    url: string,
    games: readonly bigint[],
    options: Partial<WebRtcTransportOptions> = {},
  ): Promise<Cy> {
    const made: RTCPeerConnection[] = []
    class Rtc extends RTCPeerConnection {
      constructor(configuration: never) {
        super(configuration)
        made.push(this)
      }
    }
    const relay = new RelayTransport({ steamId: CY, url: async () => `${url}?token=${await token(CY)}` })
    const transport = new WebRtcTransport({ relay, retryMs: RETRY_MS, RTCPeerConnection: Rtc as never, ...options })
    const p2p = new P2P({ steamId: CY, transport })
    ends.push(() => p2p.close())
    await relay.open()
    return new Cy(p2p, transport, games, made)
  }

  order(order: { goal: number } | { quit: true }): void {
    if ('goal' in order) this.goal = order.goal
    const data = new TextEncoder().encode(JSON.stringify(order))
    for (const id of this.came.keys()) expect(this.p2p.sendP2PPacket(id, data, P2P_SEND_RELIABLE, ORDERS)).toBe(true)
  }

  /** Ends its connections that are up, and says how many. */
  cut(): number {
    const open = this.#made.filter(({ connectionState }) => connectionState === 'connected')
    for (const connection of open) connection.close()
    return open.length
  }

  turn(): void {
    for (const [id, came] of this.came) {
      if (came.sent < this.goal && this.p2p.sendP2PPacket(id, piece(came.sent), P2P_SEND_RELIABLE, RELIABLE))
        came.sent++
      if (came.sentUnreliable >= this.goal || this.p2p.getP2PSessionState(id)?.connection_active !== 1) continue
      const number = Uint8Array.from([came.sentUnreliable, came.sentUnreliable >> 8, 0, 0, 0, 0, 0, 0])
      this.p2p.sendP2PPacket(id, number, P2P_SEND_UNRELIABLE, UNRELIABLE)
      came.sentUnreliable++
    }
    while (this.p2p.isP2PPacketAvailable(RELIABLE)) {
      const { data, remote_steam_id } = this.p2p.readP2PPacket(1 << 20, RELIABLE)
      const came = this.came.get(remote_steam_id!)!
      if (Buffer.compare(data!, piece(came.reliable)) !== 0) came.wrong++
      came.reliable++
    }
    while (this.p2p.isP2PPacketAvailable(UNRELIABLE)) {
      const { data, remote_steam_id } = this.p2p.readP2PPacket(1 << 20, UNRELIABLE)
      const { unreliable } = this.came.get(remote_steam_id!)!
      const number = data![0]! | (data![1]! << 8)
      if (unreliable.has(number)) this.came.get(remote_steam_id!)!.again++
      unreliable.add(number)
    }
  }

  isDirect(id: bigint): boolean {
    return this.p2p.getP2PSessionState(id)?.using_relay === 0
  }
}

/** What a game last said of a peer. */
interface Told {
  sent: number
  reliable: number
  wrong: number
  unreliable: number
  again: number
  direct: number
  using_relay: number
}

class Game {
  private constructor(
    readonly id: bigint,
    readonly godot: RunningEngine,
    readonly bridge: RtcBridge | undefined,
    readonly peers: readonly bigint[],
  ) {}

  static async start(
    engine: Engine,
    url: string,
    id: bigint,
    peers: readonly bigint[],
    { bridged = true, allow = 1, room = 0 } = {},
  ): Promise<Game> {
    const project = makeProject(engine)
    ends.push(() => project.remove())
    const bridge = bridged ? await RtcBridge.start() : undefined
    if (bridge) ends.push(() => bridge.close())
    const own = { url, id, token: await token(id), leader: CY, peers: peers.join(','), allow, room }
    const godot = startScript(engine, project, 'direct_game.gd', { ...own, bridge: bridge?.port ?? 0 }, 90_000)
    ends.push(() => godot.kill())
    return new Game(id, godot, bridge, peers)
  }

  told(peer: bigint): Told | undefined {
    const peers = allSaid(this.godot, 'peers').at(-1)?.['peers'] as Record<string, Told> | undefined
    return peers?.[String(peer)]
  }

  has(count: number): boolean {
    return this.peers.every((peer) => this.told(peer)?.reliable === count && this.told(peer)?.sent === count)
  }

  isDirect(): boolean {
    return this.peers.every((peer) => this.told(peer)?.using_relay === 0)
  }
}

/** Runs until everybody has everything, and packets take the way that is asked for; `during` is called all the time. */
async function settle(what: string, cy: Cy, games: readonly Game[], direct: boolean, during = () => {}): Promise<void> {
  await turnUntil(what, () => {
    for (const { godot } of games) if (godot.ended) throw godot.failure(what)
    cy.turn()
    during()
    const all = [...cy.came.values()].every(({ reliable, sent }) => reliable === cy.goal && sent === cy.goal)
    const ways = [...games.map((game) => game.isDirect()), ...games.map(({ id }) => cy.isDirect(id))]
    return all && games.every((game) => game.has(cy.goal)) && ways.every((way) => way === direct)
  })
}

async function finish(cy: Cy, games: readonly Game[]): Promise<void> {
  for (const [id, { reliable, wrong, again, unreliable }] of cy.came) {
    expect({ id, reliable, wrong, again }).toEqual({ id, reliable: cy.goal, wrong: 0, again: 0 })
    expect(unreliable.size).toBeGreaterThan(0)
    expect(unreliable.size).toBeLessThanOrEqual(cy.goal)
  }
  for (const game of games) {
    for (const peer of game.peers) {
      expect(game.told(peer)).toMatchObject({ reliable: cy.goal, wrong: 0, again: 0 })
      expect(game.told(peer)!.unreliable).toBeGreaterThan(0)
    }
  }
  cy.order({ quit: true })
  expect(await Promise.all(games.map(({ godot }) => godot.exited))).toEqual(games.map(() => 0))
  expect(games.flatMap(({ godot }) => engineErrors(godot))).toEqual([])
}

const PAIRS: readonly (readonly [EngineName, EngineName])[] = [
  ['godot4', 'godot4'],
  ['godot36', 'godot3'],
  ['godot3', 'godot4'],
]

for (const [first, second] of PAIRS) {
  describeWith(first, `${first}, ${second} and TypeScript, directly`, (a) =>
    describeWith(second, 'with', (b) => {
      it('move to WebRTC, come back when it is cut, and lose and double nothing reliable', async () => {
        const { url } = await startRelay(ends)
        const cy = await Cy.start(url, [ADA, BO])
        const ada = await Game.start(a, url, ADA, [BO, CY])
        const bo = await Game.start(b, url, BO, [ADA, CY])
        const games = [ada, bo]
        cy.order({ goal: FIRST })
        await settle('all ways are direct', cy, games, true)

        // The connections of one game are cut, then those of the other, then those of the TypeScript peer.
        const cuts = [() => ada.bridge!.cut(), () => bo.bridge!.cut(), () => cy.cut()]
        expect(cuts).toHaveLength(CUTS)
        for (const [turn, cut] of cuts.entries()) {
          const fallbacks = cy.transport.stats.fallbacks
          const half = cy.goal + STEP / 4
          cy.order({ goal: cy.goal + STEP })
          let count = 0
          await settle(`after cut ${turn}`, cy, games, true, () => {
            const [fromAda, fromBo] = [cy.came.get(ADA)!.reliable, cy.came.get(BO)!.reliable]
            if (count > 0 || Math.min(fromAda, fromBo) < half) return
            // In the middle of the stream.
            expect(Math.min(fromAda, fromBo)).toBeLessThan(cy.goal)
            count = cut()
          })
          expect(count).toBe(2)
          expect(cy.transport.stats.fallbacks).toBeGreaterThan(fallbacks)
        }
        for (const game of games) {
          expect(game.bridge!.carried).toBeGreaterThan(CUTS * STEP)
          // Each way was found at first, and again after a cut of either end.
          for (const peer of game.peers) expect(game.told(peer)!.direct).toBeGreaterThanOrEqual(3)
        }
        expect(cy.transport.stats.brokenSignals).toBe(0)
        await finish(cy, games)
      })
    }),
  )
}

for (const name of ENGINE_NAMES) {
  describeWith(name, 'a game beside a peer with WebRTC', (engine) => {
    it('stays on the relay where the engine has no WebRTC, and says nothing of it', async () => {
      const { url } = await startRelay(ends)
      const cy = await Cy.start(url, [ADA], { directTimeoutMs: 500 })
      const ada = await Game.start(engine, url, ADA, [CY], { bridged: false })
      cy.order({ goal: FIRST })
      await settle('all came by the relay', cy, [ada], false)
      // A try of the other end that came to nothing does no harm.
      await turnUntil('a try is over', () => cy.transport.stats.attempts >= 2)
      cy.order({ goal: 2 * FIRST })
      await settle('all came by the relay', cy, [ada], false)
      expect([cy.transport.stats.successes, cy.transport.stats.fallbacks, ada.told(CY)!.direct]).toEqual([0, 0, 0])
      await finish(cy, [ada])
    })

    it('goes back to the relay where frames are dropped for want of room, as in a web export, and loses nothing', async () => {
      const { url } = await startRelay(ends)
      const cy = await Cy.start(url, [ADA])
      const ada = await Game.start(engine, url, ADA, [CY], { room: NARROW_ROOM })
      cy.order({ goal: FIRST })
      await settle('the way is direct', cy, [ada], true)
      // The pieces of 70,000 bytes come in frames that there is no room for.
      cy.order({ goal: FIRST + STEP })
      let turns = 0
      await turnUntil('all came one way or the other', () => {
        if (ada.godot.ended) throw ada.godot.failure('it ended')
        cy.turn()
        // A loss shows by what follows it. Games do not fall silent, and neither does the leader.
        if (++turns % 100 === 0) cy.order({ goal: cy.goal })
        return cy.came.get(ADA)!.reliable === cy.goal && ada.has(cy.goal)
      })
      expect(cy.transport.stats.fallbacks).toBeGreaterThan(0)
      await settle('the way is direct again', cy, [ada], true)
      expect(ada.told(CY)!.direct).toBeGreaterThan(1)
      await finish(cy, [ada])
    })

    it('sends nothing by the relay where allowP2PPacketRelay(false) says so', async () => {
      const { relay, url } = await startRelay(ends)
      const cy = await Cy.start(url, [ADA], { allowRelay: false })
      const ada = await Game.start(engine, url, ADA, [CY], { allow: 0 })
      cy.order({ goal: FIRST })
      await settle('all came directly', cy, [ada], true)
      cy.order({ goal: 2 * FIRST })
      let count = 0
      await settle('all came directly again', cy, [ada], true, () => {
        if (count === 0 && cy.came.get(ADA)!.reliable > FIRST + STEP / 8) count = ada.bridge!.cut()
      })
      expect(count).toBe(1)
      expect(ada.bridge!.carried).toBeGreaterThan(2 * FIRST)
      expect(ada.told(CY)!.direct).toBe(2)
      expect(cy.transport.stats.relayedLinks).toBe(0)
      expect(relay.stats.brokenPeers).toBe(0)
      await finish(cy, [ada])
    })
  })
}
