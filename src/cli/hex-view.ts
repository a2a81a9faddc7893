/** Ranges beside their bytes, as analysers of network packets show them. */
import type { ByteRange } from '../variant/index.js'
import { harmless, type Paint } from './style.js'
import { docsOf } from './words.js'

/** Bytes on a line. */
const WIDTH = 8
/** Of longer ranges these many lines are shown from the start, and one from the end. */
const MOST_LINES = 8

export function hexView(root: ByteRange, bytes: Uint8Array, paint: Paint): string {
  const lines: string[] = []
  for (const range of root.children) view(range, bytes, paint, 0, lines)
  return lines.join('\n')
}

function view(range: ByteRange, bytes: Uint8Array, paint: Paint, depth: number, lines: string[]): void {
  const meaning = `${'  '.repeat(depth)}${meaningOf(range, paint)}`
  if (range.children.length > 0) {
    lines.push(`${paint('dim', offsetText(range.start))}  ${' '.repeat(WIDTH * 3 - 1)}  ${meaning}`)
    for (const child of range.children) view(child, bytes, paint, depth + 1, lines)
    return
  }
  lines.push(...rowsOf(range, bytes, paint, meaning))
}

function meaningOf({ label, text, error }: ByteRange, paint: Paint): string {
  if (error) return paint('red', `${harmless(error.message)}; see ${docsOf(error.code)}`)
  return text === '' ? label : `${paint('cyan', label)}: ${harmless(text)}`
}

function rowsOf(range: ByteRange, bytes: Uint8Array, paint: Paint, meaning: string): string[] {
  const count = Math.max(1, Math.ceil((range.end - range.start) / WIDTH))
  const rows: string[] = []
  for (let row = 0; row < count; row++) {
    if (row === MOST_LINES - 1 && count > MOST_LINES) {
      rows.push(`${' '.repeat(10)}... ${(count - MOST_LINES) * WIDTH} more bytes`)
      row = count - 1
    }
    const at = range.start + row * WIDTH
    const hex = hexText(bytes.subarray(at, Math.min(at + WIDTH, range.end)))
    const line = `${paint('dim', offsetText(at))}  ${paint(range.error ? 'red' : 'yellow', hex)}`
    rows.push(row === 0 ? `${line}${' '.repeat(WIDTH * 3 - 1 - hex.length)}  ${meaning}` : line)
  }
  return rows
}

function offsetText(offset: number): string {
  return offset.toString(16).padStart(8, '0')
}

function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}

/** The ranges as JSON, with what stands in them. */
export function rangeJson({ start, end, label, text, children, error }: ByteRange): unknown {
  return {
    start,
    end,
    label,
    ...(text !== '' && { text }),
    ...(error && { error: { code: error.code, message: error.message } }),
    ...(children.length > 0 && { children: children.map(rangeJson) }),
  }
}
