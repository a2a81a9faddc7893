// npm run bench [-- filter]: times the cases whose name holds the filter and prints a table.
// npm run bench -- compression [filter]: see compression.ts.
import benny from 'benny'
import { allCases, type Case } from './cases.js'

interface Row {
  readonly name: string
  readonly perSecond: number
  readonly margin: number
  readonly bytesPerSecond: number
}

async function time(one: Case): Promise<Row> {
  await one.check()
  const summary = await benny.suite(
    one.name,
    one.isAsync ? benny.add(one.name, async () => one.run()) : benny.add(one.name, () => void one.run()),
  )
  one.end?.()
  const result = summary.results[0]!
  return {
    name: one.name,
    perSecond: result.ops * one.items,
    margin: result.margin,
    bytesPerSecond: result.ops * one.bytes,
  }
}

function print(rows: readonly Row[]): void {
  const cells = rows.map(({ name, perSecond, margin, bytesPerSecond }) => [
    name,
    Math.round(perSecond).toLocaleString('en-US'),
    `±${margin.toFixed(1)} %`,
    `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`,
  ])
  const head = ['case', 'per second', 'margin', 'raw bytes']
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  console.log(line(head))
  console.log(widths.map((width) => '-'.repeat(width)).join('  '))
  for (const row of cells) console.log(line(row))
}

const filter = process.argv[2] ?? ''
if (filter === 'compression') {
  // A bench of its own, with others beside it: loaded only when asked for.
  const { benchCompression } = await import('./compression.js')
  await benchCompression(process.argv[3] ?? '')
  process.exit()
}
const cases = allCases().filter(({ name }) => name.includes(filter))
if (cases.length === 0) {
  console.error(
    `No case has "${filter}" in its name. There are:\n${allCases()
      .map(({ name }) => `  ${name}`)
      .join('\n')}`,
  )
  process.exitCode = 1
} else {
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cases.length} cases`)
  const rows: Row[] = []
  for (const one of cases) rows.push(await time(one))
  print(rows)
}
