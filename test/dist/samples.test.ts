// Every sample of the documents that no other test runs: it fits the types of the installed package, and where it can run
// here it prints what it should. A new sample has no row, and fails until it has one.
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer, strictProgram } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Documents whose samples other tests run, all of them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'README.md': 'test/dist/readme.test.ts',
  'docs/p2p.md': 'test/p2p/samples.test.ts',
  'docs/performance.md': 'test/variant/performance-docs.test.ts',
  'docs/shapes.md': 'test/variant/shape/docs.test.ts',
}

interface Row {
  readonly document: string
  /** A line of the sample, by which it is known. */
  readonly line: string
  /** What the text around the sample takes for granted: imports, and names with their types. */
  readonly given?: string
  readonly run: Run | string
}

/** How a sample is run; or, as a text, why it cannot be. */
interface Run {
  readonly before?: string
  readonly after?: string
  /** What is other here: a port or an address of somebody else's machine. */
  readonly edits?: readonly (readonly [from: string, to: string])[]
  /** All that it prints. */
  readonly prints: string
}

const PEER = 'declare const steamId: bigint'
const STEAM =
  'it needs a Steam client that runs, or the servers of Valve; test/steam plays it on a double of the library'

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
const AT_ANY_PORT = [
  ['await transport.listen({ port: 7777 })', 'const { url } = await transport.listen({ port: 0 })'],
] as const
const ECHO = '76561198000000001n { "message": "handshake" }\n'

const ROWS: readonly Row[] = [
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
    line: 'const p2p = new P2P({ backend: await openSteam({ appId: 480 }) })',
    run: STEAM,
  },
  {
    document: 'docs/steam.md',
    line: 'const backend = await openSteamGameServer({',
    given: `import { openSteamGameServer, SERVER_MODE_AUTHENTICATION } from 'godot-wire/steam'`,
    run: STEAM,
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

/** Samples of docs/transport.md that other tests run, by a line of each. */
const RUN_ELSEWHERE = [
  'transportCompliance({ describe, it }, async () => {', // test/transport/compliance-docs.test.ts
  'const transport = new UdpTransport({ steamId: server })', // test/transport/udp-docs.test.ts
]

/** Every ```ts block of a document; one in a list is indented. */
function samplesIn(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  return [...text.matchAll(/^( *)```ts\n([\s\S]*?)^ *```$/gm)].map(([, indent, code]) => {
    return code!.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
  })
}

const DOCUMENTS = everyDocument()
  // test/dist/guides.test.ts
  .filter((file) => !file.startsWith('docs/guides/'))
  .filter((file) => !(file in ELSEWHERE))

/** Blocks by language, and the tests that run them, by the document; undefined where they only show something. */
const LANGUAGES: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  ts: {
    'docs/guides/': 'test/dist/guides.test.ts',
    'godot/addons/': 'test/dist/samples.test.ts',
    '': 'test/dist/samples.test.ts',
  },
  gdscript: { '': 'test/live/gdscript-samples.test.ts' },
  console: {
    'docs/cli.md': 'test/cli/docs.test.ts',
    'docs/inspector.md': 'test/inspect/cli.test.ts',
    'docs/wireshark.md': 'test/live/wireshark.test.ts',
  },
  sh: {
    'README.md': 'test/live/demo.test.ts',
    'docs/guides/desktop.md': 'test/dist/desktop.test.ts',
    // Commands of this project, of Valve's and of Wireshark's: what to type, with nothing that it must print.
    'CONTRIBUTING.md': 'package.json',
    'docs/performance.md': 'package.json',
    'docs/steam.md': 'docs/steam.md',
    'docs/wireshark.md': 'test/live/wireshark.test.ts',
  },
  json: { 'docs/guides/desktop.md': 'test/dist/desktop.test.ts' },
  // What stands behind a sample is compared with what it prints, and diagrams are drawn by test/dist/site.test.ts.
  text: undefined,
  mermaid: undefined,
  // Layouts and pictures in letters.
  '': {
    'docs/protocol.md': 'docs/protocol.md',
    'docs/transport.md': 'docs/transport.md',
    'docs/wire-format.md': 'docs/wire-format.md',
  },
}

/** All documents that users read. */
function everyDocument(): string[] {
  const inFolders = ['docs', 'examples', 'godot/addons'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inFolders].filter((file) => file.endsWith('.md'))
}

