/** True where typed arrays hold their numbers in the order of the wire, little end first: nearly everywhere. */
export const LITTLE_ENDIAN = /* @__PURE__ */ (() => new Uint8Array(new Uint16Array([1]).buffer)[0] === 1)()

/** Any typed array, whatever its numbers. */
export type NumberArray = Int32Array | Float32Array | Float64Array | BigInt64Array

/** Turns numbers between the machine's order and the wire's, in place; does nothing on a little-endian machine. */
export function toWireOrder(bytes: Uint8Array, width: number): Uint8Array {
  if (LITTLE_ENDIAN || width === 1) return bytes
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse()
  return bytes
}

/** Copies wire bytes into the memory of a typed array of the same size. NaN payloads survive: no number is read. */
export function fillFromWire(target: NumberArray, bytes: Uint8Array): void {
  const memory = new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
  memory.set(bytes)
  toWireOrder(memory, target.BYTES_PER_ELEMENT)
}

/** The wire bytes of a typed array: a view of its memory where the order already fits, else a turned copy. */
export function wireBytesOf(source: NumberArray): Uint8Array {
  const memory = new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  return LITTLE_ENDIAN ? memory : toWireOrder(memory.slice(), source.BYTES_PER_ELEMENT)
}
