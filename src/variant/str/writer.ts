/** Values as Godot's own text (`VariantWriter` in core/variant/variant_parser.cpp). */
import { variantError } from '../errors.js'
import { typeOf } from '../narrow.js'
import {
  brandOf,
  Dictionary,
  type EncodedObjectAsID,
  type GodotFloat,
  type GodotObject,
  type NodePath,
  type PackedStringArray,
  type RID,
  type StringName,
  type TypedArray,
} from '../values/index.js'
import {
  type ContainerType,
  VariantType as T,
  typeName,
  VARIANT_TYPE_NAMES,
  type VariantType,
  type WireType,
} from '../variant-type.js'
import type { TextDialect } from './dialect.js'
import { escaped, escapedLines } from './escape.js'
import { keyOrder } from './key-order.js'
import { componentText, floatText } from './number.js'
import { engineSort } from './order.js'
import { PACKED_WIDTHS, SHAPES } from './shape.js'

/** No more levels are written, whichever engine has no end of its own: varToBytes stops there too. */
const DEEPEST = 1024

export class TextWriter {
  /** The containers around what is being written, so that one that contains itself ends somewhere. */
  readonly #open: object[] = []

  constructor(readonly dialect: TextDialect) {}

  write(value: unknown): string {
    const type = typeOf(value)
    if (type === undefined) return this.#refuse(value)
    switch (type) {
      case T.NIL:
        return 'null'
      case T.BOOL:
      case T.INT:
        return String(value)
      case T.FLOAT:
        return this.#float(value as number | GodotFloat)
      case T.STRING:
        return `"${escapedLines(value as string)}"`
      case T.ARRAY:
        return this.#array(value as unknown[])
      case T.DICTIONARY:
        return this.#dictionary(value as object)
      case T.OBJECT:
        return this.#object(value as EncodedObjectAsID | GodotObject)
      default:
        return this.#named(value as object, type)
    }
  }

