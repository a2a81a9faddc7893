import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { UdpTransport } from '../../src/transport/udp/index.js'
import type { Signal } from './messages.js'
import type { Side } from './namespaces.js'
import type { Contender } from './options.js'

/** Reliable messages in order, by whatever is measured. */
export interface Wire {
  /** False where it is full: to be tried again later. */
  send(message: Uint8Array): boolean
  signal(signal: Signal): void
  close(): void
}

export interface WireOwner {
  /** Messages can be sent from now on. */
  up(): void
  message(message: Uint8Array): void
  signal(signal: Signal): void
}

export function openWire(contender: Contender, side: Side, address: string, owner: WireOwner): Promise<Wire> {
  return contender === 'sctp' ? openSctp(side, address, owner) : openGodotWire(side, address, owner)
}

// --- godot-wire ----------------------------------------------------------------------------------------------------

const IDS: Readonly<Record<Side, bigint>> = { a: 76561197960265729n, b: 76561197960265730n }

async function openGodotWire(side: Side, address: string, owner: WireOwner): Promise<Wire> {
  const [steamId, peer] = side === 'a' ? [IDS.a, IDS.b] : [IDS.b, IDS.a]
  const transport = new UdpTransport({ steamId })
  const p2p = new P2P({ steamId, transport })
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  const send = (message: Uint8Array) => p2p.sendP2PPacket(peer, message, P2P_SEND_RELIABLE)
  void hear(p2p, side, owner, send)
  if (side === 'b') owner.signal({ kind: 'place', place: await transport.listen({ host: address }) })
  return {
    send,
    signal(signal) {
      if (signal.kind !== 'place') throw new Error(`A ${signal.kind} is nothing for UDP`)
      void insist(() => transport.open(signal.place)).then(() => send(HELLO))
    },
    close: () => p2p.close(),
  }
}

const HELLO = new Uint8Array(1)

/** The first message each way says that there is a session. */
async function hear(p2p: P2P, side: Side, owner: WireOwner, send: (message: Uint8Array) => boolean): Promise<void> {
  let isUp = false
  for await (const { data } of p2p.packets()) {
    if (isUp) owner.message(data)
    else {
      isUp = true
      if (side === 'b') send(HELLO)
      owner.up()
    }
  }
}

/** Handshakes get lost too. */
async function insist(open: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    const failure = await open().then(
      () => undefined,
      (error: unknown) => error ?? 'unknown',
    )
    if (failure === undefined) return
    if (tries === 5) throw failure
  }
}

// --- node-datachannel ----------------------------------------------------------------------------------------------

/** As much as this package's sessions take before they say that they are full. */
const MOST_BUFFERED = 4 << 20

async function openSctp(side: Side, address: string, owner: WireOwner): Promise<Wire> {
  const { PeerConnection } = await import('node-datachannel')
  type Channel = ReturnType<InstanceType<typeof PeerConnection>['createDataChannel']>
  const connection = new PeerConnection(side, { iceServers: [], bindAddress: address })
  let channel: Channel | undefined
  const adopt = (made: Channel) => {
    channel = made
    made.onOpen(() => owner.up())
    made.onMessage((message) => owner.message(message as Uint8Array))
  }
  connection.onLocalDescription((sdp, type) => owner.signal({ kind: 'description', sdp, type }))
  connection.onLocalCandidate((candidate, mid) => owner.signal({ kind: 'candidate', candidate, mid }))
  connection.onDataChannel(adopt)
  // Candidates that come before the description would end the process.
  const early: (() => void)[] = []
  let isDescribed = side === 'b' ? false : undefined
  const whenDescribed = (task: () => void) => (isDescribed ? task() : void early.push(task))
  if (side === 'a') adopt(connection.createDataChannel('loss'))
  return {
    send: (message) => {
      if (!channel || channel.bufferedAmount() >= MOST_BUFFERED) return false
      // False says that it waits in a buffer.
      channel.sendMessageBinary(message)
      return true
    },
    signal(signal) {
      if (signal.kind === 'description') {
        connection.setRemoteDescription(signal.sdp, signal.type as 'offer' | 'answer')
        isDescribed = true
        for (const task of early.splice(0)) task()
      } else if (signal.kind === 'candidate') {
        whenDescribed(() => connection.addRemoteCandidate(signal.candidate, signal.mid))
      }
    },
    close: () => connection.close(),
  }
}
