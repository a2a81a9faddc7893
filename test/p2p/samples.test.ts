// The samples of docs/p2p.md and of the docstrings of these rooms, run as they stand there.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'node:util'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as channel from '../../src/channel/index.js'
import * as compression from '../../src/compression/index.js'
import * as main from '../../src/index.js'
import * as p2pRoom from '../../src/p2p/index.js'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import * as transport from '../../src/transport/index.js'
import { MemoryNetwork } from '../../src/transport/index.js'
import * as variant from '../../src/variant/index.js'
import { ALICE, BOB, bytes } from './world.js'

const DOORS: Readonly<Record<string, object>> = {
  'godot-wire': main,
  'godot-wire/channel': channel,
  'godot-wire/compression': compression,
  'godot-wire/p2p': p2pRoom,
  'godot-wire/transport': transport,
  'godot-wire/variant': variant,
}

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

/** Runs a sample; what it prints comes back, and what it opened and left open is closed. */
async function run(code: string, scope: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const lines: string[] = []
  const log = (...args: unknown[]) => lines.push(format(...args))
  const body = code.replace(
    /^import \{([^}]*)\} from '([^']*)'$/gm,
    (_, names, door) => `const {${names}} = door('${door}')`,
  )
  const { outputText } = ts.transpileModule(body, { compilerOptions: { target: ts.ScriptTarget.ESNext } })
  const door = (name: string) => DOORS[name] ?? expect.unreachable(`no door ${name}`)
  const given = { ...scope, door, console: { log, warn: log } }
  const AsyncFunction = (async () => {}).constructor as new (...args: string[]) => (...args: unknown[]) => Promise<void>
  // A block of its own: a sample may name its things as it likes.
  await new AsyncFunction(...Object.keys(given), `{${outputText}}`)(...Object.values(given))
  return lines.map((line) => `${line}\n`).join('')
}

describe('docs/p2p.md', () => {
  const text = readFileSync(path('docs/p2p.md'), 'utf8')
  const samples = [...text.matchAll(/```ts\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```)?/g)].map(
    ([, code, output], i) => [i + 1, code!, output] as const,
  )

  it('has samples for both faces and for what is ours', () => {
    expect(samples).toHaveLength(4)
  })

  it('names for every rule a test that cites it', () => {
    const rules = [...text.matchAll(/^\| (Ruling )?([\d.]+) \| .+ \| (section-[\d-]+\.test\.ts) \|$/gm)]
    expect(rules.length).toBeGreaterThan(50)
    for (const [row, ruling, number, file] of rules) {
      const test = readFileSync(path(`test/p2p/spec/${file}`), 'utf8')
      expect(test, row).toContain(ruling ? `'ruling ${number}:` : `section ${number}`)
    }
  })

  it.each(samples)('sample %i prints what it says', async (_, code, output) => {
    expect(output, 'a ```text block behind the sample').toBeDefined()
    expect(await run(code)).toBe(output)
  })
})

/** Every example of a docstring, with the place where it stands. */
function examples(): [string, string][] {
  const found: [string, string][] = []
  for (const folder of ['src/p2p', 'src/channel']) {
    for (const file of readdirSync(path(folder)).filter((name) => name.endsWith('.ts'))) {
      const text = readFileSync(path(`${folder}/${file}`), 'utf8')
      for (const { index, 1: code } of text.matchAll(/@example\s*\n\s*\* ```ts\n([\s\S]*?)\* ```/g)) {
        const line = text.slice(0, index).split('\n').length
        found.push([`${folder}/${file}:${line}`, code!.replace(/^\s*\* ?/gm, '')])
      }
    }
  }
  return found
}

/** What the examples take for granted: `p2p` is Bob, `id` is his friend Alice, who has sent three packets. */
async function friends() {
  const network = new MemoryNetwork()
  const [friend, p2p] = [ALICE, BOB].map((steamId) => new P2P({ steamId, transport: network.transport(steamId) }))
  p2p!.on('p2p_session_request', (id) => p2p!.acceptP2PSessionWithUser(id))
  for (const value of [1, 2, 3]) friend!.sendP2PPacket(BOB, bytes(value), P2P_SEND_RELIABLE)
  await friend!.flush(BOB)
  return { friend: friend!, p2p: p2p! }
}

describe('the examples of docstrings', () => {
  const all = examples()

  it('are there for everything that is ours', () => {
    expect(all.length).toBeGreaterThanOrEqual(12)
  })

  it.each(all)('%s prints what its comments say', async (_, code) => {
    const { friend, p2p } = await friends()
    const doors = { ...variant, ...compression, ...channel, ...transport, ...main }
    const printed = await run(code, { ...doors, p2p, id: ALICE })
    for (const open of [friend, p2p]) open.close()
    const says = [...code.matchAll(/console\.\w+\(.*\)\)?(?: \/\/ (.+)|\n\/\/ (.+))$/gm)].map(
      ([, a, b]) => `${a ?? b}\n`,
    )
    expect(printed.startsWith(says.join('')), `${printed}\nbut ${says.join('')}`).toBe(true)
  })
})
