/** What was refused, lost or repeated on links that lose, and how often. */
export interface LossyCounters {
  /** Packets that did not parse. */
  brokenPackets: number
  /** Packets that had been here already, or came so late that it cannot be told. */
  duplicatePackets: number
  /** Links that ended because the peer acknowledged what was never sent. */
  forgedAcks: number
  /** Packets with bytes beyond the credit, or that would tear more gaps than are kept. */
  beyondCredit: number
  /** Packets given up as lost, and those among them that had only been slow. */
  lostPackets: number
  latePackets: number
  probes: number
  /** Datagrams that waited too long for their turn. */
  staleDatagrams: number
}

export function zeroCounters(): LossyCounters {
  return {
    brokenPackets: 0,
    duplicatePackets: 0,
    forgedAcks: 0,
    beyondCredit: 0,
    lostPackets: 0,
    latePackets: 0,
    probes: 0,
    staleDatagrams: 0,
  }
}
