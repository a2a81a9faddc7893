import { P2P, type P2PTransportOptions } from '../../p2p/index.js'
import { inspectError } from '../errors.js'
import type { Source, SourceDetails } from '../source.js'
import { newToken } from './guard.js'
import { Hub } from './hub.js'
import { pageFile } from './page.js'
import { RemoteFeed } from './remote.js'
import { InspectorServer } from './server.js'
import { sessionsOf } from './sessions.js'

/** Options of `openInspector`. */
export interface InspectorOptions {
  /** TCP port on 127.0.0.1, 0 to 65,535; default 0, which takes a free one. */
  readonly port?: number
  /**
   * The URL of an inspector that runs already, as `npx godot-wire inspect` prints it: what is seen here goes there, and
   * nothing is served here.
   */
  readonly at?: string
  /** Path of the page, for a program that was bundled into a file of its own; default that of the package. */
  readonly page?: string
}

/**
 * A page that shows what a program sends and receives.
 *
 * @example
 * ```ts
 * const inspector = await openInspector()
 * const source = inspector.source('my transport', 76561197960265729n)
 * const frame = new Uint8Array([1, 2, 3])
 * source.see({ at: Date.now(), from: 76561197960265729n, to: 76561197960265730n, lane: 'reliable', taken: true, frame })
 * source.figures().bytes // 3
 * await inspector.close()
 * ```
 */
export class Inspector {
  /** Where the page is. Whoever has it reads the traffic: the token in it is the key. */
  readonly url: string
  readonly #hub: Hub
  readonly #close: () => Promise<void>

  /** @internal `openInspector` makes it. */
  constructor(url: string, hub: Hub, close: () => Promise<void>) {
    this.url = url
    this.#hub = hub
    this.#close = close
  }

  /**
   * A P2P as `new P2P(options)` makes it, which the page shows under that name: frames, packets and the figures of its
   * sessions. While a page looks, and always with `at`, each session is asked for its round trip once a second.
   *
   * @throws what `new P2P` throws; `INSPECT_BAD_OPTION` for too many sources
   */
  p2p(options: P2PTransportOptions, name: string = String(options.steamId)): P2P {
    let p2p: P2P | undefined
    const source = this.source(name, options.steamId, { sessions: (peers) => (p2p ? sessionsOf(p2p, peers) : []) })
    p2p = new P2P({
      ...options,
      onFrame: (report) => {
        source.onFrame(report)
        options.onFrame?.(report)
      },
    })
    return p2p
  }

  /**
   * For whatever else has frames: give its `onFrame` to a `Multiplexer`, or call its `see`.
   *
   * @param self the Steam id whose frames they are
   * @throws `INSPECT_BAD_OPTION` for too many sources
   */
  source(name: string, self?: bigint, details: SourceDetails = {}): Source {
    const source = this.#hub.source(name, self, details)
    if (source) return source
    throw inspectError('INSPECT_BAD_OPTION', {
      option: 'name',
      value: name,
      expected: 'there are 1,000 sources already',
    })
  }

  /** Ends the page's feed. What was attached runs on. */
  close(): Promise<void> {
    return this.#close()
  }
}

/**
 * Opens a page on 127.0.0.1 that shows what P2Ps and relays of this process send and receive.
 *
 * @throws (rejects) `INSPECT_LISTEN_FAILED`, `INSPECT_UNREACHABLE`, `INSPECT_NO_PAGE`, `INSPECT_BAD_OPTION`
 * @example
 * ```ts
 * import { openInspector } from 'godot-wire/inspect'
 * const inspector = await openInspector()
 * const p2p = inspector.p2p({ steamId, transport }) // instead of: new P2P({ steamId, transport })
 * console.log(inspector.url)
 * ```
 */
export async function openInspector(options: InspectorOptions = {}): Promise<Inspector> {
  const { port = 0, at, page } = options
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw inspectError('INSPECT_BAD_OPTION', { option: 'port', value: port, expected: 'it must be 0 to 65,535' })
  }
  const hub = new Hub()
  if (at !== undefined) {
    const feed = await RemoteFeed.dial(at, hub)
    return new Inspector(at, hub, () => feed.close())
  }
  const server = new InspectorServer(pageFile(page === undefined ? undefined : [page]), newToken(), hub)
  await server.listen(port)
  return new Inspector(server.url, hub, () => server.close())
}
