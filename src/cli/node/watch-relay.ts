/** `godot-wire relay --inspect`: what passes a relay, on the inspector's page. */
import type { Relay, RelayedMessage, RelayOptions } from '../../relay/node/index.js'
import type { World } from '../index.js'

/** Peers that are shown: those for which most waits. */
const MOST_PEERS = 200

export interface RelayWatch {
  readonly options: Pick<RelayOptions, 'onMessage'>
  /** The relay runs now. */
  begin(relay: Relay): void
  close(): Promise<void>
}

export async function watchRelay(world: World): Promise<RelayWatch> {
  const { openInspector } = await import('../../inspect/node/index.js')
  const inspector = await openInspector()
  let relay: Relay | undefined
  const source = inspector.source('relay', undefined, { relay: () => figuresOf(relay) })
  world.note(`inspector: ${inspector.url}`)
  return {
    options: {
      onMessage({ from, to, lane, bytes }: RelayedMessage) {
        // What transports say to each other is no frame.
        if (lane !== 'signal') source.see({ at: source.now(), from, to, lane, taken: true, frame: bytes })
      },
    },
    begin(running) {
      relay = running
    },
    close: () => inspector.close(),
  }
}

function figuresOf(relay: Relay | undefined) {
  const peers = relay?.peers() ?? []
  peers.sort((a, b) => b.queuedBytes - a.queuedBytes || b.links - a.links)
  return {
    stats: { ...relay?.stats },
    peers: peers.slice(0, MOST_PEERS).map(({ steamId, ...rest }) => ({ peer: String(steamId), ...rest })),
  }
}
