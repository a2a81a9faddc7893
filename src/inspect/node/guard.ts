/** Who may look: the feed shows private traffic, and every page of every browser can dial this machine. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export function newToken(): string {
  return randomBytes(24).toString('base64url')
}

/** What was asked for; undefined where it is no address: strangers write what they like there. */
export function placeOf({ url = '/' }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, 'http://127.0.0.1')
  } catch {
    return undefined
  }
}

/** The names of this machine under which a page may reach it: another name is a rebound one of somebody else. */
const NAMES = ['127.0.0.1', 'localhost']

export class Guard {
  readonly #token: Buffer

  constructor(readonly token: string) {
    this.#token = Buffer.from(token)
  }

  /** Why the request is refused; undefined where it is not. */
  refusal(request: IncomingMessage, port: number): string | undefined {
    const hosts = NAMES.map((name) => `${name}:${port}`)
    const { host = '', origin } = request.headers
    if (!hosts.includes(host)) return 'host'
    // Programs say no origin; pages cannot leave it out where they dial a WebSocket.
    if (origin !== undefined && !hosts.some((one) => origin === `http://${one}`)) return 'origin'
    return this.#knows(request) ? undefined : 'token'
  }

  #knows(request: IncomingMessage): boolean {
    const given = Buffer.from(placeOf(request)?.searchParams.get('token') ?? '')
    return given.length === this.#token.length && timingSafeEqual(given, this.#token)
  }
}
