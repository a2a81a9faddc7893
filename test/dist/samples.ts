// The samples of the documents that test/dist/samples.test.ts runs: what each takes for granted, and what it prints.
import type { Edits, Place } from '../documents.js'
import { DOUBLE } from '../steam/double.js'

export interface Row extends Place {
  /** What the text around the sample takes for granted: imports, and names with their types. */
  readonly given?: string
  readonly run: Run
}

/** How a sample is run. */
interface Run {
  readonly before?: string
  readonly after?: string
  readonly edits?: Edits
  /** All that it prints. */
  readonly prints: string
}

const PEER = 'declare const steamId: bigint'

/** A peer joins a relay that was started for it. */
const JOINED = {
  before: `import { createRelay, issueRelayToken } from 'godot-wire/relay'
    const steamId = 76561197960265729n
    const secret = 'a secret of at least thirty-two bytes'
    const host = await createRelay({ port: 0, tokens: { secret } })
    const freshToken = () => issueRelayToken({ steamId, secret })
    const url = \`\${host.url}/?token=\${await freshToken()}\``,
  leave: 'p2p.close()\nawait host.close()',
} as const

/** A player who speaks with the server of an addon's README. */
const echoed = (version: 3 | 4) => `
  const seat = new WebSocketTransport({ steamId: 76561198000000002n })
  await seat.open(url)
  const player = new Messenger(new P2P({ steamId: seat.localId, transport: seat }), { version: ${version} })
  player.send(steamId, { message: 'handshake' })
  let heard = []
  for (let turn = 0; heard.length === 0 && turn < 500; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    heard = player.poll()
  }
  console.log(heard[0].from, String(heard[0].value))
  process.exit()`
const AT_ANY_PORT: Edits = [
  ['await transport.listen({ port: 7777 })', 'const { url } = await transport.listen({ port: 0 })'],
]
const ECHO = '76561198000000001n { "message": "handshake" }\n'

