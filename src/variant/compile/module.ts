import { type Outline, Outlines } from '../compiled/outline.js'
import { variantError } from '../errors.js'
import type { Coder } from '../shape/coder.js'
import { shapeError } from '../shape/errors.js'
import { coderOf, type Field, isField } from '../shape/field.js'
import { Lines } from './lines.js'
import { Plan } from './plan.js'
import { addReading } from './reading.js'
import { addWriting } from './writing.js'

/** Of what the module is made. */
export interface CompileOptions {
  /** What the module imports the shapes from, as it is written in an import: `./shapes.js`. */
  readonly from: string
  /** Whose bytes are to be quick: Godot 4 or Godot 3. The other version is written and read as without. Default 4. */
  readonly version?: 4 | 3
  /** Whether the module is TypeScript or JavaScript. Default `ts`. */
  readonly language?: 'ts' | 'js'
  /** The package under which the module finds this one's parts. Default `godot-wire/compiled`. */
  readonly runtime?: string
}

type AnyField = Field<never, never>

/** A lane as the text of a function, and the names that it takes out of the runtime. */
export interface LaneText {
  readonly fingerprint: string
  readonly levels: number
  readonly used: ReadonlySet<string>
  /** A method `lane(coders) { ... }`, as it stands in an object. */
  readonly text: string
}

/**
 * The lane of one field.
 *
 * @param others names of fields that the lane may take the lanes of, by their coders
 */
export function laneText(field: AnyField, version: 4 | 3, others: ReadonlyMap<Coder, string> = new Map()): LaneText {
  const outlines = outlinesOf(field)
  const shared = new Map<number, string>()
  for (const [place, coder] of outlines.coders.entries()) {
    const name = place > 0 ? others.get(coder) : undefined
    if (name !== undefined) shared.set(place, name)
  }
  const plan = new Plan(outlines.list, version, shared)
  const own = [...plan.own()]
  const lines = new Lines()
  lines.open('lane(coders) {')
  for (const [place, name] of shared) {
    lines.add(`const { write: write${place}, read: read${place} } = ${plan.use('laneOf')}(${name})`)
  }
  for (const place of own) addConstants(plan, place, lines)
  for (const place of own.filter((one) => plan.isFunction(one))) {
    addWriting(plan, place, lines)
    addReading(plan, place, lines)
  }
  lines.add('return { write: write0, read: read0 }')
  lines.close('},')
  return { fingerprint: outlines.fingerprint, levels: plan.levels(), used: plan.used, text: lines.text }
}

function outlinesOf(field: AnyField): Outlines {
  return new Outlines(coderOf(field))
}

/** What the functions of a lane ask of an outline's coder: itself, its test, what it reads missing fields as. */
function addConstants(plan: Plan, place: number, lines: Lines): void {
  const outline = plan.at(place)
  const isLeft = outline.is === 'other' || (outline.is === 'vector' && plan.vector(outline) === undefined)
  if (isLeft) lines.add(`const c${place} = coders[${place}]`)
  if (outline.is === 'refined') lines.add(`const t${place} = ${plan.use('testOf')}(coders[${place}])`)
  if (outline.is !== 'shape') return
  for (const [i, { isOptional }] of outline.fields.entries()) {
    if (isOptional) lines.add(`const f${place}_${i} = ${plan.use('fallbackOf')}(coders[${place}], ${i})`)
  }
}

/** Those that others are made of come first, as the others take their lanes; else by name, in whichever order they came. */
function inOrder(fields: readonly (readonly [string, AnyField])[]): (readonly [string, AnyField])[] {
  const sizes = new Map(fields.map(([name, field]) => [name, outlinesOf(field).list.length]))
  return [...fields].sort(([a], [b]) => sizes.get(a)! - sizes.get(b)! || (a < b ? -1 : 1))
}

const SHARED: readonly Outline['is'][] = ['shape', 'union', 'array', 'tuple']

