import { MIN_FRAME_LIMIT } from '../frame.js'
import { isSteamId } from '../options.js'
import type { ConnectionId } from './connection-id.js'
import {
  type Acceptance,
  COOKIE_SIZE,
  REFUSAL,
  readAccept,
  readRefuse,
  readRetry,
  TYPE,
  VERSION,
  writeHello,
} from './datagrams.js'
import type { Hub } from './hub.js'
import type { Sent } from './node-half.js'
import { type Endpoint, type Remote, sendClose, sendTo } from './remote.js'

/** How long the first answer is waited for before the hello is said again; then half as long again each time. */
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 1000
/** How many cookies are answered at once; further ones with the next hello. */
const QUICK_ANSWERS = 3
/** How long this end insists on its own dial where the other dials too. */
const INSIST_MS = 1000

/** What the system says where no further hello will help. */
const HOPELESS = new Set([
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EINVAL',
  'EACCES',
])

const REASONS: Readonly<Record<number, string>> = {
  [REFUSAL.VERSION]: `it does not speak protocol version ${VERSION}`,
  [REFUSAL.ID_REFUSED]: 'it refused the Steam id',
  [REFUSAL.ID_IN_USE]: 'another link speaks as this Steam id there',
  [REFUSAL.FULL]: 'it has as many links as it may',
  [REFUSAL.CROWDED]: 'it has as many links with this address as it may',
}

/** A handshake that this end began: hello, hello with the cookie of the answer, and a link when it is accepted. */
export class Dial implements Endpoint {
  readonly id: ConnectionId
  readonly remote: Remote
  readonly expected: bigint | undefined
  readonly #hub: Hub
  readonly #done: (result: bigint | string) => void
  readonly #began: number
  #cookie: Uint8Array = new Uint8Array(COOKIE_SIZE)
  #hasCookie = false
  #quickAnswers = 0
  #wait = FIRST_WAIT_MS
  #over = false
  #hello: unknown
  #end: unknown

  /** `done` is called once, with the peer's id when there is a link to it, or with the reason why not. */
  constructor(hub: Hub, remote: Remote, expected: bigint | undefined, done: (result: bigint | string) => void) {
    const { clock, handshakeTimeoutMs } = hub.settings
    this.#hub = hub
    this.id = hub.newId()
    this.remote = remote
    this.expected = expected
    this.#done = done
    this.#began = clock.now()
    this.#end = clock.setTimeout(() => {
      hub.stats.handshakeTimeouts++
      this.fail('no answer in time')
    }, handshakeTimeoutMs)
  }

  /** Whether this end still counts on its own dial, so that one of the other end must wait. */
  get insists(): boolean {
    return this.#hub.settings.clock.now() - this.#began < INSIST_MS
  }

  say(): void {
    const { steamId, maxFrameSize, token, clock } = this.#hub.settings
    // A token is for those only who have answered from that address.
    const shown = this.#hasCookie ? token : new Uint8Array(0)
    const hello = writeHello({ steamId, maxFrameSize, id: this.id, cookie: this.#cookie, token: shown })
    sendTo(this.remote, hello, this.#sent)
    clock.clearTimeout(this.#hello)
    this.#hello = clock.setTimeout(() => this.say(), this.#wait)
    this.#wait = Math.min(this.#wait * 1.5, LONGEST_WAIT_MS)
  }

  /** The other end's dial goes on instead: no more is said, and its link is waited for. */
  yield(): void {
    this.#hub.settings.clock.clearTimeout(this.#hello)
  }

  datagram(type: number, bytes: Uint8Array): void {
    if (type === TYPE.RETRY) this.#retry(readRetry(bytes))
    else if (type === TYPE.ACCEPT) this.#accepted(readAccept(bytes))
    else if (type === TYPE.REFUSE) this.#refused(readRefuse(bytes))
    else this.#hub.stats.strayDatagrams++
  }

  /** The system's word on a hello. */
  failed(code: string): void {
    if (HOPELESS.has(code)) this.fail(code === 'ECONNREFUSED' ? 'nobody listens there (ECONNREFUSED)' : code)
  }

  /** There is a link to that peer, by this way or another. */
  linked(peer: bigint): void {
    if (this.#finish()) this.#done(peer)
  }

  fail(reason: string): void {
    if (this.#finish()) this.#done(reason)
  }

  readonly #sent: Sent = (error) => {
    if (!error) return
    this.#hub.sent(error)
    this.failed(error.code ?? '')
  }

  #retry(cookie: Uint8Array | undefined): void {
    if (cookie === undefined) return void this.#hub.stats.brokenDatagrams++
    this.#cookie = cookie
    this.#hasCookie = true
    if (this.#quickAnswers++ >= QUICK_ANSWERS) return
    this.#wait = FIRST_WAIT_MS
    this.say()
  }

  #refused(refusal: number | undefined): void {
    if (refusal === undefined) return void this.#hub.stats.brokenDatagrams++
    this.fail(REASONS[refusal] ?? `it refused for reason ${refusal}`)
  }

  #accepted(acceptance: Acceptance | undefined): void {
    if (acceptance === undefined) return void this.#hub.stats.brokenDatagrams++
    const problem = this.#problem(acceptance)
    if (problem === undefined && this.#hub.hasLink(acceptance.steamId)) return this.#spare(acceptance)
    if (!this.#finish(problem === undefined)) return
    if (problem !== undefined) {
      this.#decline(acceptance, problem)
      return this.#done(problem)
    }
    this.#hub.dialled(this, acceptance)
    this.#done(acceptance.steamId)
  }

  /** A link came up in the meantime, such as by the other end's dial. */
  #spare(acceptance: Acceptance): void {
    this.#decline(acceptance, 'there is a link already')
    this.linked(acceptance.steamId)
  }

  #decline(acceptance: Acceptance, reason: string): void {
    sendClose(this.remote, acceptance.id, reason, this.#hub.sent)
  }

  #problem({ version, steamId, maxFrameSize }: Acceptance): string | undefined {
    if (version !== VERSION) return `protocol version ${version}, not ${VERSION}`
    if (maxFrameSize < MIN_FRAME_LIMIT) return `a frame limit of ${maxFrameSize}, below ${MIN_FRAME_LIMIT}`
    if (!isSteamId(steamId)) return `${steamId} is no Steam id`
    if (steamId === this.#hub.settings.steamId) return `${steamId} is this end's own id`
    if (this.expected !== undefined && steamId !== this.expected)
      return `${steamId} answered instead of ${this.expected}`
    return this.#hub.isFull ? 'this transport has as many links as it may' : undefined
  }

  /** False when it was over already. A link takes the socket over; else it ends here. */
  #finish(keepsSocket = false): boolean {
    if (this.#over) return false
    this.#over = true
    const { clock } = this.#hub.settings
    clock.clearTimeout(this.#hello)
    clock.clearTimeout(this.#end)
    this.#hub.forget(this)
    if (!keepsSocket && this.remote.owned) queueMicrotask(() => this.remote.socket.close())
    return true
  }
}
