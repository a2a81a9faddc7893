// Run by fuzz-memory.test.ts in a process of its own, with --expose-gc: decodes inputs that are made to cost much, and
// prints for each how many bytes it has, what it became, and how much memory the value holds.
import { bytesToVarWithObjects } from '../../src/variant/index.js'
import { codeOf } from './code-of.js'
import { fromHex } from './hex.js'

/** How large the large ones are: what takes a time that grows with the square would take minutes. */
const SIZE = 512 * 1024

export interface Cost {
  readonly name: string
  readonly bytes: number
  /** `VALUE` or a code. */
  readonly answer: string
  /** What the heap and the buffers beside it grew by while the value is held. */
  readonly held: number
}

/** `head`, the count of as many items as make the size, and the items. */
function many(head: string, item: string, entries = 1): Uint8Array {
  const bytes = fromHex(item)
  const count = Math.floor(SIZE / bytes.length)
  const start = fromHex(head)
  const whole = new Uint8Array(start.length + 4 + count * bytes.length)
  whole.set(start)
  new DataView(whole.buffer).setUint32(start.length, count * entries, true)
  for (let i = 0; i < count; i++) whole.set(bytes, start.length + 4 + i * bytes.length)
  return whole
}

/** A Dictionary whose keys differ: ints that count up. */
function manyKeys(head: string): Uint8Array {
  const whole = many(head, '02000000 00000000 00000000')
  const view = new DataView(whole.buffer)
  for (let i = 0, at = fromHex(head).length + 8; at + 4 <= whole.length; i++, at += 12) view.setUint32(at, i, true)
  return whole
}

/** Values that lie as deep in each other as is allowed, side by side. */
const DEEP = `${'1c00000001000000 '.repeat(1000)}00000000`
const DEEP_KEYS = `${'1b00000001000000 '.repeat(1000)}${'00000000 '.repeat(1001)}`

const LARGE: Readonly<Record<string, Uint8Array>> = {
  nils: many('1c000000', '00000000'),
  'empty Arrays': many('1c000000', '1c000000 00000000'),
  'typed Arrays': many('1c000000', '1c000100 02000000 00000000'),
  'Arrays of a class': many('1c000000', '1c000200 04000000 4e6f6465 00000000'),
  'empty Dictionaries': many('1c000000', '1b000000 00000000'),
  'Dictionaries of one': many('1c000000', '1b000000 01000000 00000000 00000000'),
  'int keys': manyKeys('1b000000'),
  'int keys that become floats': manyKeys('1b000100 03000000'),
  'deep Arrays': many('1c000000', DEEP),
  'deep keys': many('1c000000', DEEP_KEYS),
  floats: many('1c000000', '03000000 0000803f'),
  'wide ints': many('1c000000', '02000100 ffffffffffffff7f'),
  'empty Strings': many('1c000000', '04000000 00000000'),
  'empty NodePaths': many('1c000000', '16000000 00000080 00000000 00000000'),
  'names of a NodePath': fromHex(`16000000 ${'0000'}0280 00000000 00000000 ${'00000000 '.repeat(0x20000)}`),
  'Object ids': many('1c000000', '18000100 0100000000000080'),
  'empty PackedByteArrays': many('1c000000', '1d000000 00000000'),
  'empty PackedVector4Arrays': many('1c000000', '26000000 00000000'),
  'empty PackedStringArrays': many('1c000000', '22000000 00000000'),
  'empty texts of one PackedStringArray': many('22000000', '00000000'),
  Vector2s: many('1c000000', '05000000 0000803f 0000803f'),
  'Projections of Transform3Ds': many('1c000100 13000000', `12000000 ${'0000803f '.repeat(12)}`),
  'PackedColorArrays of nils': many('1c000100 25000000', `1c000000 10000000 ${'00000000 '.repeat(16)}`),
  'Arrays of bytes': many('1c000100 1c000000', `1d000000 10000000 ${'ff'.repeat(16)}`),
  'NodePaths of texts': many('1c000100 16000000', '04000000 08000000 612f622f632f643a'),
}

const COUNT = 'ffffff7f'

/** Small inputs that promise very much, some of them inside containers that promise very much. */
const PROMISES: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  [
    `1c000000 ${COUNT}`,
    `1b000000 ${COUNT}`,
    `1c000100 02000000 ${COUNT}`,
    `22000000 ${COUNT}`,
    `26000100 ${COUNT}`,
    `1d000000 ${COUNT}`,
    `04000000 ${COUNT}`,
    `16000000 ffffffff ${COUNT} 00000000`,
    `18000000 01000000 61000000 ${COUNT}`,
    `${'1c000000 01000000 '.repeat(512)}1c000000 ${COUNT}`,
    // Each count is one that the rest of the bytes could just hold.
    Array.from({ length: 500 }, (_, i) => `1c000000 ${countHex((500 - i) * 2 - 2)}`).join(' '),
    Array.from({ length: 500 }, (_, i) => `1b000000 ${countHex(500 - i - 1)}`).join(' '),
  ].map((hex, i) => [`promise ${i}`, fromHex(`${hex} ${'00'.repeat(64)}`)]),
)

function countHex(count: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(count)
  return bytes.toString('hex')
}

function used(): number {
  // The flag of the process is what makes this global.
  ;(globalThis as unknown as { gc: () => void }).gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function costOf(name: string, bytes: Uint8Array): Cost {
  const before = used()
  const read = valueOrCode(bytes)
  const held = used() - before
  return { name, bytes: bytes.length, answer: typeof read === 'string' ? read : 'VALUE', held }
}

/** In a box: a value may be a text, as a code is. With Objects allowed there is more to be promised. */
function valueOrCode(bytes: Uint8Array): [unknown] | string {
  try {
    return [bytesToVarWithObjects(bytes, { exact: true })]
  } catch (error) {
    return codeOf(error)
  }
}

const costs = Object.entries({ ...LARGE, ...PROMISES }).map(([name, bytes]) => costOf(name, bytes))
process.stdout.write(JSON.stringify(costs))
