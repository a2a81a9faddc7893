export type { LaneFunctions } from '../shape/coder.js'
export { TextPlace } from '../text-place.js'
export { putNumber } from '../types/scalar.js'
export { putString } from '../types/text.js'
export {
  Color,
  NOTHING,
  Quaternion,
  Vector2,
  Vector2i,
  Vector3,
  Vector3i,
  Vector4,
  Vector4i,
} from '../values/index.js'
export { type Compiled, compiled, laneOf } from './compiled.js'
export { fallbackOf, putInt64, putWhole, takeInt, takeInt64, takeString, testOf } from './steps.js'
