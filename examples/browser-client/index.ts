// The page and the server that it joins, by one command.
//
//   npm run browser-client
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'
import { startServer } from '../node-server/server.js'

const [port = '7777'] = process.argv.slice(2)
const { url } = await startServer(Number(port))
const vite = await createServer({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)) })
await vite.listen()
const page = new URL(vite.resolvedUrls!.local[0]!)
page.searchParams.set('server', url)
console.log(`open ${page} in two windows; Ctrl+C ends it`)
