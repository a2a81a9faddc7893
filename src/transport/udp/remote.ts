import type { ConnectionId } from './connection-id.js'
import { header, TYPE, writeClose } from './datagrams.js'
import type { Place, Sent, UdpSocket } from './node-half.js'

/** The other end, and the socket that reaches it. */
export interface Remote extends Place {
  readonly socket: UdpSocket
  /** Whether the socket was made for this one alone, and ends with it. */
  readonly owned: boolean
}

/** Whoever datagrams find by the connection id that they carry: a dial, a knock or a link. */
export interface Endpoint {
  readonly id: ConnectionId
  readonly remote: Remote
  /** From the right place, with the right id, and of one of the types that carry one. */
  datagram(type: number, bytes: Uint8Array): void
}

/** How often an end is told: such datagrams get lost too. */
const CLOSES = 3

export function sendTo(remote: Remote, datagram: Uint8Array, sent: Sent): void {
  remote.socket.send([datagram], remote, sent)
}

/** Tells the other end that the link whose datagrams carry `id` is over. */
export function sendClose(remote: Remote, id: ConnectionId, reason: string, sent: Sent): void {
  const datagram = writeClose(id, reason)
  for (let i = 0; i < CLOSES; i++) sendTo(remote, datagram, sent)
}

/** "What you sent carries an id that I do not know": as long as the shortest datagram that it answers. */
export function sendGone(remote: Remote, id: ConnectionId, sent: Sent): void {
  sendTo(remote, header(TYPE.GONE, id), sent)
}

export function samePlace(a: Remote, b: Remote): boolean {
  return a.socket === b.socket && a.port === b.port && a.address === b.address
}
