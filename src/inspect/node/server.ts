import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { inspectError } from '../errors.js'
import { Guard, placeOf } from './guard.js'
import type { Hub } from './hub.js'
import { docsFile } from './page.js'

/** A page says nothing; a program elsewhere sends batches. */
const LARGEST_BATCH = 8 << 20
/** Sockets at a time: pages that somebody has open, and programs. */
const MOST_SOCKETS = 100

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const

/** Serves the page and its feed on 127.0.0.1, and nowhere else. */
export class InspectorServer {
  readonly #http: Server
  readonly #guard: Guard
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_BATCH,
    perMessageDeflate: false,
  })

  constructor(
    readonly page: Buffer,
    token: string,
    readonly hub: Hub,
  ) {
    this.#guard = new Guard(token)
    this.#http = createServer((request, response) => this.#answer(request, response))
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** @throws (rejects) `INSPECT_LISTEN_FAILED` */
  async listen(port: number): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        this.#http.once('error', reject).listen(port, '127.0.0.1', resolve)
      })
    } catch (cause) {
      const reason = (cause as Error).message
      throw inspectError('INSPECT_LISTEN_FAILED', { address: `127.0.0.1:${port}`, reason }, cause)
    }
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/?token=${this.#guard.token}`
  }

  async close(): Promise<void> {
    this.hub.close()
    for (const socket of this.#sockets.clients) socket.terminate()
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve())
      this.#http.closeAllConnections()
    })
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const pathname = placeOf(request)?.pathname
    const end = (status: number, type: string, body: string | Buffer) =>
      void response.writeHead(status, { ...HEADERS, 'content-type': type }).end(request.method === 'HEAD' ? '' : body)
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(405, 'text/plain', 'GET only\n')
    const refusal = this.#guard.refusal(request, this.port)
    // What everybody may read anyway needs no token: a link cannot carry it.
    if (pathname === '/docs/error-codes.md' && (refusal === undefined || refusal === 'token')) {
      const docs = docsFile()
      return docs ? end(200, 'text/plain; charset=utf-8', docs) : end(404, 'text/plain', 'no documentation here\n')
    }
    if (refusal !== undefined) return end(403, 'text/plain', `refused: ${refusal}\n`)
    if (pathname === '/') return end(200, 'text/html; charset=utf-8', this.page)
    return end(404, 'text/plain', 'not found\n')
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const pathname = placeOf(request)?.pathname
    const refusal = this.#guard.refusal(request, this.port)
    if (refusal !== undefined) return refuse(socket, 403)
    if (pathname !== '/feed' && pathname !== '/source') return refuse(socket, 404)
    if (this.#sockets.clients.size >= MOST_SOCKETS) return refuse(socket, 503)
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // Whatever breaks closes; the close is what counts.
      webSocket.on('error', () => {})
      if (pathname === '/feed') this.hub.addPage(webSocket)
      else this.hub.addRemote(webSocket)
    })
  }
}

function refuse(socket: Duplex, status: number): void {
  socket.on('error', () => {})
  socket.end(`HTTP/1.1 ${status} refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
