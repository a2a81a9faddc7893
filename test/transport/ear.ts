import type { Link, Transport, TransportReceiver } from '../../src/transport/index.js'

/** A receiver that keeps what it hears, and lets a test wait for it. */
export class Ear implements TransportReceiver {
  readonly links: Link[] = []
  readonly frames: Uint8Array[] = []
  readonly drains: Link[] = []
  readonly downs: string[] = []
  /** All of it in one line each: `up 2`, `frame 1,2,3`, `drain 2`, `down 2: reason`. */
  readonly log: string[] = []
  onFrame: ((link: Link, frame: Uint8Array) => void) | undefined
  #wake: (() => void)[] = []

  constructor(transport?: Transport) {
    transport?.attach(this)
  }

  /** The newest link. */
  get link(): Link {
    const link = this.links.at(-1)
    if (link === undefined) throw new Error('No link came up')
    return link
  }

  linkUp(link: Link): void {
    this.links.push(link)
    this.#hear(`up ${link.peer}`)
  }
  frame(link: Link, frame: Uint8Array): void {
    this.frames.push(frame)
    this.onFrame?.(link, frame)
    this.#hear(`frame ${frame.subarray(0, 8)}`)
  }
  drain(link: Link): void {
    this.drains.push(link)
    this.#hear(`drain ${link.peer}`)
  }
  linkDown(link: Link, reason: string): void {
    this.downs.push(reason)
    this.#hear(`down ${link.peer}: ${reason}`)
  }

  async until(what: string, isTrue: () => boolean): Promise<void> {
    const timeout = setTimeout(() => this.#wakeUp(), 3000)
    const end = performance.now() + 3000
    while (!isTrue()) {
      if (performance.now() >= end)
        throw new Error(`Waited in vain until ${what}; heard: ${this.log.slice(-20).join(' | ')}`)
      await new Promise<void>((resolve) => this.#wake.push(resolve))
    }
    clearTimeout(timeout)
  }
  up(count = 1): Promise<void> {
    return this.until(`${count} links were up`, () => this.links.length >= count)
  }
  got(count: number): Promise<void> {
    return this.until(`${count} frames had come`, () => this.frames.length >= count)
  }
  down(count = 1): Promise<void> {
    return this.until(`${count} links were down`, () => this.downs.length >= count)
  }

  #hear(line: string): void {
    this.log.push(line)
    this.#wakeUp()
  }
  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = []
    for (const resolve of wake) resolve()
  }
}

export const bytes = (...list: number[]) => new Uint8Array(list)
