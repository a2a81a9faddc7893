/** What only Godot 2 sends by value. Later versions hold both as Objects. */
import { Godot2Type } from '../variant-type.js'
import { GodotValue, VARIANT_TYPE } from './godot-value.js'

/** Godot 2's Image: its pixels as they are, in the format that `format` numbers (`Image.Format` of Godot 2). */
export class Image extends GodotValue {
  constructor(
    readonly format = 0,
    readonly mipmaps = 0,
    readonly width = 0,
    readonly height = 0,
    readonly data: Uint8Array = new Uint8Array(0),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return Godot2Type.IMAGE as const
  }
}

/** The kinds of Godot 2's InputEvent (`InputEvent.NONE` and so on). */
export const InputEventType = {
  NONE: 0,
  KEY: 1,
  MOUSE_MOTION: 2,
  MOUSE_BUTTON: 3,
  JOYSTICK_MOTION: 4,
  JOYSTICK_BUTTON: 5,
  SCREEN_TOUCH: 6,
  SCREEN_DRAG: 7,
  ACTION: 8,
} as const

/**
 * Godot 2's InputEvent. Only a part of it is in the bytes, and which one depends on `type`; `data` is that part as it is:
 * two u32 for a key (modifiers, scancode), one u32 for buttons and touches (the index) and for the motion of a joystick
 * (the axis), nothing for the rest.
 */
export class InputEvent extends GodotValue {
  constructor(
    readonly type: number = 0,
    readonly device = 0,
    readonly data: Uint8Array = new Uint8Array(0),
  ) {
    super()
  }
  get [VARIANT_TYPE]() {
    return Godot2Type.INPUT_EVENT as const
  }
  /** Of a key. */
  get modifiers(): number | undefined {
    return this.type === InputEventType.KEY ? this.#word(0) : undefined
  }
  /** Of a key. */
  get scancode(): number | undefined {
    return this.type === InputEventType.KEY ? this.#word(4) : undefined
  }
  /** Of a button of the mouse or of a joystick, or of a touch. */
  get index(): number | undefined {
    const { MOUSE_BUTTON, JOYSTICK_BUTTON, SCREEN_TOUCH } = InputEventType
    const types: readonly number[] = [MOUSE_BUTTON, JOYSTICK_BUTTON, SCREEN_TOUCH]
    return types.includes(this.type) ? this.#word(0) : undefined
  }
  /** Of the motion of a joystick. */
  get axis(): number | undefined {
    return this.type === InputEventType.JOYSTICK_MOTION ? this.#word(0) : undefined
  }
  #word(at: number): number | undefined {
    const { buffer, byteOffset, length } = this.data
    return at + 4 > length ? undefined : new DataView(buffer, byteOffset).getUint32(at, true)
  }
}
