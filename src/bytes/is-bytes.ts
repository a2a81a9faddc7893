/** True for a Uint8Array, also one of another realm, and so for a Node Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || Object.prototype.toString.call(value) === '[object Uint8Array]'
}
