// Every sample in GDScript of the documents, played in its Godot with the other end that stands beside it, or with one of
// this test. A new sample has no row, and fails until it has one.
import { readFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ENGINE_NAMES, type EngineName } from '../../scripts/engines.js'
import { NETWORKING_SEND_RELIABLE } from '../../src/p2p/index.js'
import { bytesToVar, Vector2, varToBytes } from '../../src/variant/index.js'
import { type Edits, edited, everyDocument, has, type Place, sampleAt, samplesIn } from '../documents.js'
import { startFile } from '../steam/child.js'
import { turnUntil } from '../until.js'
import { type Peer, PLAYER, SERVER, type Setting, Stage, startProgram } from './gdscript-samples.js'
import { playInALobby, playStraight } from './gdscript-samples-relay.js'
import { describeWith } from './with-engine.js'

const STRANGER = 76561198000000007n
const IMPATIENT_MS = 300
const STRANGER_WAITS_MS = 1_000

interface Row extends Place {
  readonly engines: readonly EngineName[]
  /** By what they show. */
  readonly plays: Readonly<Record<string, (stage: Stage) => Promise<void>>>
}

const GODOT_4: readonly EngineName[] = ['godot4']
const GODOT_3 = ENGINE_NAMES.filter((name) => name !== 'godot4')

const ADDRESS = 'ws://127.0.0.1:7777'
const serverAt = (url: string): Edits => [[ADDRESS, url]]
const AT_ANY_PORT: Edits = [
  ['await transport.listen({ port: 7777 })', 'const { url } = await transport.listen({ port: 0 })\nconsole.log(url)'],
]

/** Lines that run before the sample's own. */
const first = (...lines: readonly string[]) => `func _enter_tree():\n${lines.map((line) => `\t${line}\n`).join('')}\n`

/** A game soon takes the silence of its server for a failure. */
const impatient = (node: string) => `${node}.settings.connect_timeout_ms = ${IMPATIENT_MS}`

/** A game whose server said nothing until the game gave it up, which the game prints: the next word is the server's. */
async function givenUp(stage: Stage, peer: Peer, setting: Setting) {
  const game = stage.startGame(setting)
  expect(await game.nextLine('no session')).toBe(`no session with ${SERVER}: error 4`)
  const greet = () => expect(peer.messenger.send(PLAYER, { message: 'handshake' })).toBe(true)
  return { game, greet }
}

/** The texts of what a peer was sent, in order. */
async function heardBy({ messenger }: Peer, count: number): Promise<string[]> {
  const heard: string[] = []
  await turnUntil(`${count} messages`, () => {
    heard.push(...messenger.poll().map(({ from, value }) => `${from}: ${value}`))
    return heard.length >= count
  })
  return heard
}

/** How each Godot prints what the server of an addon's README sends back, and what it is greeted with. */
const PRINTED = {
  4: { echo: `{ "message": "handshake", "from": ${PLAYER} }`, greeting: '{ "message": "handshake" }' },
  3: { echo: `{from:${PLAYER}, message:handshake}`, greeting: '{message:handshake}' },
}

/** The README of an addon: the game of step 3 and the server of step 4, which has this line. */
function readmeOf(document: string, engines: readonly EngineName[], line: string): Row {
  return {
    document,
    line: 'func _on_link_opened(server_id: int) -> void:',
    engines,
    plays: {
      'gets back from the server what it sent': async (stage) => {
        const server = startProgram(edited(sampleAt({ document, line }, 'ts'), AT_ANY_PORT))
        const game = stage.startGame({ edits: serverAt(await server.line('ws://')) })
        expect(await game.nextLine(`${SERVER}: `)).toBe(`${SERVER}: ${PRINTED[stage.version].echo}`)
      },
      'says that nobody answers, and accepts who asks': async (stage) => {
        const peer = await stage.startPeer()
        const setting = { given: first(impatient('GodotWire')), edits: serverAt(peer.url) }
        const { game, greet } = await givenUp(stage, peer, setting)
        greet()
        expect(await game.nextLine(`${SERVER}: `)).toBe(`${SERVER}: ${PRINTED[stage.version].greeting}`)
      },
    },
  }
}

