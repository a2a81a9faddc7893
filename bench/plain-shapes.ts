// The same messages as @gd-com/utils has them: no int of 64 bits, lists for vectors, and numbers that nobody has marked.
import { arrayOf, int, number, shape } from '../src/variant/index.js'
import * as shapes from './shapes.js'

export const Handshake = shape({ ...shapes.Handshake.fields, from: int })

export const State = shape({
  ...shapes.State.fields,
  pos: arrayOf(number),
  vel: arrayOf(number),
  yaw: number,
  hp: number,
})

export const Snapshot = arrayOf(State)
