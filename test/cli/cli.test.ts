// The command line from outside: what it prints, where, and how it ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changes } from '../../src/cli/compare.js'
import { ALL_COMMANDS } from '../../src/cli/node/commands.js'
import { COMPRESSION_FASTLZ, COMPRESSION_ZSTD, compress, ready } from '../../src/compression/index.js'
import { writeCapture } from '../../src/inspect/index.js'
import {
  bytesToVar,
  Dictionary,
  float,
  GodotObject,
  Image,
  putVar,
  TypedArray,
  type Variant,
  VariantType,
  Vector3,
  varToBytes,
  varToBytesWithObjects,
} from '../../src/variant/index.js'
import { toHex } from '../variant/hex.js'
import { makeProgram, type Program } from './program.js'

let program: Program
beforeAll(async () => {
  program = await makeProgram()
})
afterAll(() => program?.remove())

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Examples that serve until they are ended, which other tests run: relay.test.ts, live/inspector.test.ts; one is no command line. */
const STAYS = ['godot-wire inspect', 'godot-wire relay', 'RELAY_SECRET', 'openInspector']

const STATE = new Dictionary<string, unknown>([
  ['hp', 5],
  ['pos', new Vector3(1, 2, 3)],
])
const STATE_TEXT = '{\n"hp": 5,\n"pos": Vector3(1, 2, 3)\n}\n'
const state = (version: 4 | 3 | 2 = 4) => varToBytes(STATE, { version })

/** A module of shapes with a copy of the package of its own, which is not the program's. */
async function writeShapes(outfile: string): Promise<void> {
  const contents = `import { arrayOf, int, shape } from './src/variant/index.js'
    export const State = arrayOf(shape({ hp: int }))`
  await build({ stdin: { contents, resolveDir: ROOT }, outfile, bundle: true, format: 'esm', logLevel: 'silent' })
}