function lanesOf(fields: readonly (readonly [string, AnyField])[], version: 4 | 3): (readonly [string, LaneText])[] {
  const others = new Map<Coder, string>()
  return inOrder(fields).map(([name, field]) => {
    const lane = laneText(field, version, others)
    const { coders, list } = outlinesOf(field)
    if (SHARED.includes(list[0]!.is) && !others.has(coders[0]!)) others.set(coders[0]!, name)
    return [name, lane] as const
  })
}

/**
 * The text of a module that exports the same shapes under the same names, up to three times as quick: with code for each of them
 * that has their keys, types and limits written out. The command `godot-wire compile` writes it to a file; this is for
 * builds of your own. No `eval` is in it: a page with a strict content security policy may load it.
 *
 * Its shapes take and give what the shapes that they are made of do, with the same errors. What is unusual is left to those:
 * keys in another order, options that ask for another version, fields with `unknown: 'keep'`, `lazy` ones, packed arrays.
 *
 * @param shapes the exports of a module; what is no field is left out
 * @throws `VARIANT_BAD_OPTION`, and `VARIANT_SHAPE_BAD_FIELD` where there is no field among them, or one is exported as `default`
 * @example
 * ```ts
 * const shapes = { State: shape({ id: int, pos: Vector3 }) }
 * const text = compileShapes(shapes, { from: './shapes.js' })
 * text.includes('export const State: typeof $shapes.State = ') // true
 * ```
 */
export function compileShapes(shapes: Readonly<Record<string, unknown>>, options: CompileOptions): string {
  const { from, version = 4, language = 'ts', runtime = 'godot-wire/compiled' } = options
  check('version', version, [4, 3])
  check('language', language, ['ts', 'js'])
  if (typeof from !== 'string')
    throw variantError('VARIANT_BAD_OPTION', { option: 'from', value: from, expected: 'text' })
  const fields = Object.entries(shapes).filter((entry): entry is [string, AnyField] => isField(entry[1]))
  if (fields.length === 0) throw shapeError('VARIANT_SHAPE_BAD_FIELD', { what: 'nothing that is exported is a field' })
  for (const [name] of fields) checkName(name)
  const lanes = lanesOf(fields, version)
  const used = new Set(['compiled', ...lanes.flatMap(([, lane]) => [...lane.used])])
  return [
    `// @generated by godot-wire from ${from}, for Godot ${version}. Make it anew when the shapes change.`,
    ...(language === 'ts' ? ['// @ts-nocheck'] : []),
    '/* eslint-disable */',
    `import { ${[...used].sort().map(imported).join(', ')} } from ${JSON.stringify(runtime)}`,
    `import * as $shapes from ${JSON.stringify(from)}`,
    ...lanes.map(([name, lane]) => exported(name, lane, version, language)),
    '',
  ].join('\n')
}

const imported = (name: string) => `${name} as $${name}`

/** What an export may be called that no constant may. */
const RESERVED = `default arguments await break case catch class const continue debugger delete do else enum eval export
  extends false finally for function if implements import in instanceof interface let new null package private protected public
  return static super switch this throw true try typeof var void while with yield`.split(/\s+/)

function checkName(name: string): void {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !RESERVED.includes(name)) return
  throw shapeError('VARIANT_SHAPE_BAD_FIELD', { what: `"${name}" is exported, and no name for a constant` })
}

function exported(name: string, lane: LaneText, version: 4 | 3, language: 'ts' | 'js'): string {
  const type = language === 'ts' ? `: typeof $shapes.${name}` : ''
  return [
    '',
    `export const ${name}${type} = $compiled($shapes.${name}, {`,
    `  name: '${name}',`,
    `  version: ${version},`,
    `  fingerprint: '${lane.fingerprint}',`,
    `  levels: ${lane.levels},`,
    lane.text.replace(/^/gm, '  '),
    '})',
  ].join('\n')
}

function check(option: string, value: unknown, allowed: readonly unknown[]): void {
  if (allowed.includes(value)) return
  throw variantError('VARIANT_BAD_OPTION', { option, value, expected: allowed.join(' or ') })
}
