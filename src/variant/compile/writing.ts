/** The half of a lane that writes. */
import type { FieldOutline, Outline } from '../compiled/outline.js'
import { FLOAT_64 } from '../types/header.js'
import { VariantType } from '../variant-type.js'
import { Body } from './body.js'
import type { Lines } from './lines.js'
import { bigints, isNarrow, MOST_SCALAR, type OutlineOf, outside, type Plan, property, required } from './plan.js'
import { place, writtenWords } from './words.js'

/** What the rest of a function may write before it has to make room again. */
interface Room {
  readonly fill: (...lines: readonly string[]) => void
  readonly from: string
  bytes: number
}

/** One function, from its first line to its last. In it `p` is where the next byte goes, less `ahead`. */
class Writing extends Body {
  /** Words that are the same in every value and come next. */
  #words: number[] = []
  #room: Room | undefined

  constructor(plan: Plan, lines: Lines) {
    super(plan, lines, 'return -1')
  }

  addFunction(root: number): void {
    const outline = this.plan.at(root)
    this.lines.open(`function write${root}(e, p, o, depth) {`)
    if (outline.is === 'union') this.#unionBody(outline)
    else {
      this.lines.add('let v = e.view')
      if (outline.is === 'shape') this.#shapeBody(outline)
      else this.#value(root, 'o', 0)
      this.#flush()
      this.#endRoom()
      this.lines.add(`return ${place(this.ahead)}`)
    }
    this.lines.close()
  }

