// What the soaks share: how much memory the process holds, and whether it becomes more.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How far the line through the samples may rise, in bytes. Samples differ by up to one MB by what is under way. */
export const MOST_GROWTH = 4 << 20

export interface Memory {
  readonly heap: number
  readonly buffers: number
  readonly rss: number
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** In bytes, after garbage was collected. */
export function memory(): Memory {
  collect()
  // What the first time freed of the heap lets go of its buffers now.
  collect()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { heap: heapUsed, buffers: arrayBuffers, rss }
}

/** How far the straight line that fits the samples best (least squares) rises from the first to the last. */
export function riseOf(samples: readonly number[]): number {
  const middle = (samples.length - 1) / 2
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length
  let together = 0
  let spread = 0
  for (const [i, sample] of samples.entries()) {
    together += (i - middle) * (sample - mean)
    spread += (i - middle) ** 2
  }
  return (together / spread) * (samples.length - 1)
}

/** Says how much memory grew, and what is wrong with that. */
export function growthFaults(samples: readonly number[]): string[] {
  const growth = riseOf(samples)
  console.log(`memory grew by ${megabytes(growth)} MB; ${megabytes(MOST_GROWTH)} MB is the limit`)
  return growth > MOST_GROWTH ? [`memory grew by ${megabytes(growth)} MB`] : []
}

/** A row of a table. */
export function line(...cells: (string | number)[]): void {
  console.log(`| ${cells.map((cell) => String(cell).padStart(13)).join(' | ')} |`)
}

export const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1)
export const grouped = (number: number) => number.toLocaleString('en')
