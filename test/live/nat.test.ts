// WebRTC between two homes behind routers of their own, by real packets through real address translation.
import { expect } from 'vitest'
import type { PeerLine, RelayLine } from './nat-peer.js'
import { Child, itWithNat, type Nat, NatNetwork, PUBLIC_IP, ROUTER_IPS } from './with-nat.js'

const ANN = 76561197960265729n
const BOB = 76561197960265730n
const STUN_PORT = '3478'
const PEER = ['--import', 'tsx', new URL('nat-peer.ts', import.meta.url).pathname]

async function homes(nat: Nat) {
  const network = new NatNetwork(nat)
  const quiet = ['--no-tls', '--no-dtls', '--no-cli', '--no-stdout-log', '--log-file', '/dev/null']
  network
    .spawn('public', 'turnserver', '-n', '--stun-only', '-L', PUBLIC_IP, '-p', STUN_PORT, ...quiet)
    .stdout!.resume()
  const relay = new Child<RelayLine>(network.spawn('public', process.execPath, ...PEER, 'relay', PUBLIC_IP))
  const { url } = await relay.until('there is a relay', ({ url }) => url !== undefined)
  const game = (home: 'ann' | 'bob', id: bigint) => {
    const args = ['peer', String(id), url, `stun:${PUBLIC_IP}:${STUN_PORT}`]
    return new Child<PeerLine>(network.spawn(home, process.execPath, ...PEER, ...args))
  }
  const [ann, bob] = [game('ann', ANN), game('bob', BOB)]
  await ann.until('ann has joined', () => true)
  await bob.until('bob has joined', () => true)
  return { network, ann, bob }
}

itWithNat('finds the direct way through two routers that keep ports', async () => {
  const { network, ann, bob } = await homes('keeps ports')
  try {
    ann.say(`${BOB} 500`)
    const isDirect = ({ usingRelay }: PeerLine) => usingRelay === 0
    expect((await ann.until('the way is direct', isDirect)).remoteIp).toBe(ROUTER_IPS.bob)
    expect((await bob.until('the way is direct', isDirect)).remoteIp).toBe(ROUTER_IPS.ann)
    bob.say(`${ANN} 100`)
    const [atAnn, atBob] = await Promise.all([
      ann.until('bob’s packets are there', ({ received }) => received === 100),
      bob.until('ann’s packets are there', ({ received }) => received === 500),
    ])
    expect([atAnn.wrong, atBob.wrong]).toEqual([undefined, undefined])
  } finally {
    network.close()
  }
})

itWithNat('stays on the relay where routers give every destination another port', async () => {
  const { network, ann, bob } = await homes('random ports')
  try {
    ann.say(`${BOB} 1000`)
    const tried = await bob.until(
      'they have tried in vain',
      ({ attempts, received }) => attempts >= 2 && received === 1000,
    )
    expect(tried).toMatchObject({ successes: 0, usingRelay: 1 })
    expect(tried.wrong).toBeUndefined()
    const atAnn = await ann.until('ann has sent all', ({ sent }) => sent === 1000)
    expect(atAnn).toMatchObject({ successes: 0, usingRelay: 1 })
  } finally {
    network.close()
  }
})

itWithNat('goes back to the relay when the direct way breaks, and to the direct way when it can', async () => {
  const { network, ann, bob } = await homes('keeps ports')
  try {
    ann.say(`${BOB} 300`)
    await ann.until('the way is direct', ({ usingRelay }) => usingRelay === 0)
    network.blockUdp('ann', true)
    ann.say(`${BOB} 300`)
    const back = await ann.until(
      'the relay has taken over',
      ({ usingRelay, fallbacks }) => usingRelay === 1 && fallbacks > 0,
    )
    expect(back.remoteIp).not.toBe(ROUTER_IPS.bob)
    await bob.until('nothing is lost', ({ received }) => received === 600)
    network.blockUdp('ann', false)
    await ann.until('the way is direct again', ({ usingRelay, successes }) => usingRelay === 0 && successes === 2)
    ann.say(`${BOB} 300`)
    const end = await bob.until('nothing is lost', ({ received }) => received === 900)
    expect(end.wrong).toBeUndefined()
  } finally {
    network.close()
  }
})
