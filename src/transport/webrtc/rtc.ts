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

export interface RtcDataChannel {
  binaryType: string
  readonly readyState: string
  readonly bufferedAmount: number
  bufferedAmountLowThreshold: number
  onopen: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onbufferedamountlow: ((event: never) => void) | null
  send(data: never): void
  close(): void
}

export interface RtcStat {
  readonly type: string
  readonly id: string
  readonly [name: string]: unknown
}

export interface RtcPeerConnection {
  readonly connectionState: string
  onicecandidate: ((event: never) => void) | null
  onconnectionstatechange: ((event: never) => void) | null
  createDataChannel(label: string, options: object): RtcDataChannel
  createOffer(): Promise<unknown>
  createAnswer(): Promise<unknown>
  setLocalDescription(description: never): Promise<void>
  setRemoteDescription(description: never): Promise<void>
  addIceCandidate(candidate: never): Promise<void>
  getStats(): Promise<{ forEach(each: (stat: RtcStat) => void): void }>
  close(): void
}

export type RtcConstructor = new (configuration: never) => RtcPeerConnection

/** A STUN or TURN server, as WebRTC has it. */
export interface IceServer {
  readonly urls: string | readonly string[]
  readonly username?: string
  readonly credential?: string
}

export function isTurn({ urls }: IceServer): boolean {
  return (typeof urls === 'string' ? [urls] : urls).some((url) => /^turns?:/i.test(url))
}
