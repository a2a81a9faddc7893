// A value for every member of a lobby of 64: as the Messenger sends it, and everything anew for each member.
import assert from 'node:assert/strict'
import { COMPRESSION_GZIP, compress } from '../src/compression/index.js'
import { Messenger, P2P, P2P_SEND_RELIABLE } from '../src/p2p/index.js'
import { MemoryNetwork } from '../src/transport/index.js'
import { type VariantInput, varToBytes } from '../src/variant/index.js'

const HOST = 76561197960265729n
const MEMBERS = 64
/** Times in one turn. */
const ROUNDS = 20

export interface Broadcast {
  readonly name: string
  /** Packets of one turn. */
  readonly packets: number
  /** Sends, and resolves when every member has read all of it. */
  turn(): Promise<void>
  close(): void
}

class Lobby {
  readonly host: P2P
  readonly members: readonly P2P[]

  constructor() {
    const network = new MemoryNetwork()
    this.host = new P2P({ steamId: HOST, transport: network.transport(HOST) })
    this.members = Array.from({ length: MEMBERS }, (_, n) => {
      const steamId = HOST + 1n + BigInt(n)
      const p2p = new P2P({ steamId, transport: network.transport(steamId) })
      p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
      return p2p
    })
  }

  /** Waits until each member has read so many packets, all of them `expected`. */
  async read(count: number, expected: Uint8Array): Promise<void> {
    for (const p2p of this.members) {
      for (let got = 0, turn = 0; got < count; turn++) {
        if (turn > 1_000) throw new Error(`${got} of ${count} packets arrived`)
        for (; p2p.isP2PPacketAvailable(); got++) {
          assert.equal(p2p.readP2PPacket(p2p.getAvailableP2PPacketSize()).data?.length, expected.length)
        }
        if (got < count) await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }

  close(): void {
    for (const p2p of [this.host, ...this.members]) p2p.close()
  }
}

function broadcast(name: string, value: VariantInput, sendOf: (lobby: Lobby) => () => boolean): Broadcast {
  const lobby = new Lobby()
  const send = sendOf(lobby)
  const expected = compress(varToBytes(value), COMPRESSION_GZIP)
  return {
    name,
    packets: ROUNDS * MEMBERS,
    async turn() {
      for (let i = 0; i < ROUNDS; i++) if (!send()) throw new Error(`${name}: a packet was not taken`)
      await lobby.read(ROUNDS, expected)
    },
    close: () => lobby.close(),
  }
}

export function broadcasts(value: VariantInput): readonly Broadcast[] {
  return [
    broadcast('Messenger', value, ({ host, members }) => {
      const messenger = new Messenger(host, { compression: COMPRESSION_GZIP })
      for (const { steamId } of members) messenger.members.add(steamId)
      return () => messenger.send(0n, value as never)
    }),
    broadcast('anew for each', value, ({ host, members }) => () => {
      let isTaken = true
      for (const { steamId } of members) {
        const packet = compress(varToBytes(value), COMPRESSION_GZIP)
        isTaken = host.sendP2PPacket(steamId, packet, P2P_SEND_RELIABLE) && isTaken
      }
      return isTaken
    }),
  ]
}