describe('decode', () => {
  it('reads hex in the forms of dumps, base64 in both alphabets, and raw bytes from a pipe', async () => {
    const hex = toHex(state())
    const spaced = hex.replace(/../g, '$& ')
    const base64 = Buffer.from(state()).toString('base64')
    for (const input of [
      hex,
      spaced,
      `0x${hex.toUpperCase()}`,
      hex.replace(/../g, '\\x$&'),
      base64,
      base64.replace(/=+$/, ''),
    ]) {
      expect((await program.run(['decode', input])).stdout, input).toBe(STATE_TEXT)
    }
    expect((await program.run(['decode'], hex)).stdout).toBe(STATE_TEXT)
    expect((await program.run(['decode', '-'], `${base64}\n`)).stdout).toBe(STATE_TEXT)
    const piped = await program.run(['decode'], state())
    expect([piped.stdout, piped.code]).toEqual([STATE_TEXT, 0])
    expect(piped.stderr).toContain(`# raw: ${state().length} bytes from standard input`)
  })

  it('reads files, with "@" and without', async () => {
    writeFileSync(join(program.folder, 'state.bin'), state())
    expect((await program.run(['decode', '@state.bin'])).stdout).toBe(STATE_TEXT)
    expect((await program.run(['decode', 'state.bin'])).stdout).toBe(STATE_TEXT)
  })

  it('opens what is compressed, and says so', async () => {
    await ready(COMPRESSION_ZSTD)
    const text = varToBytes('x'.repeat(500))
    for (const [name, bytes] of [
      ['gzip', gzipSync(text)],
      ['deflate', compress(text, 1)],
      ['zstd', compress(text, COMPRESSION_ZSTD)],
    ] as const) {
      const { stdout, stderr } = await program.run(['decode'], bytes)
      expect(stdout).toBe(`"${'x'.repeat(500)}"\n`)
      expect(stderr).toContain(`# ${name}: ${bytes.length} bytes hold ${text.length}`)
    }
    const fast = compress(text, COMPRESSION_FASTLZ)
    const opened = await program.run(['decode', '--compression', 'fastlz', '--size', String(text.length)], fast)
    expect(opened.stdout).toBe(`"${'x'.repeat(500)}"\n`)
  })

  it('opens no more than it is allowed', async () => {
    const bomb = gzipSync(new Uint8Array(1_000_000))
    const { code, stderr } = await program.run(['decode', '--limit', '50000'], bomb)
    expect([code, stderr.includes('[COMPRESSION_LIMIT]')]).toEqual([3, true])
    const large = await program.run(['decode', '--limit', '10'], state())
    expect([large.code, large.stderr.includes('[CLI_TOO_LARGE]')]).toEqual([3, true])
  })

  it('takes frames of put_var apart, in either byte order, and knows a value that looks like one', async () => {
    const frames = Buffer.concat([putVar(STATE), putVar('two'), putVar(3)])
    const { stdout, stderr } = await program.run(['decode'], frames)
    expect(stdout).toBe(`${STATE_TEXT}"two"\n3\n`)
    expect(stderr).toContain('# put_var: 3 values')
    const big = await program.run(['decode'], putVar(STATE, { bigEndian: true }))
    expect(big.stdout).toBe(STATE_TEXT)
    expect(big.stderr).toContain('# put_var with big_endian: 1 value')
    // An empty String is also the frame of a nil.
    expect((await program.run(['decode', '0400000000000000'])).stdout).toBe('""\n')
    expect((await program.run(['decode', '--framing', 'put_var', '0400000000000000'])).stdout).toBe('null\n')
    const cut = await program.run(['decode', '--framing', 'put_var'], frames.subarray(0, frames.length - 1))
    expect([cut.code, cut.stderr.includes('[VARIANT_FRAME_TRUNCATED]')]).toEqual([3, true])
  })

  it('tells the version where the bytes do, and says where they do not', async () => {
    const four = await program.run(['decode'], state(4))
    expect(four.stderr).toContain('# Godot 4: no other version reads these bytes')
    const three = await program.run(['decode'], varToBytes({ a: new Vector3(4, 5, 6) }, { version: 3 }))
    expect(three.stdout).toBe('{\n"a": Vector3( 4, 5, 6 )\n}\n')
    expect(three.stderr).toContain('# Godot 3: no other version reads these bytes')
    expect((await program.run(['decode', '0200000005000000'])).stderr).toContain('these types are the same in both')
    // Sixteen bytes behind type 9: a Vector3 and something else in Godot 4, a Plane in Godot 3.
    const plane = await program.run(['decode', `09000000${'0000803f'.repeat(4)}`])
    expect(plane.stderr).toContain('# Godot 3, and Godot 2 as well: these types are the same in both')
    // RID(1), or a PoolStringArray with an empty String.
    const both = await program.run(['decode', '170000000100000000000000'])
    expect(both.stderr).toContain('# Godot 4 is assumed: the bytes are a value of Godot 3 too (--godot 3)')
    const older = await program.run(['decode', '1900000000000000'])
    expect(older.stderr).toContain('# Godot 3 is assumed: the bytes are a value of Godot 2 too (--godot 2)')
    const behind = await program.run(['decode', '0200000005000000ffff'])
    expect(behind.stdout).toBe('5\n')
    expect(behind.stderr).toContain('# Godot 4 is assumed')
    expect(behind.stderr).toContain('# 2 bytes behind the value not read, as Godot does')
    const two = varToBytes([new Image(0, 0, 1, 1, new Uint8Array(4))], { version: 2 })
    expect((await program.run(['decode', '--godot', '2'], two)).stdout).toContain('Image(')
  })

  it('does as it is told about the version', async () => {
    const { stdout, stderr } = await program.run(
      ['decode', '--godot', '3'],
      varToBytes(new Int32Array([1]), { version: 3 }),
    )
    expect(stdout).toBe('PoolIntArray( 1 )\n')
    expect(stderr).not.toContain('Godot')
    const wrong = await program.run(['decode', '-g', '4'], varToBytes(new Map([[1, 2]]), { version: 3 }))
    expect(wrong.code).toBe(3)
  })

  it('prints JSON for --json, and nothing but errors for --quiet', async () => {
    const { stdout, stderr } = await program.run(['decode', '--json', '-q'], state())
    expect(JSON.parse(stdout)).toEqual({ hp: 5, pos: 'Vector3(1, 2, 3)' })
    expect(stderr).toBe('')
    const broken = await program.run(['decode', '--json', '-q', '1c00000001000000'])
    const { error } = JSON.parse(broken.stderr)
    expect([error.code, error.facts.offset, broken.code]).toEqual(['VARIANT_TRUNCATED', 8, 3])
  })

  it('reads full Objects when it is asked to, as names and values', async () => {
    const bytes = varToBytesWithObjects(new GodotObject('Node', new Dictionary([['script', null]])))
    const refused = await program.run(['decode'], bytes)
    expect([refused.code, refused.stderr.includes('[VARIANT_OBJECT_NOT_ALLOWED]')]).toEqual([3, true])
    expect((await program.run(['decode', '--objects'], bytes)).stdout).toBe('Object(Node,"script":null)\n')
  })

  it('annotates as JSON too', async () => {
    const { stdout } = await program.run(['decode', '--annotate', '--json', '-q', '0200000005000000'])
    expect(JSON.parse(stdout).children).toEqual([
      {
        start: 0,
        end: 8,
        label: 'value',
        text: '5',
        children: [
          { start: 0, end: 4, label: 'header', text: 'type 2 int' },
          { start: 4, end: 8, label: 'value', text: '5' },
        ],
      },
    ])
  })

  it('shortens long runs of bytes in the annotated form', async () => {
    const { stdout } = await program.run(['decode', '-a', '-q'], varToBytes(new Uint8Array(100)))
    expect(stdout).toContain('... 40 more bytes')
    expect(stdout.trimEnd().split('\n')).toHaveLength(12)
  })

  it('lets no packet write on the terminal', async () => {
    const evil = varToBytes('\x1b]0;owned\x07\x1b[2J')
    for (const form of [['decode'], ['decode', '--annotate'], ['decode', '--json']]) {
      const { bytes } = await program.run([...form, '-q'], evil)
      expect(bytes.includes(0x1b), form.join(' ')).toBe(false)
      expect(bytes.includes(0x07)).toBe(false)
    }
  })
})

