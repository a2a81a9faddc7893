// The package from its tarball in projects that bundle: each bundler builds it, what it built runs without the package, and
// holds nothing of rooms that the program does not enter.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import webpack from 'webpack'
import { CHANNEL_ERRORS } from '../../src/channel/errors.js'
import { COMPRESSION_ERRORS } from '../../src/compression/errors.js'
import { P2P_ERRORS } from '../../src/p2p/errors.js'
import { TRANSPORT_ERRORS } from '../../src/transport/errors.js'
import { TEXT_ERRORS } from '../../src/variant/str/errors.js'
import { type Consumer, makeConsumer } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

type Platform = 'browser' | 'node'

/** Builds `entry` of `folder` into files of `out`; `main.js` or `main.mjs` is where it begins. */
type Bundle = (folder: string, entry: string, out: string, platform: Platform) => Promise<unknown>

/** Doors of packages that a user has not installed are said to be missing, and stay as they are. */
const OPTIONAL = ['@hpcc-js/wasm-zstd', 'brotli-dec-wasm/web', 'ws', 'http']

const BUNDLERS: Readonly<Record<string, Bundle>> = {
  vite: (root, entry, outDir, platform) =>
    vite({
      root,
      configFile: false,
      logLevel: 'error',
      ...(platform === 'node' && { ssr: { noExternal: true as const } }),
      build: {
        ssr: platform === 'node',
        outDir,
        modulePreload: false,
        rolldownOptions: { input: entry, output: { entryFileNames: 'main.mjs', chunkFileNames: '[name]-[hash].mjs' } },
      },
    }),

  esbuild: (folder, entry, outdir, platform) =>
    esbuild({
      absWorkingDir: folder,
      entryPoints: { main: entry },
      outdir,
      bundle: true,
      minify: true,
      platform,
      format: platform === 'node' ? 'cjs' : 'iife',
      logLevel: 'error',
    }),

  webpack: (context, entry, path, platform) =>
    new Promise<void>((resolve, reject) => {
      const target = platform === 'node' ? 'node20' : 'web'
      const output = { path, filename: 'main.js', publicPath: '' }
      webpack({ mode: 'production', context, entry, target, output, performance: false }, (error, stats) => {
        const problem = error ?? (stats?.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : null)
        if (problem) reject(problem)
        else resolve()
      })
    }),

  rollup: async (folder, entry, dir) => {
    const made = await rollup({
      input: entry,
      onwarn: ({ code, message }) => expect(code, message).toBe('CIRCULAR_DEPENDENCY'),
      external: (id) => OPTIONAL.includes(id) || id.startsWith('node:'),
      plugins: [{ name: 'installed', resolveId: (id) => behindDoor(folder, id) }],
    })
    await made.write({ dir, format: 'es', entryFileNames: 'main.mjs', chunkFileNames: '[name]-[hash].mjs' })
    await made.close()
  },
}

/** The file that the installed package's `exports` name: Rollup itself knows paths only. */
function behindDoor(folder: string, id: string): string | null {
  if (!/^godot-wire(\/|$)/.test(id)) return null
  const home = join(folder, 'node_modules', 'godot-wire')
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return join(home, exports[id.replace(/^godot-wire/, '.')].import.default)
}

/** What a page does with the package, over a wire of memory. */
const PAGE = `
import { bytesToVar, P2P, varToBytes, Vector2 } from 'godot-wire'
import { COMPRESSION_GZIP, compress, decompressDynamic } from 'godot-wire/compression'
import { MemoryNetwork } from 'godot-wire/transport'
import { RelayTransport } from 'godot-wire/transport/relay'
import { WebRtcTransport } from 'godot-wire/transport/webrtc'
import { WebSocketTransport } from 'godot-wire/transport/websocket'

async function main() {
  const network = new MemoryNetwork()
  const [ann, bob] = [76561197960265729n, 76561197960265730n].map((steamId) => {
    return new P2P({ steamId, transport: network.transport(steamId) })
  })
  bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
  ann.sendP2PPacket(bob.steamId, compress(varToBytes({ hp: 5, at: new Vector2(1, 2) }), COMPRESSION_GZIP), 2)
  for await (const { data } of bob.packets()) {
    console.log(String(bytesToVar(decompressDynamic(data, 1 << 20, COMPRESSION_GZIP))))
    break
  }
  console.log([RelayTransport, WebRtcTransport, WebSocketTransport].map((door) => typeof door).join())
  ann.close()
  bob.close()
}
main().catch((error) => console.log(error.stack))
`
const PAGE_SAYS = '{ "hp": 5, "at": Vector2(1, 2) }\nfunction,function,function\n'

