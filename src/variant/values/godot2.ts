/** What only Godot 2 sends by value. Later versions hold both as Objects. */
import { Godot2Type } from '../variant-type.js'
import { Brand, GodotValue } from './godot-value.js'

/**
 * Godot 2's Image: its pixels as they are, in the format that `format` numbers (`Image.Format` of Godot 2).
 * Numbers that are not whole, from 0 to 2^32 - 1, are refused when it is written, with `VARIANT_OUT_OF_RANGE`.
 *
 * @example
 * ```ts
 * const grey = new Image(0, 0, 2, 1, new Uint8Array([0, 255]))
 * bytesToVar(varToBytes(grey, { version: 2 }), { version: 2 }) // grey
 * ```
 */
export class Image extends GodotValue {
  /** An empty image unless told otherwise. */
  constructor(
    /** `Image.Format` of Godot 2: 0 is grey, 3 RGB, 4 RGBA, one byte for each component. */
    readonly format = 0,
    /** How many smaller copies follow the image in `data`; 0 for none. */
    readonly mipmaps = 0,
    /** In pixels. */
    readonly width = 0,
    /** In pixels. */
    readonly height = 0,
    /** The pixels, row by row, and behind them those of the mipmaps. The size is not held against the format. */
    readonly data: Uint8Array = new Uint8Array(0),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return Godot2Type.IMAGE as const
  }
}

/** The kinds of Godot 2's InputEvent (`InputEvent.NONE` and so on). */
export const InputEventType = {
  /** No event. */
  NONE: 0,
  /** A key: `modifiers` and `scancode`. */
  KEY: 1,
  /** The mouse moved; by how much is not in the bytes. */
  MOUSE_MOTION: 2,
  /** A button of the mouse: `index`. */
  MOUSE_BUTTON: 3,
  /** An axis of a joystick moved: `axis`. */
  JOYSTICK_MOTION: 4,
  /** A button of a joystick: `index`. */
  JOYSTICK_BUTTON: 5,
  /** A finger touched or left the screen: `index` says which finger. */
  SCREEN_TOUCH: 6,
  /** A finger moved on the screen; which one is not in the bytes. */
  SCREEN_DRAG: 7,
  /** An action of the input map; which one is not in the bytes. */
  ACTION: 8,
} as const

/**
 * Godot 2's InputEvent. Only a part of it is in the bytes, and which one depends on `type`; `data` is that part as it is:
 * two u32 for a key (modifiers, scancode), one u32 for buttons and touches (the index) and for the motion of a joystick
 * (the axis), nothing for the rest.
 *
 * @example
 * ```ts
 * const event = new InputEvent(InputEventType.KEY, 0, new Uint8Array([0, 0, 0, 0, 65, 0, 0, 0]))
 * event.scancode // 65
 * ```
 */
export class InputEvent extends GodotValue {
  /** No event unless told otherwise. */
  constructor(
    /** One of `InputEventType`. */
    readonly type: number = 0,
    /** Which joystick or mouse, from 0. */
    readonly device = 0,
    /** What is behind type and device, as it is. */
    readonly data: Uint8Array = new Uint8Array(0),
  ) {
    super()
  }
  get [Brand.TYPE]() {
    return Godot2Type.INPUT_EVENT as const
  }
  /** Of a key: the sum of Godot 2's `KEY_MASK_*`; undefined for other events. */
  get modifiers(): number | undefined {
    return this.type === InputEventType.KEY ? this.#word(0) : undefined
  }
  /** Of a key: its number in Godot 2, `KEY_*`; undefined for other events. */
  get scancode(): number | undefined {
    return this.type === InputEventType.KEY ? this.#word(4) : undefined
  }
  /** Which button of the mouse or of a joystick, or which finger; undefined for other events. */
  get index(): number | undefined {
    const { MOUSE_BUTTON, JOYSTICK_BUTTON, SCREEN_TOUCH } = InputEventType
    const types: readonly number[] = [MOUSE_BUTTON, JOYSTICK_BUTTON, SCREEN_TOUCH]
    return types.includes(this.type) ? this.#word(0) : undefined
  }
  /** Which axis of a joystick, from 0; undefined for other events. */
  get axis(): number | undefined {
    return this.type === InputEventType.JOYSTICK_MOTION ? this.#word(0) : undefined
  }
  #word(at: number): number | undefined {
    const { buffer, byteOffset, length } = this.data
    return at + 4 > length ? undefined : new DataView(buffer, byteOffset).getUint32(at, true)
  }
}
