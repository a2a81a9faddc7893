// Plots as SVG, for people who read in the light and in the dark. No library: bars, lines and a few words.

const FONT = 'font-family="system-ui, sans-serif" font-size="13"'
const STYLE =
  '<style>text{fill:#24292f}.axis{stroke:#d0d7de}.ours{fill:#478cbf}.other{fill:#afb8c1}.line{fill:none;stroke-width:2}' +
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.axis{stroke:#30363d}.other{fill:#57606a}}</style>'
const LINE_COLOURS = ['#478cbf', '#bf6b47', '#4f9d5d']

export interface Bar {
  readonly name: string
  readonly value: number
  readonly isOurs: boolean
}

export interface BarPanel {
  readonly title: string
  readonly bars: readonly Bar[]
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function svg(width: number, height: number, title: string, body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" ${FONT}>`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    ...body,
    '</svg>',
    '',
  ].join('\n')
}

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${x}" y="${y}"${more}>${escaped(words)}</text>`
}

const ROW = 22
const NAMES = 170
const BARS = 420
const VALUES = 110

/** Times of one call, the quickest first; each panel has a scale of its own. */
export function barPlot(title: string, panels: readonly BarPanel[]): string {
  const body: string[] = []
  let y = 8
  for (const { title: panel, bars } of panels) {
    y += ROW
    body.push(text(0, y - 6, panel, ' font-weight="600"'))
    const longest = Math.max(...bars.map(({ value }) => value))
    for (const { name, value, isOurs } of [...bars].sort((a, b) => a.value - b.value)) {
      const length = Math.max(2, (value / longest) * BARS)
      body.push(text(NAMES - 8, y + 15, name, ` text-anchor="end"${isOurs ? ' font-weight="600"' : ''}`))
      body.push(
        `<rect class="${isOurs ? 'ours' : 'other'}" x="${NAMES}" y="${y + 3}" width="${length.toFixed(1)}" height="16" rx="2"/>`,
      )
      body.push(text(NAMES + length + 6, y + 15, duration(value)))
      y += ROW
    }
    y += 10
  }
  return svg(NAMES + BARS + VALUES, y, title, body)
}

export interface Line {
  readonly name: string
  readonly points: readonly (readonly [number, number])[]
}

const [LEFT, TOP, WIDE, HIGH] = [60, 24, 520, 200]

/** Lines over an axis of powers of ten; what is flat grows with the work and no faster. */
export function linePlot(
  title: string,
  axes: { readonly x: string; readonly y: string },
  lines: readonly Line[],
): string {
  const all = lines.flatMap(({ points }) => points)
  const powers = all.map(([x]) => Math.log10(x))
  const [first, last] = [Math.floor(Math.min(...powers) + 0.01), Math.ceil(Math.max(...powers) - 0.05)]
  const highest = Math.max(...all.map(([, y]) => y)) * 1.1
  const across = (x: number) => LEFT + ((Math.log10(x) - first) / (last - first || 1)) * WIDE
  const up = (y: number) => TOP + HIGH - (y / highest) * HIGH
  const body: string[] = []
  for (let power = first; power <= last; power++) {
    const x = across(10 ** power)
    body.push(`<line class="axis" x1="${x}" y1="${TOP}" x2="${x}" y2="${TOP + HIGH}"/>`)
    body.push(text(x, TOP + HIGH + 18, count(10 ** power), ' text-anchor="middle"'))
  }
  for (const share of [0, 0.5, 1]) {
    const y = up((highest / 1.1) * share)
    body.push(`<line class="axis" x1="${LEFT}" y1="${y}" x2="${LEFT + WIDE}" y2="${y}"/>`)
    body.push(
      text(
        LEFT - 8,
        y + 4,
        Number(((highest / 1.1) * share).toPrecision(2)).toLocaleString('en-US'),
        ' text-anchor="end"',
      ),
    )
  }
  for (const [i, { name, points }] of lines.entries()) {
    const colour = LINE_COLOURS[i % LINE_COLOURS.length]!
    const path = points
      .map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${across(x).toFixed(1)} ${up(y).toFixed(1)}`)
      .join(' ')
    body.push(`<path class="line" stroke="${colour}" d="${path}"/>`)
    const [x, y] = points.at(-1)!
    body.push(text(across(x) + 8, up(y) + 4 + 14 * i, name, ` style="fill:${colour}"`))
  }
  body.push(text(LEFT + WIDE / 2, TOP + HIGH + 38, axes.x, ' text-anchor="middle"'), text(0, 14, axes.y))
  return svg(LEFT + WIDE + 170, TOP + HIGH + 46, title, body)
}

export function duration(nanoseconds: number): string {
  if (nanoseconds < 1_000) return `${nanoseconds.toFixed(0)} ns`
  return nanoseconds < 1e6 ? `${(nanoseconds / 1e3).toPrecision(3)} us` : `${(nanoseconds / 1e6).toPrecision(3)} ms`
}

export function count(value: number): string {
  if (value >= 1e6) return `${value / 1e6} M`
  return value >= 1e3 ? `${value / 1e3} k` : String(value)
}
