/** Godot's own text as values (`VariantParser` in core/variant/variant_parser.cpp). */
import { isGodotFloat } from '../narrow.js'
import {
  Callable,
  Dictionary,
  EncodedObjectAsID,
  GodotFloat,
  GodotObject,
  NodePath,
  RID,
  Signal,
} from '../values/index.js'
import { type ContainerType, VariantType as T, VARIANT_TYPE_NAMES, type VariantType } from '../variant-type.js'
import { made } from './construct.js'
import { fitted, fittedEntries } from './fit.js'
import { Lexer, type NumberValue, type Sign, shown, type Token } from './lexer.js'
import type { ResolvedStrToVar } from './options.js'

export class TextParser {
  readonly #lexer: Lexer
  readonly #options: ResolvedStrToVar
  #depth = 0
  #elementsLeft: number

  constructor(text: string, options: ResolvedStrToVar) {
    this.#options = options
    this.#lexer = new Lexer(text, options.dialect)
    this.#elementsLeft = options.maxElements
  }

  /** The first value. What follows it is not looked at, as in the engine. */
  parse(): unknown {
    return this.#value(this.#lexer.next(), this.#options.exact)
  }

  /** @param exact an integral float becomes a `float()`: always so in keys, where 1 and 1.0 are two */
  #value(token: Token, exact: boolean): unknown {
    switch (token.kind) {
      case '{':
        return this.#inside(() => this.#dictionary())
      case '[':
        return this.#inside(() => this.#array())
      case 'number':
        return numberIn(token.value, exact)
      case 'string':
      case 'value':
        return token.value
      case 'name':
        return this.#named(token.value, exact)
      default:
        return this.#unexpected(token, 'a value')
    }
  }

  #unexpected(token: Token, expected: string): never {
    if (token.kind === 'end') this.#lexer.fail('VARIANT_TEXT_END', { expected })
    this.#lexer.fail('VARIANT_TEXT_UNEXPECTED', { found: tokenText(token), expected })
  }

  #expect(kind: Sign): void {
    const token = this.#lexer.next()
    if (token.kind !== kind) this.#unexpected(token, `"${kind}"`)
  }

  #inside<V>(read: () => V): V {
    const { maxDepth } = this.#options
    if (this.#depth >= maxDepth) this.#lexer.fail('VARIANT_TEXT_TOO_DEEP', { maxDepth })
    this.#depth++
    const value = read()
    this.#depth--
    return value
  }

  #charge(): void {
    const { maxElements } = this.#options
    if (--this.#elementsLeft < 0) this.#lexer.fail('VARIANT_TEXT_TOO_MANY', { maxElements })
  }

  /** Elements up to `end`, parted by commas; a comma before the end is allowed. */
  #list(end: Sign, element: (first: Token) => void): void {
    for (;;) {
      const token = this.#lexer.next()
      if (token.kind === end) return
      this.#charge()
      element(token)
      const behind = this.#lexer.next()
      if (behind.kind === end) return
      if (behind.kind !== ',') this.#unexpected(behind, `"," or "${end}"`)
    }
  }

  #array(): unknown[] {
    const array: unknown[] = []
    this.#list(']', (token) => array.push(this.#value(token, this.#options.exact)))
    return array
  }

  #dictionary(): Dictionary {
    const dictionary = new Dictionary()
    this.#list('}', (token) => {
      const key = this.#value(token, true)
      this.#expect(':')
      dictionary.set(key, this.#value(this.#lexer.next(), this.#options.exact))
    })
    return dictionary
  }

  #named(name: string, exact: boolean): unknown {
    if (name === 'true' || name === 'false') return name === 'true'
    if (name === 'null' || name === 'nil') return null
    const { numberNames, version } = this.#options.dialect
    if (Object.hasOwn(numberNames, name)) return numberIn({ float: numberNames[name]! }, exact)
    if (name === 'Object') return this.#inside(() => this.#object())
    if (name === 'Resource' || name === 'SubResource' || name === 'ExtResource') return this.#resource()
    if (version === 4 && name === 'Array') return this.#typedArray()
    if (version === 4 && name === 'Dictionary') return this.#typedDictionary()
    const type = this.#options.dialect.typeNamed.get(name)
    if (type === undefined || type === T.ARRAY || type === T.DICTIONARY || type === T.OBJECT) {
      this.#lexer.fail('VARIANT_TEXT_UNKNOWN_NAME', { name, version })
    }
    return this.#call(name, type)
  }

  #call(name: string, type: VariantType): unknown {
    const start = this.#lexer.start
    this.#expect('(')
    switch (type) {
      case T.NODE_PATH:
        return nodePathOf(this.#only(this.#stringIn(this.#lexer.next())))
      case T.RID:
        return this.#rid()
      case T.CALLABLE:
        return this.#only(new Callable())
      case T.SIGNAL:
        return this.#only(new Signal())
      case T.PACKED_STRING_ARRAY:
        return made.strings(this.#strings())
      case T.PACKED_BYTE_ARRAY:
        return this.#bytes(start)
      default:
        return made.numbers(type, this.#numbers(this.#lexer.next()), (facts) =>
          this.#lexer.fail('VARIANT_TEXT_ARGUMENTS', { ...facts, name }, start),
        )
    }
  }

  /** What stands alone between parentheses, of which the second is still to come. */
  #only<V>(value: V): V {
    this.#expect(')')
    return value
  }

  #stringIn(token: Token): string {
    if (token.kind === 'string') return token.value
    return this.#unexpected(token, 'a string')
  }

  #strings(): string[] {
    const strings: string[] = []
    this.#list(')', (token) => strings.push(this.#stringIn(token)))
    return strings
  }

  #bytes(start: number): Uint8Array {
    const first = this.#lexer.next()
    if (first.kind !== 'string' || this.#options.dialect.version === 3) return made.bytes(this.#numbers(first))
    const bytes = made.base64(this.#only(first.value))
    if (bytes) return bytes
    const expected = 'numbers or base64'
    this.#lexer.fail('VARIANT_TEXT_ARGUMENTS', { name: 'PackedByteArray', expected, found: 'another string' }, start)
  }

  /** Numbers up to the parenthesis: here no comma may stand before the end. */
  #numbers(first: Token): NumberValue[] {
    const numbers: NumberValue[] = []
    if (first.kind === ')') return numbers
    for (let token = first; ; token = this.#lexer.next()) {
      this.#charge()
      numbers.push(this.#numberIn(token))
      const behind = this.#lexer.next()
      if (behind.kind === ')') return numbers
      if (behind.kind !== ',') this.#unexpected(behind, '"," or ")"')
    }
  }

  #numberIn(token: Token): NumberValue {
    if (token.kind === 'number') return token.value
    const { argumentNames } = this.#options.dialect
    if (token.kind === 'name' && Object.hasOwn(argumentNames, token.value))
      return { float: argumentNames[token.value]! }
    return this.#unexpected(token, 'a number')
  }

  /** Godot 3 reads no RID: it wants a number, and that is then the value. */
  #rid(): unknown {
    const { exact, dialect } = this.#options
    const token = this.#lexer.next()
    if (token.kind === ')' && dialect.version === 4) return new RID()
    if (token.kind !== 'number') return this.#unexpected(token, 'a number')
    if (dialect.version === 3) return this.#only(numberIn(token.value, exact))
    return this.#only(new RID(made.uint64(token.value)))
  }

  #typedArray(): unknown {
    this.#expect('[')
    const type = this.#containerType()
    this.#expect(']')
    this.#expect('(')
    this.#expect('[')
    const array = this.#inside(() => this.#array())
    this.#expect(')')
    return fitted(array, type, this.#options.exact)
  }

  #typedDictionary(): unknown {
    this.#expect('[')
    const keyType = this.#containerType()
    this.#expect(',')
    const valueType = this.#containerType()
    this.#expect(']')
    this.#expect('(')
    this.#expect('{')
    const dictionary = this.#inside(() => this.#dictionary())
    this.#expect(')')
    return fittedEntries(dictionary, keyType, valueType, this.#options.exact)
  }

  /** A builtin type, a class, or a script; undefined for Variant. */
  #containerType(): ContainerType | undefined {
    const token = this.#lexer.next()
    if (token.kind !== 'name') return this.#unexpected(token, 'the name of a type')
    const { value } = token
    if (value === 'Resource' || value === 'SubResource' || value === 'ExtResource') return { script: this.#path() }
    if (NO_TYPE.includes(value)) return undefined
    const type = VARIANT_TYPE_NAMES.indexOf(value as never)
    return type > 0 ? (type as VariantType) : { className: value }
  }

  #path(): string {
    this.#expect('(')
    return this.#only(this.#stringIn(this.#lexer.next()))
  }

  /** Nothing is loaded: it is the path of it. */
  #resource(): GodotObject {
    return new GodotObject('Resource', new Dictionary([['resource_path', this.#path()]]))
  }

  #object(): unknown {
    this.#expect('(')
    const token = this.#lexer.next()
    if (token.kind !== 'name') return this.#unexpected(token, 'the name of a class')
    this.#expect(',')
    const properties = new Dictionary<string, unknown>()
    this.#list(')', (first) => {
      const name = this.#stringIn(first)
      this.#expect(':')
      properties.set(name, this.#property(name))
    })
    return token.value === 'EncodedObjectAsID'
      ? encodedId(properties, this.#options.dialect.version)
      : new GodotObject(token.value, properties)
  }

  /** The script of an Object is a path in Godot 4's bytes. */
  #property(name: string): unknown {
    // An id is told from a float by how it is written.
    const value = this.#value(this.#lexer.next(), this.#options.exact || name === 'object_id')
    if (name !== 'script' || this.#options.dialect.version === 3 || !(value instanceof GodotObject)) return value
    return value.className === 'Resource' ? (value.properties.get('resource_path') ?? value) : value
  }
}

/** Names that stand for Variant: the engine takes any that it does not know for it, of which classes of games are some. */
const NO_TYPE = ['Variant', 'Nil', 'null']

function tokenText(token: Token): string {
  if (token.kind === 'name') return token.value
  if (token.kind === 'number') return 'a number'
  if (token.kind === 'string') return 'a string'
  return token.kind === 'value' ? `a ${token.value[Symbol.toStringTag]}` : shown(token.kind)
}

function numberIn(value: NumberValue, exact: boolean): number | bigint | GodotFloat {
  if (typeof value !== 'object') return value
  const { float, bits } = value
  return exact && (bits !== undefined || Number.isInteger(float)) ? new GodotFloat(float, bits) : float
}

/** The engine logs an error for an empty name behind a colon, and makes the empty path. */
function nodePathOf(text: string): NodePath {
  try {
    return new NodePath(text)
  } catch {
    return new NodePath('')
  }
}

/** What Godot 4 cannot take for an int leaves the id as it is in a new one; Godot 3 converts numbers. */
function encodedId(properties: Dictionary<string, unknown>, version: 3 | 4): EncodedObjectAsID {
  const id = properties.get('object_id')
  if (typeof id === 'bigint' || typeof id === 'number' || isGodotFloat(id)) {
    const isFloat = typeof id === 'object' || (typeof id === 'number' && !Number.isInteger(id))
    if (!isFloat) return new EncodedObjectAsID(made.uint64(id as number | bigint))
    return new EncodedObjectAsID(version === 4 ? 0n : made.uint64({ float: Number(id) }))
  }
  return new EncodedObjectAsID(version === 3 && id === true ? 1n : 0n)
}
