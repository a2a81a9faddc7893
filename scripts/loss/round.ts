import { type ChildProcess, spawn } from 'node:child_process'
import type { DelayOrder, DelayPlaces, Place } from './delay.js'
import type { FromPeer, Result, Signal, Task, ToPeer } from './messages.js'
import type { Side, Sides } from './namespaces.js'
import type { Contender } from './options.js'
import type { Programs } from './programs.js'

/** How long a link may take to come up: handshakes at 30 % of loss take their time. */
const UP_MS = 45_000

export const NO_LINK = 'no link came up'

/** What a process may take to end by itself. */
const END_MS = 3000

/** Two processes, and between them a third one where there is a delay: one measurement, and they are gone. */
export class Round {
  readonly #sides: Sides
  readonly #programs: Programs
  readonly #children: ChildProcess[] = []
  #fail: (reason: Error) => void = () => {}
  readonly #failure = new Promise<never>((_, reject) => {
    this.#fail = reject
  })
  #delay: ChildProcess | undefined
  #places: DelayPlaces | undefined

  constructor(sides: Sides, programs: Programs) {
    this.#sides = sides
    this.#programs = programs
    this.#failure.catch(() => {})
  }

  /** @throws (rejects) where no link comes up, or no result comes in time. */
  async run(contender: Contender, delayMs: number, task: Task): Promise<Result> {
    try {
      if (delayMs > 0) await this.#startDelay(delayMs)
      return await Promise.race([this.#measure(contender, task), this.#failure])
    } finally {
      await Promise.all(this.#children.map(end))
    }
  }

  async #startDelay(delayMs: number): Promise<void> {
    const child = this.#start('b', this.#programs.delay, this.#sides.address('b'), String(delayMs))
    this.#delay = child
    this.#places = await Promise.race([
      new Promise<DelayPlaces>((resolve) => child.once('message', (places) => resolve(places as DelayPlaces))),
      this.#failure,
    ])
  }

  async #measure(contender: Contender, task: Task): Promise<Result> {
    const peers = {
      a: this.#start('a', this.#programs.peer, contender, 'a', this.#sides.address('a')),
      b: this.#start('b', this.#programs.peer, contender, 'b', this.#sides.address('b')),
    }
    const say = (side: Side, message: ToPeer) => void peers[side].send(message)
    let ups = 0
    let upDone = () => {}
    const up = new Promise<void>((resolve) => {
      upDone = resolve
    })
    const result = new Promise<Result>((resolve) => {
      const hear = (from: Side, to: Side, message: FromPeer) => {
        if ('signal' in message) for (const signal of this.#translated(from, message.signal)) say(to, { signal })
        else if ('result' in message) resolve(message.result)
        else if ('counting' in message) say('a', { task })
        else if ('failure' in message) this.#fail(new Error(`${from}: ${message.failure}`))
        else if (++ups === 2) upDone()
      }
      peers.a.on('message', (message: FromPeer) => hear('a', 'b', message))
      peers.b.on('message', (message: FromPeer) => hear('b', 'a', message))
    })
    await Promise.race([up, after(UP_MS, NO_LINK)])
    // The sender follows when the receiver counts.
    say('b', { task })
    return result
  }

  /** What the other end shall hear of a signal: with a delay between them, each finds the forwarder in the other's place. */
  #translated(from: Side, signal: Signal): Signal[] {
    if (signal.kind === 'place') return [{ ...signal, place: this.#seenFrom(from, signal.place) }]
    if (signal.kind === 'description') return [{ ...signal, sdp: signal.sdp.replace(/^a=candidate:.*\r\n/gm, '') }]
    const parts = signal.candidate.split(' ')
    const place = { host: parts[4] ?? '', port: Number(parts[5]) }
    if (place.host !== this.#sides.address(from)) return []
    const { host, port } = this.#seenFrom(from, place)
    parts.splice(4, 2, host, String(port))
    return [{ ...signal, candidate: parts.join(' ') }]
  }

  #seenFrom(owner: Side, place: Place): Place {
    if (!this.#delay || !this.#places) return place
    this.#delay.send((owner === 'a' ? { a: place } : { b: place }) satisfies DelayOrder)
    return owner === 'a' ? this.#places.forB : this.#places.forA
  }

  #start(side: Side, file: string, ...args: string[]): ChildProcess {
    const [program, ...before] = this.#sides.on(side)
    const command = [...before, process.execPath, ...this.#programs.flags, file, ...args]
    // A session of its own each: where the kernel shares processors among sessions, threads bring no larger share.
    const child = spawn(program, command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true })
    child.once('exit', (code, signal) => this.#fail(new Error(`a process on ${side} ended with ${code ?? signal}`)))
    this.#children.push(child)
    return child
  }
}

function after(ms: number, reason: string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(reason)), ms).unref()
  })
}

/** Without the one that started it a process ends itself. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    if (child.connected) child.disconnect()
  })
}
