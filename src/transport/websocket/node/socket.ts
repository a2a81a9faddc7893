import type { Socket as TcpSocket } from 'node:net'
import type { WebSocket } from 'ws'
import { soon } from '../../../clock.js'
import { ipv4Number } from '../../address.js'
import type { LinkAddress } from '../../transport.js'
import { closeReason } from '../close-codes.js'
import type { Socket, SocketOwner } from '../socket.js'

/** How long the other end may take to agree to the end, in milliseconds, before its socket is destroyed. */
export const CLOSE_TIMEOUT_MS = 1000

/** A socket of the package `ws`. */
export class WsSocket implements Socket {
  owner: SocketOwner
  readonly #ws: WebSocket
  #tcp: TcpSocket | undefined
  #corked = false
  /** Negative while nobody waits for the buffer to empty. */
  #threshold = -1
  #problem = ''
  readonly #sent = (): void => this.#relieve()
  readonly #uncork = (): void => {
    this.#corked = false
    this.#tcp?.uncork()
  }

  /** `tcp` where the socket is open already; else it is learned when it opens. */
  constructor(ws: WebSocket, owner: SocketOwner, tcp?: TcpSocket) {
    this.#ws = ws
    this.#tcp = tcp
    this.owner = owner
    ws.on('upgrade', (response) => {
      this.#tcp = response.socket
    })
    ws.on('open', () => this.owner.opened())
    // A copy: what ws hands out is a view of what arrived from the network, or of Node's shared pool.
    ws.on('message', (data, isBinary) => this.owner.message(isBinary ? new Uint8Array(data as Buffer) : undefined))
    ws.on('error', (error) => this.#failed(error))
    ws.on('close', (code, reason) => this.owner.closed(code, reason.length > 0 ? reason.toString() : this.#problem))
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount
  }

  get address(): LinkAddress | undefined {
    const { remoteAddress, remotePort } = this.#tcp ?? {}
    if (remoteAddress === undefined || remotePort === undefined) return undefined
    return { ip: ipv4Number(remoteAddress), port: remotePort }
  }

  /** All frames of one turn of the event loop leave in one system call: ten times as many small ones a second. */
  send(message: Uint8Array): void {
    if (!this.#corked && this.#tcp !== undefined) {
      this.#corked = true
      this.#tcp.cork()
      soon(this.#uncork)
    }
    this.#ws.send(message, this.#sent)
  }

  close(code: number, reason: string): void {
    this.#threshold = -1
    this.#ws.close(code, closeReason(reason))
  }

  whenBelow(bytes: number): void {
    this.#threshold = bytes
  }

  #relieve(): void {
    if (this.#threshold < 0 || this.#ws.bufferedAmount > this.#threshold) return
    this.#threshold = -1
    this.owner.relieved()
  }

  /** Before the socket is open this is a failed connection, and `closed` follows at once. */
  #failed(error: Error): void {
    this.#problem = error.message
    if (this.#tcp !== undefined) this.owner.failed(error.message)
  }
}
