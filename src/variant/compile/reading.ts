/** The half of a lane that reads. */
import type { FieldOutline, Outline } from '../compiled/outline.js'
import { MOST_AT_ONCE } from '../shape/array.js'
import { WIDEST } from '../shape/scalars.js'
import { FLOAT_64 } from '../types/header.js'
import { VariantType } from '../variant-type.js'
import { Body } from './body.js'
import type { Lines } from './lines.js'
import { bigints, isNarrow, type OutlineOf, outside, type Plan, property, required } from './plan.js'
import { otherWords, place, sameWords } from './words.js'

/** One function, from its first line to its last. In it `p` is where the next byte is, less `ahead`. */
class Reading extends Body {
  /** Words that must come next. */
  #words: number[] = []
  /** The lines that come before the function. */
  readonly #before: string[] = []

  constructor(
    plan: Plan,
    lines: Lines,
    /** Of what it is for. */
    private readonly root: number,
  ) {
    super(plan, lines, 'return undefined')
  }

  addFunction(): void {
    const { lines, root } = this
    const outline = this.plan.at(root)
    const addBefore = lines.hold()
    lines.open(`function read${root}(d, depth) {`)
    lines.add('const v = d.view', 'const end = d.end', 'let p = d.offset')
    if (outline.is === 'union') this.#unionBody(outline)
    else {
      const value = outline.is === 'shape' ? this.#shapeBody(outline) : this.#value(root, 0)
      this.#expect(0)
      lines.add(`d.offset = ${this.here()}`, `return ${value}`)
    }
    lines.close()
    addBefore(...this.#before)
  }

  /** The words that must come are there, and so many bytes behind them; these are not looked at yet. */
  #expect(more: number): void {
    const words = this.#words
    if (words.length === 0 && more === 0) return
    const bytes = 4 * words.length
    this.failIf(`end - p < ${this.ahead + bytes + more}`, ...otherWords(words, this.ahead))
    this.ahead += bytes
    this.#words = []
  }

