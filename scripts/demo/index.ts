// npm run demo: a TypeScript server, a real headless Godot that joins it as a P2P peer, and the GodotSteam tutorial's flow
// between them. Exits 0 only when every packet came back equal, by value and by bytes, as judged in Godot.
//
//   npm run demo                      with Godot, found or unpacked from Debian's archive
//   npm run demo -- --without-godot   with a TypeScript peer in its place
import { fileURLToPath } from 'node:url'
import { cannotInstall, findEngine, getEngine, isEngine } from '../engines.js'
import { RunningEngine } from '../run-engine.js'
import { startEchoServer } from './echo-server.js'
import { isClean, type PeerEvent, type PeerResult, say, table } from './report.js'
import { runTypeScriptPeer } from './typescript-peer.js'

const PACKETS = 240
const SEED = 7
const PEER_ID = 76561198000000002n
const PROJECT = fileURLToPath(new URL('../../godot', import.meta.url))
const PREFIX = 'GODOT_WIRE '

/** How long the peer may take for all of it. */
const TIMEOUT_MS = 90_000

let result: PeerResult | undefined
let problems = 0

function take(event: PeerEvent): void {
  switch (event.phase) {
    case 'connected':
      return say('connected', `${event.engine} is on the wire as ${PEER_ID}`)
    case 'request_sent':
      return say('request', 'it asked for a session by sending its handshake')
    case 'handshake':
      return say('handshake', 'ours arrived there')
    case 'types':
      return say('types', typesText(event.covered, event.of, event.missing))
    case 'progress':
      return say('packets', `${event.done} of ${event.of} are back`)
    case 'result':
      result = event
      return
    default:
      problems++
      return say('PROBLEM', JSON.stringify(event).slice(0, 600))
  }
}

function typesText(covered: number, of: number, missing: readonly string[]): string {
  return missing.length === 0
    ? `all ${of} Variant types are among the packets`
    : `${covered} of ${of}, without ${missing}`
}

/** The next line meant for us; undefined when the engine has ended, and how is told by its exit code. */
function nextLine(godot: RunningEngine): Promise<string | undefined> {
  return godot.nextLine(PREFIX).catch(() => undefined)
}

/** False when there is no Godot to run. */
async function runGodot(url: string): Promise<boolean> {
  if (process.argv.includes('--without-godot')) {
    say('engine', 'NO GODOT, as asked: a peer in TypeScript takes its place, which proves nothing about Godot')
    return false
  }
  if (!findEngine('godot4') && !cannotInstall())
    say('engine', 'no Godot 4 here; unpacking it from the archive of Debian (about 150 MB, once)')
  const engine = getEngine('godot4')
  if (!isEngine(engine)) {
    say('engine', `NO GODOT: ${engine.missing}`)
    say('engine', 'a peer in TypeScript takes its place, so what follows proves nothing about Godot')
    return false
  }
  say('engine', `Godot ${engine.version} (${engine.from})`)
  const args = ['--url', url, '--id', String(PEER_ID), '--packets', String(PACKETS), '--seed', String(SEED)]
  const godot = new RunningEngine(engine, {
    project: PROJECT,
    script: 'res://demo/demo_client.gd',
    args,
    timeoutMs: TIMEOUT_MS,
  })
  for (let line = await nextLine(godot); line; line = await nextLine(godot)) {
    take(JSON.parse(line.slice(PREFIX.length)) as PeerEvent)
  }
  const code = await godot.exited
  if (code !== 0) {
    problems++
    say('PROBLEM', godot.failure(godot.ended ?? `ended with ${code}`).message)
  }
  return true
}

console.log('godot-wire demo')
const server = await startEchoServer({
  accepted: (peer) => say('session', `${peer} asks for a session: accepted, handshake sent`),
  handshake: () => say('handshake', 'theirs arrived here'),
  failed(peer, reason) {
    problems++
    say('PROBLEM', `${peer}: ${reason}`)
  },
})
say('server', `listens on ${server.url}`)
if (!(await runGodot(server.url))) await runTypeScriptPeer(server.url, PEER_ID, PACKETS, take)
server.close()
if (result) console.log(table(result))
const clean = problems === 0 && isClean(result, PACKETS)
console.log(clean ? '  everything came back as it left' : '  NOT everything came back as it left')
process.exitCode = clean ? 0 : 1
