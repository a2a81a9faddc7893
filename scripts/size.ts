// What a browser loads, part by part, minified and compressed with BROTLI:
//
//   npm run size                    the codec alone, and all that the door "." has
//
// A part is weighed by leaving it out: what is left is smaller by so much. What it shares with others is counted nowhere.
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build, transform } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What is looked at: the names that are imported, and by which part a file is counted. */
interface Import {
  readonly title: string
  readonly names: string
  readonly from: string
  readonly parts: Readonly<Record<string, RegExp>>
  /** Those that are left out together at the end. */
  readonly without: readonly string[]
}

const CODEC: Import = {
  title: 'varToBytes and bytesToVar',
  names: '{ varToBytes, bytesToVar }',
  from: './src/variant/index.ts',
  parts: {
    'what typed containers make of other types': /types\/(convert|rotation)/,
    'values as text, as JSON and in the console': /values\/(text|json|inspect|open)/,
    'caches of keys and texts': /key-(book|tree)|text-cache|known-text/,
    'keys that are compared by value': /values\/key\./,
    'messages of errors, and where they happened': /errors|fault|path/,
    'types that only Godot 2 has': /godot2/,
    options: /options/,
    'vectors, transforms and packed arrays': /(types|values)\/(math|packed|typed-array)/,
    'the other value classes': /values\//,
    'the cursors, and UTF-8': /bytes\//,
    'encoder, decoder and the other types': /variant\//,
  },
  without: [
    'what typed containers make of other types',
    'values as text, as JSON and in the console',
    'caches of keys and texts',
    'keys that are compared by value',
    'messages of errors, and where they happened',
    'types that only Godot 2 has',
    'options',
  ],
}

const DOOR: Import = {
  title: 'all of "."',
  names: '*',
  from: './src/index.ts',
  parts: {
    'shapes and fields': /variant\/shape\//,
    'values as Godot’s text': /variant\/str\//,
    'frames, streams of values, base64': /variant\/framing\//,
    'bytes with notes': /variant\/annotate\//,
    codec: /variant\//,
    'links that lose: repair and pacing': /channel\/lossy\//,
    'sessions and channels': /channel\//,
    'P2P and Messenger': /p2p\//,
    'opening ZSTD': /compression\/zstd\//,
    'Deflate and GZIP, both ways': /compression\/(deflate|inflate|checksums|scratch)/,
    'FastLZ, and the doors to the other modes': /compression\//,
    'bytes, errors and clock': /./,
  },
  without: ['shapes and fields', 'values as Godot’s text', 'frames, streams of values, base64', 'bytes with notes'],
}

/** The files of a bundle with their minified text, as the bundler put them behind each other. */
async function filesOf({ names, from }: Import): Promise<[file: string, text: string][]> {
  const { outputFiles } = await build({
    stdin: { contents: `export ${names} from '${from}'`, resolveDir: ROOT },
    bundle: true,
    // Lines stay apart, and with them the comments that name the files.
    minifyIdentifiers: true,
    minifySyntax: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['@hpcc-js/wasm-zstd', 'brotli-dec-wasm/web'],
  })
  const [, ...pieces] = outputFiles[0]!.text.replace(/^export \{[^}]*\};?$/m, '').split(/^\/\/ (src\/.*)$/m)
  const files: [string, string][] = []
  for (let i = 0; i < pieces.length; i += 2) {
    files.push([pieces[i]!, (await transform(pieces[i + 1]!, { minifyWhitespace: true })).code])
  }
  return files
}

const compressed = (texts: readonly string[]) => brotliCompressSync(texts.join('')).length

async function weigh(what: Import): Promise<void> {
  const files = await filesOf(what)
  const partOf = (file: string) => Object.keys(what.parts).find((part) => what.parts[part]!.test(file))!
  const without = (parts: readonly string[]) =>
    compressed(files.filter(([file]) => !parts.includes(partOf(file))).map(([, text]) => text))
  const all = without([])
  console.log(`| ${what.title} | bytes |\n|---|---|\n| all | ${all} |`)
  const rows = Object.keys(what.parts).map((part) => [part, all - without([part])] as const)
  for (const [part, bytes] of rows.sort((a, b) => b[1] - a[1])) console.log(`| ${part} | ${bytes} |`)
  console.log(`| all but ${what.without.join('; ')} | ${without(what.without)} |\n`)
}

for (const what of [CODEC, DOOR]) await weigh(what)
