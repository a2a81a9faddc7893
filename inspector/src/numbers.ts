/** Numbers as people read them. */
export function numberText(value: number): string {
  return value >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en')
    : value.toLocaleString('en', { maximumFractionDigits: 1 })
}

export function bytesText(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`
  return value < 1_000_000 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`
}

export function msText(value: number | null | undefined): string {
  return value === undefined || value === null ? '–' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`
}

export function percentText(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 2 : 0)} %`
}

export function timeText(at: number): string {
  const date = new Date(at)
  const part = (value: number, digits = 2) => String(value).padStart(digits, '0')
  const seconds = `${part(date.getSeconds())}.${part(date.getMilliseconds(), 3)}`
  return `${part(date.getHours())}:${part(date.getMinutes())}:${seconds}`
}

/** The end of an id says who it is; the beginning is nearly always the same. */
export function shortId(id: string | bigint): string {
  const text = String(id)
  return text.length > 8 ? `…${text.slice(-6)}` : text
}
