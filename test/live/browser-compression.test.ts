// All five modes in a real browser: the exact bytes that Node makes, and the packages that `ready` loads.
import { createRequire } from 'node:module'
import { brotliCompressSync } from 'node:zlib'
import { expect } from 'vitest'
import {
  COMPRESSION_BROTLI,
  COMPRESSION_DEFLATE,
  COMPRESSION_FASTLZ,
  COMPRESSION_GZIP,
  COMPRESSION_ZSTD,
  compress,
  decompress,
} from '../../src/compression/index.js'
import { sample } from '../compression/samples.js'
import type { CompressionCalls } from './browser-compression-page.js'
import { itInBrowser, withPage } from './in-browser.js'

const BROTLI_WASM = createRequire(import.meta.url).resolve('brotli-dec-wasm/web/bg.wasm')

itInBrowser('Chromium compresses and opens every mode as Node does', async (executablePath) => {
  const plain = sample('players', 3, 20, 4)
  const bytes = [...plain]
  const { result, problems } = await withPage(
    executablePath,
    'browser-compression-page.ts',
    async (page) => {
      const call = <K extends keyof CompressionCalls>(name: K, ...args: Parameters<CompressionCalls[K]>) =>
        page.evaluate(
          ([f, given]) => (globalThis as unknown as Record<string, (...a: unknown[]) => unknown>)[f]!(...given),
          [name as string, args as unknown[]] as const,
        ) as Promise<Awaited<ReturnType<CompressionCalls[K]>>>
      const before = await call('notReady', bytes)
      await call('loadAll')
      const exact = []
      for (const mode of [COMPRESSION_FASTLZ, COMPRESSION_DEFLATE, COMPRESSION_GZIP] as const) {
        const packed = await call('packed', bytes, mode)
        const opened = await call('opened', packed, bytes.length, mode)
        exact.push({ mode, packed: Uint8Array.from(packed), opened: Uint8Array.from(opened) })
      }
      const zstd = Uint8Array.from(await call('packed', bytes, COMPRESSION_ZSTD))
      const zstdOpened = await call('opened', [...zstd], bytes.length, COMPRESSION_ZSTD)
      const brotli = [...brotliCompressSync(plain)]
      const brotliOpened = await call('opened', brotli, bytes.length, COMPRESSION_BROTLI)
      const brotliDynamic = await call('openedDynamic', brotli, -1, COMPRESSION_BROTLI)
      const gzipDynamic = await call('openedDynamic', [...exact[2]!.packed], -1, COMPRESSION_GZIP)
      return { before, exact, zstd, all: [zstdOpened, brotliOpened, brotliDynamic, gzipDynamic] }
    },
    [BROTLI_WASM],
  )
  expect(problems).toEqual([])
  expect(result.before).toEqual(['COMPRESSION_NOT_READY', 'COMPRESSION_NOT_READY'])
  for (const { mode, packed, opened } of result.exact) {
    expect(packed, `mode ${mode}`).toEqual(compress(plain, mode))
    expect(opened, `mode ${mode}`).toEqual(plain)
  }
  expect(decompress(result.zstd, plain.length, COMPRESSION_ZSTD)).toEqual(plain)
  for (const opened of result.all) expect(Uint8Array.from(opened)).toEqual(plain)
})