  /** Godot 3.2 prints the sign of a NaN. A plain NaN is the usual one, which has none. */
  #float(value: number | GodotFloat): string {
    const bits = typeof value === 'number' ? undefined : value.bits
    const isMinusNaN = Number.isNaN(Number(value)) && bits !== undefined && bits >> 63n === 1n
    return isMinusNaN ? this.dialect.minusNaN : floatText(Number(value), this.dialect)
  }

  #refuse(value: unknown): never {
    const brand = typeof value === 'object' && value !== null ? brandOf(value) : undefined
    if (brand !== undefined) throw this.#notInVersion(typeName(brand as WireType))
    const what = typeof value === 'bigint' ? 'a bigint of more than 64 bits' : described(value)
    throw variantError('VARIANT_UNSUPPORTED', { what })
  }

  #notInVersion(type: string): Error {
    return variantError('VARIANT_NOT_IN_VERSION', { version: this.dialect.version, type })
  }

  /** What has the name of its type in front. */
  #named(value: object, type: VariantType): string {
    const name = this.dialect.nameOf[type]
    if (name === undefined) throw this.#notInVersion(VARIANT_TYPE_NAMES[type])
    switch (type) {
      case T.STRING_NAME:
        return `&"${this.#escaped((value as StringName).text)}"`
      case T.NODE_PATH:
        return `NodePath("${this.#escaped(this.#path(value as NodePath))}")`
      case T.RID:
        return this.#rid(value as RID)
      case T.CALLABLE:
      case T.SIGNAL:
        return `${name}()`
      default:
        return this.#call(name, this.#parts(value, type))
    }
  }

  /** To Godot 3 a path without any name is empty, absolute or not, and one empty subname is still one. */
  #path(path: NodePath): string {
    const { names, subnames, absolute } = path
    if (this.dialect.version === 4) return String(path)
    if (names.length === 0 && subnames.length === 0) return ''
    return `${absolute ? '/' : ''}${names.join('/')}${subnames.map((name) => `:${name}`).join('')}`
  }

  /** Godot 3 writes nothing at all for one, which it cannot read. */
  #rid({ id }: RID): string {
    if (this.dialect.version === 3) return ''
    return id === 0n ? 'RID()' : `RID(${BigInt.asIntN(64, id)})`
  }

  #call(name: string, parts: readonly string[]): string {
    const { pad } = this.dialect
    return `${name}(${pad}${parts.join(', ')}${pad})`
  }

  #parts(value: object, type: VariantType): readonly string[] {
    const shape = SHAPES[type]
    if (shape) return shape.numbersOf(value as never).map(shape.ints ? intText : this.#component)
    switch (type) {
      case T.PACKED_BYTE_ARRAY:
      case T.PACKED_INT32_ARRAY:
      case T.PACKED_INT64_ARRAY:
        return Array.from(value as Uint8Array, String)
      case T.PACKED_FLOAT32_ARRAY:
        return Array.from(value as Float32Array, this.#component)
      case T.PACKED_FLOAT64_ARRAY:
        return Array.from(value as Float64Array, this.#wide)
      case T.PACKED_STRING_ARRAY:
        return (value as PackedStringArray).items.map((item) => `"${this.#escaped(item)}"`)
      default:
        return this.#flat(value as { data: Float32Array | Float64Array }, PACKED_WIDTHS[type]!)
    }
  }

  readonly #component = (value: number) => componentText(value, this.dialect)

  /** As a component, but in 64 bits. */
  readonly #wide = (value: number) => floatText(value, this.dialect).replace(/\.0$/, '')

  #escaped(text: string): string {
    return escaped(text, this.dialect.version)
  }

  #flat({ data }: { data: Float32Array | Float64Array }, width: number): readonly string[] {
    return Array.from(data.subarray(0, data.length - (data.length % width)), this.#component)
  }

  #array(array: readonly unknown[]): string {
    const { pad } = this.dialect
    const text = this.#inside(array, '[]', () => `[${pad}${array.map((item) => this.write(item)).join(', ')}${pad}]`)
    const { elementType } = array as Partial<TypedArray>
    return elementType === undefined ? text : `Array[${this.#typeText(elementType)}](${text})`
  }

  #typeText(type: ContainerType | undefined): string {
    if (this.dialect.version === 3) throw this.#notInVersion('typed Array or Dictionary')
    if (type === undefined || type === T.NIL) return 'Variant'
    if (typeof type === 'object') return 'script' in type ? `Resource("${type.script}")` : type.className
    const name = VARIANT_TYPE_NAMES[type]
    if (name === undefined) throw variantError('VARIANT_BAD_CONTAINER_TYPE', { type, offset: 0 })
    return name
  }

  #dictionary(value: object): string {
    // By way of a Dictionary: an object or a Map may hold two keys that are one key in Godot.
    const dictionary = brandOf(value) === T.DICTIONARY ? (value as Dictionary) : dictionaryOf(value)
    const { keyType, valueType } = dictionary
    const text = this.#inside(value, '{}', () => this.#entries(dictionary))
    if (keyType === undefined && valueType === undefined) return text
    return `Dictionary[${this.#typeText(keyType)}, ${this.#typeText(valueType)}](${text})`
  }

  #entries(dictionary: Dictionary): string {
    if (dictionary.size === 0) return this.dialect.emptyDictionary
    const keys = engineSort([...dictionary.keys()], keyOrder(this.dialect))
    const texts = keys.map((key) => `${this.write(key)}: ${this.write(dictionary.get(key))}`)
    return `{\n${texts.join(',\n')}\n}`
  }

  #object(object: EncodedObjectAsID | GodotObject): string {
    if ('objectId' in object) return idText(object.objectId)
    const { pad } = this.dialect
    const path = resourcePath(object)
    if (path !== undefined) return `Resource(${pad}"${path}")`
    return this.#inside(object, 'null', () => {
      const texts = [...object.properties].map(([name, value]) => `"${name}":${this.#property(String(name), value)}`)
      return `Object(${object.className},${texts.join(',')})\n`
    })
  }

  /** Godot 4 puts the path of a script into the bytes, and the script as a Resource into the text. */
  #property(name: string, value: unknown): string {
    const isScript = this.dialect.version === 4 && name === 'script' && typeof value === 'string'
    return isScript ? `Resource("${value}")` : this.write(value)
  }

  #inside(container: object, instead: string, text: () => string): string {
    if (this.#open.includes(container)) throw variantError('VARIANT_CYCLE')
    const { deepest = DEEPEST } = this.dialect
    if (this.#open.length > deepest) {
      if (this.dialect.deepest !== undefined) return instead
      throw variantError('VARIANT_TOO_DEEP', { maxDepth: deepest })
    }
    this.#open.push(container)
    try {
      return text()
    } finally {
      this.#open.pop()
    }
  }
}

function described(value: unknown): string {
  return typeof value === 'object' ? `a ${Object.prototype.toString.call(value).slice(8, -1)}` : `a ${typeof value}`
}

function dictionaryOf(value: object): Dictionary {
  return value instanceof Map ? new Dictionary(value) : Dictionary.from(value as Record<string, unknown>)
}

/** Whole numbers of 32 bits; the text of anything else could not be read. */
function intText(value: number): string {
  if (Number.isInteger(value) && (value | 0) === value) return String(value)
  throw variantError('VARIANT_OUT_OF_RANGE', { what: 'A component', value, expected: 'a whole number of 32 bits' })
}

/** The engine holds an id as a signed int. */
function idText(id: bigint): string {
  return `Object(EncodedObjectAsID,"object_id":${BigInt.asIntN(64, id)},"script":null)\n`
}

/** A Resource that stands for its file: what `strToVar` makes of `Resource("res://...")`. */
function resourcePath({ className, properties }: GodotObject): string | undefined {
  const path = properties.get('resource_path')
  return className === 'Resource' && properties.size === 1 && typeof path === 'string' ? path : undefined
}
