// What the server does, whatever carries its packets: the handshake of the GodotSteam tutorial without its lobby, an echo,
// and a broadcast.
import { Dictionary, type GodotVersion, isGodotWireError, Messenger, type P2P } from '../../src/index.js'

/** As often as a game's frames; packets wait this long at most. */
const FRAME_MS = 16

/** A longer text is nobody's chat: what is sent to all must not be the sender's to blow up. */
const LONGEST_TEXT = 500

export interface ServerOptions {
  readonly log: (line: string) => void
  /** Whose Variant bytes the game speaks. */
  readonly version?: GodotVersion
}

export interface Server {
  close(): void
}

export function serve(p2p: P2P, { log, version = 4 }: ServerOptions): Server {
  const messenger = new Messenger(p2p, { version })

  p2p.on('p2p_session_request', (player) => {
    log(`${player} wants to join`)
    p2p.acceptP2PSessionWithUser(player)
  })
  p2p.on('p2p_session_connect_fail', (player, error) => {
    if (messenger.members.delete(player)) log(`${player} is gone (error ${error})`)
  })

  function join(player: bigint): void {
    log(`${player} joined`)
    messenger.members.add(player)
    messenger.send(player, { message: 'handshake', from: p2p.steamId })
  }

  function chat(player: bigint, text: unknown): void {
    if (!messenger.members.has(player) || typeof text !== 'string' || text.length > LONGEST_TEXT) return
    // The sender's id is Steam's word; what the packet says about it would be the sender's.
    messenger.send(0, { message: 'chat', from: player, text })
  }

  function leave(player: bigint): void {
    log(`${player} left`)
    messenger.members.delete(player)
    p2p.closeP2PSessionWithUser(player)
  }

  function answer(player: bigint, value: unknown): void {
    // A message of the tutorial is a Dictionary with "message"; whatever else comes is from somebody else.
    if (!(value instanceof Dictionary)) return
    switch (value.get('message')) {
      case 'handshake':
        return join(player)
      case 'chat':
        return chat(player, value.get('text'))
      case 'bye':
        return leave(player)
      default:
        messenger.send(player, { message: 'echo', what: value })
    }
  }

  const timer = setInterval(() => {
    for (const { from, value } of messenger.poll()) {
      try {
        answer(from, value)
      } catch (error) {
        // Such as an echo that would be larger than a packet may be: one player's fault must not end the server.
        if (!isGodotWireError(error)) throw error
        log(`${from}: ${error.message}`)
      }
    }
  }, FRAME_MS)

  return {
    close() {
      clearInterval(timer)
      p2p.close()
      log('closed')
    },
  }
}
