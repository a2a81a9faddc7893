import { p2pError } from './errors.js'

/** Universe Public, type Individual, instance 1: what a bare account id is completed with. */
const INDIVIDUAL_BASE = 0x0110000100000000n

const LARGEST_INDIVIDUAL = INDIVIDUAL_BASE | 0xffffffffn

const LARGEST_ID = 0xffffffffffffffffn

/** Steam's account types, as far as validity asks for them (EAccountType). */
const TYPE_INDIVIDUAL = 1
const TYPE_GAME_SERVER = 3
const TYPE_CLAN = 7

/**
 * Whether a Steam id is valid by Steam's own rule (`CSteamID::IsValid`): type and universe are in range, and account and
 * instance fit the type.
 *
 * @example
 * ```ts
 * console.log(isValidSteamId(76561197960287930n)) // true
 * console.log(isValidSteamId(0n)) // false
 * ```
 */
export function isValidSteamId(id: bigint): boolean {
  // Nearly every id is a player's, and every packet asks: comparing costs a tenth of taking it apart.
  if (id > INDIVIDUAL_BASE && id <= LARGEST_INDIVIDUAL) return true
  if (id < 0n || id > LARGEST_ID) return false
  const account = id & 0xffffffffn
  const instance = (id >> 32n) & 0xfffffn
  const type = Number((id >> 52n) & 0xfn)
  const universe = Number(id >> 56n)
  if (type < 1 || type > 10 || universe < 1 || universe > 4) return false
  switch (type) {
    case TYPE_INDIVIDUAL:
      return account !== 0n && instance === 1n
    case TYPE_CLAN:
      return account !== 0n && instance === 0n
    case TYPE_GAME_SERVER:
      return account !== 0n
    default:
      return true
  }
}

/** Which ids the calls address: the id as it is, or what GodotSteam makes of it. */
export type SteamIdRule = 'full' | 'godotsteam'

/** The id that a call addresses, undefined where it addresses nobody. */
export function addressedId(id: bigint, rule: SteamIdRule): bigint | undefined {
  if (typeof id !== 'bigint') throw p2pError('P2P_BAD_STEAM_ID', { what: 'remote_steam_id', value: String(id) })
  // GodotSteam keeps the low 32 bits only and completes them to a player's id.
  const full = rule === 'godotsteam' ? INDIVIDUAL_BASE | (id & 0xffffffffn) : id
  return isValidSteamId(full) ? full : undefined
}
