// The shell blocks about Steam, with the double in the place of Valve's library, and Valve's own where it is enough that it
// says what is missing.
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Messenger } from '../../src/p2p/index.js'
import { edited, sampleAt } from '../documents.js'
import { describeWithDouble } from '../steam/double.js'
import { ALICE, CAROL, SERVER, SteamWorld } from '../steam/world.js'
import { turnUntil } from '../until.js'
import { read } from './shell.js'
import { type Guard, installedFolder, openShell, plainly, type Row, starts } from './shell-rows.js'

const GUIDE = 'docs/steam.md'
const withDouble: Guard = (name, run) => describeWithDouble(name, () => it('runs', run))

/** Whether the library for Linux that steamworks.js ships can be loaded here. */
const hasValves = process.platform === 'linux' && process.arch === 'x64'

/** Steam for every program of a test, in which time passes by itself. */
function openWorld(): SteamWorld {
  const world = new SteamWorld({ STEAM_DOUBLE_CLOCK: '', STEAM_DOUBLE_SERVER_ID: String(SERVER) })
  world.set({ STEAM_DOUBLE_ID: String(CAROL), GODOT_WIRE_STEAM_LIBRARY: world.library() })
  return world
}

/** The way of the guide from nothing to a server that answers. */
async function fromNothing(block: string): Promise<void> {
  const shell = openShell(join(await installedFolder(), 'node_modules'))
  await shell.run(block, shell.folder)
  const project = join(shell.folder, 'my-server')
  expect(JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'))).toMatchObject({ type: 'module' })
  expect(shell.npmCalls.at(-1)).toBe('install godot-wire koffi steamworks.js tsx')

  const line = 'const p2p = new P2P({ backend: await openSteam({ appId: 480 }) })'
  writeFileSync(join(project, 'server.ts'), sampleAt({ document: GUIDE, line }, 'ts'))
  const command = 'npx tsx server.ts'
  expect(read(GUIDE)).toContain(`\`${command}\``)
  // Valve's library is found, and finds no Steam.
  if (hasValves) await shell.start(command, project).line('STEAM_NO_CLIENT')

  const world = openWorld()
  const server = shell.start(command, project)
  await server.line(`players reach this server as ${CAROL}`)
  const player = new Messenger((await world.peer(ALICE)).p2p)
  player.send(CAROL, { message: 'handshake' })
  const heard: string[] = []
  await turnUntil('an echo', () => {
    world.settle()
    return heard.push(...player.poll().map(({ value }) => String(value))) > 0
  })
  expect(heard).toEqual(['{ "message": "echo", "what": { "message": "handshake" } }'])
  server.interrupt()
  await server.exited
}

/** Each line of the example's is a server of its own. */
async function threeServers(block: string): Promise<void> {
  openWorld()
  const lines = edited(block, [['8910', '0']])
    .trimEnd()
    .split('\n')
  const ids = [CAROL, SERVER, 76561198000000001n]
  expect(lines).toHaveLength(ids.length)
  for (const [i, line] of lines.entries()) {
    const server = openShell().start(line)
    await server.line(`players reach this server as ${ids[i]}`)
    server.interrupt()
    await server.line('closed')
    await server.exited
  }
}

async function gameServer(block: string): Promise<void> {
  openWorld()
  await starts([], [`players reach this server as ${SERVER}`])(block)
}

const README = 'examples/steam-server/README.md'

/** It prints what stands behind it. */
async function overWebSocket(block: string): Promise<void> {
  const [, ...says] = /```text\n(listening .*)\n(players .*)\n```/.exec(read(README))!
  const anyPort = ([first = '', second = '']: string[]) => [first.replace(/\d+$/, ''), second]
  await starts([['8910', '0']], anyPort(says), (lines) => expect(anyPort(lines)).toEqual(anyPort(says)))(block)
}

/** What SteamCMD brings is found by Valve's library, which then has something against the stand-in's file. */
async function clientLibrary(block: string): Promise<void> {
  const shell = openShell()
  const folder = join(shell.folder, 'steam-redist')
  const here = ['/opt/steam-redist', folder] as const
  await shell.run(edited(block, [here, here]))
  const link = join(shell.home, '.steam/sdk64/steamclient.so')
  expect(realpathSync(link)).toBe(realpathSync(join(folder, 'linux64/steamclient.so')))
  if (!hasValves) return
  const library = 'node_modules/steamworks.js/dist/linux64'
  const server = shell.start(`npx tsx examples/steam-server/index.ts --game-server --library ${library}`)
  await server.line(`${link}: file too short`)
  await server.line('[STEAM_NO_CLIENT]')
}

export const STEAM_ROWS: readonly Row[] = [
  {
    document: GUIDE,
    line: 'npm install godot-wire koffi steamworks.js tsx',
    guard: withDouble,
    run: fromNothing,
  },
  {
    document: GUIDE,
    line: 'npx tsx examples/steam-server/index.ts --app 480      # as above',
    guard: withDouble,
    run: threeServers,
  },
  {
    document: GUIDE,
    line: 'steamcmd +force_install_dir /opt/steam-redist +login anonymous +app_update 1007 +quit',
    guard: plainly,
    run: clientLibrary,
  },
  {
    document: README,
    line: 'npx tsx examples/steam-server/index.ts --websocket 8910',
    guard: plainly,
    run: overWebSocket,
  },
  {
    document: README,
    line: 'npx tsx examples/steam-server/index.ts --app 480 --game-server',
    guard: withDouble,
    run: gameServer,
  },
]
