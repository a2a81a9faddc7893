/** Values for Node's `util.inspect` and `console.log`, and for runtimes that ask in Node's way. */
import { isOpen, shownOnce } from './open.js'
import { componentText, firstOf } from './text.js'

/** The part of `util.InspectOptions` that matters here; whatever else is in it is handed on. */
export interface InspectOptions {
  readonly depth?: number | null | undefined
  readonly maxArrayLength?: number | null | undefined
  readonly stylize?: ((text: string, style: string) => string) | undefined
}

/** `util.inspect`, which Node passes because a module that runs in browsers cannot import it. */
export type Inspect = (value: unknown, options: InspectOptions) => string

/** What Node passes: the levels that are left, its options, and itself. */
export type InspectArguments = readonly [depth: number | null, options: InspectOptions, inspect: Inspect]

/** Has Node show the values of a class in this way: it calls what it finds under a symbol of its own. */
export function askedByNode<T extends object>(
  valueClass: { readonly prototype: T },
  show: (value: T, how: InspectArguments) => string,
): true {
  Object.defineProperty(valueClass.prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: T, ...how: InspectArguments) {
      return typeof how[2] === 'function' ? show(this, how) : String(this)
    },
  })
  return true
}

export function styled(options: InspectOptions, text: string, style: string): string {
  return options.stylize?.(text, style) ?? text
}

/** `Vector3(1, 2, 3)`: the constructor with its arguments. */
export function inspectedCall(name: string, parts: readonly unknown[], [depth, options, inspect]: InspectArguments) {
  const deeper = { ...options, depth: depth === null ? null : Math.max(0, depth) }
  const texts = parts.map((part) =>
    typeof part === 'number' ? styled(options, componentText(part), 'number') : inspect(part, deeper),
  )
  return `${name}(${texts.join(', ')})`
}

/** `PackedVector2Array(2) [ Vector2(1, 2), Vector2(3, 4) ]`, as long as `maxArrayLength` says. */
export function inspectedList(
  name: string,
  items: Iterable<unknown> & { readonly length: number },
  [depth, options, inspect]: InspectArguments,
): string {
  if (depth !== null && depth < 0) return styled(options, `[${name}]`, 'special')
  const { maxArrayLength: most = 100 } = options
  const shown: unknown[] = firstOf(items, most ?? items.length)
  // Node counts the rest and never looks at it.
  shown.length = items.length
  return `${name}(${items.length}) ${inspect(shown, { ...options, depth, maxArrayLength: most })}`
}

/** `Dictionary(2) { 'hp' => 5, Vector2i(1, 2) => 'wall' }`: in the way of a Map, whose methods it has. */
export function inspectedEntries(
  name: string,
  entries: Iterable<readonly [unknown, unknown]> & object,
  [depth, options, inspect]: InspectArguments,
): string {
  const unseen = styled(options, isOpen(entries) ? '[Circular]' : `[${name}]`, 'special')
  if (depth !== null && depth < 0) return unseen
  const show = () => inspect(new Map(entries), { ...options, depth }).replace(/^Map/, name)
  return shownOnce(entries, show, unseen)
}
