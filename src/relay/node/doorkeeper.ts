import { randomBytes } from 'node:crypto'
import type { WebSocketClaim } from '../../transport/websocket/index.js'
import type { RelaySettings } from './options.js'
import { issueRelayToken, type TokenChecker, tokenChecker } from './tokens.js'

/** The account ids that `GET /identity` hands out begin here: Steam ids of individuals, far above the real ones. */
const FIRST_IDENTITY = 76561202000000000n

/** Says who may join. */
export class Doorkeeper {
  /** While true nobody may. */
  closed = false
  readonly #settings: RelaySettings
  readonly #checker: TokenChecker | undefined
  readonly #secret: Uint8Array | undefined
  #lastIdentity = FIRST_IDENTITY

  private constructor(settings: RelaySettings, checker: TokenChecker | undefined, secret: Uint8Array | undefined) {
    this.#settings = settings
    this.#checker = checker
    this.#secret = secret
  }

  static async of(settings: RelaySettings): Promise<Doorkeeper> {
    const secret = settings.insecure ? new Uint8Array(randomBytes(32)) : undefined
    const options = secret ? { secret } : settings.tokens
    return new Doorkeeper(settings, options && (await tokenChecker(options)), secret)
  }

  async admits(claim: WebSocketClaim): Promise<boolean> {
    const reason = await this.#refusal(claim)
    if (reason === undefined) return true
    this.#settings.log({ level: 'warn', event: 'refused', peer: String(claim.steamId), ip: claim.ip, reason })
    return false
  }

  /** For development: somebody new. */
  async newIdentity(): Promise<{ steamId: string; token: string } | undefined> {
    if (this.#secret === undefined) return undefined
    const steamId = ++this.#lastIdentity
    const token = await issueRelayToken({ steamId, secret: this.#secret, expiresInSeconds: 86_400 })
    return { steamId: String(steamId), token }
  }

  async #refusal(claim: WebSocketClaim): Promise<string | undefined> {
    const { origins, authenticate } = this.#settings
    if (this.closed) return 'the relay is going down'
    const { origin } = claim.headers
    if (origins && origin !== undefined && !origins.has(String(origin))) return 'a page of another origin'
    if (this.#checker !== undefined) {
      const token = tokenOf(claim)
      if (token !== undefined && (await this.#checker.check(token, claim.steamId))) return undefined
      if (authenticate === undefined) return token === undefined ? 'no token' : 'a token that is not good for this id'
    }
    return (await authenticate?.(claim)) === true ? undefined : 'authenticate said no'
  }
}

/** `?token=`, which is all that a browser can send, or `Authorization: Bearer`. */
function tokenOf({ url, headers }: WebSocketClaim): string | undefined {
  const { authorization } = headers
  if (typeof authorization === 'string' && authorization.startsWith('Bearer ')) return authorization.slice(7)
  return new URL(url, 'ws://relay').searchParams.get('token') ?? undefined
}
