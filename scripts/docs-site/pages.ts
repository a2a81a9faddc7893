// The Markdown of the project as pages of the site: a copy in which links lead to what the site has.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withDiagrams } from './diagrams.js'

export interface Site {
  readonly readme: string
  /** Pages in the order in which they stand in the menu. */
  readonly documents: readonly string[]
}

/** Groups of the menu, with the pages in them. */
function pagesOf(root: string): [group: string, paths: string[]][] {
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file))
  const index = join('docs', 'index.md')
  return [
    ['Guides', [index, ...inFolder('docs/guides')]],
    ['Reference', inFolder('docs').filter((path) => path !== index)],
    ['Project', ['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']],
  ]
}

/** Copies the pages of `root` to `folder`, which is emptied. */
export function copyPages(root: string, folder: string): Site {
  rmSync(folder, { recursive: true, force: true })
  const groups = pagesOf(root)
  const known = new Set(['README.md', ...groups.flatMap(([, paths]) => paths)])
  const copy = (path: string, group?: string) => {
    const source = readFileSync(join(root, path), 'utf8')
    for (const image of imagesIn(source, path)) cpSync(join(root, image), join(folder, image), { recursive: true })
    // The front page has the project's name above it already.
    const body = group === undefined ? source.replace(/^# .*\n/, '') : source
    const text = withDiagrams(withoutDeadLinks(body, path, known))
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, group === undefined ? text : `---\ngroup: ${group}\n---\n${text}`)
    return target
  }
  const documents = groups.flatMap(([group, paths]) => paths.map((path) => copy(path, group)))
  return { readme: copy('README.md'), documents }
}

/** The pictures that a page shows, from the root. */
function imagesIn(text: string, path: string): string[] {
  const targets = [...text.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, to]) => to!)
  return targets.filter(isPath).map((to) => join(dirname(path), to))
}

/** The text with links into the repository, which the site does not have, as plain words. */
function withoutDeadLinks(text: string, path: string, known: ReadonlySet<string>): string {
  return text.replace(/(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g, (link: string, words: string, to: string) => {
    return !isPath(to) || known.has(join(dirname(path), to.replace(/#.*/, ''))) ? link : words
  })
}

const isPath = (to: string) => !/^(#|[a-z]+:)/.test(to)

/** What a page is called: its first heading. */
export function titleOf(text: string): string {
  const title = /^# (.+)$/m.exec(text)?.[1]
  if (title === undefined) throw new Error(`a page without a heading: ${text.slice(0, 80)}`)
  return title.replaceAll('`', '')
}

/** What the README says about each door, by its name. */
export function doorsOf(readme: string): ReadonlyMap<string, string> {
  return new Map([...readme.matchAll(/^\| `(godot-wire[^`]*)` \| (.+) \|$/gm)].map(([, door, text]) => [door!, text!]))
}