describe('encode', () => {
  it('writes what varToBytes writes', async () => {
    expect((await program.run(['encode', '[1, 1.0]'])).stdout).toBe(`${toHex(varToBytes([1, float(1)]))}\n`)
    expect((await program.run(['encode', '--from', 'json', '{"a": [1, 2.5]}'])).stdout).toBe(
      `${toHex(varToBytes({ a: [1, 2.5] }))}\n`,
    )
    const framed = await program.run(['encode', '--frame', 'put_var_be', '--to', 'raw', '5'])
    expect(toHex(framed.bytes)).toBe('000000080200000005000000')
    expect((await program.run(['encode', '-g', '3', 'Vector3( 1, 2, 3 )'])).stdout.slice(0, 8)).toBe('07000000')
  })

  it('compresses, so that decode opens it again', async () => {
    for (const mode of ['gzip', 'deflate', 'zstd']) {
      const { bytes } = await program.run(['encode', '--compress', mode, '--to', 'raw', '"hello hello hello"'])
      expect((await program.run(['decode', '-q'], bytes)).stdout, mode).toBe('"hello hello hello"\n')
    }
  })

  it('takes a negative number behind "--"', async () => {
    expect(bytesToVar(Buffer.from((await program.run(['encode', '--', '-5'])).stdout.trim(), 'hex'))).toBe(-5)
  })

  it('says what is wrong with a text', async () => {
    const text = await program.run(['encode', '[1 2]'])
    expect([text.code, text.stdout]).toEqual([3, ''])
    expect(text.stderr).toContain('line 1, column 4')
    expect(text.stderr).toContain('docs/error-codes.md#variant_text_unexpected')
    const json = await program.run(['encode', '--from', 'json', '{'])
    expect([json.code, json.stderr.includes('[CLI_BAD_JSON]')]).toEqual([3, true])
    const bytes = await program.run(['encode'], new Uint8Array([0, 1, 2]))
    expect([bytes.code, bytes.stderr.includes('[CLI_NOT_BYTES]')]).toEqual([3, true])
  })
})

