import { isGodotWireError } from '../../errors.js'

export function check(isTrue: boolean, otherwise: string): asserts isTrue {
  if (!isTrue) throw new Error(otherwise)
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  check(Object.is(actual, expected), `${what} is ${String(actual)}, not ${String(expected)}`)
}

export function throwsCode(code: string, what: string, call: () => unknown): void {
  let error: unknown
  try {
    call()
  } catch (caught) {
    error = caught
  }
  check(error !== undefined, `${what} did not throw; it must throw ${code}`)
  check(isGodotWireError(error, code), `${what} threw ${String(error)}; it must throw ${code}`)
}

/** A frame that tells what it should be: its number, then bytes that follow from number and place. */
export function numbered(number: number, size: number): Uint8Array {
  const frame = new Uint8Array(size)
  for (let i = 0; i < size; i++) frame[i] = i < 4 ? (number >>> (8 * i)) & 0xff : (number * 31 + i * 7) & 0xff
  return frame
}

/** The number of a frame of at least four bytes. */
export function numberOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset).getUint32(0, true)
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i])
}

/** That each frame is what `expected` says, in that order; fewer may have come. */
export function isPrefix(frames: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  check(frames.length <= expected.length, `${frames.length} frames arrived of ${expected.length} that were sent`)
  frames.forEach((frame, i) => {
    const want = expected[i]!
    const both = `${frame.byteLength} bytes arrived, ${want.byteLength} were sent`
    check(sameBytes(frame, want), `Frame ${i} is not the one that was sent as number ${i}: ${both}`)
  })
}

/** That each frame is one of `expected`, whole. */
export function areAmong(frames: readonly Uint8Array[], expected: readonly Uint8Array[]): void {
  frames.forEach((frame, i) => {
    const known = expected.some((want) => sameBytes(frame, want))
    check(known, `Frame ${i} of ${frame.byteLength} bytes is none of those that were sent`)
  })
}
