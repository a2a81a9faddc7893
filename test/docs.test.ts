import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CHANNEL_ERRORS } from '../src/channel/errors.js'
import { CLI_ERRORS } from '../src/cli/index.js'
import { COMPRESSION_ERRORS } from '../src/compression/errors.js'
import { INSPECT_ERRORS } from '../src/inspect/index.js'
import { P2P_ERRORS } from '../src/p2p/errors.js'
import { RELAY_ERRORS } from '../src/relay/errors.js'
import { STEAM_ERRORS } from '../src/steam/errors.js'
import { TRANSPORT_ERRORS } from '../src/transport/errors.js'
import { VARIANT_ERRORS } from '../src/variant/errors.js'
import { FRAMING_ERRORS } from '../src/variant/framing/errors.js'
import { SHAPE_ERRORS } from '../src/variant/shape/errors.js'
import { TEXT_ERRORS } from '../src/variant/str/errors.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe('docs/error-codes.md', () => {
  const codes = [
    VARIANT_ERRORS,
    SHAPE_ERRORS,
    FRAMING_ERRORS,
    TEXT_ERRORS,
    COMPRESSION_ERRORS,
    P2P_ERRORS,
    CHANNEL_ERRORS,
    TRANSPORT_ERRORS,
    RELAY_ERRORS,
    STEAM_ERRORS,
    CLI_ERRORS,
    INSPECT_ERRORS,
  ].flatMap(Object.keys)
  const text = read('docs/error-codes.md')

  it('has a heading for every code, and for no other', () => {
    const headings = [...text.matchAll(/^### (\w+)$/gm)].map(([, code]) => code)
    expect(headings.sort()).toEqual(codes.sort())
  })

  it('says for each what to do', () => {
    const sections = text.split(/^### /m).slice(1)
    expect(sections.filter((section) => !/\*\*What to do:\*\* \S/.test(section))).toEqual([])
  })
})

/** Every document that a reader may come upon. */
function documents(): string[] {
  const inFolder = (folder: string) =>
    (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file))
  const top = readdirSync(ROOT).filter((file) => file.endsWith('.md'))
  return [...top, ...['docs', 'examples', 'godot/addons'].flatMap(inFolder)]
}

describe('the links of', () => {
  it.each(documents())('%s lead somewhere', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!)
    const inside = links.filter((link) => !/^[a-z]+:/.test(link))
    expect(inside.filter((link) => !existsSync(join(ROOT, dirname(path), link)))).toEqual([])
  })
})

describe('scripts/check-release.mjs', () => {
  it('lets nothing out whose versions differ or whose changes have no date', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/check-release.mjs', 'v99.0.0'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toContain('the tag is v99.0.0, package.json says')
  })
})
