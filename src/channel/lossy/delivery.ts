import { type SentPackets, WAS_APP_LIMITED } from './sent.js'

/**
 * The rate at which the path delivers, packet by packet, as draft-cheng-iccrg-delivery-rate-estimation measures it: the
 * bytes that arrived between the sending of a packet and its acknowledgement, by the longer of the times that sending and
 * acknowledging them took.
 */
export class DeliveryRate {
  /** Bytes that were acknowledged, all of them, and in the acknowledgement at hand. */
  delivered = 0
  ackedBytes = 0
  /** Whether the packets of the sample went while there was less to send than the path would take. */
  isAppLimited = false
  readonly #sent: SentPackets
  #deliveredAt = 0
  #firstSentAt = 0
  /** Until so much is delivered, samples say how much there was to send. */
  #limitedUntil = 0
  /** What was delivered when the newest packet of the acknowledgement was sent. */
  #prior = -1
  #sendElapsed = 0
  #ackElapsed = 0

  constructor(sent: SentPackets) {
    this.#sent = sent
  }

  /** Whether the acknowledgement at hand named a packet for the first time. */
  get hasSample(): boolean {
    return this.#prior >= 0
  }

  get prior(): number {
    return this.#prior
  }

  get interval(): number {
    return Math.max(this.#sendElapsed, this.#ackElapsed)
  }

  /** Bytes a millisecond. */
  get rate(): number {
    return (this.delivered - this.#prior) / this.interval
  }

  /** Whether there is less to send than the path would take. */
  get isLimited(): boolean {
    return this.#limitedUntil > 0
  }

  /** There is. */
  limit(): void {
    this.#limitedUntil = this.delivered + this.#sent.bytesInFlight || 1
  }

  /** The next packet is the first after a pause. */
  begin(now: number): void {
    this.#firstSentAt = this.#deliveredAt = now
  }

  sent(slot: number): void {
    const sent = this.#sent
    sent.delivered[slot] = this.delivered
    sent.deliveredAt[slot] = this.#deliveredAt
    sent.firstSentAt[slot] = this.#firstSentAt
    if (this.isLimited) sent.flags[slot]! |= WAS_APP_LIMITED
  }

  acked(slot: number, now: number): void {
    const sent = this.#sent
    const size = sent.size[slot]!
    this.delivered += size
    this.ackedBytes += size
    this.#deliveredAt = now
    // The sample is about the packet that was sent last.
    if (sent.delivered[slot]! < this.#prior) return
    this.#prior = sent.delivered[slot]!
    this.#sendElapsed = sent.sentAt[slot]! - sent.firstSentAt[slot]!
    this.#ackElapsed = now - sent.deliveredAt[slot]!
    this.isAppLimited = (sent.flags[slot]! & WAS_APP_LIMITED) !== 0
    this.#firstSentAt = sent.sentAt[slot]!
  }

  /** The sample was looked at. */
  next(): void {
    if (this.delivered > this.#limitedUntil) this.#limitedUntil = 0
    this.#prior = -1
    this.ackedBytes = 0
  }
}
