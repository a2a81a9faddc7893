/** What a row of values.txt is in TypeScript. */
export type RowValue = unknown

class Back {
  constructor(
    readonly written: unknown,
    readonly read: unknown,
  ) {}
}

/** A value that does not come back as it was written, in the engine either. */
export function back(written: unknown, read: unknown): Back {
  return new Back(written, read)
}

export function writtenValue(row: RowValue): unknown {
  return row instanceof Back ? row.written : row
}

export function readValue(row: RowValue): unknown {
  return row instanceof Back ? row.read : row
}

/** The number that a float32 component holds. */
export const f32 = Math.fround

/** The float with these 64 bits, as GDScript's own helper in values.gd reads it. */
export function f64(hex: string): number {
  return Buffer.from(hex, 'hex').readDoubleLE()
}

/** Doubles by their bits, in hex as they stand on the wire. */
export function f64s(...hexes: string[]): Float64Array {
  const bytes = new Uint8Array(Buffer.from(hexes.join(''), 'hex'))
  return new Float64Array(bytes.buffer)
}
