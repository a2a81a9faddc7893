/** Bytes read as a value of one Godot: decoded once, whatever is asked about them then. */
import { type GodotVersion, type SafeResult, type Variant, VariantDecoder } from '../variant/index.js'

export interface Attempt {
  readonly bytes: Uint8Array
  readonly version: GodotVersion
  /** The value or its error; full Objects are an error where they were not asked for. */
  readonly result: SafeResult
  /** How many bytes the value takes, with Objects in it or without; undefined where that version has no such value. */
  readonly size: number | undefined
}

/** Makes attempts, each one once. */
export class Attempts {
  readonly #objects: boolean
  readonly #known = new Map<Uint8Array, Map<GodotVersion, Attempt>>()

  constructor(objects: boolean) {
    this.#objects = objects
  }

  of(bytes: Uint8Array, version: GodotVersion): Attempt {
    const known = this.#known.get(bytes) ?? new Map<GodotVersion, Attempt>()
    this.#known.set(bytes, known)
    const attempt = known.get(version) ?? this.#made(bytes, version)
    known.set(version, attempt)
    return attempt
  }

  /** Whether the bytes begin with a value of that version. */
  reads(bytes: Uint8Array, version: GodotVersion): boolean {
    return this.of(bytes, version).size !== undefined
  }

  /** Whether they are one from the first byte to the last. */
  fits(bytes: Uint8Array, version: GodotVersion): boolean {
    return this.of(bytes, version).size === bytes.length
  }

  #made(bytes: Uint8Array, version: GodotVersion): Attempt {
    const result = safelyRead(bytes, version, this.#objects)
    return { bytes, version, result, size: sizeOf(result.ok ? result : looked(bytes, version, result)) }
  }
}

/** The value. @throws what is wrong with the bytes */
export function valueIn({ result }: Attempt): Variant {
  if (result.ok) return result.value
  throw result.error
}

function safelyRead(bytes: Uint8Array, version: GodotVersion, objects: boolean): SafeResult {
  return new VariantDecoder({ version, objects, exact: true }).safeDecode(bytes)
}

/** Objects that may not be read are looked at, to know who wrote the bytes. */
function looked(bytes: Uint8Array, version: GodotVersion, failed: SafeResult): SafeResult {
  const isRefused = !failed.ok && failed.error.code === 'VARIANT_OBJECT_NOT_ALLOWED'
  return isRefused ? safelyRead(bytes, version, true) : failed
}

function sizeOf(result: SafeResult): number | undefined {
  return result.ok ? result.size : undefined
}
