// Random lives of two peers on a bad network. Whatever happens, reliable packets come in the order in which they were sent,
// none twice; and none is lost unless somebody closed a session. A seed that fails is a life that can be lived again.
import { describe, expect, it } from 'vitest'
import { P2P_SEND_RELIABLE, P2P_SEND_RELIABLE_WITH_BUFFERING, P2P_SEND_UNRELIABLE } from '../../src/p2p/index.js'
import { Random } from '../variant/random.js'
import { ALICE, BOB, type Peer, World } from './world.js'

const STEPS = 120
const CHANNELS = [0, 1, -7]
/** The first channel carries reliable packets only, the last unreliable ones only. */
const UNRELIABLE_CHANNEL = 99

interface Life {
  readonly from: Peer
  readonly to: Peer
  sent: number
  /** Numbers read, over all reliable channels, in the order of reading within a channel. */
  readonly read: Map<number, number[]>
  readonly channelOf: number[]
}

function life(from: Peer, to: Peer): Life {
  return { from, to, sent: 0, read: new Map(CHANNELS.map((channel) => [channel, []])), channelOf: [] }
}

/** A packet with its number in front; sizes from nothing to several frames. */
function packet(number: number, random: Random): Uint8Array {
  const size = random.oneIn(12) ? random.below(150_000) : random.below(300)
  const data = new Uint8Array(4 + size)
  new DataView(data.buffer).setUint32(0, number)
  return data
}

function send({ from, to, ...one }: Life, state: Life, random: Random): void {
  const type = random.oneIn(3) ? P2P_SEND_RELIABLE_WITH_BUFFERING : P2P_SEND_RELIABLE
  const channel = random.pick(CHANNELS)
  if (!from.p2p.sendP2PPacket(to.p2p.steamId, packet(one.sent, random), type, channel)) return
  state.channelOf.push(channel)
  state.sent++
}

function readAll({ to, read }: Life): void {
  for (const channel of CHANNELS) {
    while (to.p2p.isP2PPacketAvailable(channel)) {
      const { data } = to.p2p.readP2PPacket(1 << 20, channel)
      read.get(channel)!.push(new DataView(data!.buffer).getUint32(0))
    }
  }
  while (to.p2p.isP2PPacketAvailable(UNRELIABLE_CHANNEL)) to.p2p.readP2PPacket(1 << 20, UNRELIABLE_CHANNEL)
}

/** What may befall the two besides a bad link: games that close sessions, silences longer than a session lives. */
interface Fate {
  readonly closes?: boolean
  readonly silences?: boolean
}

function live(seed: number, { closes = false, silences = false }: Fate): [Life, Life] {
  const random = new Random(seed)
  const weather = {
    seed,
    latencyMs: random.below(80),
    jitterMs: random.below(40),
    loss: 0.2,
    duplicate: 0.1,
    reorder: 0.2,
  }
  const world = new World(weather)
  const [alice, bob] = [world.friendly(ALICE), world.friendly(BOB)]
  const lives: [Life, Life] = [life(alice, bob), life(bob, alice)]
  for (let step = 0; step < STEPS; step++) {
    const one = random.pick(lives)
    const what = random.below(20)
    if (what < 12) for (let i = random.below(6); i >= 0; i--) send(one, one, random)
    else if (what < 14) {
      one.from.p2p.sendP2PPacket(
        one.to.p2p.steamId,
        packet(0, random).slice(0, 1200),
        P2P_SEND_UNRELIABLE,
        UNRELIABLE_CHANNEL,
      )
    } else if (what < 16) readAll(one)
    else if (what === 16) world.network.partition(ALICE, BOB)
    else if (what < 19) world.network.heal(ALICE, BOB)
    else if (closes) one.from.p2p.closeP2PSessionWithUser(one.to.p2p.steamId)
    world.pass(random.below(4) * random.below(60), 20)
    if (silences && random.oneIn(25)) world.pass(random.below(45_000), 500)
  }
  world.network.heal(ALICE, BOB)
  for (let round = 0; round < 30; round++) {
    world.pass(500, 50)
    for (const one of lives) readAll(one)
  }
  if (!silences) expect([alice.failures, bob.failures], `seed ${seed}`).toEqual([[], []])
  return lives
}

function inOrder(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]!)
}

describe('a random life', () => {
  it('without closes: every reliable packet comes once, in order', () => {
    for (let seed = 1; seed <= 150; seed++) {
      for (const { sent, read, channelOf } of live(seed, {})) {
        expect(sent).toBeGreaterThan(20)
        for (const channel of CHANNELS) {
          const expected = channelOf.flatMap((c, number) => (c === channel ? [number] : []))
          expect(read.get(channel), `seed ${seed}, channel ${channel}`).toEqual(expected)
        }
      }
    }
  }, 60_000)

  it('with closes at any time: nothing comes twice or out of order', () => {
    let lost = 0
    for (let seed = 1000; seed <= 1150; seed++) {
      for (const { sent, read } of live(seed, { closes: true })) {
        const numbers = [...read.values()]
        for (const channel of numbers) expect(inOrder(channel), `seed ${seed}: ${channel}`).toBe(true)
        lost += sent - numbers.flat().length
      }
    }
    // Closing drops what waits, so something must be missing, or nothing was tried.
    expect(lost).toBeGreaterThan(100)
  }, 60_000)

  it('with silences longer than a session lives: nothing comes twice or out of order', () => {
    let lost = 0
    for (let seed = 2000; seed <= 2100; seed++) {
      for (const { sent, read } of live(seed, { closes: seed % 2 === 0, silences: true })) {
        const numbers = [...read.values()]
        for (const channel of numbers) expect(inOrder(channel), `seed ${seed}: ${channel}`).toBe(true)
        lost += sent - numbers.flat().length
      }
    }
    expect(lost).toBeGreaterThan(100)
  }, 60_000)
})
