import { p2pError } from './errors.js'

/** What `readP2PPacket` gives. All names of the sender are the same value: GodotSteam renamed the key twice. */
export interface P2PPacket {
  /** The bytes, as many as were asked for at most; they belong to the reader. */
  readonly data: Uint8Array
  /** Who sent it. The name since GodotSteam 3.25 and 4.8 (May 2024). */
  readonly remote_steam_id: bigint
  /** Who sent it. The name from 3.10 and 4.0 on until then. */
  readonly steam_id_remote: bigint
  /**
   * Who sent it. The name before, and in GodotSteam for Godot 2; only there where the option `godotSteam` names such a
   * version.
   */
  readonly steamIDRemote?: bigint
}

/** GodotSteam's failure value: a Dictionary without keys. */
export interface NoPacket {
  /** Never there: what tells it from a `P2PPacket`. */
  readonly data?: undefined
  /** Never there: nobody sent anything. */
  readonly remote_steam_id?: undefined
  /** Never there: nobody sent anything. */
  readonly steam_id_remote?: undefined
  /** Never there: nobody sent anything. */
  readonly steamIDRemote?: undefined
}

/** What a backend reads. */
interface Read {
  readonly steamId: bigint
  readonly data: Uint8Array
}

function packetOf({ steamId, data }: Read): P2PPacket {
  return { data, remote_steam_id: steamId, steam_id_remote: steamId }
}

function oldPacketOf({ steamId, data }: Read): P2PPacket {
  return { data, remote_steam_id: steamId, steam_id_remote: steamId, steamIDRemote: steamId }
}

/**
 * How packets look to a program that was written for a version of GodotSteam, such as `'3.9'`; left out, for any since 3.10.
 *
 * @throws `P2P_BAD_OPTION`
 */
export function packetShape(version: string | undefined): (read: Read) => P2PPacket {
  if (version === undefined) return packetOf
  const [, major, minor] = /^([234])(?:\.(\d+))?(?:\.\d+)*$/.exec(version) ?? []
  if (major === undefined) {
    const expected = "a version of GodotSteam for Godot 2, 3 or 4, such as '3.9'"
    throw p2pError('P2P_BAD_OPTION', { option: 'godotSteam', value: version, expected })
  }
  return major === '2' || (major === '3' && minor !== undefined && Number(minor) < 10) ? oldPacketOf : packetOf
}
