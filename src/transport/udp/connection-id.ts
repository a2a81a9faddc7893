/** 64 random bits that each end chooses for what is sent to it: who has not seen them cannot speak on the link. */
export interface ConnectionId {
  readonly low: number
  readonly high: number
}

/** A new one whose lower half is not `taken`, so that it finds its link by 32 bits and proves itself by all 64. */
export function newConnectionId(taken: (low: number) => boolean): ConnectionId {
  const words = new Uint32Array(2)
  do crypto.getRandomValues(words)
  while (taken(words[0]!))
  return { low: words[0]!, high: words[1]! }
}

export function sameId(a: ConnectionId, b: ConnectionId): boolean {
  return a.low === b.low && a.high === b.high
}
