import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto'
import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { idOf } from '../../transport/relay/messages.js'
import { relayError } from '../errors.js'

/** Who a token is for, unless told otherwise: one that your server signed for something else opens no relay. */
const AUDIENCE = 'godot-wire-relay'

const HMAC = ['HS256', 'HS384', 'HS512']
const PUBLIC = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512']

/** How a relay checks tokens: by a secret that your server shares with it, or by your server's public key. */
export interface TokenOptions {
  /** At least 32 bytes, or characters. */
  readonly secret?: string | Uint8Array
  /** PEM (SPKI), a Node KeyObject, or a JWK. */
  readonly publicKey?: string | KeyObject | JWK
  /** Who must have issued it; default anybody with the key. */
  readonly issuer?: string
  /** Who it must be for, default `godot-wire-relay`. */
  readonly audience?: string
  /** How old a token may be whatever it says itself, in seconds, default 86,400. */
  readonly maxAgeSeconds?: number
  /** True: a token opens the relay once. A peer that comes back needs a new one. Default false. */
  readonly singleUse?: boolean
}

/** Says whether a token is good, and for whom. */
export interface TokenChecker {
  /** Whether the token proves that its bearer is `steamId`. */
  check(token: string, steamId: bigint): Promise<boolean>
}

const MIN_SECRET_BYTES = 32
const DAY_SECONDS = 86_400
/** Used tokens that are remembered until they expire; beyond it no token is taken. */
const MAX_USED = 1_000_000

/** @throws `RELAY_BAD_OPTION` */
export async function tokenChecker(options: TokenOptions): Promise<TokenChecker> {
  const { issuer, audience = AUDIENCE, maxAgeSeconds = DAY_SECONDS, singleUse = false } = options
  const key = await keyOf(options)
  const rules = {
    audience,
    algorithms: options.secret === undefined ? PUBLIC : HMAC,
    maxTokenAge: maxAgeSeconds,
    requiredClaims: ['sub', 'exp', 'iat', ...(singleUse ? ['jti'] : [])],
    ...(issuer === undefined ? {} : { issuer }),
  }
  const used = new UsedTokens()
  return {
    async check(token, steamId) {
      try {
        const { payload } = await jwtVerify(token, key, rules)
        if (payload.sub !== String(steamId)) return false
        return !singleUse || used.use(payload.jti!, payload.exp!)
      } catch {
        // Whatever is wrong with it, the bearer is not let in; why is nothing to tell a stranger.
        return false
      }
    },
  }
}

async function keyOf({ secret, publicKey }: TokenOptions): Promise<Uint8Array | KeyObject | CryptoKey> {
  if ((secret === undefined) === (publicKey === undefined)) {
    throw bad('tokens', 'both or none', 'either secret or publicKey must be given')
  }
  if (secret !== undefined) return secretBytes(secret)
  if (typeof publicKey === 'string') return publicKeyOf(publicKey)
  if ('kty' in publicKey!) return importJWK(publicKey as JWK)
  return publicKey as KeyObject
}

function publicKeyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch {
    throw bad('tokens.publicKey', 'no key', 'it must be PEM, a KeyObject or a JWK')
  }
}

function secretBytes(secret: string | Uint8Array): Uint8Array {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  if (bytes.length < MIN_SECRET_BYTES) {
    throw bad('secret', `${bytes.length} bytes`, `it must have ${MIN_SECRET_BYTES} bytes at least`)
  }
  return bytes
}

function bad(option: string, value: unknown, expected: string): Error {
  return relayError('RELAY_BAD_OPTION', { option, value, expected })
}

/** Tokens that were used, for as long as they would be good. */
class UsedTokens {
  readonly #until = new Map<string, number>()

  /** False for one that was used before. */
  use(id: string, expires: number): boolean {
    if (this.#until.has(id)) return false
    if (this.#until.size >= MAX_USED) this.#sweep()
    if (this.#until.size >= MAX_USED) return false
    this.#until.set(id, expires)
    return true
  }

  #sweep(): void {
    const now = Date.now() / 1000
    for (const [id, expires] of this.#until) if (expires < now) this.#until.delete(id)
  }
}

/** What `issueRelayToken` signs. */
export interface RelayTokenClaims {
  /** Who the bearer is. */
  readonly steamId: bigint
  /** The secret that the relay has too, at least 32 bytes or characters; or `privateKey`. */
  readonly secret?: string | Uint8Array
  /** A Node KeyObject of the private key whose public half the relay has: Ed25519, EC or RSA. */
  readonly privateKey?: KeyObject
  /** How long it is good, in seconds, default 300. */
  readonly expiresInSeconds?: number
  /** Who says so, for a relay that asks; default nobody. */
  readonly issuer?: string
  /** Who it is for, as the relay asks for it; default `godot-wire-relay`, on both sides. */
  readonly audience?: string
}

/**
 * A token with which a peer joins a relay. Your own server gives it to a player whom it knows: after a log-in, or after
 * Steam has verified a ticket.
 *
 * @throws (rejects) `RELAY_BAD_OPTION`
 * @example
 * ```ts
 * app.post('/relay-token', async (request, response) => {
 *   const steamId = await verifySteamTicket(request.body.ticket) // yours
 *   response.json({ token: await issueRelayToken({ steamId, secret: process.env.RELAY_SECRET }) })
 * })
 * ```
 */
export async function issueRelayToken(claims: RelayTokenClaims): Promise<string> {
  const { steamId, secret, privateKey, expiresInSeconds = 300, issuer, audience = AUDIENCE } = claims
  if (idOf(String(steamId)) !== steamId) throw bad('steamId', steamId, 'it must be a bigint above 0 and below 2^64')
  if ((secret === undefined) === (privateKey === undefined)) {
    throw bad('secret', 'both or none', 'either secret or privateKey must be given')
  }
  const now = Math.floor(Date.now() / 1000)
  const token = new SignJWT()
    .setProtectedHeader({ alg: privateKey ? algorithmOf(privateKey) : 'HS256' })
    .setSubject(String(steamId))
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + expiresInSeconds)
    .setJti(randomUUID())
  if (issuer !== undefined) token.setIssuer(issuer)
  return token.sign(privateKey ?? secretBytes(secret!))
}

function algorithmOf(key: KeyObject): string {
  const curve = key.asymmetricKeyDetails?.namedCurve
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (key.asymmetricKeyType === 'rsa') return 'RS256'
  const known: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }
  const algorithm = key.asymmetricKeyType === 'ec' && curve !== undefined ? known[curve] : undefined
  if (algorithm !== undefined) return algorithm
  throw bad('privateKey', key.asymmetricKeyType, 'it must be Ed25519, RSA or EC (P-256, P-384, P-521)')
}
