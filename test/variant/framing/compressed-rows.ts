// What SceneMultiplayer of Godot 4.6.3 writes for an RPC argument: the source in GDScript, the bytes, the value here.
// test/live/framing.test.ts captures each of them again, and sends ours to an engine.
import { float, varToBytes } from '../../../src/variant/index.js'
import { toHex } from '../hex.js'

export type CompressedRow = readonly [source: string, hex: string, value: unknown]

/** A type that is written as anywhere else. */
const plain = (source: string, value: never): CompressedRow => [source, toHex(varToBytes(value)), value]

export const COMPRESSED_ROWS: readonly CompressedRow[] = [
  ['false', '01', false],
  ['true', '81', true],
  ['0', '0200', 0],
  ['5', '0205', 5],
  ['-1', '02ff', -1],
  ['127', '027f', 127],
  ['-128', '0280', -128],
  ['128', '428000', 128],
  ['-129', '427fff', -129],
  ['255', '42ff00', 255],
  ['300', '422c01', 300],
  ['32767', '42ff7f', 32_767],
  ['-32768', '420080', -32_768],
  ['32768', '8200800000', 32_768],
  ['-32769', '82ff7fffff', -32_769],
  ['70000', '8270110100', 70_000],
  ['2147483647', '82ffffff7f', 2_147_483_647],
  ['-2147483648', '8200000080', -2_147_483_648],
  ['2147483648', 'c20000008000000000', 2_147_483_648],
  ['-2147483649', 'c2ffffff7fffffffff', -2_147_483_649],
  ['5000000000', 'c200f2052a01000000', 5_000_000_000],
  ['9007199254740991', 'c2ffffffffffff1f00', Number.MAX_SAFE_INTEGER],
  ['9007199254740992', 'c20000000000002000', 2n ** 53n],
  ['9223372036854775807', 'c2ffffffffffffff7f', 2n ** 63n - 1n],
  ['-9223372036854775807 - 1', 'c20000000000000080', -(2n ** 63n)],
  ['null', '00000000', null],
  ['1.0', '030000000000803f', float(1)],
  ['0.1', '030001009a9999999999b93f', 0.1],
  ['"hi"', '040000000200000068690000', 'hi'],
  plain('[1, true, 300]', [1, true, 300] as never),
  plain('{ "a": 1 }', { a: 1 } as never),
  plain('PackedInt32Array([1])', Int32Array.of(1) as never),
]