export const ROWS: readonly Row[] = [
  {
    document: 'docs/compression.md',
    line: 'const packet = compress(bytes, COMPRESSION_GZIP)',
    given: 'declare const bytes: Uint8Array',
    run: {
      before: 'const bytes = new Uint8Array(1_000)',
      after: 'console.log(again.length, packet.length < 100)',
      prints: '1000 true\n',
    },
  },
  {
    document: 'docs/compression.md',
    line: 'await ready(COMPRESSION_ZSTD, COMPRESSION_BROTLI)',
    run: {
      before: `import { compress, decompress } from 'godot-wire/compression'`,
      after: `const zstd = compress(new Uint8Array(1_000), COMPRESSION_ZSTD)
        console.log(zstd.length < 100, decompress(zstd, 1_000, COMPRESSION_ZSTD).length)`,
      prints: 'true 1000\n',
    },
  },
  {
    document: 'docs/framing.md',
    line: '}).listen(4242) // in Godot: StreamPeerTCP.connect_to_host, put_var, get_var',
    run: {
      before: `import { connect } from 'node:net'`,
      edits: [
        ['createServer(async', 'const server = createServer(async'],
        ['4242', '0'],
      ],
      after: `await new Promise((resolve) => server.once('listening', resolve))
        const socket = connect(server.address().port, () => socket.write(putVar({ hp: 5 })))
        for await (const result of new VarReader().vars(socket)) {
          console.log(String(result.value))
          break
        }
        socket.destroy()
        server.close()`,
      prints: '{ "echo": { "hp": 5 } }\n',
    },
  },
  {
    document: 'docs/framing.md',
    line: 'const reader = new VarReader()',
    given: `import { type Variant, VarReader } from 'godot-wire/variant'
      declare const chunk: Uint8Array
      declare function handle(value: Variant): void`,
    run: {
      before: `import { putVar, VarReader } from 'godot-wire/variant'
        const chunk = putVar({ hp: 5 })
        const handle = (value) => console.log(String(value))`,
      prints: '{ "hp": 5 }\n',
    },
  },
  {
    document: 'docs/framing.md',
    line: 'const peer = new PacketPeerStream()',
    given: `import type { Socket } from 'node:net'
      import { PacketPeerStream } from 'godot-wire/variant'
      declare const socket: Socket`,
    run: {
      before: `import { PassThrough } from 'node:stream'
        import { PacketPeerStream } from 'godot-wire/variant'
        const socket = new PassThrough()
        setTimeout(() => socket.end(), 50)`,
      after: 'console.log(socket.destroyed)',
      prints: `Uint8Array(28) [
   27,   0, 0, 0, 1, 0, 0, 0,
    4,   0, 0, 0, 2, 0, 0, 0,
  104, 112, 0, 0, 2, 0, 0, 0,
    5,   0, 0, 0
]
Uint8Array(3) [ 1, 2, 3 ]
true
`,
    },
  },
  {
    document: 'docs/inspector.md',
    line: 'const p2p = inspector.p2p({ steamId, transport }) // instead of: new P2P({ steamId, transport })',
    given: `${PEER}\nimport type { Transport } from 'godot-wire/transport'\ndeclare const transport: Transport`,
    run: {
      before: `import { MemoryNetwork } from 'godot-wire/transport'
        const steamId = 76561197960265729n
        const transport = new MemoryNetwork().transport(steamId)`,
      after: `const page = await fetch(inspector.url)\nconsole.log(p2p.steamId, page.status)\np2p.close()\nawait inspector.close()`,
      prints: '<address>\n76561197960265729n 200\n',
    },
  },
  {
    document: 'docs/inspector.md',
    line: 'const inspector = await openInspector({ at: process.env.INSPECTOR })',
    given: `import { openInspector } from 'godot-wire/inspect'`,
    run: {
      before: `import { openInspector } from 'godot-wire/inspect'
        const other = await openInspector()
        process.env.INSPECTOR = other.url`,
      after: `console.log(inspector.url === other.url)
        await inspector.close()
        await other.close()`,
      prints: 'true\n',
    },
  },
  {
    document: 'docs/inspector.md',
    line: "for (const frame of readCapture(readFileSync('game.pcapng'))) {",
    run: {
      before: `import { writeFileSync } from 'node:fs'
        import { writeCapture } from 'godot-wire/inspect'
        writeFileSync('game.pcapng', writeCapture([]))`,
      after: 'console.log(packets instanceof PacketReader)',
      prints: 'true\n',
    },
  },
  {
    document: 'godot/addons/godot_wire/README.md',
    line: 'const messenger = new Messenger(p2p)',
    run: { edits: AT_ANY_PORT, after: echoed(4), prints: ECHO },
  },
  {
    document: 'godot/addons/godot_wire_3/README.md',
    line: 'const messenger = new Messenger(p2p, { version: 3 })',
    run: { edits: AT_ANY_PORT, after: echoed(3), prints: ECHO },
  },
  {
    document: 'docs/relay.md',
    line: "process.once('SIGTERM', () => relay.drain())",
    run: {
      before: `process.env.RELAY_SECRET = 'a secret of at least thirty-two bytes'`,
      edits: [["port: 7777, host: '0.0.0.0'", 'port: 0']],
      after: `console.log((await fetch(relay.url.replace('ws', 'http') + '/healthz')).status)
        process.kill(process.pid, 'SIGTERM')
        await new Promise((resolve) => setTimeout(resolve, 100))
        console.log(await fetch(relay.url.replace('ws', 'http') + '/healthz').then(({ status }) => status, () => 'gone'))
        await relay.close()`,
      prints: '200\ngone\n',
    },
  },
  {
    document: 'docs/relay.md',
    line: 'await transport.open()',
    given: `${PEER}\ndeclare function freshToken(): Promise<string>`,
    run: {
      before: JOINED.before,
      edits: [['wss://relay.example.com', `\${host.url}`]],
      after: `console.log(transport.joined, p2p.steamId)\n${JOINED.leave}`,
      prints: 'true 76561197960265729n\n',
    },
  },
  {
    document: 'docs/relay.md',
    line: "import { issueRelayToken } from 'godot-wire/relay'",
    given: PEER,
    run: {
      before: `const steamId = 76561197960265729n\nprocess.env.RELAY_SECRET = 'a secret of at least thirty-two bytes'`,
      after: `console.log(JSON.parse(atob(token.split('.')[1])).sub)`,
      prints: '76561197960265729\n',
    },
  },
  {
    document: 'docs/relay.md',
    line: "await createRelay({ port: 7777, tokens, nats: { servers: ['nats://nats-1:4222', 'nats://nats-2:4222'] } })",
    given: `import { createRelay, type TokenOptions } from 'godot-wire/relay'\ndeclare const tokens: TokenOptions`,
    // Nobody answers there; test/live/nats.test.ts has relays that find each other.
    run: {
      before: `import { createRelay } from 'godot-wire/relay'
        const tokens = { secret: 'a secret of at least thirty-two bytes' }
        process.on('uncaughtException', ({ code, message }) => console.log(code, message.includes('127.0.0.1:2')))`,
      edits: [
        ['port: 7777', 'port: 0'],
        ["['nats://nats-1:4222', 'nats://nats-2:4222']", "['nats://127.0.0.1:1', 'nats://127.0.0.1:2']"],
      ],
      prints: 'RELAY_NATS_FAILED true\n',
    },
  },
  {
    document: 'docs/steam.md',
    line: "p2p.on('network_messages_session_request', (id) => p2p.acceptSessionWithUser(id))",
    given: `import { bytesToVar, NETWORKING_SEND_RELIABLE, type P2P, varToBytes } from 'godot-wire'
      declare const [p2p, player]: [P2P, bigint]`,
    run: {
      before: `import { bytesToVar, NETWORKING_SEND_RELIABLE, P2P, varToBytes } from 'godot-wire'
        import { MemoryNetwork } from 'godot-wire/transport'
        const network = new MemoryNetwork()
        const peer = (steamId) => new P2P({ steamId, transport: network.transport(steamId) })
        const [p2p, other] = [peer(76561197960265729n), peer(76561197960265730n)]
        const player = other.steamId
        other.on('network_messages_session_request', (id) => other.acceptSessionWithUser(id))`,
      after: `let messages = []
        for (let turn = 0; messages.length === 0 && turn < 500; turn++) {
          await new Promise((resolve) => setTimeout(resolve, 10))
          messages = other.receiveMessagesOnChannel(0, 32)
        }
        console.log(messages[0].identity, String(bytesToVar(messages[0].payload)))
        p2p.close()
        other.close()`,
      prints: '76561197960265729n { "message": "handshake" }\n',
    },
  },
  {
    document: 'docs/transport.md',
    line: "import { MemoryNetwork, VirtualClock } from 'godot-wire/transport'",
    run: { prints: '124.04348532203585 Uint8Array(1) [ 1 ]\n' },
  },
  {
    document: 'docs/transport.md',
    line: 'console.log(await client.open(url)) // 76561197960265729n',
    run: { prints: '76561197960265729n\n' },
  },
  {
    document: 'docs/transport.md',
    line: 'const relay = new RelayTransport({ steamId, url })',
    given: `${PEER}\ndeclare const url: string`,
    run: {
      before: JOINED.before,
      edits: [['stun:stun.example.com', 'stun:127.0.0.1:9']],
      after: `console.log(relay.joined, p2p.steamId)\n${JOINED.leave}`,
      prints: 'true 76561197960265729n\n',
    },
  },
]

