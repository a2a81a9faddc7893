// One process of the NAT tests. `relay <ip>`: a relay. `peer <steam id> <relay url> <stun url>`: a game that says how it goes,
// four times a second, as a line of JSON; a line `<steam id> <count>` on its input makes it send so many numbered packets.
import { createInterface } from 'node:readline'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { createRelay, issueRelayToken } from '../../src/relay/node/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'

const SECRET = 'a secret of more than thirty-two characters'
const SENT_EACH_MS = 10

export interface RelayLine {
  readonly url: string
}

export interface PeerLine {
  readonly sent: number
  readonly received: number
  /** A packet that was not the next one. */
  readonly wrong: number | undefined
  readonly attempts: number
  readonly successes: number
  readonly fallbacks: number
  /** What the session's state says of its way; nothing before there is a session. */
  readonly usingRelay: number | undefined
  readonly remoteIp: string
}

const [role, ...rest] = process.argv.slice(2)
if (role === 'relay') {
  const relay = await createRelay({ host: rest[0]!, port: 0, tokens: { secret: SECRET } })
  tell({ url: relay.url } satisfies RelayLine)
} else if (role === 'peer') await peer(BigInt(rest[0]!), rest[1]!, rest[2]!)
else throw new Error(`no such role: ${role}`)

function tell(line: RelayLine | PeerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function dotted(ip: number): string {
  return [24, 16, 8, 0].map((shift) => (ip >>> shift) & 0xff).join('.')
}

async function peer(steamId: bigint, url: string, stun: string): Promise<void> {
  const urlOf = async () => `${url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}`
  const relay = new RelayTransport({ steamId, url: urlOf })
  const transport = new WebRtcTransport({ relay, iceServers: [{ urls: stun }], directTimeoutMs: 8_000, retryMs: 500 })
  const p2p = new P2P({ steamId, transport })
  let [other, left, sent, received] = [0n, 0, 0, 0]
  let wrong: number | undefined
  p2p.on('p2p_session_request', (id) => {
    other = id
    p2p.acceptP2PSessionWithUser(id)
  })
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [id, count] = line.split(' ')
    other = BigInt(id!)
    left += Number(count)
  })
  await relay.open()
  setInterval(() => {
    if (left > 0 && p2p.sendP2PPacket(other, new Uint8Array(new Uint32Array([sent]).buffer), P2P_SEND_RELIABLE)) {
      left--
      sent++
    }
    while (p2p.isP2PPacketAvailable()) {
      const { data } = p2p.readP2PPacket(4)
      const number = new DataView(data!.buffer, data!.byteOffset).getUint32(0, true)
      if (number !== received++) wrong ??= number
    }
  }, SENT_EACH_MS)
  setInterval(() => {
    const { attempts, successes, fallbacks } = transport.stats
    const state = other === 0n ? {} : p2p.getP2PSessionState(other)
    const way = { usingRelay: state.using_relay, remoteIp: dotted(state.remote_ip ?? 0) }
    tell({ sent, received, wrong, attempts, successes, fallbacks, ...way } as PeerLine)
  }, 250)
}
