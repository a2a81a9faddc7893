// Section 7: Steam ids.
import { describe, expect, it } from 'vitest'
import { isValidSteamId } from '../../../src/p2p/index.js'

/** Account ID in bits 0 to 31, instance 32 to 51, type 52 to 55, universe 56 to 63. */
function id(universe: number, type: number, instance: number, account: number): bigint {
  return (BigInt(universe) << 56n) | (BigInt(type) << 52n) | (BigInt(instance) << 32n) | BigInt(account)
}

const INDIVIDUAL = 1
const GAME_SERVER = 3
const ANON_GAME_SERVER = 4
const CLAN = 7
const CHAT = 8

describe('section 7: IsValid()', () => {
  it('"User base" 76561197960265728 is no user; the next id is the first', () => {
    expect(id(1, INDIVIDUAL, 1, 0)).toBe(76561197960265728n)
    expect(isValidSteamId(76561197960265728n)).toBe(false)
    expect(isValidSteamId(76561197960265729n)).toBe(true)
    expect(isValidSteamId(76561197960265728n + 0xffffffffn)).toBe(true)
    expect(isValidSteamId(76561197960265728n + 0x1_0000_0000n)).toBe(false)
  })

  it('false "if type ≤0 or ≥11"', () => {
    const valid = Array.from({ length: 16 }, (_, type) => type).filter((type) => isValidSteamId(id(1, type, 1, 5)))
    // A clan has instance 0, so that 7 is missing here.
    expect(valid).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10])
  })

  it('false "if universe ≤0 or ≥5"', () => {
    const universes = [0, 1, 2, 3, 4, 5, 6, 255]
    expect(universes.filter((universe) => isValidSteamId(id(universe, INDIVIDUAL, 1, 5)))).toEqual([1, 2, 3, 4])
  })

  it('Individual: "false if accountID==0 or instance≠1"', () => {
    for (const universe of [1, 2]) {
      expect(isValidSteamId(id(universe, INDIVIDUAL, 1, 0))).toBe(false)
      expect([0, 1, 2, 0xfffff].map((i) => isValidSteamId(id(universe, INDIVIDUAL, i, 5)))).toEqual([
        false,
        true,
        false,
        false,
      ])
    }
  })

  it('Clan: "false if accountID==0 or instance≠0"', () => {
    expect(isValidSteamId(id(1, CLAN, 0, 5))).toBe(true)
    expect(isValidSteamId(id(1, CLAN, 1, 5))).toBe(false)
    expect(isValidSteamId(id(1, CLAN, 0, 0))).toBe(false)
  })

  it('GameServer: "false if accountID==0", with any instance', () => {
    expect(isValidSteamId(id(1, GAME_SERVER, 9, 5))).toBe(true)
    expect(isValidSteamId(id(1, GAME_SERVER, 9, 0))).toBe(false)
  })

  it('"else true": an anonymous game server without an account, a lobby', () => {
    expect(isValidSteamId(id(1, ANON_GAME_SERVER, 0, 0))).toBe(true)
    expect(isValidSteamId(id(1, CHAT, 0x40000, 5))).toBe(true)
  })

  it('what is not 64 bits is none', () => {
    expect(isValidSteamId(-1n)).toBe(false)
    expect(isValidSteamId(-(2n ** 64n) + id(1, INDIVIDUAL, 1, 5))).toBe(false)
    expect(isValidSteamId(2n ** 64n + id(1, INDIVIDUAL, 1, 5))).toBe(false)
  })
})
