/**
 * What became of something that the game will not get, and why. Nothing is dropped without one of these.
 *
 * | `what` | `why` |
 * |---|---|
 * | `sent packet`: taken by `send`, and will not arrive | `not-connected` type 1 before the session was up; `no-link` unreliable while the link is down; `congested` unreliable behind a backlog; `timeout` the peer did not answer; `vanished` the peer fell silent; `refused` the transport may not reach the peer; `closed` this end closed |
 * | `refused packet`: `send` answered false | `bad-id`, `bad-type`, `bad-channel`, `too-large`, `queue-full`, `closed`; `session-failed` for a message of Networking Messages |
 * | `received packet`: it arrived and was never read | `closed` the session, `channel-closed`, `unread-limit` unreliable while too many were unread, `abandoned` by a peer whose session has ended |
 * | `packet tail`: the rest of a packet that was read | `read-size` less was asked for |
 * | `request`: a peer asked for a session | `too-many` wait for an answer |
 * | `record`: a part of a frame | `unexpected` in this state, `duplicate` of what was received: nothing is lost; `gap` in the reliable stream, `beyond-credit`, `broken` |
 * | `frame` | `broken`; `congested` unreliable packets that waited too long in a link that repeats and orders by itself |
 * | `signal` of `P2P` | `too-many` wait for `runCallbacks` |
 */
export interface Drop {
  /** What was dropped; the table above says what each means. */
  readonly what:
    | 'sent packet'
    | 'refused packet'
    | 'received packet'
    | 'packet tail'
    | 'request'
    | 'record'
    | 'frame'
    | 'signal'
  /** Why; the table above says which reasons go with which `what`. */
  readonly why: DropReason
  /** How many of them. */
  readonly count: number
  /** How many bytes of the game they had; for a frame, its size. */
  readonly bytes: number
  /** The Steam id of the other end; 0 where too many different drops came at once to be told apart. */
  readonly peer: bigint
  /** Undefined where it is not known, or not one. */
  readonly channel: number | undefined
}

/** Why something was dropped. What each means depends on what it was: see `Drop`. */
export type DropReason =
  | 'abandoned'
  | 'bad-channel'
  | 'bad-id'
  | 'bad-type'
  | 'beyond-credit'
  | 'broken'
  | 'channel-closed'
  | 'closed'
  | 'congested'
  | 'duplicate'
  | 'gap'
  | 'no-link'
  | 'not-connected'
  | 'queue-full'
  | 'read-size'
  | 'refused'
  | 'session-failed'
  | 'timeout'
  | 'too-large'
  | 'too-many'
  | 'unexpected'
  | 'unread-limit'
  | 'vanished'

/** One drop a channel for packets that go at the same time. */
export function dropsByChannel(
  packets: Iterable<{ readonly channel: number; readonly data: Uint8Array }>,
  { what, why, peer }: Pick<Drop, 'what' | 'why' | 'peer'>,
): Drop[] {
  const sums = new Map<number, { count: number; bytes: number }>()
  for (const { channel, data } of packets) {
    let sum = sums.get(channel)
    if (!sum) {
      sum = { count: 0, bytes: 0 }
      sums.set(channel, sum)
    }
    sum.count++
    sum.bytes += data.length
  }
  return [...sums].map(([channel, sum]) => ({ what, why, peer, channel, ...sum }))
}