  /** A condition: the words are there, at `p + offset`. */
  #isNext(words: readonly number[], offset: number): string {
    return [`end - p >= ${offset + 4 * words.length}`, ...sameWords(words, offset)].join(' && ')
  }

  /** From here on `p` itself is where the next byte is. */
  #settle(): void {
    this.#expect(0)
    if (this.ahead > 0) this.lines.add(`p += ${this.ahead}`)
    this.ahead = 0
  }

  /** What was read by something else, which left the cursor behind it. */
  #goOn(): void {
    this.lines.add('p = d.offset')
    this.ahead = 0
  }

  #shapeBody({ fields }: OutlineOf<'shape'>): string {
    const { lines, plan } = this
    const count = required(fields)
    const most = fields.length
    this.#words.push(plan.header(VariantType.DICTIONARY))
    if (count === most) {
      lines.add(`d.charge(${count})`)
      this.#words.push(count)
    } else {
      this.#expect(4)
      lines.add(`let more = v.getInt32(${this.here()}, true) - ${count}`)
      this.failIf('more < 0', `more > ${most - count}`)
      lines.add(`d.charge(${count} + more)`)
      this.ahead += 4
    }
    const values = fields.map((field, i) => this.#field(field, i))
    if (count < most) this.failIf('more !== 0')
    return `new Made${this.root}(${values.join(', ')})`
  }

  #field({ name, isOptional, at }: FieldOutline, i: number): string {
    const key = this.plan.key(name)
    if (!isOptional) {
      this.#words.push(...key)
      return this.#value(at, 1)
    }
    const { lines } = this
    this.#settle()
    const value = this.name('a')
    lines.add(`let ${value} = f${this.root}_${i}`)
    lines.open(`if (more > 0 && ${this.#isNext(key, 0)}) {`)
    lines.add('more--')
    this.ahead = 4 * key.length
    lines.add(`${value} = ${this.#value(at, 1)}`)
    this.#settle()
    lines.close()
    return value
  }

  #unionBody({ tag, branches }: OutlineOf<'union'>): void {
    const { lines, plan } = this
    // Header, count, key of the tag, and the first two words of what is under it.
    const key = plan.key(tag)
    const at = 8 + 4 * key.length
    this.failIf(`end - p < ${at + 8}`, ...otherWords([plan.header(VariantType.DICTIONARY)], 0), ...otherWords(key, 8))
    lines.open(`switch (v.getInt32(${place(at + 4)}, true)) {`)
    for (const [second, alike] of groupBySecondWord(plan, branches)) {
      lines.open(`case ${second}:`)
      for (const [words, branch] of alike.slice(0, -1)) {
        lines.add(`if (${this.#isNext(words, at)}) return read${branch}(d, depth)`)
      }
      lines.add(`return read${alike.at(-1)![1]}(d, depth)`)
      lines.close('')
    }
    lines.open('default:')
    this.giveUp()
    lines.close('')
    lines.close()
  }

  /** Lines that read a value, and the expression that it is then. */
  #value(at: number, levels: number): string {
    const outline: Outline = this.plan.at(at)
    if (this.plan.shared.has(at)) return this.#called(`read${at}(d, depth + ${levels})`)
    switch (outline.is) {
      case 'bool':
        return this.#bool()
      case 'int':
        return this.#int(outline)
      case 'int64':
        return this.#int64(outline)
      case 'float':
        return this.#float(outline)
      case 'number':
        return this.#number(outline)
      case 'string':
        return this.#string(outline)
      case 'vector':
        return this.#vector(outline, at, levels)
      case 'literal':
        return this.#literal(outline)
      case 'array':
        return this.#array(outline, levels)
      case 'tuple':
        return this.#tuple(outline, levels)
      case 'nullable':
        return this.#nullable(outline, levels)
      case 'refined': {
        const value = this.#value(outline.inner, levels)
        const a = this.name('a')
        this.#expect(0)
        this.lines.add(`const ${a} = ${value}`)
        this.failIf(`!t${at}(${a})`)
        return a
      }
      case 'shape':
      case 'union':
        return this.#called(`read${at}(d, depth + ${levels})`)
      case 'other':
        return this.#called(`c${at}.read(d, depth + ${levels})`)
    }
  }

  #bool(): string {
    const a = this.name('a')
    this.#words.push(VariantType.BOOL)
    this.#expect(4)
    this.lines.add(`const ${a} = v.getInt32(${this.here()}, true) !== 0`)
    this.ahead += 4
    return a
  }

  #int(outline: OutlineOf<'int'>): string {
    const a = this.name('a')
    const { lines } = this
    if (isNarrow(outline)) {
      this.#words.push(VariantType.INT)
      this.#expect(4)
      lines.add(`const ${a} = v.getInt32(${this.here()}, true)`)
      this.ahead += 4
    } else {
      this.#expect(8)
      lines.add(`let ${a}`)
      lines.open(`if (v.getInt32(${this.here()}, true) === ${VariantType.INT}) {`)
      lines.add(`${a} = v.getInt32(${this.here(4)}, true)`, `p += ${this.ahead + 8}`)
      lines.turn('} else {')
      lines.add(`${a} = ${this.plan.use('takeInt')}(d, ${this.here()})`)
      this.failIf(`${a} === undefined`)
      lines.add('p = d.offset')
      lines.close()
      this.ahead = 0
    }
    this.failIf(outside(a, outline))
    return a
  }

  #int64(outline: OutlineOf<'int64'>): string {
    const a = this.name('a')
    this.#expect(8)
    this.lines.add(`const ${a} = ${this.plan.use('takeInt64')}(d, ${this.here()})`)
    this.failIf(`${a} === undefined`, outside(a, bigints(outline)))
    this.#goOn()
    return a
  }

  #float(outline: OutlineOf<'float'>): string {
    const a = this.name('a')
    this.#expect(8)
    this.lines.add(`let ${a}`)
    this.#floatInto(a, `v.getInt32(${this.here()}, true)`, () => this.giveUp())
    this.failIf(outside(a, outline))
    return a
  }

  /** Sets `a` to the float that comes next. */
  #floatInto(a: string, header: string, otherwise: () => void): void {
    const { lines } = this
    const h = this.name('h')
    lines.add(`const ${h} = ${header}`)
    lines.open(`if (${h} === ${VariantType.FLOAT}) {`)
    lines.add(`${a} = v.getFloat32(${this.here(4)}, true)`, `p += ${this.ahead + 8}`)
    lines.turn(`} else if (${h} === ${FLOAT_64} && end - p >= ${this.ahead + 12}) {`)
    lines.add(`${a} = v.getFloat64(${this.here(4)}, true)`, `p += ${this.ahead + 12}`)
    lines.turn('} else {')
    otherwise()
    lines.close()
    this.ahead = 0
  }

  #number(outline: OutlineOf<'number'>): string {
    const a = this.name('a')
    const { lines } = this
    this.#expect(8)
    lines.add(`let ${a}`)
    this.#floatInto(a, `v.getInt32(${this.here()}, true)`, () => {
      lines.add(`${a} = ${this.plan.use('takeInt')}(d, ${this.here()})`)
      this.failIf(`${a} === undefined`)
      lines.add('p = d.offset')
    })
    this.failIf(outside(a, outline))
    return a
  }

  #string(outline: OutlineOf<'string'>): string {
    const a = this.name('a')
    this.#words.push(VariantType.STRING)
    this.#expect(4)
    // What cannot fit, however short its text is, need not be read.
    if (outline.max !== null) this.failIf(`v.getInt32(${this.here()}, true) > ${outline.max * WIDEST}`)
    this.lines.add(`const ${a} = ${this.plan.use('takeString')}(d, ${this.here(-4)}, ${this.#textPlace()})`)
    this.#goOn()
    this.failIf(outside(`${a}.length`, outline))
    return a
  }

  /** Each field has its own, whichever other fields have the same coder. */
  #textPlace(): string {
    const place = `s${this.root}_${this.#before.length}`
    this.#before.push(`const ${place} = new ${this.plan.use('TextPlace')}()`)
    return place
  }

  #vector(outline: OutlineOf<'vector'>, at: number, levels: number): string {
    const vector = this.plan.vector(outline)
    if (vector === undefined) return this.#called(`c${at}.read(d, depth + ${levels})`)
    const { className, header, components, isWhole } = vector
    this.#words.push(header)
    this.#expect(4 * components.length)
    const names = components.map(() => {
      const name = this.name('a')
      this.lines.add(`const ${name} = v.get${isWhole ? 'Int32' : 'Float32'}(${this.here()}, true)`)
      this.ahead += 4
      return name
    })
    // The bits of a NaN are for the codec to keep.
    if (!isWhole) this.failIf(`Number.isNaN(${names.join(' + ')})`)
    for (const name of names) this.failIf(outside(name, outline))
    const a = this.name('a')
    this.lines.add(`const ${a} = new ${this.plan.use(className)}(${names.join(', ')})`)
    return a
  }

  #literal({ values }: OutlineOf<'literal'>): string {
    const { lines, plan } = this
    if (values.length === 1) {
      this.#words.push(...plan.literal(values[0]!))
      return JSON.stringify(values[0]!)
    }
    this.#expect(0)
    const a = this.name('a')
    lines.add(`let ${a}`)
    for (const [i, value] of values.entries()) {
      const words = plan.literal(value)
      const bytes = this.ahead + 4 * words.length
      const line = `if (${this.#isNext(words, this.ahead)}) {`
      if (i === 0) lines.open(line)
      else lines.turn(`} else ${line}`)
      lines.add(`${a} = ${JSON.stringify(value)}`, `p += ${bytes}`)
    }
    lines.turn('} else {')
    this.giveUp()
    lines.close()
    this.ahead = 0
    return a
  }

  #array(outline: OutlineOf<'array'>, levels: number): string {
    const { lines } = this
    const [a, n, i] = [this.name('a'), this.name('n'), this.name('i')]
    this.#words.push(this.plan.header(VariantType.ARRAY))
    this.#expect(4)
    lines.add(`const ${n} = v.getInt32(${this.here()}, true)`)
    // Nothing is allocated that the bytes do not pay for: an element takes 4 of them at least.
    this.failIf(`${n} < 0`, `${n} * 4 > end - p - ${this.ahead + 4}`, outside(n, outline))
    lines.add(`d.charge(${n})`, `const ${a} = ${n} <= ${MOST_AT_ONCE} ? new Array(${n}) : []`)
    this.ahead += 4
    this.#settle()
    lines.open(`for (let ${i} = 0; ${i} < ${n}; ${i}++) {`)
    const value = this.#value(outline.element, levels + 1)
    this.#settle()
    lines.add(`${a}[${i}] = ${value}`)
    lines.close()
    return a
  }

  #tuple({ elements }: OutlineOf<'tuple'>, levels: number): string {
    this.lines.add(`d.charge(${elements.length})`)
    this.#words.push(this.plan.header(VariantType.ARRAY), elements.length)
    const values = elements.map((element) => this.#value(element, levels + 1))
    return `[${values.join(', ')}]`
  }

  #nullable({ inner }: OutlineOf<'nullable'>, levels: number): string {
    const { lines } = this
    const a = this.name('a')
    this.#settle()
    this.#expect(4)
    lines.add(`let ${a}`)
    lines.open(`if (v.getInt32(p, true) === ${VariantType.NIL}) {`)
    lines.add(`${a} = null`, 'p += 4')
    lines.turn('} else {')
    lines.add(`${a} = ${this.#value(inner, levels)}`)
    this.#settle()
    lines.close()
    return a
  }

  #called(call: string): string {
    const a = this.name('a')
    this.#expect(0)
    this.lines.add(`d.offset = ${this.here()}`, `const ${a} = ${call}`)
    this.failIf(`${a} === undefined`)
    this.#goOn()
    return a
  }
}

