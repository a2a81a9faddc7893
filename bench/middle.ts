// What a suite measured in several processes, as one report. V8 decides in each process anew what becomes a part of what,
// by what happened to run first, and the same function may take a quarter longer in one process than in the next.
import type { Report } from './record.js'
import { median } from './rounds.js'

/** Of each time and each ratio the one in the middle; ratios are those of one process each, where both sides were timed. */
export function middleOf(reports: readonly Report[]): Report {
  const [first] = reports as [Report]
  const times = (name: string) => reports.map(({ nanoseconds }) => nanoseconds[name]!)
  const ratios = (place: number) => reports.map((report) => report.ratios[place]!.ratio)
  return {
    ...first,
    nanoseconds: Object.fromEntries(Object.keys(first.nanoseconds).map((name) => [name, median(times(name))])),
    ratios: first.ratios.map((one, place) => {
      const all = ratios(place).filter((ratio) => ratio !== undefined)
      return all.length === 0 ? one : { ...one, ratio: median(all) }
    }),
  }
}
