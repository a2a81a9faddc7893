import { Fault } from '../fault.js'
import { type ShapeErrorCode, shapeError } from './errors.js'

/** `fail` for what does not fit a shape. */
export function misfit(code: ShapeErrorCode, facts: Readonly<Record<string, unknown>>): never {
  throw new Fault(code, facts, shapeError)
}
