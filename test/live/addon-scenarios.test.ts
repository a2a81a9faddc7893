// One file of scenarios for everybody who speaks the protocol: the same steps, the same answers, in TypeScript and in the
// GDScript of each engine.
import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { ENGINE_NAMES } from '../../scripts/engines.js'
import { VirtualClock } from '../../src/clock.js'
import { P2P, type P2PSend, type P2PTransportOptions } from '../../src/p2p/index.js'
import { MemoryNetwork } from '../../src/transport/index.js'
import { engineErrors, makeProject, startScript } from './addon-project.js'
import { describeWith } from './with-engine.js'

const FILE = fileURLToPath(new URL('../../godot/tests/scenarios.json', import.meta.url))

type Bytes = string | { readonly size: number }
type PeerOptions = Pick<P2PTransportOptions, 'connectTimeoutMs' | 'requestRepeatMs' | 'sendBufferSize' | 'steamIdRule'>
type Step = readonly [string, ...never[]]

interface Scenario {
  readonly name: string
  readonly peers: Readonly<Record<string, PeerOptions & { readonly accepts?: boolean }>>
  readonly steps: readonly Step[]
}

const SCENARIOS = JSON.parse(readFileSync(FILE, 'utf8')) as Scenario[]

const IDS: Readonly<Record<string, bigint>> = {
  alice: 76561197960265729n,
  bob: 76561197960265730n,
  carol: 76561197960265731n,
  'bobs account': 2n,
  'no account': 4294967296n,
  nobody: 0n,
}
const STEP_MS = 50

function nameOf(id: bigint): string {
  return Object.keys(IDS).find((name) => IDS[name] === id) ?? String(id)
}

/** Text, or bytes that differ from place to place. */
function bytesOf(data: Bytes): Uint8Array {
  if (typeof data === 'string') return new Uint8Array(Buffer.from(data))
  const bytes = new Uint8Array(data.size)
  for (let at = 0; at < data.size; at += 97) bytes[at] = (at / 97) % 251
  return bytes
}

/** What is compared instead of large packets. */
function digest(data: Uint8Array): string {
  return data.length < 64 ? Buffer.from(data).toString() : `${data.length} bytes: ${Buffer.from(data).toString('hex')}`
}

class Stage {
  readonly clock = new VirtualClock()
  readonly network = new MemoryNetwork({ clock: this.clock })
  readonly peers = new Map<string, P2P>()
  readonly accepting = new Set<string>()
  readonly requests = new Map<string, string[]>()
  readonly failures = new Map<string, [string, number][]>()

  constructor({ peers }: Scenario) {
    for (const [name, { accepts, ...options }] of Object.entries(peers)) {
      const steamId = IDS[name]!
      const transport = this.network.transport(steamId)
      const p2p = new P2P({ steamId, transport, callbacks: 'manual', clock: this.clock, ...options })
      this.peers.set(name, p2p)
      this.requests.set(name, [])
      this.failures.set(name, [])
      if (accepts) this.accepting.add(name)
      p2p.on('p2p_session_request', (id) => {
        this.requests.get(name)!.push(nameOf(id))
        if (this.accepting.has(name)) p2p.acceptP2PSessionWithUser(id)
      })
      p2p.on('p2p_session_connect_fail', (id, error) => this.failures.get(name)!.push([nameOf(id), error]))
    }
  }

  p2p(name: string): P2P {
    return this.peers.get(name)!
  }

  settle(): void {
    for (let round = 0; round < 4; round++) {
      this.clock.advance(0)
      for (const p2p of this.peers.values()) p2p.runCallbacks()
    }
    this.clock.advance(0)
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clock.advance(Math.min(STEP_MS, left))
      this.settle()
    }
  }

  read(name: string, channel: number, size: number): [string, string] | null {
    const { data, remote_steam_id } = this.p2p(name).readP2PPacket(size, channel)
    return data ? [nameOf(remote_steam_id), digest(data)] : null
  }

  readAll(name: string, channel: number): ([string, string] | null)[] {
    const packets: ([string, string] | null)[] = []
    while (this.p2p(name).isP2PPacketAvailable(channel)) packets.push(this.read(name, channel, 1 << 20))
    return packets
  }

  taken<T>(from: Map<string, T[]>, name: string): T[] {
    const all = from.get(name)!
    from.set(name, [])
    return all
  }

  close(): void {
    for (const p2p of this.peers.values()) p2p.close()
  }
}

