// What a browser loads for an import, minified and compressed with BROTLI: a program pays for what it names.
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** Of the package itself: its `sideEffects` are what lets a bundler leave code out. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Packages that a program brings only where it wants what they do; the library loads them by name. */
const OPTIONAL = ['ws', '@hpcc-js/wasm-zstd', 'brotli-dec-wasm', 'brotli-dec-wasm/web']

interface Budget {
  readonly door: string
  /** What is imported; all of it where there are no names. */
  readonly names?: string
  /** Bytes, minified and compressed. */
  readonly most: number
}

const BUDGETS: readonly Budget[] = [
  { door: 'variant', names: 'varToBytes, bytesToVar', most: 20_000 },
  { door: 'index', most: 85_000 },
]

async function sizeOf({ door, names }: Budget): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export ${names === undefined ? '*' : `{ ${names} }`} from './dist/${door}.js'`,
      resolveDir: ROOT,
    },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    external: OPTIONAL,
  })
  return brotliCompressSync(outputFiles[0]!.contents).length
}

describe('an import costs a browser', () => {
  it.each(BUDGETS)('$door, $names: at most $most bytes', async (budget) => {
    const size = await sizeOf(budget)
    expect(size).toBeLessThanOrEqual(budget.most)
    // A budget that is far away holds nothing.
    expect(size).toBeGreaterThan(budget.most * 0.8)
  })
})
