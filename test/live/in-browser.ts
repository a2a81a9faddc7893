// A page in a real Chromium, with a profile of its own: each test brings the script that runs in it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import { BROWSER_ARGS, findBrowser } from '../../scripts/browser.js'
import { itUnless, lack } from './needs.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** `it`, in a browser: fails where CI has none, and says that it is skipped elsewhere. */
export function itInBrowser(name: string, run: (executablePath: string) => Promise<void>, timeoutMs = 120_000): void {
  const executablePath = findBrowser()
  const missing = executablePath === undefined ? lack('Chromium', 'chromium') : undefined
  itUnless(missing, name, () => run(executablePath!), timeoutMs)
}

interface Served {
  readonly path: string
  readonly type: string
  readonly body: string | Uint8Array
}

/** The script as a bundler for browsers makes it: what is imported on demand is a file of its own. */
async function bundled(script: string): Promise<Served[]> {
  const { outputFiles } = await build({
    entryPoints: { page: resolve(HERE, script) },
    outdir: '/',
    bundle: true,
    splitting: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    external: ['ws', 'node-datachannel', 'node-datachannel/polyfill'],
  })
  return outputFiles.map(({ path, text }) => ({ path, type: 'text/javascript', body: text }))
}

async function serve(files: readonly Served[]) {
  const html = '<!doctype html><title>godot-wire</title><script type="module" src="/page.js"></script>'
  const known = new Map(files.map((file) => [file.path, file]))
  const server = createServer(({ url = '/' }, response) => {
    const { type, body } = known.get(url) ?? { type: 'text/html', body: html }
    response.setHeader('content-type', type).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

/**
 * Opens a page with that script, of this folder or by its whole path, and hands it to `use`. `assets` are files that lie beside the script.
 *
 * @returns what `use` returned, and the errors that nobody caught in the page
 */
export async function withPage<T>(
  executablePath: string,
  script: string,
  use: (page: Page) => Promise<T>,
  assets: readonly string[] = [],
): Promise<{ result: T; problems: string[] }> {
  const profile = mkdtempSync(join(tmpdir(), 'godot-wire-profile-'))
  const extra = assets.map((file) => {
    return { path: `/${basename(file)}`, type: 'application/wasm', body: readFileSync(file) }
  })
  const site = await serve([...(await bundled(script)), ...extra])
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: BROWSER_ARGS,
    headless: true,
  })
  try {
    const page = await browser.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    await page.goto(site.url)
    return { result: await use(page), problems }
  } finally {
    await browser.close()
    site.close()
    rmSync(profile, { recursive: true, force: true })
  }
}
