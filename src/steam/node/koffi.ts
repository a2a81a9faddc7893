import { steamError } from '../errors.js'
import type { NativeLibrary, Pointer } from '../native.js'

/** The package `koffi`, as far as it is used: whoever has not installed it can still read our types. */
interface Koffi {
  readonly version: string
  load(path: string): { func(name: string, result: string, args: string[]): (...args: never[]) => unknown }
  decode(pointer: Pointer, type: string, length: number): Uint8Array
}

/** Pointers are bigints since this version. */
const OLDEST_KOFFI = 3

/**
 * The package beside the program. Bundlers see no name here and leave the import alone: native code cannot be part of a
 * bundle.
 */
const installed = (name: string): Promise<unknown> => import(/* webpackIgnore: true */ /* @vite-ignore */ name)

/** @throws (rejects) `STEAM_MISSING_KOFFI`, `STEAM_OLD_KOFFI` */
export async function loadKoffi(load: () => Promise<unknown> = () => installed('koffi')): Promise<Koffi> {
  let koffi: Koffi
  try {
    const module = (await load()) as Koffi & { default?: Koffi }
    koffi = module.default ?? module
  } catch (cause) {
    const [reason] = String((cause as Error)?.message ?? cause).split('\n')
    throw steamError('STEAM_MISSING_KOFFI', { reason }, cause)
  }
  if (Number.parseInt(koffi.version, 10) < OLDEST_KOFFI) throw steamError('STEAM_OLD_KOFFI', { version: koffi.version })
  return koffi
}

/** @throws `STEAM_LIBRARY_UNUSABLE` */
export function loadLibrary(koffi: Koffi, path: string): NativeLibrary {
  let library: ReturnType<Koffi['load']>
  try {
    library = koffi.load(path)
  } catch (cause) {
    throw steamError('STEAM_LIBRARY_UNUSABLE', { library: path, reason: (cause as Error).message }, cause)
  }
  return {
    path,
    func(symbol, result, args) {
      try {
        return library.func(symbol, result, [...args])
      } catch (error) {
        if (/cannot find function/i.test((error as Error).message)) return undefined
        throw error
      }
    },
    bytesAt: (pointer, length) => koffi.decode(pointer, 'uint8_t', length),
  }
}