describe('diff', () => {
  const text = (value: Variant) => String(value)
  const compare = (a: unknown, b: unknown) => changes(a as Variant, b as Variant, text).map(({ path }) => path)

  it('ends with 0 for the same, 1 for others, 3 for what cannot be read', async () => {
    const [one, other] = [toHex(state()), toHex(varToBytes({ hp: 6 }))]
    expect(await program.run(['diff', '-q', one, one])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const { code, stdout } = await program.run(['diff', '-q', one, other])
    expect([code, stdout]).toEqual([1, '~ $.hp: 5 -> 6\n- $.pos: Vector3(1, 2, 3)\n'])
    expect((await program.run(['diff', '-q', one, '1c00000005000000'])).code).toBe(3)
    const json = await program.run(['diff', '-q', '--json', one, other])
    expect(JSON.parse(json.stdout)).toEqual([
      { path: '$.hp', from: 5, to: 6 },
      { path: '$.pos', from: 'Vector3(1, 2, 3)' },
    ])
  })

  it('takes one of the two from a pipe', async () => {
    expect(await program.run(['diff', '-q', '-', toHex(state())], state())).toMatchObject({ code: 0 })
    expect(await program.run(['diff', '-', '-'], state())).toMatchObject({ code: 2 })
    expect(await program.run(['diff', '00000000'])).toMatchObject({ code: 2 })
  })

  it('finds every place, and tells apart what is apart on the wire', () => {
    expect(compare([1, [2, 3]], [1, [2, 4, 5]])).toEqual(['$[1][1]', '$[1][2]'])
    expect(compare(1, float(1))).toEqual(['$'])
    expect(compare(float(-0), float(0))).toEqual(['$'])
    expect(compare(Number.NaN, Number.NaN)).toEqual([])
    expect(compare(new TypedArray(VariantType.INT, [1]), [1])).toEqual(['$'])
    expect(compare(new Dictionary(null, { keyType: VariantType.INT }), new Dictionary())).toEqual(['$'])
    expect(compare(new Dictionary([['a b', 1]]), new Dictionary([['a b', 2]]))).toEqual(['$[a b]'])
    const object = (hp: number) => new GodotObject('Node', new Dictionary([['hp', hp]]))
    expect(compare(object(1), object(2))).toEqual(['$.hp'])
  })
})

describe('bench', () => {
  it('measures all four ways of a payload', async () => {
    const { code, stdout } = await program.run(['bench', '--json', '-q', '--ms', '10'], state())
    const { bytes, gzipped, results } = JSON.parse(stdout)
    expect([code, bytes]).toEqual([0, state().length])
    expect(gzipped).toBeGreaterThan(20)
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['decode', 'encode', 'gzip', 'gunzip'])
    for (const { microseconds, perSecond } of results) expect(microseconds * perSecond).toBeGreaterThan(0)
  })

  it('draws no bar where nobody looks', async () => {
    expect((await program.run(['bench', '-q', '--ms', '10', '0200000005000000'])).stderr).toBe('')
  })
})