/** What a server does: it listens, and is joined over a real socket. */
const SERVER = `
import { Messenger, P2P, Vector2 } from 'godot-wire'
import { WebSocketTransport } from 'godot-wire/transport/websocket'

async function main() {
  const transport = new WebSocketTransport({ steamId: 76561197960265730n })
  const { url } = await transport.listen({ port: 0 })
  const server = new P2P({ steamId: 76561197960265730n, transport })
  server.on('p2p_session_request', (id) => server.acceptP2PSessionWithUser(id))
  const urlOf = () => url
  const player = new P2P({ steamId: 76561197960265729n, transport: new WebSocketTransport({ steamId: 76561197960265729n, urlOf }) })
  new Messenger(player).send(server.steamId, { at: new Vector2(1, 2) })
  const mail = new Messenger(server)
  while (!server.isP2PPacketAvailable()) await new Promise((resolve) => setTimeout(resolve, 1))
  for (const { value } of mail.poll()) console.log(String(value))
  player.close()
  server.close()
}
main().catch((error) => console.log(error.stack))
`
const SERVER_SAYS = '{ "at": Vector2(1, 2) }\n'

/** A server behind a router: a relay at first, then the direct way, which is native code; and Steam, which is as well. */
const NATIVE = `
import { P2P } from 'godot-wire'
import { createRelay } from 'godot-wire/relay'
import { openSteam } from 'godot-wire/steam'
import { RelayTransport } from 'godot-wire/transport/relay'
import { WebRtcTransport } from 'godot-wire/transport/webrtc'

async function main() {
  const relay = await createRelay({ port: 0, insecure: true })
  const join = async () => {
    const answer = await fetch(relay.url.replace('ws', 'http') + '/identity')
    const { steamId, token } = await answer.json()
    const way = new RelayTransport({ steamId: BigInt(steamId), url: relay.url + '/?token=' + token })
    await way.open()
    const transport = new WebRtcTransport({ relay: way })
    return { transport, p2p: new P2P({ steamId: BigInt(steamId), transport }) }
  }
  const [ann, bob] = [await join(), await join()]
  bob.p2p.on('p2p_session_request', (id) => bob.p2p.acceptP2PSessionWithUser(id))
  ann.p2p.sendP2PPacket(bob.p2p.steamId, new Uint8Array([1, 2, 3]), 2)
  for await (const { data } of bob.p2p.packets()) {
    console.log(data.join())
    break
  }
  const direct = ann.transport.available().then(() => true, (error) => console.log(error.code))
  if (await direct) {
    while (ann.transport.stats.directLinks === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    console.log('direct')
  }
  await openSteam({ appId: 480 }).catch((error) => console.log(error.code))
  ann.p2p.close()
  bob.p2p.close()
  relay.close()
}
main().catch((error) => console.log(error.stack))
`

const SMALL = `import { varToBytes } from 'godot-wire'\nconsole.log(varToBytes({ hp: 5 }).join())\n`
const SMALL_SAYS = '27,0,0,0,1,0,0,0,4,0,0,0,2,0,0,0,104,112,0,0,2,0,0,0,5,0,0,0\n'

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
  // A file of its own, not a link: bundlers look for what a package needs beside the real place.
  const ws = join(consumer.folder, 'node_modules', 'ws')
  const source = realpathSync(ws)
  rmSync(ws)
  cpSync(source, ws, { recursive: true })
})
afterAll(() => consumer?.remove())

interface Built {
  readonly main: string
  /** All files, as one text. */
  readonly text: string
}

async function bundled(name: string, program: string, platform: Platform): Promise<Built> {
  const entry = consumer.write('entry.mjs', program)
  // Elsewhere, with nothing beside it: a bundle that still needs the package does not run.
  const out = mkdtempSync(join(tmpdir(), 'godot-wire-bundle-'))
  onTestFinished(() => rmSync(out, { recursive: true, force: true }))
  await BUNDLERS[name]!(consumer.folder, entry, out, platform)
  const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?js$/.test(file))
  const main = files.find((file) => /^main\.m?js$/.test(file)) ?? expect.unreachable(`${files} has no main`)
  return { main: join(out, main), text: files.map((file) => readFileSync(join(out, file), 'utf8')).join('\n') }
}

