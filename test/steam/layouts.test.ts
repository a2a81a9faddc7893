// The places from which Steam's structs are read, against the compiler's. What is compiled are declarations of our own in
// the order of the SDK's; test/live/steam-library.test.ts asks Valve's library about those that it writes by itself.
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import * as layouts from '../../src/steam/layouts.js'
import { buildLayouts } from './double/build.js'
import { describeWithDouble } from './double.js'

function compiled(pack: 4 | 8): unknown {
  const built = buildLayouts(pack)
  if ('missing' in built) throw new Error(built.missing)
  return JSON.parse(execFileSync(built.path, { encoding: 'utf8' }))
}

/** Every constant of the module that is a struct's. */
const OURS = Object.fromEntries(
  Object.entries(layouts).filter(([, value]) => typeof value === 'object' && 'size' in value),
)

describeWithDouble('the structs', () => {
  it('have the places and sizes that Windows gives them', () => {
    expect(Object.keys(OURS)).toHaveLength(10)
    expect(compiled(8)).toEqual(OURS)
  })

  it('have the same on Linux and macOS, where only CallbackMsg_t is shorter at its end', () => {
    expect(compiled(4)).toEqual({ ...OURS, CALLBACK_MSG: { ...layouts.CALLBACK_MSG, size: 20 } })
  })
})
