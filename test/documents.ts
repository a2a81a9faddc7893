// The documents that users read, and the samples in them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A sample, and a line by which it is known. */
export interface Place {
  readonly document: string
  readonly line: string
}

/** What is other here than in a document: a port or an address of somebody else's machine. */
export type Edits = readonly (readonly [from: string, to: string])[]

export function everyDocument(): string[] {
  const inFolders = ['docs', 'examples', 'godot/addons'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  )
  return [...readdirSync(ROOT), ...inFolders].filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
}

/** Every block of a language; one in a list is indented. */
export function samplesIn(document: string, language: string): string[] {
  const blocks = new RegExp(`^( *)(\`\`\`|~~~)${language}\n([\\s\\S]*?)^ *\\2$`, 'gm')
  return [...readFileSync(join(ROOT, document), 'utf8').matchAll(blocks)].map(([, indent, , code]) => {
    return code!.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
  })
}

export const has = (code: string, line: string) => code.split('\n').includes(line)

/** The one sample of a document with that line. */
export function sampleAt({ document, line }: Place, language: string): string {
  const found = samplesIn(document, language).filter((code) => has(code, line))
  expect(found, `one sample of ${document} with: ${line}`).toHaveLength(1)
  return found[0]!
}

/** A sample with other addresses; an edit that finds nothing is an error. */
export function edited(text: string, edits: Edits): string {
  return edits.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, () => to)
  }, text)
}
