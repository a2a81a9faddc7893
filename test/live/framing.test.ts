// Framings against the engines: values and packets over a real TCP socket in both directions, files, base64, RPCs.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { Engine, EngineName } from '../../scripts/engines.js'
import { engineRows, type RunningEngine, spawnEngine } from '../../scripts/run-engine.js'
import { vectorProject } from '../../scripts/vectors.js'
import {
  base64ToVariant,
  decodeAndDecompressVariant,
  encodeAndCompressVariant,
  PacketPeerStream,
  putVar,
  VarReader,
  type VarResult,
  variantToBase64,
} from '../../src/variant/framing/index.js'
import {
  bytesToVar,
  bytesToVarWithObjects,
  type Variant,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { codeOf } from '../variant/code-of.js'
import { BASE64_FORMS } from '../variant/framing/base64-forms.js'
import { COMPRESSED_ROWS } from '../variant/framing/compressed-rows.js'
import { chunksOf, joined, randomValues } from '../variant/framing/streams.js'
import { fromHex, toHex } from '../variant/hex.js'
import { withoutNodePathPadding } from '../variant/node-path-padding.js'
import { Random } from '../variant/random.js'
import { readVectors } from '../variant/read-vectors.js'
import { describeWith } from './with-engine.js'

/** How many random values go each way at least. */
const COUNT = 500
const SEED = 8_086

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const ENGINES: readonly (readonly [EngineName, 3 | 4])[] = [
  ['godot4', 4],
  ['godot3', 3],
  ['godot36', 3],
]

/**
 * What Godot 3 reads and 4.6.3 refuses: a rest of less than four digits, which it drops where they fit a buffer of its own,
 * and characters above 255, of which it takes the lower byte.
 */
const LENIENT_IN_3: readonly string[] = [
  'AgAAAAUAAAA==',
  'BAAAAAMAAABhYmMA=',
  'BAAAAAMAAABhYmMA==',
  'BAAAAAMAAABhYmMAA',
  'AgAAAAUAAA\u0141=',
]

/**
 * Bytes that an engine changes when it reads and writes them. An Object by id, a flag and 8 bytes, becomes a wrapper with an
 * id of its own; Godot 3 writes the NodePath `/` and reads it as the empty one. Values that only look as if they held such
 * bytes are left out with them.
 */
const CHANGED = { 4: ['18000100'], 3: ['11000100', '0f000000000000800000000001000000'] } as const

/** Streams of whole frames, some of them bad. */
const FRAMES: readonly string[] = [
  '080000000200000005000000 0400000000000000 080000000200000006000000',
  // Bytes behind the value.
  '100000000200000005000000deadbeefdeadbeef 080000000200000006000000',
  // No value in it, or none that fits.
  '00000000 080000000200000006000000',
  '03000000020000 080000000200000006000000',
  '0400000002000000 080000000200000006000000',
  // Bad type, bad text, a count too large, an Object without permission.
  '040000003f000000 080000000200000006000000',
  '0c0000000400000002000000c0800000 080000000200000006000000',
  '080000001d000000ffffff7f 080000000200000006000000',
  '1000000018000000010000006100000000000000 080000000200000006000000',
]

function framingProject(name: EngineName): string {
  return fileURLToPath(new URL(`../../godot/framing/${name === 'godot4' ? 'godot4' : 'godot3'}`, import.meta.url))
}

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-'))
  ends.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function linesFile(lines: readonly string[]): string {
  const file = join(tempFolder(), 'lines.txt')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return file
}

/** The fields of an engine's answer to each line. */
async function answers(engine: Engine, script: string, lines: readonly string[], args: readonly string[] = []) {
  const all = [`--lines=${linesFile(lines)}`, ...args]
  const rows = await engineRows(engine, { project: framingProject(engine.name), script, args: all })
  expect(rows.map(([index]) => Number(index))).toEqual(lines.map((_, i) => i))
  return rows.map(([, answer = '']) => answer)
}

function sizeOf(r: Random): number {
  return r.oneIn(4) ? 1 + r.below(3) : 1 + r.below(1500)
}

/** What came, cut once more at random: the chunks of a socket on one machine are large. */
async function* recut(socket: Socket, r: Random): AsyncGenerator<Uint8Array> {
  for await (const chunk of socket) yield* chunksOf(chunk as Uint8Array, () => sizeOf(r))
}

/** Writes in chunks of random sizes, and lets some of them leave before the next. */
async function writeCut(socket: Socket, stream: Uint8Array, r: Random): Promise<void> {
  for (const chunk of chunksOf(stream, () => sizeOf(r))) {
    socket.write(chunk)
    if (r.oneIn(8)) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Compares row by row: two long lists that differ print pages. */
function expectSame(got: readonly (string | undefined)[], wanted: readonly (string | undefined)[]): void {
  expect(got.length).toBe(wanted.length)
  for (const [i, one] of got.entries()) expect(one, `row ${i}`).toBe(wanted[i])
}

function valueIn(result: VarResult): Variant {
  if (!result.ok) throw result.error
  return result.value
}

/** A server that one engine talks to. */
async function connected(engine: Engine, script: string, args: readonly string[]) {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1')
  ends.push(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const run = { project: framingProject(engine.name), script, args: [`--port=${port}`, ...args] }
  const godot = spawnEngine(engine, run)
  ends.push(() => godot.kill())
  const socket = await Promise.race([once(server, 'connection').then(([one]) => one as Socket), godot.exited])
  if (socket === null || typeof socket === 'number') throw godot.failure('ended before it connected')
  ends.push(() => socket.destroy())
  return { socket, godot }
}

async function finished(godot: RunningEngine): Promise<void> {
  expect(await godot.exited).toBe(0)
  expect(godot.lines.filter((line) => /^put |^no packet/.test(line))).toEqual([])
  expect(godot.lines.at(-1)).toBe('done')
}

describe.each(ENGINES)('%s', (name, version) => {
  /** Bytes of Godot 3 without the memory that it leaves in them. */
  const clean = (hex: string) => (version === 3 ? toHex(withoutNodePathPadding(fromHex(hex))) : hex)
  const decoded = (hex: string) => bytesToVar(fromHex(hex), { version, exact: true })
  const encoded = (value: Variant) => toHex(varToBytes(value, { version }))

  /** Those that an engine writes again as it read them: `CHANGED` by it are few, and the rest is COUNT. */
  const steady = (hexes: readonly string[]) =>
    hexes.filter((hex) => !CHANGED[version].some((part) => hex.includes(part))).slice(0, COUNT)

  /** Random values of ours, and of the engine's own, as hex. */
  const ours = steady(randomValues(SEED, 2 * COUNT, version).map((value) => toHex(varToBytes(value, { version }))))
  async function engineValues(engine: Engine): Promise<string[]> {
    const args = [`--seed=${SEED}`, `--count=${2 * COUNT}`]
    const rows = await engineRows(engine, { project: vectorProject(name), script: 'random.gd', args })
    const values = steady(rows.map(([, hex = '']) => clean(hex)))
    expect([values.length, ours.length]).toEqual([COUNT, COUNT])
    return values
  }

  describeWith(name, 'framing', (engine) => {
    it.each([false, true])('put_var and get_var over TCP, both ways (big_endian %s)', async (bigEndian) => {
      const r = new Random(SEED)
      const theirs = await engineValues(engine)
      const args = [`--lines=${linesFile(theirs)}`, `--count=${ours.length}`, `--big=${bigEndian ? 1 : 0}`]
      const { socket, godot } = await connected(engine, 'stream.gd', args)
      const sent = writeCut(socket, joined(ours.map((hex) => putVar(decoded(hex), { version, bigEndian }))), r)
      const expected = [...theirs, ...ours]
      let count = 0
      for await (const result of new VarReader({ version, bigEndian, exact: true }).vars(recut(socket, r))) {
        expect(encoded(valueIn(result)), `value ${count}`).toBe(expected[count])
        count++
      }
      await sent
      await finished(godot)
      expect(count).toBe(expected.length)
    })

    it('packets and values through PacketPeerStream over TCP, both ways', async () => {
      const r = new Random(SEED + 1)
      const theirs = (await engineValues(engine)).filter((hex) => hex.length / 2 <= 65_531)
      const returned = ours.filter((hex) => hex.length / 2 <= 65_531)
      // Every second one is a raw packet; the largest that each side can put stands in such a place.
      theirs.splice(101, 0, '5a'.repeat(65_532))
      returned.splice(101, 0, 'a5'.repeat(65_531))
      const args = [`--lines=${linesFile(theirs)}`, `--count=${returned.length}`]
      const { socket, godot } = await connected(engine, 'packets.gd', args)
      const peer = new PacketPeerStream({ version, exact: true })
      const pieces = returned.map((hex, i) => (i % 2 === 1 ? peer.putPacket(fromHex(hex)) : peer.putVar(decoded(hex))))
      const sent = writeCut(socket, joined(pieces), r)
      const expected = [...theirs, ...returned]
      let count = 0
      const take = () => {
        const turn = count < theirs.length ? count : count - theirs.length
        if (turn % 2 === 1) return peer.getPacket()
        const result = peer.getVar()
        return result && fromHex(encoded(valueIn(result)))
      }
      for await (const chunk of recut(socket, r)) {
        peer.push(chunk)
        for (let bytes = take(); bytes; bytes = take()) expect(toHex(bytes), `packet ${count}`).toBe(expected[count++])
      }
      peer.end()
      await sent
      await finished(godot)
      expect(count).toBe(expected.length)
    })

    it('packets at the limits of the usual buffers', async () => {
      const sizes = [0, 1, 65_530, 65_531, 65_532, 65_533]
      const args = [`--sizes=${sizes.join()}`]
      const rows = await engineRows(engine, { project: framingProject(name), script: 'packet_limits.gd', args })
      expect(rows.map((row) => row.join(' '))).toEqual([
        '0 0 0 1',
        '1 0 5 1',
        '65530 0 65534 1',
        '65531 0 65535 1',
        // Put, and never received.
        '65532 0 65536 0',
        '65533 31 0 0',
      ])
    })

    it('values in frames that are bad or longer than they: the engine goes on with the next frame, and so do we', async () => {
      const lines = FRAMES.map((hex) => hex.replaceAll(' ', ''))
      const engineAnswers = await answers(engine, 'frames.gd', lines)
      const ownAnswers = lines.map((hex) => {
        const reader = new VarReader({ version })
        reader.push(fromHex(hex))
        reader.end()
        return [...reader]
          .map((one) => `${one.ok ? encoded(one.value) : encoded(null)} at ${one.position + one.size}`)
          .join(', ')
      })
      expect(ownAnswers).toEqual(engineAnswers)
      expect(engineAnswers.every((answer) => answer.includes('0200000006000000 at'))).toBe(true)
    })

    it('behind a negative length the engine reads on, here the stream ends: nothing can be found any more', async () => {
      const line = 'ffffffff080000000200000006000000'
      expect(await answers(engine, 'frames.gd', [line])).toEqual(['00000000 at 4, 0200000006000000 at 16'])
      const reader = new VarReader({ version })
      reader.push(fromHex(line))
      expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'VARIANT_FRAME_BAD_LENGTH' }))
    })

    it.each([false, true])('files of store_var, read here and written here (big endian %s)', async (bigEndian) => {
      const theirs = await engineValues(engine)
      const folder = tempFolder()
      writeFileSync(join(folder, 'in'), joined(ours.map((hex) => putVar(decoded(hex), { version, bigEndian }))))
      const read = await storedAndRead(theirs, folder, bigEndian, false)
      expectSame(read.map(clean), ours)
      const reader = new VarReader({ version, bigEndian, exact: true })
      reader.push(readFileSync(join(folder, 'out')))
      reader.end()
      expectSame(
        [...reader].map((result) => encoded(valueIn(result))),
        theirs,
      )
    })

    it('files of store_var with full Objects, read here and written here', async () => {
      // Those with a script name a file of another project.
      const rows = readVectors(name, 'values').filter(
        ([row, source]) => row!.startsWith('full_') && !/thing/i.test(source!),
      )
      const objects = rows.map(([, , hex]) => hex!)
      expect(objects.length).toBeGreaterThan(5)
      const folder = tempFolder()
      const values = objects.map((hex) => bytesToVarWithObjects(fromHex(hex), { version, exact: true }))
      writeFileSync(join(folder, 'in'), joined(values.map((value) => putVar(value, { version, objects: true }))))
      expectSame(await storedAndRead(objects, folder, false, true), objects)
      const reader = new VarReader({ version, exact: true, objects: true })
      reader.push(readFileSync(join(folder, 'out')))
      reader.end()
      const got = [...reader].map((result) => toHex(varToBytesWithObjects(valueIn(result), { version })))
      expectSame(got, objects)
    })

    /** The engine writes the values of the lines to `out`, and says what it reads from `in`. */
    async function storedAndRead(lines: readonly string[], folder: string, bigEndian: boolean, objects: boolean) {
      const files = [`--lines=${linesFile(lines)}`, `--in=${join(folder, 'in')}`, `--out=${join(folder, 'out')}`]
      const args = [...files, `--big=${bigEndian ? 1 : 0}`, `--objects=${objects ? 1 : 0}`]
      const rows = await engineRows(engine, { project: framingProject(name), script: 'files.gd', args })
      return rows.map(([, hex = '']) => hex)
    }

    it('Marshalls.base64_to_variant reads what we write, and answers to each form as listed', async () => {
      const forms = BASE64_FORMS.map(([text]) => text)
      const own = ours.map((hex) => variantToBase64(decoded(hex), { version }))
      const got = await answers(
        engine,
        'base64.gd',
        [...forms, ...own].map((text) => JSON.stringify(text)),
      )
      const different = BASE64_FORMS.filter(([, wanted], i) => got[i] !== wanted)
      expect(different.map(([text]) => text)).toEqual(version === 4 ? [] : LENIENT_IN_3)
      // An encoded null looks like an error there.
      const read = got.slice(forms.length).map((hex) => (hex === 'error' ? '00000000' : clean(hex)))
      expectSame(read, ours)
    })

    it('characters beyond ASCII are spaces for Godot 4, bytes for Godot 3, and refused here', async () => {
      const texts = ['AgAAAAUAAAA=\u00e9', 'AgAAAAUAAAA\u013d']
      const five = '0200000005000000'
      const got = await answers(
        engine,
        'base64.gd',
        texts.map((text) => JSON.stringify(text)),
      )
      expect(got).toEqual(version === 4 ? [five, 'error'] : ['error', five])
      for (const text of texts) expect(() => base64ToVariant(text)).toThrow(/VARIANT_BAD_BASE64/)
    })

    it('Marshalls.variant_to_base64 writes what we write', async () => {
      const theirs = await engineValues(engine)
      const got = await answers(engine, 'base64.gd', theirs)
      for (const [i, text] of got.entries()) {
        const bytes = Buffer.from(text, 'base64')
        expect(clean(toHex(bytes)), `value ${i}`).toBe(theirs[i])
        // Where the engine left no memory of its own in a NodePath, the text is the same as well.
        if (toHex(bytes) === theirs[i]) expect(variantToBase64(decoded(theirs[i]!), { version })).toBe(text)
      }
    })
  })
})

/** A REMOTE_CALL to the node `Net`, which the receiver does not know by number: its path stands behind the arguments. */
function callPacket(method: number, args: readonly Uint8Array[]): Uint8Array {
  const body = joined([Uint8Array.of(method, args.length), ...args])
  const head = Buffer.alloc(5)
  head[0] = 0x20
  head.writeUInt32LE(0x80000000 + head.length + body.length, 1)
  return joined([head, body, Buffer.from('Net\0')])
}

const PAIR = 0
const TAKE = 1

describeWith('godot4', 'RPC arguments of SceneMultiplayer', (engine) => {
  const withoutIds = (values: readonly Variant[]) =>
    values.filter((value) => !toHex(varToBytes(value)).includes('18000100'))
  const random = withoutIds(randomValues(SEED + 2, 600) as Variant[])

  it('are written by the engine as in the committed rows, and by us', async () => {
    const got = await answers(
      engine,
      'rpc.gd',
      COMPRESSED_ROWS.map(([source]) => `text: ${source}`),
      ['--objects=0'],
    )
    expect(got).toEqual(COMPRESSED_ROWS.map(([, hex]) => toHex(callPacket(TAKE, [fromHex(hex)]))))
    for (const [, hex, value] of COMPRESSED_ROWS) expect(toHex(encodeAndCompressVariant(value as never))).toBe(hex)
  })

  it('of random values: the engine writes what we write, and we read it', async () => {
    // One PackedByteArray alone is sent without any header.
    const values = random.filter((value) => !(value instanceof Uint8Array))
    const got = await answers(
      engine,
      'rpc.gd',
      values.map((value) => `hex: ${toHex(varToBytes(value))}`),
      ['--objects=0'],
    )
    for (const [i, packet] of got.entries()) {
      expect(packet, `value ${i}`).toBe(toHex(callPacket(TAKE, [encodeAndCompressVariant(values[i]!)])))
      const { value, size } = decodeAndDecompressVariant(fromHex(packet), 7, { exact: true })
      expect(toHex(varToBytes(value))).toBe(toHex(varToBytes(values[i]!)))
      expect(7 + size).toBe(packet.length / 2 - 4)
    }
    expect(values.length).toBeGreaterThan(400)
  })

  it('that we write reach the method that is called', async () => {
    const pairs = random.map((value, i) => [value, random[(i * 7 + 1) % random.length]!] as const)
    const packets = [
      ...COMPRESSED_ROWS.map(([, hex]) => callPacket(TAKE, [fromHex(hex)])),
      ...pairs.map((pair) =>
        callPacket(
          PAIR,
          pair.map((value) => encodeAndCompressVariant(value)),
        ),
      ),
    ]
    const got = await answers(
      engine,
      'rpc.gd',
      packets.map((packet) => `packet: ${toHex(packet)}`),
      ['--objects=0'],
    )
    const wanted = [...COMPRESSED_ROWS.map(([, , value]) => [value as Variant]), ...pairs]
    expect(got).toEqual(wanted.map((values) => values.map((value) => toHex(varToBytes(value))).join(' ')))
  })

  it('with full Objects, where both sides allow them', async () => {
    const rows = readVectors('godot4', 'values').filter(
      ([row, source]) => row!.startsWith('full_') && !/thing/i.test(source!),
    )
    const objects = rows.map(([, , hex]) => hex!)
    const values = objects.map((hex) => bytesToVarWithObjects(fromHex(hex), { exact: true }))
    const packets = values.map((value) => callPacket(TAKE, [encodeAndCompressVariant(value, { objects: true })]))
    const lines = packets.map((packet) => `packet: ${toHex(packet)}`)
    expectSame(await answers(engine, 'rpc.gd', lines, ['--objects=1']), objects)
    const refused = lines.slice(1, 4)
    expect(await answers(engine, 'rpc.gd', refused, ['--objects=0'])).toEqual(refused.map(() => '00000000'))
  })

  it('that are broken become null in the engine, with all behind them; here they are errors', async () => {
    const broken = [
      '440000000000000000000000',
      '27000000',
      '3f000000',
      '40000000',
      'c300000000000000',
      '4205',
      '18000000',
    ]
    const args = broken.map((hex) => fromHex(hex))
    const lines = args.map((arg) => `packet: ${toHex(callPacket(PAIR, [arg, fromHex('0205')]))}`)
    const lone = args.map((arg) => `packet: ${toHex(callPacket(TAKE, [arg]))}`)
    expect(await answers(engine, 'rpc.gd', lone, ['--objects=0'])).toEqual(broken.map(() => '00000000'))
    const pairs = await answers(
      engine,
      'rpc.gd',
      lines.filter((_, i) => broken[i] !== '4205'),
      ['--objects=0'],
    )
    expect(pairs).toEqual(pairs.map(() => '00000000 00000000'))
    for (const arg of args) expect(() => decodeAndDecompressVariant(arg)).toThrow(/VARIANT_(BAD_TYPE|TRUNCATED|OBJECT)/)
  })

  it('an Object that was freed is written as no value at all, which neither side reads', async () => {
    expect(await answers(engine, 'rpc.gd', ['text: freed'], ['--objects=0'])).toEqual([
      toHex(callPacket(TAKE, [fromHex('18000000')])),
    ])
    let code = ''
    try {
      decodeAndDecompressVariant(fromHex('18000000'))
    } catch (error) {
      code = codeOf(error)
    }
    expect(code).toBe('VARIANT_OBJECT_NOT_ALLOWED')
  })
})
