// The import table of the project, executed. Move the map on purpose, not by accident.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** Rooms are folders below src; the files beside them are the floor, and the door `index.ts`. */
interface Room {
  readonly imports: readonly string[]
  /** Rooms of which only types may be imported. */
  readonly types?: readonly string[]
  readonly packages?: readonly string[]
  /** Rooms that only some files may import. */
  readonly only?: Readonly<Record<string, readonly string[]>>
}

const ROOMS: Readonly<Record<string, Room>> = {
  'errors.ts': { imports: [] },
  'clock.ts': { imports: [] },
  bytes: { imports: ['errors.ts'] },
  variant: { imports: ['errors.ts', 'bytes'] },
  compression: { imports: ['errors.ts', 'bytes'], packages: ['@hpcc-js/wasm-zstd', 'brotli-dec-wasm/web'] },
  transport: {
    imports: ['errors.ts', 'clock.ts', 'bytes'],
    packages: ['ws', 'node-datachannel', 'node-datachannel/polyfill'],
  },
  channel: { imports: ['errors.ts', 'clock.ts', 'bytes'], types: ['transport'] },
  p2p: {
    imports: ['errors.ts', 'bytes', 'channel'],
    only: { 'p2p/messenger.ts': ['variant', 'compression'] },
  },
  relay: { imports: ['errors.ts', 'clock.ts', 'transport'], packages: ['jose', 'prom-client', 'nats'] },
  cli: {
    imports: ['errors.ts', 'bytes', 'variant', 'compression'],
    only: {
      'cli/capture.ts': ['inspect'],
      'cli/decode.ts': ['inspect'],
      'cli/node/demo/player.ts': ['p2p'],
      'cli/node/demo/stage.ts': ['relay', 'transport'],
      'cli/node/inspect.ts': ['inspect'],
      'cli/node/relay.ts': ['relay'],
      'cli/node/watch-relay.ts': ['relay', 'inspect'],
    },
  },
  steam: { imports: ['errors.ts'], types: ['p2p'], packages: ['koffi'] },
  inspect: {
    imports: ['errors.ts', 'p2p'],
    types: ['variant', 'channel', 'transport'],
    packages: ['ws'],
  },
  'index.ts': { imports: ['errors.ts', 'clock.ts', 'variant', 'compression', 'p2p'] },
}

/** Other ways in: doors of a room's parts, and the words that a relay and its peers share. */
const ENTRANCES: readonly string[] = [
  'transport/websocket/index.ts',
  'transport/relay/index.ts',
  'transport/relay/messages.ts',
  'transport/udp/index.ts',
  'transport/webrtc/index.ts',
  'relay/node/index.ts',
  'inspect/node/index.ts',
  'variant/compile/index.ts',
]

interface Import {
  readonly file: string
  readonly from: string
  readonly typeOnly: boolean
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [relative(SRC, path)]
  })
}

function importsOf(file: string): Import[] {
  // Examples in docstrings import the package itself.
  const text = readFileSync(join(SRC, file), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, '')
  const found: Import[] = []
  for (const [, names = '', from] of text.matchAll(/^(?:import|export)\b([^'"]*?)\bfrom '([^']+)'/gm)) {
    found.push({ file, from: from!, typeOnly: isTypeOnly(names) })
  }
  for (const [, from] of text.matchAll(/\bimport\('([^']+)'\)/g)) found.push({ file, from: from!, typeOnly: false })
  for (const [, from] of text.matchAll(/^import '([^']+)'/gm)) found.push({ file, from: from!, typeOnly: false })
  return found
}

/** `import type { A }`, or braces in which every name says `type`. */
function isTypeOnly(names: string): boolean {
  if (/^\s*type\b/.test(names)) return true
  const inside = /\{([^}]*)\}/.exec(names)?.[1]
  return inside?.split(',').every((name) => name.trim() === '' || /^\s*type\s/.test(name)) ?? false
}

function roomOf(file: string): string {
  return file.split('/')[0]!
}

function problemsOf({ file, from, typeOnly }: Import): string[] {
  const room = ROOMS[roomOf(file)]
  if (!room) return [`${file}: ${roomOf(file)} is in no row of the table`]
  const say = (what: string) => [`${file} imports ${from}: ${what}`]
  if (from.startsWith('node:')) return file.includes('/node/') ? [] : say('Node is for files in a folder "node"')
  if (!from.startsWith('.')) return room.packages?.includes(from) ? [] : say('the package belongs to another room')
  const target = normalize(join(dirname(file), from)).replace(/\.js$/, '.ts')
  const other = roomOf(target)
  if (other === roomOf(file)) return []
  const known = ROOMS[other] !== undefined
  if (!known) return say(`${other} is in no row of the table`)
  const isEntrance = other.endsWith('.ts') || target === `${other}/index.ts` || ENTRANCES.includes(target)
  if (!isEntrance) return say('a room is entered by its index.ts')
  if (room.imports.includes(other) || room.only?.[file]?.includes(other)) return []
  if (room.types?.includes(other)) return typeOnly ? [] : say('only types may be imported from there')
  return say('not in the table')
}

function neededBy(file: string): string[] {
  const values = importsOf(file).filter(({ from, typeOnly }) => from.startsWith('.') && !typeOnly)
  return values.map(({ from }) => normalize(join(dirname(file), from)).replace(/\.js$/, '.ts'))
}

describe('the import table', () => {
  const files = filesBelow(SRC)

  it('holds', () => {
    expect(files.length).toBeGreaterThan(40)
    expect(files.flatMap(importsOf).flatMap(problemsOf)).toEqual([])
  })

  it('has no circle of files that need each other at run time', () => {
    const graph = new Map(files.map((file) => [file, neededBy(file)]))
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' > '))
      else for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    }
    // Once a file is known to be in no circle it need not be visited again.
    for (const file of files) {
      visit(file, [])
      graph.set(file, [])
    }
    expect(circles).toEqual([])
  })

  it('sees what breaks it', () => {
    const bad: [Import, RegExp][] = [
      [{ file: 'variant/codec.ts', from: '../channel/index.js', typeOnly: false }, /not in the table/],
      [{ file: 'channel/session.ts', from: '../transport/index.js', typeOnly: false }, /only types/],
      [{ file: 'p2p/p2p.ts', from: '../variant/index.js', typeOnly: true }, /not in the table/],
      [{ file: 'p2p/messenger.ts', from: '../variant/codec.js', typeOnly: false }, /entered by its index/],
      [{ file: 'variant/codec.ts', from: 'pako', typeOnly: false }, /another room/],
      [{ file: 'variant/codec.ts', from: 'node:fs', typeOnly: false }, /Node is for/],
      [{ file: 'elsewhere/x.ts', from: './y.js', typeOnly: false }, /in no row/],
    ]
    for (const [one, problem] of bad) expect(problemsOf(one).join()).toMatch(problem)
  })

  it('tells imports of types from others', () => {
    const types = importsOf('channel/session.ts').filter(({ from }) => from.includes('transport'))
    expect(types).toEqual([{ file: 'channel/session.ts', from: '../transport/index.js', typeOnly: true }])
    const values = importsOf('p2p/messenger.ts').filter(({ from }) => from.includes('compression'))
    expect(values[0]?.typeOnly).toBe(false)
  })
})
