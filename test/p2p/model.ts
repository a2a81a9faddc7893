// What must hold between peers whatever befalls them, as a small model: it knows which packets were taken and which losses
// somebody asked for or was told of, and nothing of frames, sequence numbers or timers.
import { P2P_SEND_UNRELIABLE, P2P_SEND_UNRELIABLE_NO_DELAY, type P2PSend } from '../../src/p2p/index.js'

export const LIMITS = { unreliable: 1200, reliable: 1_048_576 } as const

/** A packet that was taken. */
export interface Sent {
  readonly number: number
  readonly channel: number
  readonly size: number
  /** Whether it travels in the reliable stream. */
  readonly stream: boolean
  /** The moment, in events, and in milliseconds. */
  readonly at: number
  readonly atMs: number
  read: number
}

/** Something after which packets may be missing: who asked for it, and how far it can reach. */
interface Loss {
  readonly at: number
  /** The sender's drops what had not arrived, so the end of the stream; the receiver's what had, so the beginning. */
  readonly by: 'sender' | 'receiver'
  /** Where only one channel was closed. */
  readonly channel: number | undefined
  /** Packets that were read afterwards show how far it did not reach. */
  edge: number
}

/** Bytes too short to say which packet they are. */
export const TINY = 8

function fail(text: string): never {
  throw new Error(text)
}

/** Packets from one peer to another. */
export class Flow {
  readonly sent: Sent[] = []
  readonly #byNumber = new Map<number, Sent>()
  readonly #losses: Loss[] = []
  /** The highest number read from the stream, by channel, in the receiver's present life. */
  #lastRead = new Map<number, number>()
  /** Whether the receiver wants to hear the sender, and when that ended last. */
  wanted = false
  #wantedUntil = -1
  /** Bytes taken since the sender last dropped what it had; its queue holds no more than these. */
  takenBytes = 0
  takenCost = 0

  constructor(readonly name: string) {}

  took(packet: Sent): void {
    this.sent.push(packet)
    this.#byNumber.set(packet.number, packet)
    this.takenBytes += packet.size
    this.takenCost += packet.size + 256
  }

  /** The session ended by itself: what was received stays readable. */
  ended(at: number): void {
    if (!this.wanted) return
    this.wanted = false
    this.#wantedUntil = at
  }

  /** The receiver ended it: nothing is readable before it accepts again. */
  closed(at: number): void {
    this.wanted = false
    this.#wantedUntil = -1
    this.droppedByReceiver(at)
  }

  /** The sender dropped what waits: it closed, failed, or its life ended. */
  droppedBySender(at: number): void {
    this.#losses.push({ at, by: 'sender', channel: undefined, edge: -1 })
    this.takenBytes = 0
    this.takenCost = 0
  }

  /** The receiver dropped what it had not read. */
  droppedByReceiver(at: number, channel?: number): void {
    this.#losses.push({ at, by: 'receiver', channel, edge: Number.POSITIVE_INFINITY })
  }

  /** The receiver's program started again and knows nothing: what was not acknowledged comes once more. */
  receiverReborn(at: number): void {
    this.closed(at)
    this.#lastRead = new Map()
    for (const packet of this.sent) packet.read = 0
  }

  /** A packet of this flow was read on `channel`, whole or as far as `size` says. */
  read(number: number, channel: number): Sent {
    const packet = this.#byNumber.get(number) ?? fail(`${this.name}: packet ${number} was read and never sent`)
    if (packet.channel !== channel) fail(`${this.name}: ${number}, sent on ${packet.channel}, was read on ${channel}`)
    this.#mayBeRead(packet)
    if (packet.stream) this.#inOrder(packet)
    packet.read++
    return packet
  }

  /** A packet that is too short to say which it is: the first that it can be. */
  readTiny(size: number, channel: number, isIt: (number: number) => boolean): Sent {
    const last = this.#lastRead.get(channel) ?? -1
    const packet = this.sent.find(
      (each) =>
        each.size === size &&
        each.channel === channel &&
        isIt(each.number) &&
        (each.stream ? each.number > last && each.read === 0 : each.read < 2),
    )
    if (packet === undefined) fail(`${this.name}: ${size} bytes on ${channel} came twice, late, or were never sent`)
    this.#mayBeRead(packet)
    if (packet.stream) this.#lastRead.set(channel, packet.number)
    packet.read++
    return packet
  }

  #mayBeRead({ number, at }: Sent): void {
    if (!this.wanted && this.#wantedUntil < at) fail(`${this.name}: ${number} was readable before it was accepted`)
  }

  #inOrder(packet: Sent): void {
    const { number, channel } = packet
    const last = this.#lastRead.get(channel) ?? -1
    if (number === last) fail(`${this.name}: ${number} came twice on ${channel}`)
    if (number < last) fail(`${this.name}: ${number} came after ${last} on ${channel}`)
    this.#lastRead.set(channel, number)
    for (const loss of this.#losses) if (loss.at > packet.at) narrow(loss, packet)
  }

  /** The first packet of the stream that is neither read nor lost by anybody's doing. */
  missing(): Sent | undefined {
    return this.sent.find((packet) => this.#isMissing(packet))
  }

  #isMissing(packet: Sent): boolean {
    if (!packet.stream || packet.read > 0) return false
    // Which of several equal ones it was that came cannot be said.
    if (packet.size < TINY && this.#losses.length > 0) return false
    return !this.#losses.some((loss) => loss.at > packet.at && reaches(loss, packet))
  }
}

function narrow(loss: Loss, { number, channel }: Sent): void {
  if (loss.by === 'sender') loss.edge = Math.max(loss.edge, number)
  else if (loss.channel === undefined || loss.channel === channel) loss.edge = Math.min(loss.edge, number)
}

function reaches({ by, channel, edge }: Loss, packet: Sent): boolean {
  if (channel !== undefined && channel !== packet.channel) return false
  return by === 'sender' ? packet.number > edge : packet.number < edge
}

/** What `sendP2PPacket` must have answered. */
export interface SendCase {
  readonly flow: Flow
  readonly type: P2PSend
  readonly size: number
  readonly taken: boolean
  readonly sendBufferSize: number
  /** `bytes_queued_for_send` before. */
  readonly queuedBefore: number
  readonly self: boolean
}

export function isUnreliable(type: P2PSend): boolean {
  return type === P2P_SEND_UNRELIABLE || type === P2P_SEND_UNRELIABLE_NO_DELAY
}

export function checkSend({ flow, type, size, taken, sendBufferSize, queuedBefore, self }: SendCase): void {
  const limit = isUnreliable(type) ? LIMITS.unreliable : LIMITS.reliable
  if (size > limit) {
    if (taken) fail(`${flow.name}: ${size} bytes were taken as type ${type}`)
    return
  }
  const most = self ? flow.takenCost : flow.takenBytes
  if (!taken && most + size <= sendBufferSize) fail(`${flow.name}: ${size} bytes were refused, ${most} can be waiting`)
  if (taken && !isUnreliable(type) && queuedBefore + size > sendBufferSize) {
    fail(`${flow.name}: ${size} bytes were taken, and ${queuedBefore} were waiting`)
  }
}
