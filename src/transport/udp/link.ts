import { ipv4Number } from '../address.js'
import { checkFrame } from '../frame.js'
import type { Lane, Link, LinkAddress } from '../transport.js'
import type { ConnectionId } from './connection-id.js'
import { HEADER_SIZE, header, readClose, TYPE } from './datagrams.js'
import type { Hub } from './hub.js'
import type { Sent } from './node-half.js'
import { type Endpoint, type Remote, sendClose, sendTo } from './remote.js'

/** How often an end that has not answered is asked again, in milliseconds, */
const ASK_AGAIN_MS = 1000
/** and that it is asked so often at least before its silence is believed: questions and answers get lost. */
const LEAST_QUESTIONS = 10
/** The same where a handshake waits for the answer, */
const ASK_SOON_MS = 200
/** and how long it waits. */
const PROOF_MS = 2000

export interface LinkTerms {
  readonly peer: bigint
  readonly remote: Remote
  /** What datagrams to this end carry. */
  readonly id: ConnectionId
  /** What datagrams to the other end carry. */
  readonly remoteId: ConnectionId
  /** What the other end takes. */
  readonly maxFrameSize: number
  /** Whether this end dialled. */
  readonly dialled: boolean
}

/** Both ends have proven that they read what is sent to their address. */
export class UdpLink implements Link, Endpoint {
  readonly peer: bigint
  readonly reliable = false
  readonly relayed = false
  readonly maxFrameSize: number
  readonly address: LinkAddress
  readonly remote: Remote
  readonly id: ConnectionId
  readonly remoteId: ConnectionId
  readonly dialled: boolean
  /** Whether the other end has said anything on this link. */
  confirmed = false
  readonly #hub: Hub
  /** Before each frame; never written again, so that it may wait in the socket together with any of them. */
  readonly #header: Uint8Array
  readonly #ping: Uint8Array
  #open = true
  #blocked = false
  #buffered = 0
  #sending = 0
  #lastHeard: number
  #lastAsked = 0
  /** Whether the other end was asked since it was heard last. */
  #asked = false
  /** Since when it is waited for a sign of life that somebody else's handshake depends on. */
  #doubtedAt: number | undefined
  #provenAt = Number.NEGATIVE_INFINITY
  #timer: unknown
  #wakeAt = Number.POSITIVE_INFINITY
  /** Whether this process has slept since the other end was heard last. */
  #excused = false

  constructor(hub: Hub, terms: LinkTerms) {
    this.#hub = hub
    this.peer = terms.peer
    this.remote = terms.remote
    this.id = terms.id
    this.remoteId = terms.remoteId
    this.dialled = terms.dialled
    // Not above our own limit either: what the other end claims to accept is no reason to build it.
    this.maxFrameSize = Math.min(terms.maxFrameSize, hub.settings.maxFrameSize)
    this.address = { ip: ipv4Number(this.remote.address), port: this.remote.port }
    this.#header = header(TYPE.FRAME, this.remoteId)
    this.#ping = header(TYPE.PING, this.remoteId)
    this.#lastHeard = hub.settings.clock.now()
  }

  get bufferedBytes(): number {
    return this.#open ? this.#buffered : 0
  }

