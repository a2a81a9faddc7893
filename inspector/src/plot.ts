/** Packets per second over the last two minutes. */
import { h, setAttribute } from './dom.js'
import { numberText } from './numbers.js'
import { POINTS, type Point } from './rates.js'

const HEIGHT = 120
const LEFT = 56
const BOTTOM = 6
const TOP = 10

export class Plot {
  readonly element = h('canvas', { class: 'plot', role: 'img', height: HEIGHT })
  #points: readonly Point[] = []

  constructor() {
    new ResizeObserver(() => this.#draw()).observe(this.element)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw())
  }

  show(points: readonly Point[]): void {
    this.#points = points
    const last = points.at(-1)
    const most = Math.max(0, ...points.map((point) => point.out + point.in))
    const now = last ? numberText(last.out + last.in) : '0'
    setAttribute(this.element, 'aria-label', `Packets a second: ${now} now, ${numberText(most)} at most in two minutes`)
    this.#draw()
  }

  #draw(): void {
    const { element } = this
    const [width, scale] = [element.clientWidth, devicePixelRatio || 1]
    const context = element.getContext('2d')
    if (!context || width === 0) return
    element.width = Math.round(width * scale)
    element.height = Math.round(HEIGHT * scale)
    context.setTransform(scale, 0, 0, scale, 0, 0)
    const style = getComputedStyle(element)
    const colour = (name: string) => style.getPropertyValue(name).trim()
    const top = ceiling(Math.max(1, ...this.#points.map((point) => Math.max(point.out, point.in))))
    this.#grid(context, width, top, colour('--line'), colour('--dim'))
    const isTwoWay = this.#points.some((point) => point.in > 0)
    if (isTwoWay) this.#line(context, width, top, (point) => point.in, colour('--in'))
    this.#line(context, width, top, (point) => point.out, colour('--out'))
  }

  #grid(context: CanvasRenderingContext2D, width: number, top: number, line: string, text: string): void {
    context.font = '12px system-ui, sans-serif'
    context.textAlign = 'right'
    context.textBaseline = 'middle'
    context.lineWidth = 1
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(yOf(top * share, top)) + 0.5
      context.strokeStyle = line
      context.beginPath()
      context.moveTo(LEFT, y)
      context.lineTo(width, y)
      context.stroke()
      context.fillStyle = text
      context.fillText(numberText(top * share), LEFT - 8, y)
    }
  }

  #line(context: CanvasRenderingContext2D, width: number, top: number, of: (point: Point) => number, colour: string) {
    const step = (width - LEFT) / (POINTS - 1)
    const start = POINTS - this.#points.length
    context.strokeStyle = colour
    context.lineWidth = 1.75
    context.lineJoin = 'round'
    context.beginPath()
    for (const [i, point] of this.#points.entries()) context.lineTo(LEFT + (start + i) * step, yOf(of(point), top))
    context.stroke()
  }
}

function yOf(value: number, top: number): number {
  return TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)
}

/** The next of 1, 2, 5, 10, 20, 50 ... */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10)
}