/** Runs a script where there is what pages have, and nothing of Node. */
async function inPage(file: string, lines: number): Promise<string> {
  let printed = ''
  const names = [
    ...['TextEncoder', 'TextDecoder', 'URL', 'AbortController', 'Event', 'EventTarget', 'DOMException', 'performance'],
    ...['crypto', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'queueMicrotask', 'structuredClone'],
    ...['MessageChannel', 'atob', 'btoa'],
  ]
  const given = names.map((name) => [name, (globalThis as Record<string, unknown>)[name]])
  let enough = () => {}
  const done = new Promise<void>((resolve) => {
    enough = resolve
  })
  const log = (text: string) => {
    printed += `${text}\n`
    if (printed.split('\n').length > lines) enough()
  }
  const page: Record<string, unknown> = { ...Object.fromEntries(given), console: { log, warn: log, error: log } }
  page['self'] = page['window'] = page
  runInContext(readFileSync(file, 'utf8'), createContext(page), { filename: file })
  await done
  return printed
}

async function inNode(file: string): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [file], { cwd: dirname(file), timeout: 50_000 })
  return stdout + stderr
}

/** A script runs as in a page; modules, which only a flag of Node opens there, in a process. */
const execute = (file: string, lines: number) => (file.endsWith('.js') ? inPage(file, lines) : inNode(file))

/** What each room puts into a program that enters it. */
const TRACES: Readonly<Record<string, readonly string[]>> = {
  p2p: [...Object.keys(P2P_ERRORS), 'p2p_session_request', 'network_messages_session_request'],
  channel: Object.keys(CHANNEL_ERRORS),
  compression: Object.keys(COMPRESSION_ERRORS),
  transport: Object.keys(TRANSPORT_ERRORS),
  text: Object.keys(TEXT_ERRORS),
}

const roomsIn = (text: string) =>
  Object.keys(TRACES).filter((room) => TRACES[room]!.some((word) => text.includes(word)))

describe.each(Object.keys(BUNDLERS))('%s', (name) => {
  it('builds a page, and it runs', async () => {
    const { main, text } = await bundled(name, PAGE, 'browser')
    expect(await execute(main, 2)).toBe(PAGE_SAYS)
    expect(text).not.toMatch(/\brequire\("node:|\bfrom\s*"node:/)
  })

  it('leaves out of a page the rooms that it does not enter', async () => {
    const { main, text } = await bundled(name, SMALL, 'browser')
    expect(await execute(main, 1)).toBe(SMALL_SAYS)
    expect(roomsIn(text)).toEqual([])
    const whole = await bundled(
      name,
      `import * as all from 'godot-wire'\nconsole.log(Object.keys(all).map((n) => all[n]))`,
      'browser',
    )
    expect(roomsIn(whole.text)).toEqual(expect.arrayContaining(['p2p', 'channel', 'compression', 'text']))
    expect(text.length * 3).toBeLessThan(whole.text.length)
  })

  // Rollup needs more plugins for `ws`, which is CommonJS.
  it.runIf(name !== 'rollup')('builds a server, and it listens', async () => {
    const { main } = await bundled(name, SERVER, 'node')
    expect(await inNode(main)).toBe(SERVER_SAYS)
  })

  it.runIf(name !== 'rollup')(
    'leaves native packages beside the bundle: without them it says so, with them it runs',
    async () => {
      const { main } = await bundled(name, NATIVE, 'node')
      expect(await inNode(main)).toBe('1,2,3\nTRANSPORT_NO_WEBRTC\nSTEAM_MISSING_KOFFI\n')
      const beside = join(dirname(main), 'node_modules')
      mkdirSync(beside)
      for (const one of ['node-datachannel', 'koffi']) symlinkSync(join(ROOT, 'node_modules', one), join(beside, one))
      expect(await inNode(main)).toBe('1,2,3\ndirect\nSTEAM_LIBRARY_NOT_FOUND\n')
    },
  )
})
