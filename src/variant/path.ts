/** Where in a value something is, as text: `$.ents[3].pos`. */
import { brandOf } from './values/index.js'
import { typeName, VariantType } from './variant-type.js'

/** One step inwards: an index of an Array, a value under a key, or a key itself, by its place among the keys. */
export type PathStep =
  | { readonly index: number }
  | { readonly key: unknown }
  | { readonly property: string }
  | { readonly keyAt: number }

/** Longer paths lose their middle: somebody has to read it. */
const MOST_STEPS = 32
const LONGEST_TEXT = 40

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/** @param steps from the inside out */
export function pathText(steps: readonly PathStep[]): string {
  const texts = (part: readonly PathStep[]) => part.map(stepText).reverse().join('')
  if (steps.length <= MOST_STEPS) return `$${texts(steps)}`
  const half = MOST_STEPS / 2
  return `$${texts(steps.slice(-half))}…${texts(steps.slice(0, half))}`
}

function stepText(step: PathStep): string {
  if ('index' in step) return `[${step.index}]`
  if ('keyAt' in step) return `<key ${step.keyAt}>`
  return 'property' in step ? nameText(step.property) : keyText(step.key)
}

function nameText(text: string): string {
  return NAME.test(text) ? `.${text}` : `[${JSON.stringify(cut(text))}]`
}

function keyText(key: unknown): string {
  if (typeof key === 'string') return nameText(key)
  if (typeof key !== 'object' || key === null) return `[${String(key)}]`
  const type = brandOf(key)
  if (type === VariantType.STRING_NAME) return nameText(String(key))
  // What may be large is named by its type: an error must not cost more than the value.
  if (type === undefined || isLarge(type))
    return `[${type === undefined ? Object.prototype.toString.call(key).slice(8, -1) : typeName(type)}]`
  return `[${cut(String(key))}]`
}

function isLarge(type: number): boolean {
  return type === VariantType.OBJECT || type >= VariantType.DICTIONARY
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
}
