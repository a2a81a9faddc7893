/** How the session with one peer is doing; numbers since it was made, over all of its links. */
export interface SessionStatistics {
  /** Round trip of the last PING in milliseconds, undefined until the first PONG: about a second after the session is up. */
  readonly roundTripMs: number | undefined
  /**
   * Share of what was sent that was lost on the way, 0 to 1: what the link measured where it measures, else the share of
   * reliable packets that had to be sent again.
   */
  readonly loss: number
  /** Packets of the game and their bytes; not those that were dropped at the sender. */
  readonly packetsSent: number
  readonly packetsReceived: number
  readonly bytesSent: number
  readonly bytesReceived: number
  /** What went over the link for them, with everything that the protocol adds. */
  readonly framesSent: number
  readonly framesReceived: number
  readonly frameBytesSent: number
  readonly frameBytesReceived: number
  /** In the last whole second. */
  readonly framesSentPerSecond: number
  readonly framesReceivedPerSecond: number
  readonly frameBytesSentPerSecond: number
  readonly frameBytesReceivedPerSecond: number
  /** Reliable packets that went again since a link was replaced or a session started again. */
  readonly packetsResent: number
  /** Unreliable packets that were dropped at this end, going out and coming in. */
  readonly datagramsDropped: number
  /** Packets and bytes that the link has not been given yet. */
  readonly packetsQueued: number
  readonly bytesQueued: number
  /** Reliable packets and bytes that were taken and are not acknowledged, queued ones among them. */
  readonly packetsUnacknowledged: number
  readonly bytesUnacknowledged: number
  /** Packets of the peer that the game has not read. */
  readonly packetsUnread: number
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

  received(bytes: number): void {
    this.packetsReceived++
    this.bytesReceived += bytes
  }
}
