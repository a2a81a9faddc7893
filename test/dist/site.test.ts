// The reference and the documents as a site: it builds without a warning, and no link in it leads nowhere.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const MINUTES = 60_000

let site = ''
let said = ''
beforeAll(async () => {
  site = mkdtempSync(join(tmpdir(), 'godot-wire-site-'))
  const args = ['--import', 'tsx', 'scripts/docs-site/index.ts', site]
  const { stdout, stderr } = await run(process.execPath, args, { cwd: ROOT })
  said = stdout + stderr
}, 3 * MINUTES)
afterAll(() => rmSync(site, { recursive: true, force: true }))

const pages = () => readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((file) => /\.html$/.test(file))
const read = (page: string) => readFileSync(join(site, page), 'utf8')

describe('the site', () => {
  it('builds without a warning', () => {
    expect(said).toContain('html generated')
    expect(said).not.toMatch(/warning|error/i)
  })

  it(
    'would not build with a public name that nothing is said of',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'godot-wire-silent-'))
      const door = join(folder, 'door.ts')
      writeFileSync(
        door,
        '/** Said. */\nexport interface Door {\n  /** Said. */\n  height: number\n  width: number\n}\n',
      )
      const write = (file: string, content: object) => writeFileSync(join(folder, file), JSON.stringify(content))
      write('tsconfig.json', { files: [door] })
      write('typedoc.json', {
        extends: [join(ROOT, 'typedoc.json')],
        entryPoints: [door],
        tsconfig: join(folder, 'tsconfig.json'),
        emit: 'none',
      })
      const typedoc = ['node_modules/typedoc/bin/typedoc', '--options', join(folder, 'typedoc.json')]
      const built = run(process.execPath, typedoc, { cwd: ROOT })
      const { stdout, stderr } = await built.catch((failed: { stdout: string; stderr: string }) => failed)
      rmSync(folder, { recursive: true, force: true })
      const unsaid = [...(stdout + stderr).matchAll(/(\S+) \(\w+\), defined in .*, does not have any documentation/g)]
      expect(unsaid.map(([, name]) => name)).toEqual(['Door.width'])
      await expect(built).rejects.toThrow()
    },
    MINUTES,
  )

  it('has a page for each door, by the name that is imported, with what is said about it', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object }
    // Nobody reads what only compiled shapes import.
    const doors = Object.keys(exports).filter((path) => path !== './package.json' && path !== './compiled')
    const modules = pages().filter((page) => page.startsWith('modules/'))
    expect(modules).toHaveLength(doors.length)
    const titles = modules.map((page) => /<title>([^|<]+?) \|/.exec(read(page))?.[1])
    expect(titles.sort()).toEqual(doors.map((path) => path.replace(/^\./, 'godot-wire')).sort())
  })

  it('has a page for each document, by its heading', () => {
    const files = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    const documents = pages().filter((page) => page.startsWith('documents/'))
    // Besides docs/: CONTRIBUTING, SECURITY, CHANGELOG.
    expect(documents).toHaveLength(files.filter((file) => file.endsWith('.md')).length + 3)
    expect(documents.map((page) => /<title>([^|<]+?) \|/.exec(read(page))?.[1])).toContain('Packets from strangers')
  })

  it('draws every diagram, with what it says, and nothing from elsewhere', () => {
    const files = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.md'),
    )
    const inDocs = files.flatMap((file) => [
      ...readFileSync(join(ROOT, 'docs', file), 'utf8').matchAll(/^```mermaid$/gm),
    ])
    const figures = pages().flatMap((page) => [
      ...read(page).matchAll(/<figure class="diagram"><svg role="img" aria-label="([^"]+)" [\s\S]+?<\/svg><\/figure>/g),
    ])
    expect(figures.length).toBeGreaterThan(2)
    expect(figures).toHaveLength(inDocs.length)
    for (const [figure, label] of figures) {
      expect(label).toMatch(/^Diagram: \w/)
      expect(figure).toMatch(/<(line|polyline|path) /)
      const drawn = figure.slice(figure.indexOf('<defs>')).replaceAll(/<[^>]+>/g, ' ')
      for (const words of label!.replace('Diagram: ', '').split('; ')) expect(drawn).toContain(words.split(' ')[0])
      expect(figure).not.toMatch(/<style|<script|https?:\/\/(?!www\.w3\.org\/)/)
    }
    for (const page of pages()) expect(read(page), page).not.toContain('class="mermaid"')
  })

  it('has no link that leads nowhere, and loads nothing from elsewhere', () => {
    const dead = pages().flatMap((page) => {
      const links = [...read(page).matchAll(/ (?:href|src)="([^"#?]+)[^"]*"/g)].map(([, link]) => link!)
      const inside = links.filter((link) => !/^[a-z]+:/.test(link))
      return inside
        .filter((link) => !existsSync(join(site, dirname(page), decodeURI(link))))
        .map((to) => ({ page, to }))
    })
    expect(dead).toEqual([])
    const loaded = pages().flatMap((page) => [
      ...read(page).matchAll(/<(?:script|link|img)[^>]+(?:src|href)="(https?:[^"]+)/g),
    ])
    expect(loaded.map(([, from]) => from)).toEqual([])
  })
})
