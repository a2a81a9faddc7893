// Bytes from strangers: whatever they are, a value in proportion to them or a code.
import { writeFileSync } from 'node:fs'
import type { GodotVersion } from '../../src/variant/dialect.js'
import { tryHostile } from '../../test/variant/fuzz-checks.js'
import { toHex } from '../../test/variant/hex.js'
import { HostileBytes } from '../../test/variant/mutate.js'
import { type Done, faultRow, type HostileJob, Tally } from './job.js'

/** One in so many is read with permission for full Objects. */
const OBJECTS = 4

export function fuzzHostile({ version, seed, count, diary }: HostileJob): Done {
  const hostile = new HostileBytes(version, seed)
  const tally = new Tally()
  for (let i = 0; i < count; i++) {
    const bytes = hostile.next()
    const objects = i % OBJECTS === 0
    if (diary) writeFileSync(diary, faultRow(version, objects, toHex(bytes)))
    const wrong = whatIsWrong(bytes, version, objects, (code) => tally.count(code))
    tally.tried++
    if (wrong === undefined) continue
    const small = shrunk(bytes, (fewer) => whatIsWrong(fewer, version, objects) !== undefined)
    tally.find(`${whatIsWrong(small, version, objects)}`, faultRow(version, objects, toHex(small)))
  }
  return tally
}

function whatIsWrong(
  bytes: Uint8Array,
  version: GodotVersion,
  objects: boolean,
  onAnswer?: (code: string) => void,
): string | undefined {
  try {
    const code = tryHostile(bytes, version, objects)
    onAnswer?.(code)
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** Leaves out whatever can be left out so that it still fails: halves first, then words, then bytes. */
function shrunk(bytes: Uint8Array, fails: (bytes: Uint8Array) => boolean): Uint8Array {
  let small = bytes
  for (let size = bytes.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < small.length; ) {
      const fewer = Uint8Array.from([...small.subarray(0, at), ...small.subarray(at + size)])
      if (fails(fewer)) small = fewer
      else at += size
    }
  }
  return small
}
