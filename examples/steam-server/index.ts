// A server for GodotSteam games: `npx tsx examples/steam-server/index.ts --app 480`. See README.md beside it.
// In a project of your own the imports are 'godot-wire', 'godot-wire/steam' and 'godot-wire/transport/websocket'.
import { parseArgs } from 'node:util'
import { isGodotWireError, P2P } from '../../src/index.js'
import { openSteam, openSteamGameServer, type SteamBackend } from '../../src/steam/node/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { serve } from './server.js'

const { values } = parseArgs({
  options: {
    app: { type: 'string', default: '480' },
    library: { type: 'string' },
    'game-server': { type: 'boolean', default: false },
    token: { type: 'string' },
    websocket: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    id: { type: 'string', default: '76561198000000001' },
    godot: { type: 'string', default: '4' },
  },
})

function openBackend(): Promise<SteamBackend> {
  const steam = { appId: Number(values.app), ...(values.library && { library: values.library }) }
  if (!values['game-server']) return openSteam(steam)
  return openSteamGameServer({ ...steam, ...(values.token && { token: values.token }) })
}

async function overWebSocket(port: number): Promise<P2P> {
  const steamId = BigInt(values.id)
  const transport = new WebSocketTransport({ steamId })
  const { url } = await transport.listen({ port, host: values.host })
  console.log(`listening at ${url}`)
  return new P2P({ steamId, transport })
}

try {
  // The one place where it is decided what carries the packets.
  const backend = values.websocket === undefined ? await openBackend() : undefined
  const p2p = backend ? new P2P({ backend }) : await overWebSocket(Number(values.websocket))

  const server = serve(p2p, { log: console.log, version: values.godot === '3' ? 3 : 4 })
  backend?.on('steam_shutdown', () => server.close())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close())
  console.log(`players reach this server as ${p2p.steamId}`)
} catch (error) {
  if (!isGodotWireError(error)) throw error
  console.error(error.message)
  process.exitCode = 1
}