describe('the command line', () => {
  it('has help for everything', async () => {
    const all = await program.run(['--help'])
    expect((await program.run([])).stdout).toBe(all.stdout)
    for (const { name } of ALL_COMMANDS) {
      const one = await program.run([name, '--help'])
      expect([one.code, one.stderr]).toEqual([0, ''])
      expect(one.stdout).toContain(`Usage: godot-wire ${name}`)
      expect(one.stdout).toContain('Examples:')
      expect((await program.run(['help', name])).stdout).toBe(one.stdout)
      expect(all.stdout).toContain(`  ${name}`)
    }
  })

  it('has examples that run, for every command', async () => {
    writeFileSync(join(program.folder, 'packet.bin'), state())
    writeFileSync(join(program.folder, 'before.bin'), state())
    writeFileSync(join(program.folder, 'after.bin'), varToBytes({ hp: 6 }))
    writeFileSync(join(program.folder, 'save_game.dat'), putVar(STATE))
    writeFileSync(join(program.folder, 'packet.gz'), gzipSync(state(3)))
    writeFileSync(join(program.folder, 'state.txt'), '{ "hp": 5 }')
    writeFileSync(join(program.folder, 'game.pcapng'), writeCapture([]))
    await writeShapes(join(program.folder, 'src', 'shapes.js'))
    for (const { name, examples } of ALL_COMMANDS) {
      expect(examples.length, name).toBeGreaterThan(0)
      for (const [line] of examples) {
        if (STAYS.some((start) => line.startsWith(start))) continue
        const { code, stderr } = await program.shell(line.replace('bench', 'bench --ms 10'))
        expect([line, code, stderr]).toEqual([
          line,
          name === 'diff' ? 1 : 0,
          expect.not.stringContaining('godot-wire:'),
        ])
      }
    }
  })

  it('ends with 5 where another program listens already, and with 2 for a value that is out of bounds', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await program.run(['relay', '--insecure', '--port', String(port)])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('[RELAY_LISTEN_FAILED]'),
    })
    server.close()
    expect(await program.run(['relay', '--insecure', '--max-peers', '0'])).toMatchObject({ code: 2 })
  })

  it.each([
    [['nonsense'], 'There is no command "nonsense"'],
    [['decode', '--nonsense'], "Unknown option '--nonsense'"],
    [['decode', '--godot'], "Option '-g, --godot <value>' argument missing"],
    [['decode', '--godot', '5', '00'], '--godot is "5"; it must be 4, 3, 2'],
    [['decode', '--limit', '-1', '00'], 'is ambiguous'],
    [['decode', '--limit', 'x', '00'], '--limit is "x", not a whole number'],
    [['decode', '00', '00'], 'decode takes 1 input, not 2'],
    [['help', 'nonsense'], 'There is no command "nonsense"'],
    [['__proto__'], 'There is no command "__proto__"'],
  ])('ends with 2 for %j, and says why', async (args, problem) => {
    const { code, stdout, stderr } = await program.run(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(problem)
    expect(stderr).toContain('--help')
  })

  it('ends with 4 for a file that is not there', async () => {
    expect(await program.run(['decode', '@nothing.bin'])).toMatchObject({ code: 4, stdout: '' })
    mkdirSync(join(program.folder, 'a-folder'), { recursive: true })
    const folder = await program.run(['decode', '@a-folder'])
    expect([folder.code, folder.stderr.includes('it is a folder')]).toEqual([4, true])
  })

  it('ends with 3 for what is neither hex nor base64', async () => {
    const { code, stderr } = await program.run(['decode', 'not bytes!'])
    expect([code, stderr.includes('[CLI_NOT_BYTES]')]).toEqual([3, true])
    expect(await program.run(['decode', '--input', 'hex', 'AgAAAAUAAAA='])).toMatchObject({ code: 3 })
    expect(await program.run(['decode'], '')).toMatchObject({ code: 3 })
  })

  it('colours for terminals, or when told to, and never against NO_COLOR', async () => {
    const args = ['decode', '-a', '-q', '0200000005000000']
    const sequence = '\x1b['
    expect((await program.run(args)).stdout).not.toContain(sequence)
    const forced = await program.run(args, '', { FORCE_COLOR: '1' })
    expect(forced.stdout).toContain(sequence)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    expect(forced.stdout.replace(/\x1b\[\d+m/g, '')).toBe((await program.run(args)).stdout)
    expect((await program.run(args, '', { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(sequence)
  })

  it('is not upset by a reader that leaves', async () => {
    writeFileSync(join(program.folder, 'long.bin'), varToBytes(Array.from({ length: 200_000 }, (_, i) => i)))
    const { stdout, stderr, code } = await program.shell('godot-wire decode -q -a @long.bin | head -n 1')
    expect(stdout).toBe(`00000000${' '.repeat(27)}value: Array of 200000\n`)
    expect([stderr, code]).toEqual(['', 0])
    const status = await program.shell('{ godot-wire decode -q -a @long.bin; echo "code $?" >&2; } | head -n 1')
    expect(status.stderr).toBe('code 0\n')
  })

  it('writes much to a slow reader to the end', async () => {
    const child = spawn(join(program.folder, 'bin/godot-wire'), ['decode', '-q', '@long.bin'], { cwd: program.folder })
    let length = 0
    for await (const chunk of child.stdout) {
      length += (chunk as Buffer).length
      if (length < 200_000) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const items = Array.from({ length: 200_000 }, (_, i) => String(i).length + 2)
    expect(length).toBe(items.reduce((sum, one) => sum + one, 0) + 1)
  })
})