  send(frame: Uint8Array, _lane: Lane): boolean {
    checkFrame(frame, this.maxFrameSize)
    if (!this.#open) return false
    if (this.#buffered >= this.#hub.settings.highWaterMark) {
      this.#blocked = true
      return false
    }
    this.#buffered += HEADER_SIZE + frame.byteLength
    this.#sending++
    this.remote.socket.send([this.#header, frame], this.remote, this.#sent)
    return true
  }

  close(reason = 'closed'): void {
    if (!this.#open) return
    this.#release(reason)
    queueMicrotask(() => this.#hub.inbox.down(this, reason))
  }

  /** Starts to look after silence. The end that dialled speaks first, and until it is answered. */
  begin(): void {
    if (this.dialled) this.#ask()
    this.#watch()
  }

  /** Ends the link from within an event, where `linkDown` may follow at once. */
  end(reason: string): void {
    if (!this.#open) return
    this.#release(reason)
    this.#hub.inbox.down(this, reason)
  }

  /** The other end has ended it already, and needs not be told. */
  ended(reason: string): void {
    this.#leave()
    this.#hub.inbox.down(this, reason)
  }

  /** Ends the link without an event: the transport closes. */
  abandon(reason: string): void {
    if (this.#open) this.#release(reason)
  }

  datagram(type: number, bytes: Uint8Array): void {
    if (!this.#open) return
    if (type === TYPE.ACCEPT) return this.#acceptedAgain()
    this.#heard()
    if (type === TYPE.FRAME) this.#hub.frame(this, bytes.subarray(HEADER_SIZE))
    else if (type === TYPE.PING) sendTo(this.remote, header(TYPE.PONG, this.remoteId), this.#hub.sent)
    else if (type === TYPE.CLOSE) this.ended(readClose(bytes))
    else if (type !== TYPE.PONG) this.#hub.stats.strayDatagrams++
  }

  /** No sign that the other end has this link: it says so for as long as it has not heard this one. */
  #acceptedAgain(): void {
    if (this.dialled && !this.confirmed) this.#ask()
    else this.#hub.stats.strayDatagrams++
  }

  /**
   * Whether the other end has given a sign of life in the last two seconds; if not, it is asked for one, and two more seconds
   * without one end the link.
   */
  prove(): boolean {
    if (this.#now - this.#provenAt <= PROOF_MS) return true
    if (this.#doubtedAt === undefined) {
      this.#doubtedAt = this.#now
      this.#ask()
      this.#watch()
    }
    return false
  }

  get #now(): number {
    return this.#hub.settings.clock.now()
  }

  #heard(): void {
    this.#lastHeard = this.#now
    this.#asked = false
    this.#excused = false
    this.confirmed = true
    if (this.#doubtedAt === undefined) return
    this.#doubtedAt = undefined
    this.#provenAt = this.#now
  }

  readonly #sent: Sent = (error, bytes = 0) => {
    this.#sending--
    this.#buffered = this.#sending === 0 ? 0 : Math.max(0, this.#buffered - bytes)
    if (error) this.#hub.sent(error)
    if (!this.#blocked || !this.#open || this.#buffered > this.#hub.settings.highWaterMark / 2) return
    this.#blocked = false
    this.#hub.inbox.drain(this)
  }

  #ask(): void {
    this.#asked = true
    this.#lastAsked = this.#now
    sendTo(this.remote, this.#ping, this.#hub.sent)
  }

  /** Wakes when the next question, or the end, can be due. */
  #watch(): void {
    const { clock, keepAliveMs } = this.#hub.settings
    clock.clearTimeout(this.#timer)
    this.#excuse()
    const { end, again } = this.#patience
    if (this.#now >= end) {
      this.#hub.stats.silentLinks++
      return this.end('the other end is silent')
    }
    if (this.#now >= this.#nextQuestion(keepAliveMs, again)) this.#ask()
    const next = Math.min(end, this.#nextQuestion(keepAliveMs, again))
    this.#wakeAt = Math.max(next, this.#now + 1)
    this.#timer = clock.setTimeout(() => this.#watch(), this.#wakeAt - this.#now)
  }

  /**
   * While this process did not run, nobody was silent: what has come in the meantime is read after the timers, so the other
   * end has until the next question at least. Once in a silence: a process that is always late shall notice it too.
   */
  #excuse(): void {
    const late = this.#now - this.#wakeAt
    const { again } = this.#patience
    if (late < again || this.#excused) return
    this.#excused = true
    this.#lastHeard = Math.min(this.#now, this.#lastHeard + late + again)
    if (this.#doubtedAt !== undefined) this.#doubtedAt = Math.min(this.#now, this.#doubtedAt + late + again)
    this.#ask()
  }

  #nextQuestion(keepAliveMs: number, again: number): number {
    return this.#asked ? this.#lastAsked + again : this.#lastHeard + keepAliveMs
  }

  /** When silence is the end, and how often it is asked until then. */
  get #patience(): { end: number; again: number } {
    const { silenceMs, keepAliveMs, handshakeTimeoutMs } = this.#hub.settings
    if (this.#doubtedAt !== undefined) return { end: this.#doubtedAt + PROOF_MS, again: ASK_SOON_MS }
    if (this.confirmed) {
      const again = Math.min(ASK_AGAIN_MS, (silenceMs - keepAliveMs) / LEAST_QUESTIONS)
      return { end: this.#lastHeard + silenceMs, again }
    }
    const patience = Math.min(handshakeTimeoutMs, silenceMs)
    return { end: this.#lastHeard + patience, again: Math.min(ASK_SOON_MS, patience / LEAST_QUESTIONS) }
  }

  #release(reason: string): void {
    sendClose(this.remote, this.remoteId, reason, this.#hub.sent)
    this.#leave()
  }

  #leave(): void {
    this.#open = false
    this.#hub.settings.clock.clearTimeout(this.#timer)
    this.#hub.leave(this)
  }
}
