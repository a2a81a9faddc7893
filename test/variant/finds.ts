// What fuzzing found. `npm run fuzz` prints a find as a row that can be pasted here; finds.test.ts tries each again.
import type { EngineName } from '../../scripts/engines.js'
import type { GodotVersion } from '../../src/variant/dialect.js'
import type { Reason } from './fuzz-differences.js'

/** Bytes to which an engine and we gave two answers. */
export interface Disagreement {
  readonly engine: EngineName
  readonly hex: string
  /** What the engine wrote for what it read, or `error`. */
  readonly theirs: string
  /** Why it may be so; left out where the two agree now. */
  readonly reason?: Reason
}

/** Bytes that broke a rule which holds for all bytes, or a value that did not make the round trip: its bytes. */
export interface Fault {
  readonly version: GodotVersion
  readonly objects: boolean
  readonly hex: string
  /** What decoding says now: a code, or `VALUE`. */
  readonly answer: string
}

/** Newest last. The comment says what was wrong. */
export const DISAGREEMENTS: readonly Disagreement[] = [
  // 3.6 keeps a surrogate that stands alone, but writes a space for it; 3.2.3 and we write it as it came.
  {
    engine: 'godot36',
    hex: '040000000a00000061edbfbf626262626262626262626262626262626262ed626262626262626262626262626262e26262626262',
    theirs: '04000000080000006120626262626262',
    reason: 'a lone surrogate',
  },
  // A NodePath whose subnames are empty texts had a ":" as a String.
  {
    engine: 'godot4',
    hex: '1c0001000400000001000000160000000100008000000000ffffffff01000000140000000000000000000000000000000000803f61000000',
    theirs: '1c000100040000000100000004000000020000002f140000',
  },
  // A Basis whose axes differ in length by more than CMP_EPSILON is no rotation, and becomes the identity.
  {
    engine: 'godot4',
    hex: '1c0001000f00000001000000110000000000803f0000000000000000000000000000803f0000000000000000000000000002803f',
    theirs: '1c0001000f000000010000000f0000000000000000000000000000000000803f',
  },
  {
    engine: 'godot4',
    hex: '1c0001000f00000001000000110000000000803fffff000000000000000000000000803f0000000000000000000000004c00803f',
    theirs: '1c0001000f000000010000000f0000000000000000000000000000000000803f',
  },
  // A signalling NaN in a Transform3D that becomes a Transform2D: the engine copies its bits, here it becomes a quiet one.
  {
    engine: 'godot4',
    hex: '1c0001000b0000000100000012000000 0100807f*11 0000c0ff',
    theirs: '1c0001000b000000010000000b0000000100807f0100807f0100807f0100807f0100807f0100807f',
    reason: 'the bits of a NaN that was converted',
  },
]

/** Newest last. The comment says what was wrong. */
export const FAULTS: readonly Fault[] = []
