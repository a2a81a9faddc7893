import { type Clock, systemClock } from '../../clock.js'
import { badOption, numberBetween, steamIdOption, wholeNumber } from '../options.js'
import type { Transport } from '../transport.js'

/** Options of `RelayTransport`. */
export interface RelayTransportOptions {
  /** The Steam id that this end speaks as, above 0 and below 2^64. The relay wants it proven: see its `authenticate`. */
  readonly steamId: bigint
  /**
   * Where the relay is: `ws:` or `wss:`, with the token as `?token=`. A function is asked again each time that the link is
   * made anew, for tokens that grow old.
   */
  readonly url?: string | (() => string | Promise<string>)
  /**
   * What carries messages to the relay, instead of `url`: any transport whose link to `relayId` somebody else brings up.
   * It belongs to this transport from now on.
   */
  readonly via?: Transport
  /** The relay's own id on `via`; default: whoever is linked first. */
  readonly relayId?: bigint
  /**
   * How long to wait before the link to the relay is made anew, in milliseconds: `first` at first (default 250), doubled
   * each time up to `most` (default 15,000), each with up to half of it taken off by chance so that a crowd does not come
   * back at once. `false`: never.
   */
  readonly reconnect?:
    | false
    | {
        /** The first pause in milliseconds, 1 to 3,600,000; default 250. */
        readonly first?: number
        /** The longest pause in milliseconds, from `first` to 3,600,000; default 15,000. */
        readonly most?: number
      }
  /** Peers that may have a link at a time, 1 to 1,000,000, default 10,000; more are closed as they come up. */
  readonly maxLinks?: number
  /** Where time comes from, default `systemClock`. */
  readonly clock?: Clock
  /** Numbers from 0 to below 1, for the chance in `reconnect`; default `Math.random`. */
  readonly random?: () => number
}

/** The same, complete. */
export interface RelaySettings {
  readonly steamId: bigint
  readonly urlOf: (() => string | Promise<string>) | undefined
  readonly via: Transport | undefined
  readonly relayId: bigint | undefined
  readonly reconnect: { readonly first: number; readonly most: number } | undefined
  readonly maxLinks: number
  readonly clock: Clock
  readonly random: () => number
}

/** @throws `TRANSPORT_BAD_OPTION` */
export function relaySettings(options: RelayTransportOptions): RelaySettings {
  const { url, via, relayId, maxLinks = 10_000, clock = systemClock, random = Math.random } = options
  const steamId = steamIdOption('steamId', options.steamId)
  if (via !== undefined && via.localId !== steamId) {
    throw badOption('via', via.localId, `it must speak as ${steamId}`)
  }
  if ((url === undefined) === (via === undefined)) {
    throw badOption('url', url === undefined ? undefined : 'given with via', 'it or via must be given')
  }
  return {
    steamId,
    urlOf: typeof url === 'string' ? () => url : url,
    via,
    relayId: relayId === undefined ? undefined : steamIdOption('relayId', relayId),
    reconnect: options.reconnect === false ? undefined : backOff(options.reconnect ?? {}),
    maxLinks: wholeNumber('maxLinks', maxLinks, 1, 1_000_000),
    clock,
    random,
  }
}

function backOff({ first = 250, most = 15_000 }: { first?: number; most?: number }) {
  return {
    first: numberBetween('reconnect.first', first, 1, 3_600_000),
    most: numberBetween('reconnect.most', most, first, 3_600_000),
  }
}
