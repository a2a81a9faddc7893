import type { Clock } from '../../clock.js'
import { COOKIE_SIZE } from './datagrams.js'

/** HMAC-SHA256 of the parts, one after another. */
export type Hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]) => Uint8Array

const SECRET_SIZE = 32

/** How long a secret makes cookies. For as long again it still knows them. */
export const COOKIE_LIFETIME_MS = 10_000

/**
 * Proofs that a sender reads what is sent to its address, without keeping anything for it: a cookie is a MAC of address,
 * port and hello under a secret that lives for twenty seconds. Who says it again has received it.
 */
export class CookieJar {
  readonly #hmac: Hmac
  readonly #clock: Clock
  #current = newSecret()
  #previous = newSecret()
  #since: number

  constructor(hmac: Hmac, clock: Clock) {
    this.#hmac = hmac
    this.#clock = clock
    this.#since = clock.now()
  }

  bake(address: string, port: number, vouched: Uint8Array): Uint8Array {
    this.#rotate()
    return this.#cookie(this.#current, address, port, vouched)
  }

  /** Whether `cookie` was baked for the very same, ten to twenty seconds ago at most. */
  knows(cookie: Uint8Array, address: string, port: number, vouched: Uint8Array): boolean {
    this.#rotate()
    return [this.#current, this.#previous].some((key) => equal(cookie, this.#cookie(key, address, port, vouched)))
  }

  #cookie(key: Uint8Array, address: string, port: number, vouched: Uint8Array): Uint8Array {
    const place = new TextEncoder().encode(`${address}|${port}|`)
    return this.#hmac(key, place, vouched).subarray(0, COOKIE_SIZE)
  }

  /** When it is asked and not by a timer: a server that nobody dials has nothing to do. */
  #rotate(): void {
    const age = this.#clock.now() - this.#since
    if (age < COOKIE_LIFETIME_MS) return
    this.#previous = age < 2 * COOKIE_LIFETIME_MS ? this.#current : newSecret()
    this.#current = newSecret()
    this.#since = this.#clock.now()
  }
}

function newSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SECRET_SIZE))
}

/** In the same time wherever they differ. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.byteLength ^ b.byteLength
  for (let i = 0; i < b.byteLength; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}