type Branch = readonly [words: number[], branch: number]

/** The branches by the second word of their tags: the length of a text, or the number itself. */
function groupBySecondWord(plan: Plan, branches: OutlineOf<'union'>['branches']): Map<number, Branch[]> {
  const groups = new Map<number, Branch[]>()
  for (const [value, branch] of branches) {
    const words = plan.literal(value)
    const group = groups.get(words[1]!) ?? []
    groups.set(words[1]!, [...group, [words, branch]])
  }
  return groups
}

/** Adds what makes the objects of a shape: they inherit nothing, and have no property for what is missing. */
function addMaker(root: number, { fields }: OutlineOf<'shape'>, lines: Lines, plan: Plan): void {
  const names = fields.map((_, i) => `a${i}`)
  lines.open(`function Made${root}(${names.join(', ')}) {`)
  for (const [i, { name, isOptional }] of fields.entries()) {
    const set = `${property('this', name)} = a${i}`
    lines.add(isOptional ? `if (a${i} !== undefined) ${set}` : set)
  }
  lines.close()
  lines.add(`Made${root}.prototype = ${plan.use('NOTHING')}`)
}

/** Adds the function that reads the values of one outline, and what it needs. */
export function addReading(plan: Plan, root: number, lines: Lines): void {
  const outline = plan.at(root)
  if (outline.is === 'shape') addMaker(root, outline, lines, plan)
  new Reading(plan, lines, root).addFunction()
}
