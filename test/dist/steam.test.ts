// The door to Steam as an installed package: nobody else's door leads to koffi, which may be missing, and koffi may be old.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
})
afterAll(() => consumer?.remove())

/** All doors but Steam's, with the file behind each. */
function doors(): [door: string, file: string][] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { import: { default: string } }>
  }
  return Object.entries(exports).flatMap(([path, to]): [string, string][] =>
    typeof to === 'string' || path === './steam' ? [] : [[path.replace(/^\./, 'godot-wire'), to.import.default]],
  )
}

const OPEN = `
  for (const open of [openSteam, openSteamGameServer]) {
    await open({ appId: 480 }).catch((error) => console.log(error.code, error.message))
  }`

describe('without koffi', () => {
  it.each([
    ['ESM', 'none.mjs', `import { openSteam, openSteamGameServer } from 'godot-wire/steam'\n${OPEN}`],
    [
      'CJS',
      'none.cjs',
      `const { openSteam, openSteamGameServer } = require('godot-wire/steam')\n;(async () => {${OPEN}})()`,
    ],
  ])('the door opens, and opening Steam says what to install, %s', async (_, file, text) => {
    expect(existsSync(join(consumer.folder, 'node_modules', 'koffi'))).toBe(false)
    const lines = (await consumer.node(file, text)).trim().split('\n')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(/^STEAM_MISSING_KOFFI .*npm install koffi/)
  })
})

describe('types', () => {
  const program = `
    import { Messenger, P2P } from 'godot-wire'
    import { openSteam, openSteamGameServer, SERVER_MODE_AUTHENTICATION, type SteamErrorCode } from 'godot-wire/steam'
    async function main(): Promise<void> {
    const backend = await openSteamGameServer({ appId: 480, port: 27015, mode: SERVER_MODE_AUTHENTICATION, version: '1.0.0.0' })
    const off: () => void = backend.on('steam_server_disconnected', (result: number) => console.log(result))
    for (const p2p of [new P2P({ backend }), new P2P({ backend: await openSteam() })]) new Messenger(p2p).send(0n, 'hi')
    const code: SteamErrorCode = 'STEAM_NO_CLIENT'
    console.log(off, code, backend.steamId + 1n)
    // @ts-expect-error there is no such option
    openSteam({ port: 5 })
    // @ts-expect-error there is no such signal
    backend.on('steam_shut', () => {})
    }
    main()
  `
  it.each([
    ['ESM', 'steam.mts'],
    ['CJS', 'steam.cts'],
  ])('fit, without koffi, %s', async (_, file) => {
    const path = consumer.write(file, program)
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node']
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const { stdout } = await run(process.execPath, [tsc, ...options, path], { cwd: consumer.folder }).catch((e) => e)
    expect(stdout).toBe('')
  })
})

describe('with koffi', () => {
  it('and without the library, its name and the ways to it are told', async () => {
    const modules = join(consumer.folder, 'node_modules')
    symlinkSync(join(ROOT, 'node_modules', 'koffi'), join(modules, 'koffi'))
    try {
      const printed = await consumer.node(
        'found.mjs',
        `import { openSteam, openSteamGameServer } from 'godot-wire/steam'\n${OPEN}`,
      )
      const lines = printed.trim().split('\n')
      expect(lines).toHaveLength(2)
      for (const line of lines)
        expect(line).toMatch(/^STEAM_LIBRARY_NOT_FOUND No (lib)?steam_api.*npm install steamworks\.js/)
    } finally {
      rmSync(join(modules, 'koffi'))
    }
  })
})

describe('every other door', () => {
  it('loads no koffi', async () => {
    const printed = await consumer.node(
      'others.mjs',
      `import Module from 'node:module'
       const asked = []
       const load = Module._load
       Module._load = (name, ...rest) => (asked.push(name), load(name, ...rest))
       for (const door of ${JSON.stringify(doors().map(([door]) => door))}) Module.createRequire(import.meta.url)(door)
       console.log(asked.includes('godot-wire'), asked.filter((name) => name.includes('koffi')).length)`,
    )
    expect(printed.trim()).toBe('true 0')
  })

  it.each([...doors(), ['Steam’s own, which does', './dist/steam.js']])('%s: the way to it', async (door, file) => {
    const { outputFiles } = await build({
      entryPoints: [join(consumer.folder, 'node_modules', 'godot-wire', file)],
      bundle: true,
      write: false,
      platform: 'node',
      packages: 'external',
      format: 'esm',
    })
    expect(outputFiles[0]!.text.includes('koffi')).toBe(!door.startsWith('godot-wire'))
  })

  it('a browser bundle of the main door has none', async () => {
    const { outputFiles } = await build({
      stdin: { contents: `export * from 'godot-wire'`, resolveDir: consumer.folder },
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      external: ['ws'],
    })
    expect(outputFiles[0]!.text).toContain('sendP2PPacket')
    expect(outputFiles[0]!.text).not.toContain('koffi')
  })
})
