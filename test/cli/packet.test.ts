// How often a packet is decoded to know whose it is: once for each version that is tried, and never again for its value.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { valueIn } from '../../src/cli/attempt.js'
import type { Given, World } from '../../src/cli/command.js'
import { packetOf } from '../../src/cli/packet.js'
import {
  Dictionary,
  GodotObject,
  putVar,
  VariantDecoder,
  Vector3,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'

const world: World = {
  readStdin: async () => new Uint8Array(),
  readFile: async () => undefined,
  print: () => {},
  printBytes: () => {},
  note: () => {},
  progress: () => {},
  now: () => 0,
  colours: false,
}

async function read(bytes: Uint8Array, given: Given = {}) {
  const decode = vi.spyOn(VariantDecoder.prototype, 'safeDecode')
  const packet = await packetOf({ bytes, typed: false, from: 'here' }, { input: 'raw', ...given }, world)
  const texts = packet.values.map((value) => {
    try {
      return String(valueIn(value))
    } catch (error) {
      return (error as { code: string }).code
    }
  })
  return { texts, version: packet.version, times: decode.mock.calls.length }
}

afterEach(() => vi.restoreAllMocks())

describe('a packet', () => {
  const state = varToBytes({ at: new Vector3(1, 2, 3) })
  const object = varToBytesWithObjects(new GodotObject('Node', new Dictionary()))

  it.each([
    ['of a version that is given', state, { godot: '4' }, 1, 4, ['{ "at": Vector3(1, 2, 3) }']],
    ['of a version that is told from it', state, {}, 3, 4, ['{ "at": Vector3(1, 2, 3) }']],
    ['in which all versions are alike', varToBytes(5), {}, 3, 4, ['5']],
    [
      'with an Object that may be read',
      object,
      { godot: '4', objects: true },
      1,
      4,
      [String(new GodotObject('Node', new Dictionary()))],
    ],
    // Once to refuse it, once to see that it is one.
    ['with an Object that may not', object, { godot: '4' }, 2, 4, ['VARIANT_OBJECT_NOT_ALLOWED']],
    [
      'in two frames',
      Buffer.concat([putVar(state), putVar(state)]),
      { godot: '4', framing: 'put_var' },
      2,
      4,
      expect.any(Array),
    ],
    ['that is broken', state.subarray(0, 20), { godot: '4', framing: 'none' }, 1, 4, ['VARIANT_TRUNCATED']],
  ] as const)('%s', async (_, bytes, given, times, version, texts) => {
    expect(await read(bytes, given)).toEqual({ texts, version, times })
  })
})
