// The reference and the documents as a site: it builds without a warning, and no link in it leads nowhere.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
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

  it('has a page for each door, by the name that is imported, with what is said about it', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object }
    const doors = Object.keys(exports).filter((path) => path !== './package.json')
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
