import type { Lane, LinkAddress } from '../transport.js'
import { DirectLink, type DirectLinkOwner } from './direct-link.js'
import type { WebRtcSettings } from './options.js'
import type { RtcCandidate, RtcConstructor, RtcDataChannel, RtcPeerConnection, RtcStat } from './rtc.js'
import { type IceServer, isTurn } from './rtc.js'
import type { Signal } from './signals.js'

/** The first message of each end on its reliable channel: it has both channels, and hears. */
const READY = 1

/** How long to wait for what is only told to people. */
const STATS_MS = 500

/** Candidates that came before the description they belong to. */
const MAX_EARLY_CANDIDATES = 100

/** What an attempt tells; never from within a call. */
export interface AttemptOwner extends DirectLinkOwner {
  say(peer: bigint, signal: Signal): void
  /** Both ends have said that they are ready. */
  ready(attempt: Attempt, link: DirectLink): void
  /** It failed, or what it made broke. Once. */
  over(attempt: Attempt, reason: string): void
}

/** One try for a direct way to a peer, and the connection that comes of it. */
export class Attempt {
  /** Whether the other end may already take the way as open. */
  saidReady = false
  link: DirectLink | undefined
  readonly #owner: AttemptOwner
  readonly #settings: WebRtcSettings
  readonly #connection: RtcPeerConnection
  readonly #channels: Readonly<Record<Lane, RtcDataChannel>>
  readonly #timer: unknown
  #early: RtcCandidate[] | undefined = []
  #open = 0
  #heardReady = false
  #over = false

