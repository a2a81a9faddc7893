/** How the session with one peer is doing; numbers since it was made, over all of its links. */
export interface SessionStatistics {
  /** Round trip of the last PING in milliseconds, undefined until the first PONG: about a second after the session is up. */
  readonly roundTripMs: number | undefined
  /**
   * Share of what was sent that was lost on the way, 0 to 1: what the link measured where it measures, else the share of
   * reliable packets that had to be sent again.
   */
  readonly loss: number
  /** Packets of the game that went out; those that were dropped at this end are not among them. */
  readonly packetsSent: number
  /** Packets that arrived for the game, read or not. */
  readonly packetsReceived: number
  /** Bytes of the packets in `packetsSent`, without what the protocol adds. */
  readonly bytesSent: number
  /** Bytes of the packets in `packetsReceived`, without what the protocol adds. */
  readonly bytesReceived: number
  /** Frames that went over the link: packets share them, and acknowledgements have some of their own. */
  readonly framesSent: number
  /** Frames that came over the link. */
  readonly framesReceived: number
  /** Bytes of the frames in `framesSent`: what the link had to carry, without its own headers. */
  readonly frameBytesSent: number
  /** Bytes of the frames in `framesReceived`. */
  readonly frameBytesReceived: number
  /** `framesSent` in the last whole second. */
  readonly framesSentPerSecond: number
  /** `framesReceived` in the last whole second. */
  readonly framesReceivedPerSecond: number
  /** `frameBytesSent` in the last whole second. */
  readonly frameBytesSentPerSecond: number
  /** `frameBytesReceived` in the last whole second. */
  readonly frameBytesReceivedPerSecond: number
  /** Reliable packets that went again since a link was replaced or a session started again. */
  readonly packetsResent: number
  /** Unreliable packets that were dropped at this end, going out and coming in. */
  readonly datagramsDropped: number
  /** Packets that the link has not been given yet. */
  readonly packetsQueued: number
  /** Bytes of the packets in `packetsQueued`. */
  readonly bytesQueued: number
  /** Reliable packets that were taken and are not acknowledged, queued ones among them. */
  readonly packetsUnacknowledged: number
  /** Bytes of the packets in `packetsUnacknowledged`: what `sendBufferSize` bounds. */
  readonly bytesUnacknowledged: number
  /** Packets of the peer that the game has not read. */
  readonly packetsUnread: number
  /** Bytes of the packets in `packetsUnread`: what `receiveBufferSize` bounds. */
  readonly bytesUnread: number
  /** Milliseconds since the session was made. */
  readonly ageMs: number
}

/**
 * What a link may tell beside what every link has. A link that has a path of its own for datagrams says how long that one
 * is; one that repeats and orders by itself says what it measured.
 */
export interface LinkFigures {
  /** Bytes that a datagram sent now would wait behind; without it, `bufferedBytes`. */
  readonly datagramBacklog?: number
  /** Share of datagrams that were lost lately, 0 to 1. */
  readonly loss?: number
  /** Round trip in milliseconds, as the link measured it; without it, that of the session's last PING. */
  readonly roundTripMs?: number
}

/** Counts what passes, and how much of it in the last whole second. */
export class Meter {
  count = 0
  bytes = 0
  #second = 0
  #now = { count: 0, bytes: 0 }
  #before = { count: 0, bytes: 0 }

  add(bytes: number, now: number): void {
    this.count++
    this.bytes += bytes
    this.#turn(now)
    this.#now.count++
    this.#now.bytes += bytes
  }

  lastSecond(now: number): { readonly count: number; readonly bytes: number } {
    this.#turn(now)
    return this.#before
  }

  #turn(now: number): void {
    const second = Math.floor(now / 1000)
    if (second === this.#second) return
    this.#before = second === this.#second + 1 ? this.#now : { count: 0, bytes: 0 }
    this.#now = { count: 0, bytes: 0 }
    this.#second = second
  }
}

/** What passed between this end and one peer. */
export class Traffic {
  packetsSent = 0
  packetsReceived = 0
  bytesSent = 0
  bytesReceived = 0
  datagramsDropped = 0
  readonly framesOut = new Meter()
  readonly framesIn = new Meter()

  constructor(readonly since: number) {}

  sent(bytes: number): void {
    this.packetsSent++
    this.bytesSent += bytes
  }

  /** Unreliable packets that were counted as sent, and dropped after all. */
  notSent(count: number, bytes: number): void {
    this.packetsSent -= count
    this.bytesSent -= bytes
    this.datagramsDropped += count
  }

  received(bytes: number): void {
    this.packetsReceived++
    this.bytesReceived += bytes
  }
}
