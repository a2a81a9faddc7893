// The part of WebRTC that is used, by its shape: browsers have it, and so has the polyfill of node-datachannel.

export interface RtcDescription {
  readonly type: string
  readonly sdp?: string | undefined
}

export interface RtcCandidate {
  readonly candidate: string
  readonly sdpMid?: string | null | undefined
  readonly sdpMLineIndex?: number | null | undefined
}

/** The part of the standard's RTCDataChannel that is used. */
export interface RtcDataChannel {
  /** Set to `arraybuffer`. */
  binaryType: string
  /** `connecting`, `open`, `closing` or `closed`. */
  readonly readyState: string
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
  /** `onbufferedamountlow` comes when no more than that wait. */
  bufferedAmountLowThreshold: number
  /** It can be sent on. */
  onopen: ((event: never) => void) | null
  /** It is over. */
  onclose: ((event: never) => void) | null
  /** It is about to be over; why is for people. */
  onerror: ((event: never) => void) | null
  /** A message came, as an ArrayBuffer in `data`. */
  onmessage: ((event: never) => void) | null
  /** What waits has sunk to `bufferedAmountLowThreshold`. */
  onbufferedamountlow: ((event: never) => void) | null
  /** Takes a message; it throws where the channel is not open. */
  send(data: never): void
  /** Ends it; `onclose` follows. */
  close(): void
}

/** One report of `getStats`. */
export interface RtcStat {
  /** What it is about, such as `candidate-pair`. */
  readonly type: string
  /** What other reports call it by. */
  readonly id: string
  readonly [name: string]: unknown
}

/** The part of the standard's RTCPeerConnection that is used. Events are told by the properties `on…`, as there. */
export interface RtcPeerConnection {
  /** `new`, `connecting`, `connected`, `disconnected`, `failed` or `closed`. */
  readonly connectionState: string
  /** An address at which this end may be reached, for the other end to hear of. */
  onicecandidate: ((event: never) => void) | null
  /** `connectionState` is another. */
  onconnectionstatechange: ((event: never) => void) | null
  /** A channel for frames; without `ordered` and with no retransmits it is for datagrams. */
  createDataChannel(label: string, options: object): RtcDataChannel
  /** What this end can do, to be set here and said to the other. */
  createOffer(): Promise<unknown>
  /** The answer to an offer that was set. */
  createAnswer(): Promise<unknown>
  /** Takes this end's offer or answer; candidates are looked for from then on. */
  setLocalDescription(description: never): Promise<void>
  /** Takes the other end's. */
  setRemoteDescription(description: never): Promise<void>
  /** Takes an address of the other end. */
  addIceCandidate(candidate: never): Promise<void>
  /** What was measured: which pair of addresses is in use, and its round trip. */
  getStats(): Promise<{
    /** Calls `each` with every report. */
    forEach(each: (stat: RtcStat) => void): void
  }>
  /** Ends it and its channels. No event follows. */
  close(): void
}

/** A class like `RTCPeerConnection`. `never` leaves open how each platform writes the types of its arguments. */
export type RtcConstructor = new (configuration: never) => RtcPeerConnection

/** A STUN or TURN server, as WebRTC has it. */
export interface IceServer {
  /** `stun:`, `turn:` or `turns:`, with host and port; one or several of the same server. */
  readonly urls: string | readonly string[]
  /** For TURN. */
  readonly username?: string
  /** For TURN: the password. */
  readonly credential?: string
}

export function isTurn({ urls }: IceServer): boolean {
  return (typeof urls === 'string' ? [urls] : urls).some((url) => /^turns?:/i.test(url))
}
