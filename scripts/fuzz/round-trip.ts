// Values of every type, to bytes and back. What fails is shrunk by fast-check.
import fc from 'fast-check'
import { variant } from '../../test/variant/fuzz-arbitraries.js'
import { roundTrip } from '../../test/variant/fuzz-checks.js'
import { toHex } from '../../test/variant/hex.js'
import { type Done, faultRow, type RoundTripJob, Tally } from './job.js'

export function fuzzRoundTrip({ version, objects, seed, count }: RoundTripJob): Done {
  const tally = new Tally()
  const property = fc.property(variant(version, objects), (value) => {
    tally.tried++
    const { wrong } = roundTrip(value, version, objects)
    if (wrong) throw new Error(wrong)
  })
  const { failed, counterexample, errorInstance } = fc.check(property, { numRuns: count, seed: seed | 0 })
  if (failed) {
    const [value] = counterexample!
    tally.find(`${fc.stringify(value)}: ${errorInstance}`, faultRow(version, objects, hexOf(value)))
  }
  return tally

  function hexOf(value: unknown): string {
    try {
      return toHex(roundTrip(value, version, objects).bytes)
    } catch {
      // It could not even be written: then it has no bytes, and the value above is all there is to say.
      return ''
    }
  }
}
