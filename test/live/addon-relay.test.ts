// Real Godots by way of a real relay: games of both versions and a TypeScript peer in one lobby, streams between all of
// them while the relay's connections are cut, and relays that refuse or do not behave.
import { afterEach, expect, it } from 'vitest'
import { ENGINE_NAMES, type Engine, type EngineName } from '../../scripts/engines.js'
import type { RunningEngine } from '../../scripts/run-engine.js'
import { Messenger, P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import type { Link } from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { Dictionary, type Variant } from '../../src/variant/index.js'
import { turnUntil } from '../until.js'
import { allSaid, engineErrors, makeProject, nextSaid, type Said, startScript } from './addon-project.js'
import { type Ends, piece, startRelay, token } from './addon-relay-setup.js'
import { describeWith } from './with-engine.js'

const [ADA, BO, CY] = [76561198000000002n, 76561198000000003n, 76561198000000004n]
const PACKETS = 400
const CUT_EVERY = 150
const STREAM = 1
const PATIENCE_MS = 20_000
const BACK_OFF = { first: 5, most: 100 }

const ends: Ends = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** The TypeScript member of the lobby: it gives the games their orders. */
class Cy {
  readonly said: string[] = []
  readonly streams = new Map<bigint, { packets: number; wrong: number }>()
  readonly #json: boolean
  readonly #messenger: Messenger

  constructor(
    readonly transport: RelayTransport,
    readonly p2p: P2P,
    version: 3 | 4 | 'json',
  ) {
    this.#json = version === 'json'
    this.#messenger = new Messenger(p2p, { version: version === 'json' ? 4 : version })
    p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
    const { lobbies } = transport
    lobbies.on('lobby_joined', (_lobby, _permissions, _locked, response) => this.said.push(`joined ${response}`))
    lobbies.on('lobby_chat_update', (_lobby, who, _by, state) => this.said.push(`${who} ${state}`))
    lobbies.on('lobby_message', (_lobby, user, text) => this.said.push(`${user}: ${text}`))
    lobbies.on('lobby_data_update', (_success, lobby) => this.said.push(`named ${lobbies.getLobbyData(lobby, 'name')}`))
  }

  order(to: bigint, message: string, more: Record<string, string | number> = {}): void {
    const value = { message, ...more }
    const sent = this.#json
      ? this.p2p.sendP2PPacket(to, new TextEncoder().encode(JSON.stringify(value)), P2P_SEND_RELIABLE)
      : this.#messenger.send(to, new Dictionary<string, Variant>(Object.entries(value)) as Dictionary)
    expect(sent).toBe(true)
  }

  /** Notes what came from the games. */
  read(): void {
    while (this.#json && this.p2p.isP2PPacketAvailable()) {
      const { data, remote_steam_id } = this.p2p.readP2PPacket(1 << 20)
      this.said.push(`${remote_steam_id} says ${JSON.parse(new TextDecoder().decode(data)).message}`)
    }
    if (!this.#json) {
      for (const { from, value } of this.#messenger.poll()) {
        this.said.push(`${from} says ${(value as Dictionary).get('message')}`)
      }
    }
  }

  readStream(): void {
    while (this.p2p.isP2PPacketAvailable(STREAM)) {
      const { data, remote_steam_id } = this.p2p.readP2PPacket(1 << 20, STREAM)
      const stream = this.streams.get(remote_steam_id!) ?? { packets: 0, wrong: 0 }
      this.streams.set(remote_steam_id!, stream)
      if (Buffer.compare(data!, piece(stream.packets)) !== 0) stream.wrong++
      stream.packets++
    }
  }

  async hears(what: string): Promise<void> {
    await turnUntil(`${what} among ${this.said.join(', ')}`, () => {
      this.read()
      return this.said.includes(what)
    })
  }
}

async function startCy(url: string, version: 3 | 4 | 'json'): Promise<Cy> {
  const transport = new RelayTransport({
    steamId: CY,
    url: async () => `${url}?token=${await token(CY)}`,
    reconnect: BACK_OFF,
  })
  const p2p = new P2P({ steamId: CY, transport })
  ends.push(() => p2p.close())
  await transport.open()
  return new Cy(transport, p2p, version)
}

async function startGame(engine: Engine, url: string, id: bigint, node: string, more = {}): Promise<RunningEngine> {
  const project = makeProject(engine)
  ends.push(() => project.remove())
  const game = startScript(engine, project, 'boot.gd', { node, url, id, token: await token(id), ...more }, 90_000)
  ends.push(() => game.kill())
  return game
}

/** Waits until the game has said something of that kind with these members. */
async function says(game: RunningEngine, key: string, wanted: Said): Promise<void> {
  const has = () => allSaid(game, key).some((said) => Object.entries(wanted).every(([k, v]) => said[k] === v))
  const end = performance.now() + PATIENCE_MS
  while (!has()) {
    if (game.ended || performance.now() > end) throw game.failure(`did not say ${key}: ${JSON.stringify(wanted)}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

const KINDS: readonly (readonly [EngineName, EngineName, 3 | 4 | 'json'])[] = [
  ['godot4', 'godot4', 4],
  ['godot36', 'godot3', 3],
  ['godot4', 'godot36', 'json'],
  ['godot4', 'godot3', 'json'],
]

for (const [first, second, version] of KINDS) {
  describeWith(first, `${first}, ${second} and TypeScript by way of a relay`, (a) =>
    describeWith(second, 'with', (b) => {
      it('meet in a lobby, tell all as in the tutorial, and lose and double nothing when the relay is cut off', async () => {
        const { relay, cut, url } = await startRelay(ends)
        const node = version === 'json' ? 'tutorial_relay_json.gd' : 'tutorial_relay.gd'
        const cy = await startCy(url, version)
        const ada = await startGame(a, url, ADA, node, { create: 1 })
        const lobby = BigInt((await nextSaid(ada, 'lobby'))['lobby'] as string)
        cy.transport.lobbies.joinLobby(lobby)
        await cy.hears('joined 1')
        const bo = await startGame(b, url, BO, node)
        await cy.hears(`${BO} 1`)

        // The same members in the same order for all.
        const members = [ADA, CY, BO]
        for (const game of [ada, bo]) {
          await says(game, 'members', { owner: String(ADA) })
          await turnUntil('all are members', () =>
            allSaid(game, 'members').some(({ members: ids }) => String(ids) === String(members)),
          )
        }
        expect(members.map((_, i) => cy.transport.lobbies.getLobbyMemberByIndex(lobby, i))).toEqual(members)
        await says(ada, 'changed', { changed: String(BO), state: 1, same: true })

        // The tutorial's broadcast.
        for (const [id, game, other] of [[ADA, ada, bo] as const, [BO, bo, ada] as const]) {
          await cy.hears(`${id} says handshake`)
          cy.order(id, 'tell all')
          await cy.hears(`${id} says told by ${id}`)
          await says(other, 'message', { from: String(id), message: `told by ${id}` })
          cy.order(id, 'state')
          await says(game, 'session', {})
          expect((await nextSaid(game, 'session'))['session']).toMatchObject({ connection_active: 1, using_relay: 1 })
        }

        // Lobby data, which only the owner sets, and chat, of which the worst texts do no harm.
        cy.order(BO, 'name', { text: 'not by Bo' })
        await says(bo, 'sent', { sent: false })
        cy.order(ADA, 'name', { text: 'Ünder "new" names' })
        await cy.hears('named Ünder "new" names')
        await says(bo, 'name', { name: 'Ünder "new" names', success: 1, own: true })
        cy.order(BO, 'chat', { text: 'höi 😀' })
        await cy.hears(`${BO}: höi 😀`)
        await says(ada, 'chat', { chat: 'höi 😀', user: String(BO), type: 1 })
        expect(cy.transport.lobbies.sendLobbyChatMsg(lobby, 'a\u0000b\ud800c\\u0000')).toBe(true)
        for (const game of [ada, bo]) await says(game, 'chat', { chat: 'a\ufffdb\ufffdc\\u0000', user: String(CY) })

        // Out and not in again.
        cy.order(ADA, 'lock')
        await turnUntil('ada has locked it', () => allSaid(ada, 'sent').length === 2)
        cy.order(BO, 'leave')
        await says(bo, 'left', { left: 0 })
        await says(bo, 'joined', { joined: String(lobby), response: 3 })
        await says(ada, 'changed', { changed: String(BO), state: 2, same: true })
        await cy.hears(`${BO} 2`)

        // Everybody to everybody, while all connections break.
        for (const [id, other] of [[ADA, BO] as const, [BO, ADA] as const]) {
          for (const to of [other, CY]) cy.order(id, 'stream', { to: String(to), packets: PACKETS })
        }
        const sent = new Map([
          [ADA, 0],
          [BO, 0],
        ])
        let cuts = 0
        const isThere = (game: RunningEngine, from: bigint) =>
          allSaid(game, 'stream').some(({ stream, packets }) => stream === String(from) && packets === PACKETS)
        await turnUntil('all streams arrived', () => {
          for (const [to, next] of sent) {
            if (next === PACKETS) continue
            if (cy.p2p.sendP2PPacket(to, piece(next), P2P_SEND_RELIABLE, STREAM)) sent.set(to, next + 1)
          }
          cy.readStream()
          const came = [...cy.streams.values()].reduce((sum, { packets }) => sum + packets, 0)
          if (came >= (cuts + 1) * CUT_EVERY && cut()) cuts++
          const isHere = came === 2 * PACKETS
          return isHere && [isThere(ada, BO), isThere(ada, CY), isThere(bo, ADA), isThere(bo, CY)].every(Boolean)
        })
        expect(cuts).toBeGreaterThanOrEqual(3)
        for (const id of [ADA, BO]) expect(cy.streams.get(id)).toEqual({ packets: PACKETS, wrong: 0 })
        for (const [game, from] of [[ada, BO] as const, [bo, ADA] as const]) {
          for (const id of [from, CY]) {
            await says(game, 'stream', { stream: String(id), packets: PACKETS, lost: 0, doubled: 0, wrong: 0 })
          }
          // The last cut may be so late that a game has yet to notice it.
          const left = () => allSaid(game, 'relay').filter(({ relay: what }) => what === 'left').length
          await turnUntil('the game noticed each cut', () => left() >= cuts)
          expect(left()).toBe(cuts)
        }
        for (const id of [ADA, BO]) cy.order(id, 'quit')
        expect([await ada.exited, await bo.exited]).toEqual([0, 0])
        expect([...engineErrors(ada), ...engineErrors(bo)]).toEqual([])
        expect(relay.stats.brokenPeers).toBe(0)
      })
    }),
  )
}

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const json = (type: number, number: number, text: string) =>
  Uint8Array.from([type, number, 0, 0, 0, ...new TextEncoder().encode(text)])

const UP_BO = '03 01000000 034c5e0201001001 fbff0000'

/** What no relay says, in front of which it said WELCOME. */
const HOSTILE: Readonly<Record<string, readonly Uint8Array[]>> = {
  'a second WELCOME': [bytes('00 01')],
  'an unknown type': [bytes('7f 01000000')],
  'a type that peers say': [bytes('01 034c5e0201001001')],
  'half a header': [bytes('10 0100')],
  'DATA for a link that is not': [bytes('10 01000000 aa')],
  'DATA without a frame': [bytes(UP_BO), bytes('10 01000000')],
  'half an UP': [bytes(UP_BO).subarray(0, 12)],
  'an UP that is too long': [bytes(`${UP_BO} 00`)],
  'an UP of nobody': [bytes('03 01000000 0000000000000000 fbff0000')],
  'an UP of this peer itself': [bytes('03 01000000 024c5e0201001001 fbff0000')],
  'an UP with tiny frames': [bytes('03 01000000 034c5e0201001001 10000000')],
  'the same UP twice': [bytes(UP_BO), bytes(UP_BO)],
  'DOWN of a link that is not': [bytes('04 09000000')],
  'FULL of a link that is not': [bytes('05 09000000')],
  'SIGNAL of a link that is not': [bytes('12 09000000 aa')],
  'an answer to no question': [json(0x21, 9, '{}')],
  'an event without JSON': [bytes('22 00000000')],
  'an event of broken JSON': [json(0x22, 0, '{"event":')],
  'an event that is no object': [json(0x22, 0, '[1]')],
  'an event of no lobby': [json(0x22, 0, '{"event":"chat","lobby":"99999999999999999999"}')],
  'an event that is no text': [bytes('22 00000000 7b22ff227d')],
  'an event of brackets': [json(0x22, 0, '['.repeat(60_000))],
}

for (const name of ENGINE_NAMES) {
  describeWith(name, 'a guest of relays', (engine) => {
    it('says why a wrong token is refused, and does not ask again', async () => {
      const { url } = await startRelay(ends)
      const project = makeProject(engine)
      ends.push(() => project.remove())
      const guest = startScript(engine, project, 'relay_guest.gd', { url, id: ADA, token: await token(BO) })
      ends.push(() => guest.kill())
      expect(await guest.exited).toBe(0)
      expect(allSaid(guest, 'started')).toEqual([{ started: 0, again: 22 }])
      expect(allSaid(guest, 'created')).toEqual([{ created: 3 }])
      const refusals = allSaid(guest, 'code')
      expect(refusals).toHaveLength(1)
      expect(refusals[0]).toMatchObject({ code: 4002 })
      expect(refusals[0]!['reason']).toMatch(/refused|not/)
      expect(allSaid(guest, 'over')).toEqual([{ over: false }])
      expect(engineErrors(guest)).toEqual([])
    })

    it('leaves a relay that says what makes no sense, each time, and comes back', async () => {
      const attacks = Object.entries(HOSTILE)
      const inner = new WebSocketTransport({ steamId: 1n })
      ends.push(() => inner.close())
      const reasons: string[] = []
      const answers: string[] = []
      let attack = 0
      inner.attach({
        linkUp(link: Link) {
          link.send(bytes('00 01'), 'reliable')
          for (const message of attacks[attack]?.[1] ?? []) link.send(message, 'reliable')
          // The one behind the last attack is let go in peace, with links that come and go.
          if (attack === attacks.length) {
            link.send(bytes(UP_BO), 'reliable')
            link.send(bytes('04 01000000 ff80'), 'reliable')
            link.send(bytes('10 01000000 aa'), 'reliable')
            // A peer that is no Steam user: this end wants no link to it, and has nothing against the relay.
            link.send(bytes('03 02000000 0500000000000000 fbff0000'), 'reliable')
          }
        },
        frame(link: Link, frame: Uint8Array) {
          answers.push(Buffer.from(frame.subarray(0, 5)).toString('hex'))
          link.close('enough')
        },
        drain() {},
        linkDown(_link: Link, reason: string) {
          reasons.push(reason)
          attack++
        },
      })
      const { url } = await inner.listen({ host: '127.0.0.1', port: 0 })
      const project = makeProject(engine)
      ends.push(() => project.remove())
      const guest = startScript(engine, project, 'relay_guest.gd', { url, id: ADA, joins: attacks.length + 1 })
      ends.push(() => guest.kill())
      expect(await guest.exited).toBe(0)
      expect(allSaid(guest, 'code').map(({ code }) => code)).toEqual([...attacks.map(() => 4004), 1000])
      expect(answers).toEqual(['0202000000'])
      expect(reasons).toHaveLength(attacks.length + 1)
      // Godot 3 itself reports JSON that is broken, to whoever asks it to read some.
      const words = name === 'godot4' ? [] : [expect.stringMatching(/^ERROR: .*JSON/)]
      expect(engineErrors(guest)).toEqual(words)
    })
  })
}
