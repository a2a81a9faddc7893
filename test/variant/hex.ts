/** Bytes from hex, and back. In forms.txt `ab*3` stands for three times `ab`. */
export function fromHex(hex: string): Uint8Array {
  const whole = hex
    .split(' ')
    .map((token) => {
      const [digits = '', count] = token.split('*')
      return digits.repeat(count === undefined ? 1 : Number(count))
    })
    .join('')
  return new Uint8Array(Buffer.from(whole, 'hex'))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
