// The engines and we, on one input: what they wrote we read and write alike, what we wrote they do, and hostile bytes get
// one answer. Rows come and go one by one: there may be millions.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type VariantInput, varToBytes } from '../../src/variant/index.js'
import { roundTrip } from '../../test/variant/fuzz-checks.js'
import { ourAnswer, whyDifferent } from '../../test/variant/fuzz-differences.js'
import { fromHex, toHex } from '../../test/variant/hex.js'
import { HostileBytes } from '../../test/variant/mutate.js'
import { withoutNodePathPadding } from '../../test/variant/node-path-padding.js'
import { Random, RandomValues } from '../../test/variant/random.js'
import { PRINTED } from '../../test/variant/read-vectors.js'
import type { EngineName } from '../engines.js'
import { eachRow } from '../run-engine.js'
import { vectorProject } from '../vectors.js'
import { type DifferentialJob, type Done, faultRow, Tally } from './job.js'

/** An engine that takes so long for one job hangs. */
const TIMEOUT_MS = 10 * 60_000

export async function fuzzDifferential(job: DifferentialJob): Promise<Done> {
  const tally = new Tally()
  if (job.direction === 'read') await engineToUs(job, tally)
  else await usToEngine(job, job.direction === 'write' ? ourValues(job, tally) : hostileInputs(job), tally)
  return tally
}

async function engineToUs(job: DifferentialJob, tally: Tally): Promise<void> {
  const { engine, seed, count } = job
  const args = [`--seed=${seed}`, `--count=${count}`]
  const run = { project: vectorProject(engine.name), script: 'random.gd', args, timeoutMs: TIMEOUT_MS }
  const rows = await eachRow(engine, run, ([, hex = '']) => {
    const theirs = clean(engine.name, hex)
    const ours = ourAnswer(PRINTED[engine.name].version, theirs)
    tally.tried++
    // There is no reason for which bytes that an engine wrote may come back as others.
    if (ours !== theirs) tally.find(`read and written as ${ours}`, row(job, theirs, theirs))
  })
  if (rows !== count) throw new Error(`${engine.name} printed ${rows} values, not ${count}`)
}

function ourValues({ engine, seed, count }: DifferentialJob, tally: Tally): string[] {
  const { version } = PRINTED[engine.name]
  const values = new RandomValues(new Random(seed), { version })
  return Array.from({ length: count }, () => {
    const value = values.value()
    const { bytes, wrong } = roundTrip(value, version)
    if (wrong) tally.find(wrong, faultRow(version, false, toHex(bytes)))
    return toHex(varToBytes(value as VariantInput, { version }))
  })
}

function hostileInputs({ engine, seed, count }: DifferentialJob): string[] {
  const hostile = new HostileBytes(PRINTED[engine.name].version, seed)
  const inputs: string[] = []
  // A line of its own is what an input needs, and no bytes make none.
  while (inputs.length < count) inputs.push(toHex(hostile.next()) || '00')
  return inputs
}

async function usToEngine(job: DifferentialJob, inputs: readonly string[], tally: Tally): Promise<void> {
  const { engine, direction } = job
  const folder = mkdtempSync(join(tmpdir(), 'godot-wire-fuzz-'))
  try {
    const file = join(folder, 'lines.txt')
    writeFileSync(file, `${inputs.join('\n')}\n`)
    const args = [`--file=${file}`]
    const run = { project: vectorProject(engine.name), script: 'answer.gd', args, timeoutMs: TIMEOUT_MS }
    const rows = await eachRow(engine, run, ([index, said, again = '']) => {
      const hex = inputs[Number(index)]
      if (hex === undefined || Number(index) !== tally.tried) throw new Error(`${engine.name} answered ${index}`)
      const theirs = said === 'error' ? said : clean(engine.name, again)
      if (direction === 'write' && theirs !== hex)
        tally.find(`${engine.name} reads it as ${theirs}`, row(job, hex, theirs))
      compare(job, hex, theirs, tally)
    })
    if (rows !== inputs.length) throw new Error(`${engine.name} answered ${rows} of ${inputs.length}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What an engine and we say to one input: the same, or something else for a known reason. */
function compare(job: DifferentialJob, hex: string, theirs: string, tally: Tally): void {
  tally.tried++
  try {
    const reason = whyDifferent(job.engine.name, hex, theirs)
    if (reason) tally.count(reason)
  } catch (error) {
    tally.find(String(error), row(job, hex, theirs))
  }
}

function row({ engine }: DifferentialJob, hex: string, theirs: string): string {
  return `{ engine: '${engine.name}', hex: '${hex}', theirs: '${theirs}' },`
}

/** Bytes of Godot 3 without the memory that it leaves in them. */
function clean(engine: EngineName, hex: string): string {
  return PRINTED[engine].version === 3 ? toHex(withoutNodePathPadding(fromHex(hex))) : hex
}
