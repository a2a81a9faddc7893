import { describe, expect, it } from 'vitest'
import { Inbox } from '../../src/transport/inbox.js'
import type { Link } from '../../src/transport/index.js'
import { bytes, Ear } from './ear.js'

const link = { peer: 9n } as Link

describe('an inbox', () => {
  it('keeps what comes before the receiver, in order', () => {
    const inbox = new Inbox()
    inbox.up(link)
    inbox.frame(link, bytes(1))
    const ear = new Ear()
    inbox.attach(ear)
    inbox.drain(link)
    inbox.down(link, 'over')
    expect(ear.log).toEqual([])
    inbox.release()
    expect(ear.log).toEqual(['up 9', 'frame 1', 'drain 9', 'down 9: over'])
    expect(inbox.waitingBytes).toBe(0)
  })

  it('says nothing more once it is closed, also in the middle of handing over', () => {
    const inbox = new Inbox()
    for (let i = 0; i < 3; i++) inbox.frame(link, bytes(i))
    const ear = new Ear()
    ear.onFrame = () => inbox.close()
    inbox.attach(ear)
    inbox.release()
    inbox.frame(link, bytes(9))
    inbox.release()
    expect(ear.log).toEqual(['frame 0'])
  })

  it('keeps nothing once it is closed', () => {
    const inbox = new Inbox()
    inbox.frame(link, bytes(1))
    inbox.close()
    inbox.frame(link, bytes(1))
    expect(inbox.waitingBytes).toBe(0)
  })
})
