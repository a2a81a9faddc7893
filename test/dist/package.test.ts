import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** Each door with a name that must be behind it, and what the package's own `exports` say. */
const DOORS: Readonly<Record<string, string>> = {
  'godot-wire': 'P2P',
  'godot-wire/variant': 'varToBytes',
  'godot-wire/compile': 'compileShapes',
  'godot-wire/compiled': 'compiled',
  'godot-wire/compression': 'decompressDynamic',
  'godot-wire/channel': 'Multiplexer',
  'godot-wire/p2p': 'Messenger',
  'godot-wire/transport': 'transportCompliance',
  'godot-wire/transport/websocket': 'WebSocketTransport',
  'godot-wire/transport/relay': 'RelayTransport',
  'godot-wire/transport/udp': 'UdpTransport',
  'godot-wire/transport/webrtc': 'WebRtcTransport',
  'godot-wire/relay': 'createRelay',
  'godot-wire/inspect': 'openInspector',
  'godot-wire/steam': 'openSteam',
}

/** Doors to what only Node can do. */
const NODE_ONLY: readonly string[] = ['godot-wire/relay', 'godot-wire/inspect', 'godot-wire/steam']

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
})
afterAll(() => consumer?.remove())

describe('the doors', () => {
  it('are those of package.json and of the build', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object }
    const paths = Object.keys(exports).filter((path) => path !== './package.json')
    expect(paths.map((path) => path.replace(/^\./, 'godot-wire'))).toEqual(Object.keys(DOORS))
  })

  it.each(Object.entries(DOORS))('%s opens by import', async (door, name) => {
    const printed = await consumer.node('door.mjs', `import * as door from '${door}'; console.log(typeof door.${name})`)
    expect(printed.trim()).toBe('function')
  })

  it.each(Object.entries(DOORS))('%s opens by require', async (door, name) => {
    const printed = await consumer.node('door.cjs', `console.log(typeof require('${door}').${name})`)
    expect(printed.trim()).toBe('function')
  })

  it('share one copy of each class', async () => {
    const printed = await consumer.node(
      'copies.mjs',
      `import { createRequire } from 'node:module'
       import * as all from 'godot-wire'
       import * as variant from 'godot-wire/variant'
       const require = createRequire(import.meta.url)
       console.log(all.Vector2 === variant.Vector2, require('godot-wire').P2P === require('godot-wire/p2p').P2P)`,
    )
    expect(printed.trim()).toBe('true true')
  })
})

describe('two copies in one process, ESM and CJS', () => {
  it('take each other’s values and know each other’s errors', async () => {
    const printed = await consumer.node(
      'both.mjs',
      `import { createRequire } from 'node:module'
       import * as esm from 'godot-wire'
       const cjs = createRequire(import.meta.url)('godot-wire')
       const value = [new cjs.Vector2(1, 2), cjs.float(3), new cjs.Dictionary([['a', new cjs.StringName('b')]])]
       console.log(esm.Vector2 === cjs.Vector2, Buffer.compare(esm.varToBytes(value), cjs.varToBytes(value)))
       try { cjs.bytesToVar(new Uint8Array(2)) } catch (error) {
         console.log(error instanceof esm.GodotWireError, esm.isGodotWireError(error, 'VARIANT_TRUNCATED'))
       }`,
    )
    expect(printed.trim().split('\n')).toEqual(['false 0', 'false true'])
  })
})

describe('a whole exchange', () => {
  it.each([
    [
      'ESM',
      'talk.mjs',
      `import { P2P } from 'godot-wire'\nimport { WebSocketTransport } from 'godot-wire/transport/websocket'`,
    ],
    [
      'CJS',
      'talk.cjs',
      `const { P2P } = require('godot-wire')\nconst { WebSocketTransport } = require('godot-wire/transport/websocket')`,
    ],
  ])('runs over WebSocket, %s', async (_, file, imports) => {
    const printed = await consumer.node(
      file,
      `${imports}
       const A = 76561197960265729n, B = 76561197960265730n
       async function main() {
         const server = new WebSocketTransport({ steamId: B })
         const { url } = await server.listen({ port: 0 })
         const bob = new P2P({ steamId: B, transport: server })
         bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
         const client = new WebSocketTransport({ steamId: A })
         await client.open(url)
         const alice = new P2P({ steamId: A, transport: client })
         alice.sendP2PPacket(B, new Uint8Array([1, 2, 3]), 2)
         while (!bob.isP2PPacketAvailable()) await new Promise((resolve) => setTimeout(resolve, 1))
         console.log(...bob.readP2PPacket(10).data)
         alice.close()
         bob.close()
       }
       main()`,
    )
    expect(printed.trim()).toBe('1 2 3')
  })
})

