import { describe, expect, it } from 'vitest'
import { Inbox, UnreadPacket } from '../../src/channel/inbox.js'

const MIB = 1 << 20

function push(inbox: Inbox, channel: number, peer: bigint, size: number, reliable = true): void {
  inbox.push(channel, new UnreadPacket(inbox.unreadOf(peer), peer, new Uint8Array(size), reliable, 0, 1))
}

describe('Inbox', () => {
  it('keeps what peers without a session left, up to 16 MiB over all of them, the latest longest', () => {
    const inbox = new Inbox()
    for (let peer = 1n; peer <= 20n; peer++) {
      push(inbox, 7, peer, MIB)
      inbox.orphan(peer)
    }
    const left: bigint[] = []
    for (let packet = inbox.read(7); packet; packet = inbox.read(7)) left.push(packet.peer)
    expect(left).toEqual([6n, 7n, 8n, 9n, 10n, 11n, 12n, 13n, 14n, 15n, 16n, 17n, 18n, 19n, 20n])
  })

  it('does not count peers that came back', () => {
    const inbox = new Inbox()
    for (let peer = 1n; peer <= 20n; peer++) {
      push(inbox, 7, peer, MIB)
      inbox.orphan(peer)
      inbox.adopt(peer)
    }
    for (let peer = 1n; peer <= 20n; peer++) expect(inbox.unreadOf(peer).cost).toBeGreaterThan(MIB)
  })

  it('forgets peers and channels with their last packet', () => {
    const read: bigint[] = []
    const inbox = new Inbox()
    inbox.unreadOf(5n).reader = { wasRead: () => read.push(5n) }
    push(inbox, 1, 5n, 3)
    push(inbox, 2, 5n, 4, false)
    expect(inbox.unreadOf(5n).cost).toBe(259)
    expect(inbox.unreadOf(5n).datagrams).toBe(1)
    inbox.read(1)
    inbox.read(2)
    expect(read).toEqual([5n])
    expect(inbox.unreadOf(5n).cost).toBe(0)
    expect(inbox.nextSize(1)).toBeUndefined()
  })

  it('drops the packets of one peer and keeps the order of the others', () => {
    const inbox = new Inbox()
    for (let i = 0; i < 6; i++) push(inbox, 0, i % 2 ? 1n : 2n, i)
    inbox.drop(1n, 'closed')
    const sizes: number[] = []
    for (let packet = inbox.read(0); packet; packet = inbox.read(0)) sizes.push(packet.data.length)
    expect(sizes).toEqual([0, 2, 4])
    expect(inbox.unreadOf(1n).cost).toBe(0)
  })

  it('tells the session of a peer what was read, and nobody once it is over', () => {
    let told = 0
    const inbox = new Inbox()
    inbox.unreadOf(5n).reader = { wasRead: () => told++ }
    for (let i = 0; i < 3; i++) push(inbox, 0, 5n, 10)
    inbox.read(0)
    expect(told).toBe(1)
    inbox.orphan(5n)
    inbox.read(0)
    expect(told).toBe(1)
    expect(inbox.unreadOf(5n).packets).toBe(1)
  })
})
