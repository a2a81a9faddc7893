import type { Server } from 'node:http'
import type { Link, Transport, TransportReceiver } from '../../transport/index.js'
import { DATAGRAM, HEADER, SIGNAL } from '../../transport/relay/messages.js'
import { WebSocketTransport } from '../../transport/websocket/index.js'
import { type RelayStats, RelaySwitch } from '../switch.js'
import { Doorkeeper } from './doorkeeper.js'
import { openFront } from './front.js'
import { relayMetrics } from './metrics.js'
import { NatsFabric } from './nats-fabric.js'
import { type RelayedMessage, type RelayOptions, type RelaySettings, relaySettings } from './options.js'

/** How often a relay that goes down looks whether everybody has left. */
const DRAIN_STEP_MS = 50

/** A peer that is joined now, and what waits for it. */
export interface RelayPeer {
  /** Who it has proven to be. */
  readonly steamId: bigint
  /** Links to other peers. */
  readonly links: number
  /** Bytes that wait for it in the relay, 64 more for each message. */
  readonly queuedBytes: number
  /** Whether those who send to it are asked to stop. */
  readonly isFull: boolean
}

/**
 * A relay: peers join it over WebSocket with a proven identity and reach each other by Steam id, as links of
 * `RelayTransport`. It reads nothing of what it passes on.
 *
 * @example
 * ```ts
 * const relay = await createRelay({ port: 0, insecure: true })
 * relay.peers().length // 0
 * relay.close()
 * ```
 */
export class Relay {
  /** What peers dial. */
  readonly url: string
  /** The TCP port, which the system has chosen where 0 was asked for. */
  readonly port: number
  readonly #settings: RelaySettings
  readonly #transport: WebSocketTransport
  readonly #switch: RelaySwitch
  readonly #doorkeeper: Doorkeeper
  readonly #front: Server | undefined
  readonly #metrics: ReturnType<typeof relayMetrics>
  readonly #fabric: NatsFabric | undefined

  /** @internal `createRelay` makes it. */
  constructor(parts: RelayParts, place: { url: string; port: number }, front: Server | undefined) {
    this.#settings = parts.settings
    this.#transport = parts.transport
    this.#switch = parts.switch
    this.#doorkeeper = parts.doorkeeper
    this.#metrics = parts.metrics
    this.#fabric = parts.fabric
    this.#front = front
    this.url = place.url
    this.port = place.port
  }

  /** What was counted so far; the numbers go on changing. */
  get stats(): Readonly<RelayStats> {
    return this.#switch.stats
  }

  /** Who is joined now. */
  peers(): RelayPeer[] {
    return Array.from(this.#switch.members, ({ id, ports, queuedBytes, full }) => {
      return { steamId: id, links: ports.size, queuedBytes, isFull: full }
    })
  }

  /** The same in Prometheus' text form, as `GET /metrics` gives it. */
  metrics(): Promise<string> {
    return this.#metrics.metrics()
  }

  /**
   * Goes down without haste: lets nobody in (`GET /healthz` says 503), tells the peers to leave, a few at a time over half of
   * `ms`, and closes when all have left or `ms` milliseconds have passed. Peers come back by themselves, to another relay
   * where a load balancer knows of one.
   */
  async drain(ms = 10_000): Promise<void> {
    const { clock, log } = this.#settings
    this.#doorkeeper.closed = true
    log({ level: 'info', event: 'draining' })
    const members = [...this.#switch.members]
    const steps = Math.max(1, Math.floor(ms / 2 / DRAIN_STEP_MS))
    const perStep = Math.ceil(members.length / steps)
    const end = clock.now() + ms
    while (this.#switch.stats.peers > 0 && clock.now() < end) {
      for (const member of members.splice(0, perStep)) member.link.close('the relay is going down')
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, DRAIN_STEP_MS))
    }
    this.close()
  }

  /** Ends every link at once. */
  close(): void {
    this.#doorkeeper.closed = true
    this.#transport.close()
    void this.#fabric?.close()
    this.#front?.close()
    this.#front?.closeAllConnections()
    this.#settings.log({ level: 'info', event: 'closed' })
  }
}

interface RelayParts {
  readonly settings: RelaySettings
  readonly transport: WebSocketTransport
  readonly switch: RelaySwitch
  readonly doorkeeper: Doorkeeper
  readonly metrics: ReturnType<typeof relayMetrics>
  readonly fabric: NatsFabric | undefined
}

/**
 * Starts a relay.
 *
 * @throws (rejects) `RELAY_NO_IDENTITY`, `RELAY_BAD_OPTION`, `RELAY_NATS_FAILED`, `RELAY_LISTEN_FAILED`
 * @example
 * ```ts
 * import { createRelay } from 'godot-wire/relay'
 * const relay = await createRelay({ port: 7777, host: '0.0.0.0', tokens: { secret: process.env.RELAY_SECRET } })
 * process.once('SIGTERM', () => relay.drain())
 * ```
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const settings = relaySettings(options)
  const doorkeeper = await Doorkeeper.of(settings)
  const { relayId, clock, limits, maxPeers, helloTimeoutMs, maxMessageSize, path } = settings
  const transport = new WebSocketTransport({
    steamId: relayId,
    clock,
    helloTimeoutMs,
    maxLinks: maxPeers,
    maxFrameSize: maxMessageSize,
    // Who proves to be a peer takes its place: the old link may be one that nobody has noticed to be dead.
    onDuplicate: 'replace',
    authenticate: (claim) => doorkeeper.admits(claim),
  })
  const relaySwitch = new RelaySwitch(logged(transport, settings), limits, clock)
  if (settings.onMessage) relaySwitch.onMessage = shown(settings.onMessage)
  const fabric = settings.nats && (await NatsFabric.connect(settings.nats, relaySwitch, settings.log))
  const metrics = relayMetrics(relaySwitch.stats)
  const front = settings.server
    ? undefined
    : await openFront(settings, {
        get isDraining() {
          return doorkeeper.closed
        },
        metrics: async () => ({ type: metrics.contentType, text: await metrics.metrics() }),
        identity: () => doorkeeper.newIdentity(),
      })
  const server = (settings.server ?? front)!
  const place = await transport.listen({
    server: server as never,
    host: settings.host,
    ...(path !== undefined && { path }),
  })
  settings.log({ level: 'info', event: 'listening', url: place.url })
  return new Relay({ settings, transport, switch: relaySwitch, doorkeeper, metrics, fabric }, place, front)
}

/** For somebody who looks. What he throws is his: it must not get into a socket's event. */
function shown(look: (message: RelayedMessage) => void): RelaySwitch['onMessage'] {
  return (from, to, message) => {
    const lane = message[0] === DATAGRAM ? 'datagram' : message[0] === SIGNAL ? 'signal' : 'reliable'
    try {
      look({ from, to, lane, bytes: message.slice(HEADER) })
    } catch (error) {
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

/** The transport, with a line in the log for whoever comes and goes. */
function logged(transport: Transport, { log }: RelaySettings): Transport {
  return {
    localId: transport.localId,
    connect: (peer) => transport.connect(peer),
    close: () => transport.close(),
    attach: (receiver: TransportReceiver) =>
      transport.attach({
        linkUp(link: Link) {
          log({ level: 'info', event: 'joined', peer: String(link.peer) })
          receiver.linkUp(link)
        },
        frame: (link, frame) => receiver.frame(link, frame),
        drain: (link) => receiver.drain(link),
        linkDown(link: Link, reason: string) {
          log({ level: 'info', event: 'left', peer: String(link.peer), reason })
          receiver.linkDown(link, reason)
        },
      }),
  }
}
