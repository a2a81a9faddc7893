// The messages of payloads.ts as shapes. What is compiled from them is shapes-compiled.ts (`npm run bench:compile`).
import { arrayOf, bool, float, int, int64, shape, string, Vector3 } from '../src/variant/index.js'

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
