// Builds what is written in C: the stand-in for the Steam library, and the program that prints where its structs' fields
// lie. Each is built once for each version of its sources.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const CACHE = fileURLToPath(new URL('../../../.cache/steam-double', import.meta.url))
const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const STANDARD = '-std=gnu11'

/** What was built, or why it cannot be. */
export type Built = { readonly path: string } | { readonly missing: string }

/** The stand-in for the Steam library. @throws where gcc refuses the source. */
export function buildDouble(): Built {
  return build('steam_double.c', '.so', ['-O2', '-fvisibility=hidden', '-shared', '-fPIC'])
}

/** Prints the layouts under one of Valve's two packings. @throws where gcc refuses the source. */
export function buildLayouts(pack: 4 | 8): Built {
  return build('layouts.c', '', [`-DSTEAM_PACK=${pack}`])
}

function build(source: string, suffix: string, options: readonly string[]): Built {
  if (process.platform !== 'linux') return { missing: 'the double is written for Linux' }
  const flags = [STANDARD, ...options]
  const sources = [source, 'structs.h'].map((file) => readFileSync(join(FOLDER, file)))
  const hash = createHash('sha256').update(flags.join())
  for (const text of sources) hash.update(text)
  const path = join(CACHE, `${hash.digest('hex').slice(0, 16)}${suffix}`)
  if (existsSync(path)) return { path }
  mkdirSync(CACHE, { recursive: true })
  const unfinished = `${path}.${process.pid}`
  try {
    execFileSync('gcc', [...flags, join(FOLDER, source), '-o', unfinished], { stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return { missing: 'there is no gcc (apt-get install gcc libc6-dev)' }
  }
  renameSync(unfinished, path)
  return { path }
}