/** Valve's library is played by the double, which `GODOT_WIRE_STEAM_LIBRARY` names. */
const ON_THE_DOUBLE = `import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
  import { tmpdir } from 'node:os'
  import { join } from 'node:path'
  const folder = mkdtempSync(join(tmpdir(), 'gws-'))
  process.on('exit', () => rmSync(folder, { recursive: true }))
  const library = ${JSON.stringify(DOUBLE)}
  Object.assign(process.env, {
    GODOT_WIRE_STEAM_LIBRARY: library,
    STEAM_DOUBLE_DIR: folder,
    STEAM_DOUBLE_ID: '76561197960265729',
    STEAM_DOUBLE_SERVER_ID: '90071996842377293',
  })`

/** Samples that need Steam. */
export const STEAM_ROWS: readonly Row[] = [
  {
    document: 'docs/steam.md',
    line: 'const p2p = new P2P({ backend: await openSteam({ appId: 480 }) })',
    run: {
      before: ON_THE_DOUBLE,
      // A player on this machine: a copy of the library is a Steam of its own.
      after: `process.env.STEAM_DOUBLE_ID = '76561197960265730'
        copyFileSync(library, join(folder, 'player.so'))
        const seat = new P2P({ backend: await openSteam({ appId: 480, library: join(folder, 'player.so') }) })
        const player = new Messenger(seat)
        player.send(p2p.steamId, { hp: 5 })
        let heard = []
        for (let turn = 0; heard.length === 0 && turn < 500; turn++) {
          await new Promise((resolve) => setTimeout(resolve, 10))
          heard = player.poll()
        }
        console.log(heard[0].from, String(heard[0].value))
        seat.close()
        p2p.close()
        process.exit()`,
      prints: `players reach this server as 76561197960265729
76561197960265729n { "message": "echo", "what": { "hp": 5 } }
`,
    },
  },
  {
    document: 'docs/steam.md',
    line: 'const backend = await openSteamGameServer({',
    given: `import { openSteamGameServer, SERVER_MODE_AUTHENTICATION } from 'godot-wire/steam'`,
    run: {
      before: `${ON_THE_DOUBLE}
        import koffi from 'koffi'
        import { openSteamGameServer, SERVER_MODE_AUTHENTICATION } from 'godot-wire/steam'`,
      // What Steam posts when it loses a server: k_iSteamUserCallbacks + 3, with the EResult.
      after: `console.log(backend.steamId)
        const post = koffi.load(library).func('void SteamDouble_Post(int, int, int, int)')
        post(2, 103, 3, 4)
        backend.poll()
        backend.close()`,
      prints: '90071996842377293n\nSteam lost us, EResult 3; it tries again\n',
    },
  },
]
