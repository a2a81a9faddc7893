// The arena, by one command: a TypeScript server, a web page that watches, and players in Godot.
//
//   npx tsx examples/arena/index.ts               two windows if there is a display, else two bots
//   npx tsx examples/arena/index.ts --bots=3      bots only
//   npx tsx examples/arena/index.ts --players=1 --bots=2
//   npx tsx examples/arena/index.ts --port=8910 --page-port=8080
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getEngine, isEngine } from '../../scripts/engines.js'
import { assembleGame, startPlayer } from './players.js'
import { startArena } from './server.js'
import { startWeb } from './web.js'

const NAMES = ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hal']
const FIRST_ID = 76561198000000010n

function option(name: string, otherwise: number): number {
  const word = process.argv.find((one) => one.startsWith(`--${name}=`))
  return word ? Number(word.slice(name.length + 3)) || 0 : otherwise
}

const count = (name: string, otherwise: number) => Math.min(NAMES.length, option(name, otherwise))

const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
const bots = count('bots', hasDisplay ? 0 : 2)
const windows = count('players', hasDisplay && bots === 0 ? 2 : 0)

const server = await startArena('127.0.0.1', option('port', 7777))
const web = await startWeb(server.url, option('page-port', 7780))
console.log(`server    ${server.url}`)
console.log(`spectator ${web.url}`)

const engine = getEngine('godot4')
if (!isEngine(engine)) console.log(`players   none: ${engine.missing}`)
else {
  const game = assembleGame(join(tmpdir(), 'godot-wire-arena'))
  for (let i = 0; i < windows + bots; i++) {
    const bot = i >= windows
    const name = NAMES[i % NAMES.length]!
    const player = startPlayer(engine, game, { url: server.url, id: FIRST_ID + BigInt(i), name, bot })
    console.log(`player    ${name}${bot ? ', a bot' : ''}`)
    process.on('exit', () => void player.kill())
    void player.exited.then((code) => console.log(`player    ${name} ended (${code})`))
  }
}
console.log('Ctrl+C ends everything')
process.on('SIGINT', () => process.exit(0))
