/**
 * The digits that Godot 4 prints for a float: Grisu2 (Florian Loitsch, "Printing Floating-Point Numbers Quickly and
 * Accurately with Integers", 2010), with the powers of ten of the engine's thirdparty/grisu2. In about one of a thousand
 * doubles it is not the shortest text that reads back, and then it differs from JavaScript's own.
 */

/** A number `f * 2^e` whose `f` has 64 bits. */
interface Wide {
  readonly f: bigint
  readonly e: number
}

/** What of a number is printed: `0.digits * 10^point`. */
export interface Digits {
  readonly digits: string
  readonly point: number
}

const MASK = 0xffffffffffffffffn
const HALF = 0x8000000000000000n

/** How the bits of a float are laid out: its fraction, the bias of its exponent with the fraction counted in. */
interface Layout {
  readonly fraction: bigint
  readonly bias: number
}

const DOUBLE: Layout = { fraction: 52n, bias: 1075 }
const SINGLE: Layout = { fraction: 23n, bias: 150 }

const scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/** A finite positive number, and half the way to its neighbours, all with the exponent of the upper one. */
function boundaries(value: number, single: boolean): { v: Wide; lower: Wide; upper: Wide } {
  const { fraction, bias } = single ? SINGLE : DOUBLE
  const bits = bitsOf(value, single)
  const exponent = Number(bits >> fraction)
  const low = bits & ((1n << fraction) - 1n)
  const f = exponent === 0 ? low : low + (1n << fraction)
  const e = (exponent === 0 ? 1 : exponent) - bias
  const upper = normalized({ f: 2n * f + 1n, e: e - 1 })
  // Below a power of two the neighbours lie closer together.
  const [lowerF, lowerE] = low === 0n && exponent > 1 ? [4n * f - 1n, e - 2] : [2n * f - 1n, e - 1]
  const lower = { f: lowerF << BigInt(lowerE - upper.e), e: upper.e }
  return { v: normalized({ f, e }), lower, upper }
}

function bitsOf(value: number, single: boolean): bigint {
  if (single) {
    scratch.setFloat32(0, value)
    return BigInt(scratch.getUint32(0))
  }
  scratch.setFloat64(0, value)
  return scratch.getBigUint64(0)
}

function normalized({ f, e }: Wide): Wide {
  const shift = 64 - f.toString(2).length
  return { f: f << BigInt(shift), e: e - shift }
}

const FIRST_POWER = -300
const POWER_STEP = 8

const powers = new Map<number, Wide>()

/** Ten to a power in 64 bits, rounded to the nearest. */
function power(k: number): Wide {
  const known = powers.get(k)
  if (known) return known
  // Far more bits than are kept, so that they round as the exact number would.
  const exact = k < 0 ? (1n << 2200n) / 10n ** BigInt(-k) : (10n ** BigInt(k)) << 200n
  const shift = exact.toString(2).length - 64
  const f = (exact + (1n << BigInt(shift - 1))) >> BigInt(shift)
  const made = { f, e: shift - (k < 0 ? 2200 : 200) }
  powers.set(k, made)
  return made
}

/** The power of ten that brings a number with this exponent to between 2^-60 and 2^-32 times 64 bits. */
function powerFor(e: number): { k: number; c: Wide } {
  const f = -60 - e - 1
  const least = Math.trunc((f * 78913) / 2 ** 18) + (f > 0 ? 1 : 0)
  const k = FIRST_POWER + POWER_STEP * Math.trunc((-FIRST_POWER + least + (POWER_STEP - 1)) / POWER_STEP)
  return { k, c: power(k) }
}

function times(a: Wide, b: Wide): Wide {
  return { f: ((a.f * b.f + HALF) >> 64n) & MASK, e: a.e + b.e + 64 }
}

/** The digits of a finite number above zero; with `single` as of a float32, which the number must be. */
export function grisu2(value: number, single: boolean): Digits {
  const { v, lower, upper } = boundaries(value, single)
  const { k, c } = powerFor(upper.e)
  const w = times(v, c)
  const high = times(upper, c).f - 1n
  const low = times(lower, c).f + 1n
  const { digits, exponent } = generate(high, high - low, high - w.f, BigInt(-w.e))
  return { digits, point: digits.length + exponent - k }
}

/**
 * Digits of `high` until what is left lies within `delta`, then back towards the number, which lies `dist` below.
 *
 * @param shift how many bits of the numbers stand behind the point
 */
function generate(high: bigint, width: bigint, distance: bigint, shift: bigint) {
  const one = 1n << shift
  const whole = (high >> shift).toString()
  let rest = high & (one - 1n)
  let [delta, dist] = [width, distance]
  for (let n = 1; n <= whole.length; n++) {
    const left = whole.length - n
    const unit = 10n ** BigInt(left)
    const below = (((high >> shift) % unit) << shift) + rest
    if (below <= delta) {
      return { digits: nudged(whole.slice(0, n), dist, delta, below, unit << shift), exponent: left }
    }
  }
  let digits = whole === '0' ? '' : whole
  let exponent = 0
  do {
    rest *= 10n
    digits += (rest >> shift).toString()
    rest &= one - 1n
    exponent--
    delta *= 10n
    dist *= 10n
  } while (rest > delta)
  return { digits: nudged(digits, dist, delta, rest, one), exponent }
}

/** Lowers the last digit while that brings the text closer to the number. */
function nudged(digits: string, dist: bigint, delta: bigint, from: bigint, unit: bigint): string {
  let rest = from
  let last = Number(digits.at(-1))
  while (rest < dist && delta - rest >= unit && (rest + unit < dist || dist - rest > rest + unit - dist)) {
    last--
    rest += unit
  }
  return digits.slice(0, -1) + last
}
