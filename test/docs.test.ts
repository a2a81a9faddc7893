import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CHANNEL_ERRORS } from '../src/channel/errors.js'
import { CLI_ERRORS } from '../src/cli/index.js'
import { COMPRESSION_ERRORS } from '../src/compression/errors.js'
import { P2P_ERRORS } from '../src/p2p/errors.js'
import { RELAY_ERRORS } from '../src/relay/errors.js'
import { TRANSPORT_ERRORS } from '../src/transport/errors.js'
import { VARIANT_ERRORS } from '../src/variant/errors.js'
import { FRAMING_ERRORS } from '../src/variant/framing/errors.js'
import { TEXT_ERRORS } from '../src/variant/str/errors.js'

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')

describe('docs/error-codes.md', () => {
  const codes = [
    VARIANT_ERRORS,
    FRAMING_ERRORS,
    TEXT_ERRORS,
    COMPRESSION_ERRORS,
    P2P_ERRORS,
    CHANNEL_ERRORS,
    TRANSPORT_ERRORS,
    RELAY_ERRORS,
    CLI_ERRORS,
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

describe('the links between documents', () => {
  it.each(['README.md', 'docs/error-codes.md', 'docs/p2p.md', 'docs/transport.md', 'docs/cli.md', 'docs/decisions.md'])(
    '%s leads somewhere',
    (path) => {
      const folder = path.includes('/') ? 'docs/' : ''
      const links = [...read(path).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => folder + link)
      for (const link of links.filter((one) => one.endsWith('.md'))) expect(() => read(link), link).not.toThrow()
    },
  )
})
