// The messages of payloads.ts as shapes. What is compiled from them is shapes-compiled.ts: `npm run bench:compile`.
import { arrayOf, bool, float, int, int64, number, shape, string, Vector3 } from '../src/variant/index.js'

export const Handshake = shape({ message: string, from: int64, version: int })

export const State = shape({
  id: int,
  name: string,
  pos: Vector3,
  vel: Vector3,
  yaw: float,
  hp: float,
  alive: bool,
  anim: string,
  inv: arrayOf(int),
})

export const Snapshot = arrayOf(State)

/** As @gd-com/utils has them: no int of 64 bits, lists for vectors, and numbers that nobody has marked. */
export const PlainHandshake = shape({ ...Handshake.fields, from: int })

export const PlainState = shape({
  ...State.fields,
  pos: arrayOf(number),
  vel: arrayOf(number),
  yaw: number,
  hp: number,
})

export const PlainSnapshot = arrayOf(PlainState)