/** Why nothing runs a block that begins with this line; undefined where something does. */
function unrunBecause(document: string, language: string): string | undefined {
  if (!(language in LANGUAGES)) return `no test runs ${language}`
  const tests = LANGUAGES[language]
  const run = tests === undefined || Object.keys(tests).some((start) => document.startsWith(start))
  return run ? undefined : `no test runs ${language} of this document`
}

const has = (code: string, line: string) => code.split('\n').includes(line)

function sampleOf({ document, line }: Row): string {
  const found = samplesIn(document).filter((code) => has(code, line))
  expect(found, `one sample of ${document} with: ${line}`).toHaveLength(1)
  return found[0]!
}

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
  // What docs/compression.md tells to install.
  symlinkSync(join(ROOT, 'node_modules/@hpcc-js'), join(consumer.folder, 'node_modules/@hpcc-js'))
})
afterAll(() => consumer?.remove())

/** What TypeScript has against each of these modules. */
function problemsOf(modules: readonly string[]): string[][] {
  const files = modules.map((text, i) => consumer.write(`sample-${i}.ts`, text))
  const program = strictProgram(consumer, files)
  return files.map((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  )
}

/** Plain JavaScript, with the imports of all parts in front. */
function scriptOf(parts: readonly string[]): string {
  const { outputText } = ts.transpileModule(parts.join('\n'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  })
  return outputText
}

function edited(sample: string, edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, () => to)
  }, sample)
}

/** Addresses have a port and a token that are new each time. */
const withoutAddresses = (text: string) => text.replace(/^http:\/\/127\.0\.0\.1:\d+\/\S*$/gm, '<address>')

describe('the samples of the documents', () => {
  it('are in languages that some test runs there', () => {
    const documents = everyDocument()
    expect(documents.length).toBeGreaterThan(30)
    const unrun = documents.flatMap((document) => {
      const text = readFileSync(join(ROOT, document), 'utf8')
      // Every other fence ends a block.
      const openings = [...text.matchAll(/^ *(?:```|~~~)(.*)$/gm)].filter((_, i) => i % 2 === 0)
      return openings.flatMap(([, language]) => {
        const reason = unrunBecause(document, language!.trim())
        return reason === undefined ? [] : [`${document}: ${reason}`]
      })
    })
    expect(unrun).toEqual([])
    const tests = Object.values(LANGUAGES).flatMap((table) => Object.values(table ?? {}))
    expect(tests.filter((test) => !existsSync(join(ROOT, test)))).toEqual([])
    expect(unrunBecause('docs/cli.md', 'js')).toBe('no test runs js')
    expect(unrunBecause('docs/relay.md', 'console')).toBe('no test runs console of this document')
  })

  it('name no command of this project that is not there', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object }
    const named = everyDocument().flatMap((document) => {
      const text = readFileSync(join(ROOT, document), 'utf8')
      return [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!)
    })
    expect(named.length).toBeGreaterThan(20)
    expect(named.filter((script) => !(script in scripts))).toEqual([])
  })

  it('each have a row here, or a test of their own', () => {
    const unknown = DOCUMENTS.flatMap((document) =>
      samplesIn(document)
        .filter((code) => !RUN_ELSEWHERE.some((line) => has(code, line)))
        .filter((code) => !ROWS.some((row) => row.document === document && has(code, row.line)))
        .map((code) => `${document}: ${code}`),
    )
    expect(unknown).toEqual([])
    for (const [document, test] of Object.entries(ELSEWHERE)) {
      expect(readFileSync(join(ROOT, test), 'utf8')).toContain(document.replace('docs/', ''))
    }
  })

  it('fit the types', () => {
    const problems = problemsOf(ROWS.map((row) => `${row.given ?? ''}\n${sampleOf(row)}\nexport {}`))
    const found = ROWS.map(({ document, line }, i) => ({ sample: `${document}: ${line}`, problems: problems[i] }))
    expect(found.filter((one) => one.problems!.length > 0)).toEqual([])
  })

  const runnable = ROWS.flatMap(({ run, ...row }) => (typeof run === 'string' ? [] : [{ ...row, run }]))
  it.each(runnable)('$document, $line: prints what it should', async (row) => {
    const { before = '', after = '', edits = [], prints } = row.run
    const script = scriptOf([before, edited(sampleOf({ ...row, run: '' }), edits), after])
    expect(withoutAddresses(await consumer.node('sample.mjs', script))).toBe(prints)
  })
})
