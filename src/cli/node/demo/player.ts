/** One end of the demo, with the functions of the GodotSteam tutorial. */
import { COMPRESSION_GZIP, compress, decompressDynamic } from '../../../compression/index.js'
import { P2P, P2P_SEND_RELIABLE } from '../../../p2p/index.js'
import { bytesToVar, type Variant, type VariantInput, varToBytes } from '../../../variant/index.js'
import type { Tell } from './event.js'
import type { Member } from './stage.js'

/** No packet of the demo unpacks to more. */
const LARGEST = 1 << 16

export interface Heard {
  readonly from: bigint
  readonly value: Variant
  /** As var_to_bytes has written it at the other end. */
  readonly bytes: Uint8Array
}

export interface Sent {
  readonly to: readonly bigint[]
  readonly bytes: Uint8Array
  readonly packet: Uint8Array
}

export class Player {
  readonly name: string
  readonly steamId: bigint
  readonly #p2p: P2P
  readonly #tell: Tell
  readonly #nameOf: (id: bigint) => string

  constructor({ name, steamId, transport }: Member, nameOf: (id: bigint) => string, tell: Tell) {
    this.name = name
    this.steamId = steamId
    this.#nameOf = nameOf
    this.#tell = tell
    this.#p2p = new P2P({ steamId, transport })
    this.#p2p.on('p2p_session_request', (id) => {
      this.#p2p.acceptP2PSessionWithUser(id)
      tell({ who: name, event: 'request', from: nameOf(id) })
    })
    this.#p2p.on('p2p_session_connect_fail', (id, error) => {
      tell({ who: name, event: 'problem', text: `p2p_session_connect_fail with ${nameOf(id)}: ${error}` })
    })
  }

  /** The tutorial's send_p2p_packet: to one, or to all. */
  sendP2pPacket(to: readonly bigint[], value: VariantInput): Sent {
    const bytes = varToBytes(value)
    const packet = compress(bytes, COMPRESSION_GZIP)
    const names = to.length === 1 ? this.#nameOf(to[0]!) : `all ${to.length}`
    const text = String(bytesToVar(bytes, { exact: true }))
    this.#tell({ who: this.name, event: 'send', to: names, value: text, bytes: bytes.length, wire: packet.length })
    for (const id of to) {
      if (this.#p2p.sendP2PPacket(id, packet, P2P_SEND_RELIABLE)) continue
      this.#tell({ who: this.name, event: 'problem', text: `the packet to ${this.#nameOf(id)} was not taken` })
    }
    return { to, bytes, packet }
  }

  /** The tutorial's read_all_p2p_packets. */
  readAllP2pPackets(): Heard[] {
    const heard: Heard[] = []
    while (this.#p2p.isP2PPacketAvailable()) {
      const { remote_steam_id: from, data } = this.#p2p.readP2PPacket(this.#p2p.getAvailableP2PPacketSize())
      if (data === undefined) break
      const bytes = decompressDynamic(data, LARGEST, COMPRESSION_GZIP)
      const value = bytesToVar(bytes, { exact: true })
      this.#tell({ who: this.name, event: 'read', from: this.#nameOf(from), value: String(value) })
      heard.push({ from, value, bytes })
    }
    return heard
  }

  close(): void {
    this.#p2p.close()
  }
}
