/** 127.0.0.1 and ::ffff:127.0.0.1 are 0x7f000001; what is no IPv4 address is 0. */
export function ipv4Number(address: string): number {
  const parts = address.replace(/^::ffff:/i, '').split('.')
  if (parts.length !== 4) return 0
  return parts.reduce((number, part) => number * 256 + Number(part), 0)
}

/**
 * What belongs to one customer: an IPv4 address, or the first 64 bits of an IPv6 address, as whoever has one of those has
 * all the addresses behind them.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.replace(/%.*/, '').split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const last = tail === '' ? [] : tail.split(':')
    while (groups.length + last.length < 8) groups.push('0')
    groups.push(...last)
  }
  return `${groups.slice(0, 4).join(':')}::`.toLowerCase()
}
