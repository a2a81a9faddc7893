import { expect } from 'vitest'
import type { Actor, Turn } from './actor.js'
import { bytesOf, digest, IDS, nameOf, type Payload, type Scenario } from './scenario.js'

/** The wire between the actors. */
export interface Wire {
  /** Moves what is under way; resolves soon, whether it has arrived or not. */
  move(): void | Promise<void>
  /** What `using_relay` must say. */
  readonly relayed: boolean
}

type Turns = Readonly<Record<string, Turn>>

/** A game looks so often, in milliseconds of its own time. */
const STEP_MS = 50
/** In real time: far more than a frame takes, or a link. */
const NEVER_MS = 60_000

/**
 * Actors of a scenario over any wire. Their sessions have a time of their own, which moves only while nothing is under way:
 * three minutes of silence take none, and a slow machine changes nothing.
 */
export class Stage {
  constructor(
    readonly actors: ReadonlyMap<string, Actor>,
    readonly wire: Wire,
  ) {}

  actor(name: string): Actor {
    return this.actors.get(name)!
  }

  async pass(ms: number): Promise<void> {
    let idleMs = await this.settle()
    for (let left = ms; left > 0; ) {
      // Looks that find nothing are left out.
      const step = Math.min(left, STEP_MS * Math.max(1, Math.floor(idleMs / STEP_MS)))
      idleMs = await this.settle(step)
      left -= step
    }
  }

  /**
   * Lets `ms` milliseconds pass, and waits until all that this set off has arrived.
   *
   * @returns for how many milliseconds nothing will happen
   */
  async settle(ms = 0): Promise<number> {
    await this.#turn(ms)
    let before = ''
    const turns = await this.#until('nothing is under way', (turns) => {
      const now = JSON.stringify(turns)
      const isSame = now === before
      before = now
      return isSame && isQuiet(turns)
    })
    return Math.min(...Object.values(turns).map(({ idleMs }) => idleMs))
  }

  async #until(what: string, isSo: (turns: Turns) => boolean): Promise<Turns> {
    const end = performance.now() + NEVER_MS
    for (;;) {
      await this.wire.move()
      const turns = await this.#turn(0)
      if (isSo(turns)) return turns
      if (performance.now() > end) throw new Error(`waited in vain until ${what}: ${JSON.stringify(turns)}`)
    }
  }

  async #turn(ms: number): Promise<Turns> {
    const names = [...this.actors.keys()]
    const turns = await Promise.all(names.map((name) => this.actor(name).turn(ms)))
    return Object.fromEntries(names.map((name, n) => [name, turns[n]!]))
  }

  async cut(a: string, b: string): Promise<void> {
    for (const [who, whom] of [
      [a, b],
      [b, a],
    ] as const) {
      await this.actor(who).cut(whom)
    }
    const isUp = ({ traffic }: Turn, whom: string) => traffic.up.includes(String(IDS[whom]))
    await this.#until(
      `${a} and ${b} know that their link is cut`,
      (turns) => !isUp(turns[a]!, b) && !isUp(turns[b]!, a),
    )
  }

  async heal(a: string, b: string): Promise<void> {
    await this.actor(a).heal(b)
    await this.actor(b).heal(a)
  }

  async play({ steps }: Scenario): Promise<void> {
    for (const [number, [play, ...step]] of steps.entries()) {
      try {
        await PLAYS[play]!(this, ...step)
      } catch (error) {
        throw new Error(`step ${number + 1}, ${JSON.stringify([play, ...step]).slice(0, 100)}`, { cause: error })
      }
    }
  }

  async end(): Promise<void> {
    for (const actor of this.actors.values()) await actor.end()
  }
}

/** Every frame has arrived, every link is known at both ends, and nobody waits for one that can come. */
function isQuiet(all: Turns): boolean {
  let underWay = 0
  for (const [name, { traffic }] of Object.entries(all)) {
    const { sent, received, up, wanted } = traffic
    underWay += sent - received
    const isMissing = (id: string) => all[nameOf(BigInt(id))]?.traffic.up.includes(String(IDS[name])) === false
    if (up.some(isMissing) || wanted.some((id) => all[nameOf(BigInt(id))] !== undefined)) return false
  }
  return underWay === 0
}

type Play = (stage: Stage, ...step: never[]) => Promise<void>

const PLAYS: Readonly<Record<string, Play>> = {
  async send(stage, from: string, to: string, data: Payload, type: number, channel: number, wanted: boolean) {
    const sent = await stage.actor(from).send(to, data, type, channel)
    // A game that polls moves its link in every frame.
    await stage.settle()
    expect(sent).toBe(wanted)
  },
  pass: (stage, ms: number) => stage.pass(ms),
  async accept(stage, who: string, whom: string, wanted: boolean) {
    expect(await stage.actor(who).accept(whom)).toBe(wanted)
  },
  async accepting(stage, who: string, accepts: boolean) {
    await stage.actor(who).accepting(accepts)
  },
  async requests(stage, who: string, wanted: string[]) {
    expect(await stage.actor(who).requests()).toEqual(wanted)
  },
  async failures(stage, who: string, wanted: unknown[]) {
    expect(await stage.actor(who).failures()).toEqual(wanted)
  },
  async read(stage, who: string, channel: number, wanted: [string, Payload][]) {
    const read = await stage.actor(who).readAll(channel)
    expect(read).toEqual(wanted.map(([from, data]) => [from, digest(bytesOf(data))]))
  },
  async readOne(stage, who: string, channel: number, size: number, wanted: [string, Payload] | null) {
    const read = await stage.actor(who).readOne(channel, size)
    expect(read).toEqual(wanted && [wanted[0], digest(bytesOf(wanted[1]))])
  },
  async size(stage, who: string, channel: number, wanted: number) {
    expect(await stage.actor(who).size(channel)).toBe(wanted)
  },
  async available(stage, who: string, channel: number, wanted: boolean) {
    expect(await stage.actor(who).available(channel)).toBe(wanted)
  },
  async state(stage, who: string, whom: string, wanted: { using_relay?: number } | null) {
    const state = await stage.actor(who).state(whom)
    if (wanted === null) return expect(state).toEqual({})
    const way = wanted.using_relay === undefined ? {} : { using_relay: stage.wire.relayed ? 1 : 0 }
    expect(state).toMatchObject({ ...wanted, ...way })
  },
  async close(stage, who: string, whom: string, wanted: boolean) {
    expect(await stage.actor(who).close(whom)).toBe(wanted)
  },
  async closeChannel(stage, who: string, whom: string, channel: number, wanted: boolean) {
    expect(await stage.actor(who).closeChannel(whom, channel)).toBe(wanted)
  },
  cut: (stage, a: string, b: string) => stage.cut(a, b),
  heal: (stage, a: string, b: string) => stage.heal(a, b),
}
