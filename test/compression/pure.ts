// The compression room as a browser has it: without Node's zlib.
import { vi } from 'vitest'

type Room = typeof import('../../src/compression/index.js')

/** A copy of the room that finds no zlib of Node's. */
export async function withoutNode(): Promise<Room> {
  vi.resetModules()
  const host = process as { getBuiltinModule?: unknown }
  const real = host.getBuiltinModule
  host.getBuiltinModule = undefined
  try {
    const room = await import('../../src/compression/index.js')
    // It looks once, when it first could use it.
    room.decompressDynamic(
      room.compress(
        new Uint8Array(9_000).map((_, i) => (i * i) >> 7),
        3,
      ),
      -1,
      3,
    )
    return room
  } finally {
    host.getBuiltinModule = real
    vi.resetModules()
  }
}