const GUIDE = 'docs/guides/server.md'
const EXAMPLE = 'examples/node-server/server.ts'
const THE_SERVER_SAYS = 'the server says '

const ROWS: readonly Row[] = [
  {
    document: 'docs/addon.md',
    line: '	GodotWire.connect_to_relay("wss://relay.example.com", steam_id, token)',
    engines: GODOT_4,
    plays: { 'opens a lobby, lets its members talk, and says why it lost the relay': playInALobby },
  },
  {
    document: 'docs/addon.md',
    line: 'GodotWire.webrtc.connection_factory = func() -> Object: return MyConnection.new()  # Godot 3: funcref(self, "make_connection")',
    engines: ENGINE_NAMES,
    plays: { 'lets packets go straight to the peer': playStraight },
  },
  {
    document: GUIDE,
    line: 'func _process(_delta: float) -> void:',
    engines: GODOT_4,
    plays: {
      'is greeted by the server of the guide, which hears it': async (stage) => {
        const sample = sampleAt({ document: GUIDE, line: 'const messenger = new Messenger(p2p)' }, 'ts')
        const server = startProgram(`${sample.split('// A player')[0]}\nconsole.log(url)`)
        const game = stage.startGame({ edits: serverAt(await server.line('ws://')) })
        expect(await server.line('says')).toBe(`${PLAYER} says { "message": "handshake" }`)
        expect([await game.nextLine('{'), await game.nextLine('{')]).toEqual([
          '{ "message": "welcome", "spawn": (3.0, 4.0) }',
          `{ "message": "said", "who": ${PLAYER}, "what": { "message": "handshake" } }`,
        ])
      },
      'accepts who asks': async (stage) => {
        const peer = await stage.startPeer()
        const tells = 'func(id, error): print("no session with %d: error %d" % [id, error])'
        const given = first(impatient('GodotWire'), `GodotWire.p2p_session_connect_fail.connect(${tells})`)
        const { game, greet } = await givenUp(stage, peer, { given, edits: serverAt(peer.url) })
        greet()
        expect(await game.nextLine('{')).toBe('{ "message": "handshake" }')
      },
    },
  },
  {
    document: 'docs/steam.md',
    line: '## How many packets one frame may cost.',
    engines: GODOT_4,
    plays: {
      'is greeted by the example server, is heard by all, and gets back what it sent': async (stage) => {
        const server = startFile('examples/steam-server/index.ts', ['--websocket', '0'])
        const url = (await server.line('listening at ')).replace('listening at ', '')
        const game = stage.startGame({ steamAt: url })
        const nextSays = () => game.nextLine(THE_SERVER_SAYS)
        expect([await nextSays(), await nextSays(), await nextSays()]).toEqual([
          `${THE_SERVER_SAYS}{ "message": "handshake", "from": ${SERVER} }`,
          `${THE_SERVER_SAYS}{ "message": "chat", "from": ${PLAYER}, "text": "hello, everybody" }`,
          `${THE_SERVER_SAYS}{ "message": "echo", "what": { "message": "move", "at": (1.5, -2.0) } }`,
        ])
        await server.line(`${PLAYER} joined`)
      },
      'says that nobody answers, and accepts its server': async (stage) => {
        const peer = await stage.startPeer()
        const { game, greet } = await givenUp(stage, peer, { given: first(impatient('Steam')), steamAt: peer.url })
        greet()
        expect(await game.nextLine(THE_SERVER_SAYS)).toBe(`${THE_SERVER_SAYS}{ "message": "handshake" }`)
        expect(await heardBy(peer, 2)).toEqual([
          `${PLAYER}: { "message": "chat", "text": "hello, everybody" }`,
          `${PLAYER}: { "message": "move", "at": Vector2(1.5, -2) }`,
        ])
      },
      'does not accept a stranger': async (stage) => {
        const stranger = await stage.startPeer(STRANGER, { connectTimeoutMs: STRANGER_WAITS_MS })
        const given = first(
          'Steam.link_opened.connect(func(id): print("linked with ", id))',
          'Steam.p2p_session_request.connect(func(id): print("asked by ", id))',
        )
        const game = stage.startGame({ given, steamAt: stranger.url })
        await game.nextLine(`linked with ${STRANGER}`)
        const failed = new Promise((resolve) => stranger.p2p.on('p2p_session_connect_fail', resolve))
        stranger.messenger.send(PLAYER, { message: 'handshake' })
        await game.nextLine(`asked by ${STRANGER}`)
        expect(await failed).toBe(PLAYER)
        expect(game.lines.filter((line) => line.startsWith(THE_SERVER_SAYS))).toEqual([])
      },
    },
  },
  {
    document: 'docs/steam.md',
    line: '	for message in Steam.receiveMessagesOnChannel(0, 32):',
    engines: GODOT_4,
    plays: {
      'sends a message, and reads the answer': async (stage) => {
        const { url, p2p } = await stage.startPeer()
        p2p.on('network_messages_session_request', (id) => p2p.acceptSessionWithUser(id))
        const game = stage.startGame({ given: `var server_id := ${SERVER}\n`, steamAt: url })
        const heard: unknown[] = []
        await turnUntil('a message', () => {
          for (const { identity, payload } of p2p.receiveMessagesOnChannel(0, 32)) {
            heard.push([identity, String(bytesToVar(payload))])
          }
          return heard.length > 0
        })
        expect(heard).toEqual([[PLAYER, '{ "message": "handshake" }']])
        // The receiver cannot tell: what waits for a session always travels reliably.
        expect(stage.sample).toContain(`, ${NETWORKING_SEND_RELIABLE}, 0) # ${NETWORKING_SEND_RELIABLE}: reliable\n`)
        p2p.sendMessageToUser(PLAYER, varToBytes({ at: new Vector2(1, 2) }), NETWORKING_SEND_RELIABLE, 0)
        expect(await game.nextLine(String(SERVER))).toBe(`${SERVER} says { "at": (1.0, 2.0) }`)
      },
    },
  },
  {
    document: 'examples/node-server/README.md',
    line: 'func join(server_id: int) -> void:',
    engines: GODOT_4,
    plays: {
      'joins the example server, and hears who is there and where': async (stage) => {
        const server = startProgram(
          `${readFileSync(EXAMPLE, 'utf8')}\nconst { url } = await startServer(0)\nconsole.log(url)`,
        )
        const game = stage.startGame({ edits: serverAt(await server.line('ws://')) })
        expect(await game.nextLine('0: ')).toBe(`0: { "names": { ${PLAYER}: "Ann" } }`)
        expect(await game.nextLine('1: ')).toBe(`1: { "ids": [${PLAYER}], "places": [(320.0, 200.0)] }`)
        await server.line('Ann joined')
      },
    },
  },
  readmeOf('godot/addons/godot_wire/README.md', GODOT_4, 'const messenger = new Messenger(p2p)'),
  readmeOf('godot/addons/godot_wire_3/README.md', GODOT_3, 'const messenger = new Messenger(p2p, { version: 3 })'),
]

describe('the samples in GDScript', () => {
  it('each have a row', () => {
    const documents = everyDocument()
    expect(documents.length).toBeGreaterThan(30)
    const unknown = documents.flatMap((document) =>
      samplesIn(document, 'gdscript')
        .filter((code) => !ROWS.some((row) => row.document === document && has(code, row.line)))
        .map((code) => `a new sample of ${document} has no row:\n${code}`),
    )
    expect(unknown).toEqual([])
  })
})

for (const name of ENGINE_NAMES) {
  describeWith(name, 'the samples in GDScript', (engine) => {
    for (const row of ROWS.filter(({ engines }) => engines.includes(name))) {
      it.each(Object.entries(row.plays))(`${row.document}: %s`, async (_, play) => {
        const stage = new Stage(engine, sampleAt(row, 'gdscript'))
        onTestFinished(() => stage.close())
        await play(stage)
        expect(await stage.endGames()).toEqual([])
      })
    }
  })
}
