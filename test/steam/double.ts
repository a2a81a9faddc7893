// Hands out copies of the stand-in for the Steam library: each copy is a Steam of its own, so that one process can be
// several players. Without gcc these tests are left out, loudly; on CI that is a failure.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import koffi from 'koffi'
import { describe } from 'vitest'
import { buildDouble } from './double/build.js'

/** Where the built library is; undefined where it cannot be built. */
export const DOUBLE = libraryOr(missing)

function libraryOr(otherwise: (reason: string) => undefined): string | undefined {
  const built = buildDouble()
  return 'path' in built ? built.path : otherwise(built.missing)
}

function missing(reason: string): undefined {
  const text = `steam tests: ${reason}`
  if (process.env['CI'] === 'true') throw new Error(text)
  console.error(`\n${'!'.repeat(72)}\n${text}\nThey are SKIPPED.\n${'!'.repeat(72)}\n`)
}

/** A `describe` for tests that need the double. */
export function describeWithDouble(title: string, tests: () => void): void {
  if (DOUBLE) describe(title, tests)
  else describe.skip(`${title} (SKIPPED: the double of the Steam library cannot be built)`, tests)
}

export function makeFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'gws-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export function copyDouble(to: string): string {
  copyFileSync(DOUBLE!, to)
  return to
}

/** What the double has for tests. */
export interface DoubleControls {
  advanceClock(ms: number): void
  messagesOut(): number
  said(): string
  post(pipe: number, id: number, result: number, size: number): void
  /** As `post`, without the parameter that it says it has. */
  postNull(pipe: number, id: number, size: number): void
  /** Ends a session without a word, with what is unread. */
  endSession(pipe: number, peer: bigint): void
}

export function controlsOf(library: string): DoubleControls {
  const handle = koffi.load(library)
  return {
    advanceClock: handle.func('void SteamDouble_AdvanceClock(double)'),
    messagesOut: handle.func('int SteamDouble_MessagesOut()'),
    said: handle.func('str SteamDouble_Said()'),
    post: handle.func('void SteamDouble_Post(int, int, int, int)'),
    postNull: handle.func('void SteamDouble_PostNull(int, int, int)'),
    endSession: handle.func('void SteamDouble_EndSession(int, uint64_t)'),
  }
}
