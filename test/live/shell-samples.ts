// The shell blocks of the documents: which test runs each, and how those are run that no other test runs.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { edited, type Place } from '../documents.js'
import { itUnless, lackOf } from './needs.js'
import { ROOT, read } from './shell.js'
import { ends, type Guard, openShell, plainly, type Row, starts, withGodot } from './shell-rows.js'
import { capture, withCapture } from './shell-samples-wireshark.js'

const withGit: Guard = (name, run) => itUnless(lackOf('git'), name, run)

/** The tests themselves cannot run in a test: they are what CI runs, and each step of them is there. */
async function runTests(block: string): Promise<void> {
  await ends([], [], ['ci', 'test'])(block)
  expect(read('.ci/run').trimEnd().split('\n').at(-1)).toBe(block.trim())
  expect(read('.github/workflows/ci.yml')).toMatch(/^ +- run: \.ci\/run$/m)
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const steps = scripts['test']!.split(' && ')
  expect(steps.pop()).toBe('vitest run')
  expect(steps.length).toBeGreaterThan(0)
  for (const step of steps) expect(Object.keys(scripts).map((name) => `npm run ${name}`)).toContain(step)
}

/** From a repository with the two files that npm looks at. */
async function cloneAndTest(block: string): Promise<void> {
  const shell = openShell()
  const repository = join(shell.folder, 'repository')
  mkdirSync(repository)
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, file), join(repository, file))
  const commit = 'git -c user.name=Ann -c user.email=ann@example.com commit -qm first'
  await shell.run(`git init -q . && git add . && ${commit}`, repository)
  await shell.run(edited(block, [['<this repository>', repository]]), shell.folder)
  expect(shell.npmCalls).toEqual(['ci', 'test'])
  expect(readFileSync(join(shell.folder, 'godot-wire/package.json'), 'utf8')).toBe(read('package.json'))
}

async function expectPage(url: string, script: string): Promise<void> {
  const response = await fetch(url)
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining(`src="${script}"`)])
}

async function expectServer(url: string): Promise<void> {
  const guest = new WebSocketTransport({ steamId: 76561198000000002n })
  expect(await guest.open(url)).toBe(76561198000000001n)
  guest.close()
}

/** Blocks of which another test runs the text. */
export const ELSEWHERE: Readonly<Record<string, readonly Place[]>> = {
  'test/cli/docs.test.ts': [
    '$ godot-wire --help',
    '$ godot-wire decode 0200000005000000',
    '$ cat packet.gz | godot-wire decode',
    `$ godot-wire encode '{"hp": 5, "at": Vector2(1, 0.5)}' | godot-wire decode --annotate --quiet`,
    '$ godot-wire decode --annotate --quiet 1c00000002000000020000000500000063000000',
    '$ godot-wire encode --to base64 5',
    `$ godot-wire encode --from json '{"a": [1, 2.5]}' | godot-wire decode --quiet`,
    '$ godot-wire diff --quiet @before.bin @after.bin',
    '$ godot-wire bench --quiet --ms 20 @before.bin',
    '$ godot-wire demo',
  ].map((line) => ({ document: 'docs/cli.md', line })),
  'test/inspect/cli.test.ts': [{ document: 'docs/inspector.md', line: '$ godot-wire decode @game.pcapng' }],
  'test/live/wireshark.test.ts': [
    '$ tshark -r game.pcapng -Y godot_wire',
    "$ tshark -r game.pcapng -O godot_wire -Y 'godot_wire.channel == 0'",
    '$ tshark -r game.pcapng -Y godot_wire.variant.int -T fields -e godot_wire.capture.from -e godot_wire.channel -e godot_wire.variant.int',
  ].map((line) => ({ document: 'docs/wireshark.md', line })),
  'test/dist/compiled.test.ts': [
    { document: 'docs/shapes.md', line: 'npx godot-wire compile shapes.js shapes.compiled.js' },
  ],
  'test/dist/desktop.test.ts': [
    'npx esbuild page.ts --bundle --minify --external:ws --outfile=page.txt',
    'node --experimental-sea-config sea.json',
    'bun build --compile app.cjs --outfile game-by-bun',
  ].map((line) => ({ document: 'docs/guides/desktop.md', line })),
}

export const ROWS: readonly Row[] = [
  {
    document: 'README.md',
    line: 'npm ci && npm run demo',
    guard: withGodot,
    run: ends([], [/mismatches +│ 0 /, 'everything came back as it left'], ['ci', 'run demo']),
  },
  { document: 'README.md', line: 'npm ci && npm test', guard: plainly, run: runTests },
  { document: 'CONTRIBUTING.md', line: 'npm test', guard: withGit, run: cloneAndTest },
  {
    document: 'docs/performance.md',
    line: 'npm run bench:suite -- codec --rounds=60',
    guard: withGodot,
    run: ends(
      [['--rounds=60', '--rounds=1 --filter=handshake']],
      [/^encode\/handshake\/varToBytes +[\d.]+$/m, /^encode\/handshake\/Godot +[\d.]+$/m],
      ['run bench:suite -- codec --rounds=1 --filter=handshake'],
    ),
  },
  {
    document: 'docs/performance.md',
    line: 'npm run soak:packets',
    guard: plainly,
    run: ends(
      [
        ['--rounds=60', '--rounds=1'],
        ['npm run soak:packets', 'npm run soak:packets -- --packets=60_000 --rows=3'],
      ],
      [/^packets over WebSocket : ws\.send +[\d.]+ /m, /^\| +60,000 \|/m, /^memory grew by /m],
      ['run bench:suite -- send --rounds=1', 'run soak:packets -- --packets=60_000 --rows=3'],
    ),
  },
  {
    document: 'docs/wireshark.md',
    line: "tshark -X lua_script:node_modules/godot-wire/wireshark/godot_wire.lua -i lo -f 'tcp port 7777'",
    guard: withCapture,
    run: capture,
  },
  {
    document: 'examples/arena/README.md',
    line: 'npx tsx examples/arena/index.ts',
    guard: withGodot,
    run: starts(
      [['index.ts', 'index.ts --port=0 --page-port=0 --bots=1']],
      ['server    ws://127.0.0.1:', 'spectator http://127.0.0.1:', 'player    Ada, a bot'],
      ([, page]) => expectPage(page!.replace('spectator ', ''), '/page.js'),
    ),
  },
  {
    document: 'examples/browser-client/README.md',
    line: 'npm run browser-client',
    guard: plainly,
    run: starts([['browser-client', 'browser-client -- 0']], ['open http://'], async ([line]) => {
      const page = new URL(/^open (\S+) in two windows/.exec(line!)![1]!)
      await expectPage(page.href, '/main.ts')
      await expectServer(page.searchParams.get('server')!)
    }),
  },
  {
    document: 'examples/node-server/README.md',
    line: 'npm run node-server',
    guard: plainly,
    run: starts([['node-server', 'node-server -- 0']], ['listening at ws://127.0.0.1:'], ([line]) =>
      expectServer(/^listening at (\S+); Ctrl\+C ends it$/.exec(line!)![1]!),
    ),
  },
]
