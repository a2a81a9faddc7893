import { gzip, deflate as zlib } from 'pako'
import type { ZlibMode } from './modes.js'

/**
 * `legacyHash` is what makes the bytes the engine's: it is the match hash of classic zlib, which Godot links. Without it
 * pako finds other, equally valid matches, as node:zlib does.
 */
const LIKE_GODOT = { level: -1, memLevel: 8, legacyHash: true } as const

/** Zlib's default level and strategy with the wrapper of the mode: the engine's own bytes. */
export function deflateLikeGodot(bytes: Uint8Array, mode: ZlibMode): Uint8Array {
  return mode.windowBits > 15 ? gzip(bytes, LIKE_GODOT) : zlib(bytes, LIKE_GODOT)
}
