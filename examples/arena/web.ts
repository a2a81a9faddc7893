// Serves the spectator's page, bundled for browsers when the server starts.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** A page that watches the arena at `arenaUrl`. */
export async function startWeb(arenaUrl: string, port = 0) {
  const { outputFiles } = await build({
    entryPoints: { page: here('spectator.ts') },
    outdir: '/',
    bundle: true,
    splitting: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    external: ['ws', 'node:*'],
  })
  const scripts = new Map(outputFiles.map(({ path, text }) => [path, text]))
  const html = readFileSync(here('page.html'), 'utf8').replace('SERVER_URL', arenaUrl)
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url)
    response.setHeader('content-type', script === undefined ? 'text/html; charset=utf-8' : 'text/javascript')
    response.end(script ?? html)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}