describe('the command', () => {
  const command = (...args: string[]) =>
    run(process.execPath, [join(consumer.folder, 'node_modules/godot-wire/dist/cli.js'), ...args], {
      cwd: consumer.folder,
      timeout: 50_000,
    })

  it('is there by name, says its version, and decodes', async () => {
    const { version, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(bin).toEqual({ 'godot-wire': './dist/cli.js' })
    expect((await command('--version')).stdout).toBe(`${version}\n`)
    expect((await command('decode', '0200000005000000')).stdout).toBe('5\n')
  })

  it.each([[[]], [['--relay']]])('plays the demo, %j', async (args) => {
    const lines = (await command('demo', '--json', ...args)).stdout.trim().split('\n')
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ event: 'end', packets: 8 })
  })
})

describe('types', () => {
  const program = `
    import { bytesToVar, Dictionary, type Variant, varToBytes, Vector2, P2P, P2P_SEND_RELIABLE } from 'godot-wire'
    import { compress, COMPRESSION_GZIP } from 'godot-wire/compression'
    import { Multiplexer } from 'godot-wire/channel'
    import { Messenger } from 'godot-wire/p2p'
    import { MemoryNetwork, type Transport } from 'godot-wire/transport'
    import { WebSocketTransport } from 'godot-wire/transport/websocket'
    import { VariantType } from 'godot-wire/variant'
    const bytes: Uint8Array = compress(varToBytes({ a: [1, new Vector2(1, 2), null], b: new Dictionary([[1, 'x']]) }), COMPRESSION_GZIP)
    const value: Variant = bytesToVar(bytes)
    const transport: Transport = new MemoryNetwork().transport(5n)
    const p2p = new P2P({ steamId: 76561197960265729n, transport: new WebSocketTransport({ steamId: 76561197960265729n }) })
    const packet = p2p.readP2PPacket(5)
    const sent: boolean = p2p.sendP2PPacket(5n, bytes, P2P_SEND_RELIABLE)
    if (packet.data) console.log(packet.data.length, packet.remote_steam_id + 1n)
    new Messenger(p2p).send(0n, { any: value, sent, type: VariantType.INT })
    console.log(Multiplexer, transport)
    // @ts-expect-error a Steam id is a bigint
    p2p.sendP2PPacket(5, bytes, P2P_SEND_RELIABLE)
    // @ts-expect-error there is no fifth send type
    p2p.sendP2PPacket(5n, bytes, 4)
    // @ts-expect-error a function is no Variant
    varToBytes(() => 1)
  `
  it.each([
    ['node16, ESM', 'types.mts', 'node16', 'node16', ['--types', 'node']],
    ['node16, CJS', 'types.cts', 'node16', 'node16', ['--types', 'node']],
    ['a bundler, for browsers', 'types.ts', 'esnext', 'bundler', ['--lib', 'es2022,dom']],
    ['a bundler, for Node without the names of browsers', 'types.ts', 'esnext', 'bundler', ['--types', 'node']],
  ])('fit %s', async (_, file, module, moduleResolution, platform) => {
    const path = consumer.write(file, program)
    const lib = platform.includes('--lib') ? [] : ['--lib', 'es2022']
    const options = ['--noEmit', '--strict', '--target', 'es2022', ...lib, ...platform]
    const args = [...options, '--module', module, '--moduleResolution', moduleResolution, path]
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const { stdout } = await run(process.execPath, [tsc, ...args], { cwd: consumer.folder }).catch((error) => error)
    expect(stdout).toBe('')
  })

  it('pass publint and are-the-types-wrong', async () => {
    await run('npx', ['publint', '--strict', consumer.tarball], { cwd: ROOT })
    await run('npx', ['attw', '--profile', 'node16', consumer.tarball], { cwd: ROOT })
  })
})

describe('in a browser bundle', () => {
  const bundle = (door: string) =>
    build({
      stdin: { contents: `export * from '${door}'`, resolveDir: consumer.folder },
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm',
      external: ['ws'],
    })
  const packagesIn = (inputs: object) =>
    new Set(Object.keys(inputs).flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []))

  it('"." is the package itself and nothing else', async () => {
    const { metafile } = await bundle('godot-wire')
    expect([...packagesIn(metafile.inputs)].sort()).toEqual(['godot-wire'])
  })

  it.each(Object.keys(DOORS).filter((door) => !NODE_ONLY.includes(door)))('%s needs nothing of Node', async (door) => {
    const { outputFiles } = await bundle(door)
    const text = outputFiles.map((file) => file.text).join()
    expect(text).not.toMatch(/require\("node:|from "node:|\bBuffer\.|\bprocess\./)
  })
})
