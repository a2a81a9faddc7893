/** Image and InputEvent: types of Godot 2 alone. */
import type { Decoder } from '../decoder.js'
import type { Encoder } from '../encoder.js'
import { fail } from '../fault.js'
import { Image, InputEvent } from '../values/index.js'
import { Godot2Type } from '../variant-type.js'

/** The three words that the length of an InputEvent counts with it. */
const EVENT_HEAD = 12

function word(what: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return value
  fail('VARIANT_OUT_OF_RANGE', { what, value, expected: 'a whole number of 32 bits, not negative' })
}

export function writeImage(e: Encoder, { format, mipmaps, width, height, data }: Image): void {
  e.writeHeader(Godot2Type.IMAGE, 0)
  for (const [name, value] of Object.entries({ format, mipmaps, width, height })) {
    e.writeUint32(word(`The ${name} of an Image`, value))
  }
  e.writeUint32(data.length)
  e.writeBytes(data)
  e.padTo4(e.length - data.length)
}

export function readImage(d: Decoder): Image {
  const [format, mipmaps, width, height] = [d.readUint32(), d.readUint32(), d.readUint32(), d.readUint32()]
  const length = d.readUint32()
  const data = d.readView(length).slice()
  d.skipPadding(-length & 3)
  return new Image(format, mipmaps, width, height, data)
}

export function writeInputEvent(e: Encoder, { type, device, data }: InputEvent): void {
  e.writeHeader(Godot2Type.INPUT_EVENT, 0)
  e.writeUint32(word('The type of an InputEvent', type))
  e.writeUint32(word('The device of an InputEvent', device))
  e.writeUint32(EVENT_HEAD + data.length)
  e.writeBytes(data)
}

/** The engine reads no further than the kind of event needs, and goes on where the length says. */
export function readInputEvent(d: Decoder): InputEvent {
  const [type, device] = [d.readUint32(), d.readUint32()]
  const offset = d.offset
  const length = d.readUint32()
  if (length < EVENT_HEAD) fail('VARIANT_BAD_LENGTH', { length, offset })
  return new InputEvent(type, device, d.readView(length - EVENT_HEAD).slice())
}
