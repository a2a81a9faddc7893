import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo, Socket as TcpSocket } from 'node:net'
import type { WebSocketServer } from 'ws'
import { transportError } from '../../errors.js'
import type { Door, ExistingServer, Listener, ListenOptions } from '../node-half.js'
import { WsSocket } from './socket.js'

type Upgrade = (request: IncomingMessage, socket: TcpSocket, head: Buffer) => void

/** How often Node looks for connections that do not finish their request. */
const MAX_CHECK_INTERVAL_MS = 30_000

/** Opens a port, or joins a server that has one, and leads what arrives there to the door. */
export async function listenOn(
  wss: WebSocketServer,
  options: ListenOptions & { port: number; host: string },
  door: Door,
): Promise<Listener> {
  if (options.server !== undefined) return join(wss, options.server, options, door)
  const server = await openServer(options.port, options.host, door)
  server.on('upgrade', upgrader(wss, door, options.path, () => false) as Upgrade & (() => void))
  return { ...placeOf(server, options), close: () => closeServer(server) }
}

async function openServer(port: number, host: string, door: Door): Promise<Server> {
  // Through a promise with a handler of its own, bundlers for browsers leave the import alone.
  const { createServer } = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:http').catch(rethrow)
  const timeout = door.helloTimeoutMs
  const limits = { headersTimeout: timeout, requestTimeout: timeout, connectionsCheckingInterval: check(timeout) }
  const server = createServer(limits, (_request, response) => response.writeHead(426).end('WebSocket only'))
  server.maxConnections = door.maxConnections
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  } catch (cause) {
    const reason = (cause as Error).message
    throw transportError('TRANSPORT_LISTEN_FAILED', { address: `${host}:${port}`, reason }, cause)
  }
  // Such as too many open files: the next connection may succeed, and the links that are up must go on.
  server.on('error', () => {})
  return server
}

function check(timeoutMs: number): number {
  return Math.min(timeoutMs, MAX_CHECK_INTERVAL_MS)
}

function rethrow(error: unknown): never {
  throw error
}

function join(wss: WebSocketServer, server: ExistingServer, options: ListenOptions & { host: string }, door: Door) {
  const address = server.address()
  if (typeof address !== 'object' || address === null) {
    const reason = address === null ? 'it does not listen yet' : 'it has no TCP port'
    throw transportError('TRANSPORT_LISTEN_FAILED', { address: 'a given server', reason })
  }
  // With company, a path that is not ours may be somebody else's.
  const upgrade = upgrader(wss, door, options.path, () => server.listenerCount('upgrade') > 1)
  server.on('upgrade', upgrade as never)
  return { ...placeOf(server, options), close: () => void server.off('upgrade', upgrade as never) }
}

function placeOf(server: ExistingServer, options: { host: string; path?: string }): { port: number; url: string } {
  const { port } = server.address() as AddressInfo
  const protocol = 'setSecureContext' in server ? 'wss' : 'ws'
  return { port, url: `${protocol}://${reachable(options.host)}:${port}${options.path ?? ''}` }
}

/** "Every interface" is a place to listen at, not to dial. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

/** Sockets that became WebSockets are the links' to close; these are the ones that never did. */
function closeServer(server: Server): void {
  server.close()
  server.closeAllConnections()
}

function upgrader(wss: WebSocketServer, door: Door, path: string | undefined, isShared: () => boolean): Upgrade {
  return (request, socket, head) => {
    if (path !== undefined && pathOf(request) !== path) {
      if (!isShared()) turnAway(socket, '404 Not Found')
    } else if (!door.admit()) turnAway(socket, '503 Service Unavailable')
    else wss.handleUpgrade(request, socket, head, (ws) => welcome(ws, request))
  }

  function welcome(ws: ConstructorParameters<typeof WsSocket>[0], request: IncomingMessage): void {
    const { headers, url = '/', socket } = request
    const claim = { ip: socket.remoteAddress ?? '', url, headers }
    door.welcome(claim, (owner) => new WsSocket(ws, owner, socket))
  }
}

function pathOf(request: IncomingMessage): string {
  const [path = '/'] = (request.url ?? '/').split('?')
  return path
}

function turnAway(socket: TcpSocket, status: string): void {
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