/** The last element of a step is the answer that is wanted. */
const PLAYS: Readonly<Record<string, (stage: Stage, ...step: never[]) => unknown>> = {
  send(stage, from: string, to: string, data: Bytes, type: number, channel: number, wanted: boolean) {
    const sent = stage.p2p(from).sendP2PPacket(IDS[to]!, bytesOf(data), type as P2PSend, channel)
    // A game that polls moves its link in every frame.
    stage.settle()
    expect(sent).toBe(wanted)
  },
  pass: (stage, ms: number) => stage.pass(ms),
  accept(stage, who: string, whom: string, wanted: boolean) {
    expect(stage.p2p(who).acceptP2PSessionWithUser(IDS[whom]!)).toBe(wanted)
  },
  accepting(stage, who: string, accepts: boolean) {
    if (accepts) stage.accepting.add(who)
    else stage.accepting.delete(who)
  },
  requests: (stage, who: string, wanted: string[]) => expect(stage.taken(stage.requests, who)).toEqual(wanted),
  failures: (stage, who: string, wanted: unknown[]) => expect(stage.taken(stage.failures, who)).toEqual(wanted),
  read(stage, who: string, channel: number, wanted: [string, Bytes][]) {
    expect(stage.readAll(who, channel)).toEqual(wanted.map(([from, data]) => [from, digest(bytesOf(data))]))
  },
  readOne(stage, who: string, channel: number, size: number, wanted: [string, Bytes] | null) {
    expect(stage.read(who, channel, size)).toEqual(wanted && [wanted[0], digest(bytesOf(wanted[1]))])
  },
  size: (stage, who: string, channel: number, wanted: number) =>
    expect(stage.p2p(who).getAvailableP2PPacketSize(channel)).toBe(wanted),
  available: (stage, who: string, channel: number, wanted: boolean) =>
    expect(stage.p2p(who).isP2PPacketAvailable(channel)).toBe(wanted),
  state(stage, who: string, whom: string, wanted: object | null) {
    const state = stage.p2p(who).getP2PSessionState(IDS[whom]!)
    if (wanted === null) expect(state).toEqual({})
    else expect(state).toMatchObject(wanted)
  },
  close: (stage, who: string, whom: string, wanted: boolean) =>
    expect(stage.p2p(who).closeP2PSessionWithUser(IDS[whom]!)).toBe(wanted),
  closeChannel: (stage, who: string, whom: string, channel: number, wanted: boolean) =>
    expect(stage.p2p(who).closeP2PChannelWithUser(IDS[whom]!, channel)).toBe(wanted),
  cut: (stage, a: string, b: string) => stage.network.partition(IDS[a]!, IDS[b]!),
  heal: (stage, a: string, b: string) => stage.network.heal(IDS[a]!, IDS[b]!),
}

const stages: Stage[] = []
afterEach(() => {
  for (const stage of stages.splice(0)) stage.close()
})

describe('the scenarios, in TypeScript', () => {
  it.each(SCENARIOS)('$name', (scenario) => {
    const stage = new Stage(scenario)
    stages.push(stage)
    for (const [number, [play, ...step]] of scenario.steps.entries()) {
      try {
        PLAYS[play]!(stage, ...step)
      } catch (error) {
        throw new Error(`step ${number + 1}, ${JSON.stringify([play, ...step]).slice(0, 100)}`, { cause: error })
      }
    }
  })
})

for (const name of ENGINE_NAMES) {
  describeWith(name, 'the scenarios, in GDScript', (engine) => {
    it('end as they do in TypeScript', async () => {
      const project = makeProject(engine)
      try {
        const godot = startScript(engine, project, 'scenarios.gd', { file: FILE })
        const code = await godot.exited
        const failed = godot.lines.filter((line) => line.startsWith('FAIL') || line.startsWith('   '))
        expect(failed).toEqual([])
        expect(godot.lines.filter((line) => line.startsWith('ok   ')).map((line) => line.slice(5))).toEqual(
          SCENARIOS.map((scenario) => scenario.name),
        )
        expect(engineErrors(godot)).toEqual([])
        expect(code).toBe(0)
      } finally {
        project.remove()
      }
    })
  })
}