  #need(bytes: number): void {
    this.#room ??= { fill: this.lines.hold(), from: this.here(), bytes: 0 }
    this.#room.bytes += bytes
  }

  /** What comes next makes its own room. */
  #endRoom(): void {
    if (this.#room !== undefined && this.#room.bytes > 0) {
      this.#room.fill(`e.makeRoom(${this.#room.from}, ${this.#room.bytes})`, 'v = e.view')
    }
    this.#room = undefined
  }

  #flush(): void {
    if (this.#words.length === 0) return
    const bytes = 4 * this.#words.length
    this.#need(bytes)
    this.lines.add(...writtenWords(this.#words, this.ahead))
    this.ahead += bytes
    this.#words = []
  }

  /** From here on `p` itself is where the next byte goes. */
  #settle(): void {
    this.#flush()
    if (this.ahead > 0) this.lines.add(`p += ${this.ahead}`)
    this.ahead = 0
  }

  /** `p` was set to where the next byte goes, by something that makes its own room. */
  #setElsewhere(): void {
    this.ahead = 0
    this.#endRoom()
  }

  /** Lines that may not be run; what they write is in the room that is there, unless they make their own. */
  #branch(write: () => void): void {
    const room = this.#room
    write()
    this.#settle()
    if (this.#room === room) return
    this.#endRoom()
  }

  #shapeBody({ fields }: OutlineOf<'shape'>): void {
    const { lines, plan } = this
    this.failIf("typeof o !== 'object'", 'o === null')
    const values = fields.map((field) => {
      const name = this.name('a')
      lines.add(`const ${name} = ${ownProperty(field.name)}`)
      return name
    })
    const count = required(fields)
    const hasOptional = count < fields.length
    if (hasOptional) lines.add('const start = p', `let count = ${count}`)
    else lines.add(`e.charge(${count})`)
    this.#words.push(plan.header(VariantType.DICTIONARY), count)
    for (const [i, field] of fields.entries()) this.#field(field, values[i]!)
    if (!hasOptional) return
    this.#settle()
    lines.add('e.charge(count)', 'e.view.setInt32(start + 4, count, true)')
  }

  #field({ name, isOptional, at }: FieldOutline, value: string): void {
    if (!isOptional) {
      this.#words.push(...this.plan.key(name))
      this.#value(at, value, 1)
      return
    }
    this.#settle()
    this.#need(0)
    this.lines.open(`if (${value} !== undefined) {`)
    this.#branch(() => {
      this.lines.add('count++')
      this.#words.push(...this.plan.key(name))
      this.#value(at, value, 1)
    })
    this.lines.close()
  }

  #unionBody({ tag, branches }: OutlineOf<'union'>): void {
    const { lines } = this
    this.failIf("typeof o !== 'object'", 'o === null')
    lines.open(`switch (${property('o', tag)}) {`)
    for (const [value, branch] of branches) {
      lines.open(`case ${JSON.stringify(value)}:`)
      lines.add(`return write${branch}(e, p, o, depth)`)
      lines.close('')
    }
    lines.open('default:')
    this.giveUp()
    lines.close('')
    lines.close()
  }

  /** @param levels how deep the value lies below that of the function */
  #value(at: number, k: string, levels: number): void {
    const outline: Outline = this.plan.at(at)
    if (this.plan.shared.has(at)) return this.#call(at, k, levels)
    switch (outline.is) {
      case 'bool':
        return this.#bool(k)
      case 'int':
        return this.#int(outline, k)
      case 'int64':
        return this.#int64(outline, k)
      case 'float':
        return this.#float(outline, k)
      case 'number':
        return this.#number(outline, k)
      case 'string':
        return this.#string(outline, k)
      case 'vector':
        return this.#vector(outline, at, k, levels)
      case 'literal':
        return this.#literal(outline, k)
      case 'array':
        return this.#array(outline, k, levels)
      case 'tuple':
        return this.#tuple(outline, k, levels)
      case 'nullable':
        return this.#nullable(outline, k, levels)
      case 'refined':
        this.#value(outline.inner, k, levels)
        return this.failIf(`!t${at}(${k})`)
      case 'shape':
      case 'union':
        return this.#call(at, k, levels)
      case 'other':
        return this.#leave(at, k, levels)
    }
  }

  #bool(k: string): void {
    this.failIf(`typeof ${k} !== 'boolean'`)
    this.#words.push(VariantType.BOOL)
    this.#flush()
    this.#need(4)
    this.lines.add(`v.setInt32(${this.here()}, ${k} ? 1 : 0, true)`)
    this.ahead += 4
  }

  #int(outline: OutlineOf<'int'>, k: string): void {
    this.#words.push(VariantType.INT)
    if (isNarrow(outline)) {
      this.failIf(`(${k} | 0) !== ${k}`, outside(k, outline))
      this.#flush()
      this.#need(4)
      this.lines.add(`v.setInt32(${this.here()}, ${k}, true)`)
      this.ahead += 4
      return
    }
    this.failIf(outside(k, outline))
    this.#flush()
    this.#need(8)
    this.lines.open(`if ((${k} | 0) === ${k}) {`)
    this.lines.add(`v.setInt32(${this.here()}, ${k}, true)`, `p += ${this.ahead + 4}`)
    this.lines.turn('} else {')
    this.lines.add(`p = ${this.plan.use('putWhole')}(e, ${this.here(-4)}, ${k})`)
    this.failIf('p < 0')
    this.lines.close()
    this.ahead = 0
  }

  #int64(outline: OutlineOf<'int64'>, k: string): void {
    this.failIf(outside(k, bigints(outline)))
    this.#flush()
    this.#need(MOST_SCALAR)
    this.lines.add(`p = ${this.plan.use('putInt64')}(e, ${this.here()}, ${k})`)
    this.failIf('p < 0')
    this.ahead = 0
  }

  #float(outline: OutlineOf<'float'>, k: string): void {
    this.failIf(outside(k, outline))
    this.#flush()
    this.#need(MOST_SCALAR)
    const { lines } = this
    lines.open(`if (Math.fround(${k}) === ${k}) {`)
    lines.add(...writtenWords([VariantType.FLOAT], this.ahead), `v.setFloat32(${this.here(4)}, ${k}, true)`)
    lines.add(`p += ${this.ahead + 8}`)
    lines.turn('} else {')
    this.failIf(`typeof ${k} !== 'number'`, `${k} !== ${k}`)
    lines.add(...writtenWords([FLOAT_64], this.ahead), `v.setFloat64(${this.here(4)}, ${k}, true)`)
    lines.add(`p += ${this.ahead + 12}`)
    lines.close()
    this.ahead = 0
  }

  #number(outline: OutlineOf<'number'>, k: string): void {
    this.failIf(`typeof ${k} !== 'number'`, outside(k, outline))
    this.#flush()
    this.#need(MOST_SCALAR)
    this.lines.add(`p = ${this.plan.use('putNumber')}(e, ${this.here()}, ${k})`)
    this.ahead = 0
  }

  #string(outline: OutlineOf<'string'>, k: string): void {
    this.failIf(`typeof ${k} !== 'string'`, outside(`${k}.length`, outline))
    this.#flush()
    this.lines.add(`p = ${this.plan.use('putString')}(e, ${this.here()}, ${k})`)
    this.#setElsewhere()
  }

  #vector(outline: OutlineOf<'vector'>, at: number, k: string, levels: number): void {
    const vector = this.plan.vector(outline)
    if (vector === undefined) return this.#leave(at, k, levels)
    const { className, header, components, isWhole } = vector
    const { lines } = this
    this.failIf(`!(${k} instanceof ${this.plan.use(className)})`)
    const names = components.map(() => this.name('a'))
    for (const [i, name] of names.entries()) lines.add(`const ${name} = ${k}.${components[i]}`)
    for (const name of names) {
      const isOther = isWhole ? `(${name} | 0) !== ${name}` : `typeof ${name} !== 'number'`
      this.failIf(isOther, outside(name, outline))
    }
    // The bits of a NaN are for the codec to keep.
    if (!isWhole) this.failIf(`Number.isNaN(${names.join(' + ')})`)
    this.#words.push(header)
    this.#flush()
    this.#need(4 * names.length)
    for (const name of names) {
      lines.add(`v.set${isWhole ? 'Int32' : 'Float32'}(${this.here()}, ${name}, true)`)
      this.ahead += 4
    }
  }

  #literal({ values }: OutlineOf<'literal'>, k: string): void {
    const { lines, plan } = this
    if (values.length === 1) {
      this.failIf(`!(${isValue(k, values[0]!)})`)
      this.#words.push(...plan.literal(values[0]!))
      return
    }
    this.#flush()
    const most = Math.max(...values.map((value) => 4 * plan.literal(value).length))
    this.#need(most)
    for (const [i, value] of values.entries()) {
      const words = plan.literal(value)
      const line = `if (${isValue(k, value)}) {`
      if (i === 0) lines.open(line)
      else lines.turn(`} else ${line}`)
      lines.add(...writtenWords(words, this.ahead), `p += ${this.ahead + 4 * words.length}`)
    }
    lines.turn('} else {')
    this.giveUp()
    lines.close()
    this.ahead = 0
  }

  #array(outline: OutlineOf<'array'>, k: string, levels: number): void {
    const { lines, plan } = this
    this.failIf(`!Array.isArray(${k})`)
    const [n, i, x] = [this.name('n'), this.name('i'), this.name('x')]
    lines.add(`const ${n} = ${k}.length`)
    this.failIf(outside(n, outline))
    this.#words.push(plan.header(VariantType.ARRAY))
    this.#flush()
    this.#need(4)
    lines.add(`e.charge(${n})`, `v.setInt32(${this.here()}, ${n}, true)`)
    this.ahead += 4
    this.#settle()
    this.#endRoom()
    const scalar = this.#mostOf(plan.at(outline.element))
    if (scalar !== undefined) lines.add(`e.makeRoom(p, ${n} * ${scalar})`, 'v = e.view')
    lines.open(`for (let ${i} = 0; ${i} < ${n}; ${i}++) {`)
    lines.add(`const ${x} = ${k}[${i}]`)
    // Room for all of them is there already: what this counts is for nobody.
    if (scalar !== undefined) this.#room = { fill: () => {}, from: '', bytes: 0 }
    this.#value(outline.element, x, levels + 1)
    this.#settle()
    if (scalar !== undefined) this.#room = undefined
    this.#endRoom()
    lines.close()
  }

  /** How many bytes such a value takes at most; undefined for what is not bounded, or not worth it. */
  #mostOf(outline: Outline): number | undefined {
    switch (outline.is) {
      case 'bool':
      case 'int':
      case 'int64':
      case 'float':
      case 'number':
        return MOST_SCALAR
      case 'vector': {
        const vector = this.plan.vector(outline)
        return vector && 4 + 4 * vector.components.length
      }
      default:
        return undefined
    }
  }

  #tuple({ elements }: OutlineOf<'tuple'>, k: string, levels: number): void {
    const { lines } = this
    this.failIf(`!Array.isArray(${k})`, `${k}.length !== ${elements.length}`)
    lines.add(`e.charge(${elements.length})`)
    this.#words.push(this.plan.header(VariantType.ARRAY), elements.length)
    for (const [i, element] of elements.entries()) {
      const x = this.name('x')
      lines.add(`const ${x} = ${k}[${i}]`)
      this.#value(element, x, levels + 1)
    }
  }

  #nullable({ inner }: OutlineOf<'nullable'>, k: string, levels: number): void {
    const { lines } = this
    this.#settle()
    this.#need(4)
    lines.open(`if (${k} === null) {`)
    this.#branch(() => this.#words.push(VariantType.NIL))
    lines.turn('} else {')
    this.#branch(() => this.#value(inner, k, levels))
    lines.close()
  }

  #call(at: number, k: string, levels: number): void {
    this.#flush()
    this.lines.add(`p = write${at}(e, ${this.here()}, ${k}, depth + ${levels})`)
    this.failIf('p < 0')
    this.#setElsewhere()
  }

  #leave(at: number, k: string, levels: number): void {
    this.#flush()
    this.lines.add(`e.length = ${this.here()}`, `c${at}.write(e, ${k}, depth + ${levels})`, 'p = e.length')
    this.#setElsewhere()
  }
}

/** -0 is another number than the int 0. */
function isValue(k: string, value: string | number | boolean | null): string {
  return value === 0 ? `Object.is(${k}, 0)` : `${k} === ${JSON.stringify(value)}`
}

/** What every object has under this name is not the field's. */
function ownProperty(name: string): string {
  const value = property('o', name)
  return name in Object.prototype ? `Object.hasOwn(o, ${JSON.stringify(name)}) ? ${value} : undefined` : value
}

/** Adds the function that writes the values of one outline. */
export function addWriting(plan: Plan, root: number, lines: Lines): void {
  new Writing(plan, lines).addFunction(root)
}
