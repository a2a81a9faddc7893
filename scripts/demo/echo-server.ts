// The TypeScript end of the demo: what somebody would write who serves a Godot game.
import {
  bytesToVar,
  COMPRESSION_GZIP,
  compress,
  Dictionary,
  decompressDynamic,
  Messenger,
  P2P,
  P2P_SEND_RELIABLE,
  type P2PSend,
  varToBytes,
} from '../../src/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'

export const SERVER_ID = 76561198000000001n

const CHANNELS = [0, 1, 2]

/** No packet of the demo unpacks to more. */
const LARGEST_MESSAGE = 4 << 20

/** How long after a packet the next one is expected at once. */
const BUSY_MS = 20

export interface EchoServer {
  readonly url: string
  close(): void
}

export interface EchoServerEvents {
  /** A peer asked for a session and was accepted. */
  accepted(peer: bigint): void
  /** The peer's handshake arrived and was answered. */
  handshake(peer: bigint): void
  /** A packet could not be decoded, or its echo was not taken. */
  failed(peer: bigint, reason: string): void
}

/** Whether these bytes are a gzip stream; no Variant begins so. */
function isGzip(packet: Uint8Array): boolean {
  return packet[0] === 0x1f && packet[1] === 0x8b
}

/** Whether these bytes can be a Dictionary: its type stands first, and it has at least 8 bytes. */
function isDictionary(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && bytes[0] === 27
}

interface Echo {
  readonly packet: Uint8Array
  readonly sendType: P2PSend
}

/**
 * Takes a packet apart to the last value and makes it again from what it found. The Dictionary says how it was sent: the
 * receiver of a P2P packet is not told.
 */
function remake(packet: Uint8Array): Echo {
  const gzip = isGzip(packet)
  const bytes = gzip ? decompressDynamic(packet, LARGEST_MESSAGE, COMPRESSION_GZIP) : packet
  if (!isDictionary(bytes)) return { packet, sendType: P2P_SEND_RELIABLE }
  const value = bytesToVar(bytes, { exact: true }) as Dictionary<unknown, unknown>
  const again = varToBytes(value)
  const sendType = (value.get('send_type') ?? P2P_SEND_RELIABLE) as P2PSend
  return { packet: gzip ? compress(again, COMPRESSION_GZIP) : again, sendType }
}

/**
 * The demo counts every packet, the unreliable ones too, and sends them between large reliable ones: here they wait behind
 * those instead of being dropped as late.
 */
export const PATIENT = 16 << 20

/** Starts a server on a free port of 127.0.0.1 that accepts every peer, shakes hands and echoes. */
export async function startEchoServer(events: EchoServerEvents): Promise<EchoServer> {
  const transport = new WebSocketTransport({ steamId: SERVER_ID })
  const p2p = new P2P({ steamId: SERVER_ID, transport, maxDatagramBacklog: PATIENT })
  const messenger = new Messenger(p2p)
  let echoed = 0

  p2p.on('p2p_session_request', (peer) => {
    p2p.acceptP2PSessionWithUser(peer)
    events.accepted(peer)
    messenger.members.add(peer)
    messenger.send(0, { message: 'handshake', from: SERVER_ID })
  })

  function answer(peer: bigint, packet: Uint8Array, channel: number): void {
    if (isHandshake(packet)) return events.handshake(peer)
    try {
      const echo = remake(packet)
      if (p2p.sendP2PPacket(peer, echo.packet, echo.sendType, channel)) echoed++
      else events.failed(peer, `the echo of ${packet.length} bytes was not taken`)
    } catch (error) {
      events.failed(peer, String(error))
    }
  }

  /** Answers what is there; false when that was nothing. */
  function poll(): boolean {
    const before = echoed
    for (const channel of CHANNELS) {
      while (p2p.isP2PPacketAvailable(channel)) {
        const { data, remote_steam_id } = p2p.readP2PPacket(p2p.getAvailableP2PPacketSize(channel), channel)
        if (data) answer(remote_steam_id, data, channel)
      }
    }
    return echoed > before
  }

  // As a game's frames would, but without a frame's delay while packets come: a timer of 1 ms takes two or three.
  let closed = false
  let busyUntil = 0
  function loop(): void {
    if (closed) return
    const now = performance.now()
    if (poll()) busyUntil = now + BUSY_MS
    if (now < busyUntil) setImmediate(loop)
    else setTimeout(loop, 1)
  }

  const { url } = await transport.listen({ host: '127.0.0.1', port: 0 })
  loop()
  return {
    url,
    close() {
      closed = true
      p2p.close()
    },
  }
}

function isHandshake(packet: Uint8Array): boolean {
  if (isGzip(packet) || !isDictionary(packet)) return false
  const value = bytesToVar(packet)
  return value instanceof Dictionary && value.get('message') === 'handshake'
}
