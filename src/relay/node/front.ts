import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { relayError } from '../errors.js'
import type { RelaySettings } from './options.js'

/** What a relay answers to plain HTTP requests. */
export interface FrontDesk {
  readonly isDraining: boolean
  metrics(): Promise<{ type: string; text: string }>
  identity(): Promise<object | undefined>
}

/** The relay's own http or https server, listening. */
export async function openFront(settings: RelaySettings, desk: FrontDesk): Promise<Server> {
  const { tls, host, port, helloTimeoutMs } = settings
  const handler = (request: IncomingMessage, response: ServerResponse) => {
    // Nothing of what a stranger asks may end the process.
    answer(request, response, desk).catch(() => response.writeHead(500).end())
  }
  const timeouts = { headersTimeout: helloTimeoutMs, requestTimeout: helloTimeoutMs }
  const server = tls ? createTlsServer({ ...timeouts, ...tls }, handler) : createServer(timeouts, handler)
  countAddresses(server, settings.maxPerAddress)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  } catch (cause) {
    const reason = (cause as Error).message
    throw relayError('RELAY_LISTEN_FAILED', { address: `${host}:${port}`, reason }, cause)
  }
  server.on('error', () => {})
  return server
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** A connection more than one address may have is destroyed before anything is read of it. */
function countAddresses(server: Server, most: number): void {
  const counts = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    const count = (counts.get(address) ?? 0) + 1
    if (count > most) return socket.destroy()
    counts.set(address, count)
    socket.once('close', () => {
      const left = counts.get(address)! - 1
      if (left === 0) counts.delete(address)
      else counts.set(address, left)
    })
  })
}

async function answer(request: IncomingMessage, response: ServerResponse, desk: FrontDesk): Promise<void> {
  const [path] = (request.url ?? '/').split('?')
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end()
  if (path === '/healthz') {
    const text = desk.isDraining ? 'draining\n' : 'ok\n'
    return void response.writeHead(desk.isDraining ? 503 : 200, { 'content-type': 'text/plain' }).end(text)
  }
  if (path === '/metrics') {
    const { type, text } = await desk.metrics()
    return void response.writeHead(200, { 'content-type': type }).end(text)
  }
  const identity = path === '/identity' ? await desk.identity() : undefined
  if (identity === undefined) return void response.writeHead(426, { upgrade: 'websocket' }).end('WebSocket only\n')
  const headers = {
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
  }
  response.writeHead(200, headers).end(JSON.stringify(identity))
}