  constructor(
    owner: AttemptOwner,
    settings: WebRtcSettings,
    Rtc: RtcConstructor,
    allowRelay: boolean,
    readonly peer: bigint,
    readonly number: number,
  ) {
    this.#owner = owner
    this.#settings = settings
    const iceServers = settings.iceServers.filter((server: IceServer) => allowRelay || !isTurn(server))
    const { iceTransportPolicy } = settings
    this.#connection = new Rtc({ iceServers, iceTransportPolicy } as never)
    this.#connection.onicecandidate = ({ candidate }: { candidate: RtcCandidate | null }) => this.#found(candidate)
    this.#connection.onconnectionstatechange = () => this.#stateChanged()
    this.#channels = {
      reliable: this.#channel('reliable', { negotiated: true, id: 0, ordered: true }),
      datagram: this.#channel('datagram', { negotiated: true, id: 1, ordered: false, maxRetransmits: 0 }),
    }
    this.#timer = settings.clock.setTimeout(
      () => this.#end('no direct way was found in time'),
      settings.directTimeoutMs,
    )
  }

  /** The end that begins. */
  offer(): void {
    this.#work(async () => {
      const offer = (await this.#connection.createOffer()) as { sdp?: string }
      await this.#connection.setLocalDescription(offer as never)
      this.#say({ kind: 'offer', attempt: this.number, sdp: this.#told(offer.sdp) })
    })
  }

  hear(signal: Signal): void {
    if (signal.kind === 'candidate') return this.#candidate(signal.candidate)
    if (signal.kind === 'relay') return
    const { kind, sdp } = signal
    this.#work(async () => {
      await this.#connection.setRemoteDescription({ type: kind, sdp } as never)
      const early = this.#early ?? []
      this.#early = undefined
      if (kind === 'offer') {
        const answer = (await this.#connection.createAnswer()) as { sdp?: string }
        await this.#connection.setLocalDescription(answer as never)
        this.#say({ kind: 'answer', attempt: this.number, sdp: this.#told(answer.sdp) })
      }
      for (const candidate of early) this.#candidate(candidate)
    })
  }

  /** Ends it without a word. */
  close(): void {
    if (this.#over) return
    this.#over = true
    this.#settings.clock.clearTimeout(this.#timer)
    this.link?.end()
    for (const channel of Object.values(this.#channels)) {
      channel.onopen = channel.onclose = channel.onerror = channel.onmessage = channel.onbufferedamountlow = null
    }
    this.#connection.onicecandidate = this.#connection.onconnectionstatechange = null
    this.#connection.close()
  }

  #end(reason: string): void {
    if (this.#over) return
    this.close()
    this.#owner.over(this, reason)
  }

  /** What WebRTC refuses ends the attempt; where it is over already, nobody cares. */
  #work(task: () => Promise<void>): void {
    task().catch((error: unknown) => this.#end(String((error as { message?: unknown })?.message ?? error)))
  }

  /** With `relay` no other address leaves this end; the polyfill writes them all into its answer. */
  #told(sdp = ''): string {
    return this.#settings.iceTransportPolicy === 'relay' ? sdp.replace(/a=candidate:(?!.* typ relay).*\r?\n/g, '') : sdp
  }

  #say(signal: Signal): void {
    if (!this.#over) this.#owner.say(this.peer, signal)
  }

  #found(found: RtcCandidate | null): void {
    if (found === null || found.candidate === '') return
    const { sdpMid, sdpMLineIndex } = found
    // The polyfill gives the whole line of the SDP, which browsers do not take.
    const candidate = found.candidate.replace(/^a=/, '')
    this.#say({ kind: 'candidate', attempt: this.number, candidate: { candidate, sdpMid, sdpMLineIndex } })
  }

  #candidate(candidate: RtcCandidate): void {
    if (this.#early !== undefined) {
      if (this.#early.length < MAX_EARLY_CANDIDATES) this.#early.push(candidate)
      return
    }
    // One that is not understood is one way less; others may lead there.
    if (!this.#over) this.#connection.addIceCandidate(candidate as never).catch(() => {})
  }

  #stateChanged(): void {
    const { connectionState } = this.#connection
    if (connectionState === 'failed' || connectionState === 'closed') this.#end(`the connection ${connectionState}`)
  }

  #channel(label: Lane, options: object): RtcDataChannel {
    const channel = this.#connection.createDataChannel(label, options)
    channel.binaryType = 'arraybuffer'
    channel.onopen = () => this.#opened()
    channel.onclose = () => this.#end('the other end closed it')
    channel.onerror = (event: { error?: { message?: unknown } }) =>
      this.#end(String(event.error?.message ?? 'a data channel broke'))
    channel.onmessage = ({ data }: { data: unknown }) => this.#heard(label, data)
    return channel
  }

  #opened(): void {
    if (++this.#open < 2) return
    this.#work(async () => {
      const place = await this.#place()
      if (this.#over) return
      this.link = new DirectLink(
        this.#owner,
        this.peer,
        this.#channels,
        place.relayed,
        place.address,
        this.#settings.highWaterMark,
      )
      this.#channels.reliable.send(Uint8Array.of(READY) as never)
      this.saidReady = true
      this.#agree()
    })
  }

  #heard(lane: Lane, data: unknown): void {
    const bytes =
      typeof data === 'object' && data !== null && 'byteLength' in data
        ? new Uint8Array(data as ArrayBuffer)
        : undefined
    if (bytes === undefined) return this.#end('a message that is not binary')
    if (this.#heardReady) return this.link?.take(bytes)
    // A datagram may be there before the word that the way is open.
    if (lane === 'datagram') return
    if (bytes.length !== 1 || bytes[0] !== READY) return this.#end('a message that makes no sense')
    this.#heardReady = true
    this.#agree()
  }

  #agree(): void {
    if (!this.saidReady || !this.#heardReady || this.link === undefined) return
    this.#settings.clock.clearTimeout(this.#timer)
    this.#owner.ready(this, this.link)
  }

  /** Where the other end is, as far as WebRTC tells in time. */
  async #place(): Promise<{ relayed: boolean; address: LinkAddress | undefined }> {
    const late = new Promise<undefined>((resolve) =>
      this.#settings.clock.setTimeout(() => resolve(undefined), STATS_MS),
    )
    const stats = await Promise.race([this.#connection.getStats().catch(() => undefined), late])
    const all = new Map<string, RtcStat>()
    stats?.forEach((stat) => {
      all.set(stat.id, stat)
    })
    const pair = selectedPair([...all.values()])
    const local = all.get(String(pair?.['localCandidateId']))
    const remote = all.get(String(pair?.['remoteCandidateId']))
    const relayed = [local, remote].some((candidate) => candidate?.['candidateType'] === 'relay')
    return { relayed, address: addressOf(remote) }
  }
}

function selectedPair(stats: readonly RtcStat[]): RtcStat | undefined {
  const selected = stats.find(({ type }) => type === 'transport')?.['selectedCandidatePairId']
  const pairs = stats.filter(({ type }) => type === 'candidate-pair')
  return pairs.find(({ id }) => id === selected) ?? pairs.find((pair) => pair['nominated'] === true)
}

function addressOf(candidate: RtcStat | undefined): LinkAddress | undefined {
  const ip = candidate?.['address'] ?? candidate?.['ip']
  const port = candidate?.['port']
  if (typeof ip !== 'string' || typeof port !== 'number') return undefined
  const octets = ip.split('.').map(Number)
  const isV4 = octets.length === 4 && octets.every((octet) => Number.isInteger(octet) && octet >= 0 && octet <= 255)
  return { ip: isV4 ? octets.reduce((sum, octet) => sum * 256 + octet, 0) : 0, port }
}
