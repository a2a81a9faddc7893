import { networkOf } from '../address.js'
import { MIN_FRAME_LIMIT } from '../frame.js'
import { isSteamId } from '../options.js'
import type { CookieJar } from './cookies.js'
import { type Hello, REFUSAL, readHello, VERSION, writeAccept, writeRetry } from './datagrams.js'
import type { Door, Hub } from './hub.js'
import { Knock } from './knock.js'
import { type Remote, samePlace, sendTo } from './remote.js'

/**
 * Where strangers knock. Until a hello carries a good cookie nothing is kept, and each answer is shorter than what it
 * answers: an address that somebody else wrote into a datagram gets less than was spent on it.
 */
export class FrontDoor implements Door {
  readonly #hub: Hub
  readonly #jar: CookieJar

  constructor(hub: Hub, jar: CookieJar) {
    this.#hub = hub
    this.#jar = jar
  }

  hello(from: Remote, datagram: Uint8Array): void {
    const { stats } = this.#hub
    const hello = readHello(datagram)
    if (hello === undefined) return void stats.brokenDatagrams++
    if (hello.version !== VERSION) return this.#hub.refuse(from, hello.id, REFUSAL.VERSION)
    const { address, port } = from
    const hasCookie = hello.cookie.some((byte) => byte !== 0)
    if (hasCookie && this.#jar.knows(hello.cookie, address, port, hello.vouched)) return this.#proven(from, hello)
    stats.retries++
    sendTo(from, writeRetry(hello.id, this.#jar.bake(address, port, hello.vouched)), this.#hub.sent)
  }

  /** Whoever sends this reads what is sent to its address. */
  #proven(from: Remote, hello: Hello): void {
    const hub = this.#hub
    if (this.#known(from, hello)) return
    if (hello.maxFrameSize < MIN_FRAME_LIMIT) return hub.refuse(from, hello.id, REFUSAL.VERSION)
    if (!isSteamId(hello.steamId) || hello.steamId === hub.settings.steamId) {
      return hub.refuse(from, hello.id, REFUSAL.ID_REFUSED)
    }
    if (this.#crosses(from, hello.steamId)) return void hub.stats.droppedHellos++
    const rival = this.#rival(from, hello.steamId)
    if (rival === 'alive') return hub.refuse(from, hello.id, REFUSAL.ID_IN_USE)
    // Not answered: the next hello will find it alive or gone.
    if (rival === 'doubted') return void hub.stats.droppedHellos++
    if (hub.isFull && !hub.hasLink(hello.steamId)) return hub.refuse(from, hello.id, REFUSAL.FULL)
    if (this.#isCrowded(from, hello.steamId)) return hub.refuse(from, hello.id, REFUSAL.CROWDED)
    if (!this.#makeRoom()) return void hub.stats.droppedHellos++
    const knock = new Knock(hub, from, hello, keyOf(from, hello))
    hub.knock(knock)
    knock.begin()
  }

  /** A hello that comes again: what was answered to it may be lost. */
  #known(from: Remote, hello: Hello): boolean {
    const { steamId, maxFrameSize } = this.#hub.settings
    const knock = this.#hub.knocks.get(keyOf(from, hello))
    knock?.accept()
    if (knock !== undefined) return true
    const link = this.#hub.linkWithRemoteId(hello.id, from)
    if (link === undefined) return false
    sendTo(from, writeAccept(hello.id, { steamId, maxFrameSize, id: link.id }), this.#hub.sent)
    return true
  }

  /**
   * Two ends that dial each other at once: the dial of the higher id counts, and the other one waits for it. Not for ever:
   * that one may be the only way through.
   */
  #crosses(from: Remote, peer: bigint): boolean {
    let insists = false
    for (const dial of this.#hub.dials) {
      if (dial.expected !== peer && !samePlace(dial.remote, from)) continue
      if (this.#hub.settings.steamId > peer && dial.insists) insists = true
      else dial.yield()
    }
    return insists
  }

  /** Whether there is a link to that peer which does not give way to one from here. */
  #rival(from: Remote, peer: bigint): 'none' | 'alive' | 'doubted' {
    const link = this.#hub.linkTo(peer)
    if (link === undefined || samePlace(link.remote, from) || (link.dialled && !link.confirmed)) return 'none'
    if (this.#hub.settings.onDuplicate === 'replace') return 'none'
    return link.prove() ? 'alive' : 'doubted'
  }

  /** Whoever comes again, from a new port, needs room beside the link that ends for it. */
  #isCrowded({ address }: Remote, peer: bigint): boolean {
    const { crowd, settings } = this.#hub
    const old = this.#hub.linkTo(peer)
    const isAgain = old !== undefined && !old.dialled && networkOf(old.remote.address) === networkOf(address)
    return crowd.count(address) >= settings.maxPerAddress + (isAgain ? 1 : 0)
  }

  /** The oldest handshake gives way to a new one, except to `authenticate`, which is asked so many at a time only. */
  #makeRoom(): boolean {
    const { knocks, settings, stats } = this.#hub
    if (knocks.size < settings.maxPendingHandshakes) return true
    for (const knock of knocks.values()) {
      if (knock.judging) continue
      stats.handshakeTimeouts++
      knock.drop()
      return true
    }
    return false
  }
}

function keyOf({ address, port }: Remote, { id }: Hello): string {
  return `${address}|${port}|${id.low}|${id.high}`
}
