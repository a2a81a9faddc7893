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
  /** A frame went in this task. */
  #isBursting = false
  /** Those that followed it wait for the end of the task. */
  #isCorked = false
  /** Negative while nobody waits for the buffer to empty. */
  #threshold = -1
  #problem = ''
  readonly #sent = (): void => this.#relieve()
  readonly #burstEnds = (): void => {
    this.#isBursting = false
    if (!this.#isCorked) return
    this.#isCorked = false
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
    ws.on('message', (data, isBinary) => this.owner.message(isBinary ? ownBytes(data as Buffer) : undefined))
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

  /**
   * The first frame of a task leaves at once. Those that follow leave in one system call when it is done: ten times as many
   * small ones a second.
   */
  send(message: Uint8Array): void {
    if (!this.#isBursting) {
      this.#isBursting = true
      soon(this.#burstEnds)
    } else this.#cork()
    this.#ws.send(message, this.#sent)
  }

  #cork(): void {
    if (this.#isCorked || this.#tcp === undefined) return
    this.#isCorked = true
    this.#tcp.cork()
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

/**
 * What ws hands out is a view of what arrived from the network together, or of Node's shared pool: a copy, so that a small
 * message does not keep all of that alive. One that is most of that memory, as it came alone, may have it.
 */
function ownBytes({ buffer, byteOffset, length }: Buffer): Uint8Array {
  const view = new Uint8Array(buffer, byteOffset, length)
  return buffer.byteLength <= 2 * length ? view : new Uint8Array(view)
}
