/** Rotations from one form to the other, in the float32 steps of the engine, so that the bytes are the same. */
import { Basis, Quaternion, Vector3 } from '../values/index.js'

const f = Math.fround

export function basisOfQuaternion({ x, y, z, w }: Quaternion): Basis {
  const length = f(f(f(f(x * x) + f(y * y)) + f(z * z)) + f(w * w))
  const s = f(2 / length)
  const [xs, ys, zs] = [f(x * s), f(y * s), f(z * s)]
  const [wx, wy, wz] = [f(w * xs), f(w * ys), f(w * zs)]
  const [xx, xy, xz] = [f(x * xs), f(x * ys), f(x * zs)]
  const [yy, yz, zz] = [f(y * ys), f(y * zs), f(z * zs)]
  return new Basis(
    new Vector3(f(1 - f(yy + zz)), f(xy + wz), f(xz - wy)),
    new Vector3(f(xy - wz), f(1 - f(xx + zz)), f(yz + wx)),
    new Vector3(f(xz + wy), f(yz - wx), f(1 - f(xx + yy))),
  )
}

/** A Basis that is no rotation gives the identity: the engine says so and goes on. */
export function quaternionOfBasis(basis: Basis): Quaternion {
  if (!isRotation(basis)) return new Quaternion(0, 0, 0, 1)
  const columns = [basis.x, basis.y, basis.z].map(({ x, y, z }) => [x, y, z] as const)
  const at = (row: number, column: number) => columns[column]![row]!
  const parts = [0, 0, 0, 0]
  const trace = f(f(at(0, 0) + at(1, 1)) + at(2, 2))
  if (trace > 0) {
    const root = f(Math.sqrt(f(trace + 1)))
    const s = f(0.5 / root)
    for (let i = 0; i < 3; i++) parts[i] = f(f(at((i + 2) % 3, (i + 1) % 3) - at((i + 1) % 3, (i + 2) % 3)) * s)
    parts[3] = f(root * 0.5)
  } else {
    const i = largest(at(0, 0), at(1, 1), at(2, 2))
    const [j, k] = [(i + 1) % 3, (i + 2) % 3]
    const root = f(Math.sqrt(f(f(f(at(i, i) - at(j, j)) - at(k, k)) + 1)))
    const s = f(0.5 / root)
    parts[i] = f(root * 0.5)
    parts[j] = f(f(at(j, i) + at(i, j)) * s)
    parts[k] = f(f(at(k, i) + at(i, k)) * s)
    parts[3] = f(f(at(k, j) - at(j, k)) * s)
  }
  return new Quaternion(...(parts as [number, number, number, number]))
}

function largest(x: number, y: number, z: number): number {
  if (x < y) return y < z ? 2 : 1
  return x < z ? 2 : 0
}

const dot = (a: Vector3, b: Vector3) => f(f(f(a.x * b.x) + f(a.y * b.y)) + f(a.z * b.z))

/** The engine's CMP_EPSILON and UNIT_EPSILON. */
const EPSILON = /* @__PURE__ */ f(0.00001)
const UNIT_EPSILON = /* @__PURE__ */ f(0.001)

/** `Math::is_equal_approx`: near in proportion to the first number. */
function nearlyEqual(a: number, b: number): boolean {
  return a === b || Math.abs(f(a - b)) < Math.max(f(EPSILON * Math.abs(a)), EPSILON)
}

/** As near to a rotation as the engine asks (`Basis::is_rotation`): columns of one length, at right angles, volume 1. */
function isRotation({ x, y, z }: Basis): boolean {
  const length = dot(x, x)
  return (
    nearlyEqual(length, dot(y, y)) &&
    nearlyEqual(length, dot(z, z)) &&
    [dot(x, y), dot(x, z), dot(y, z)].every((product) => Math.abs(product) < EPSILON) &&
    Math.abs(f(determinant(x, y, z) - 1)) < UNIT_EPSILON
  )
}

/** Along the first column of the three that the engine calls rows. */
function determinant(x: Vector3, y: Vector3, z: Vector3): number {
  const first = f(x.x * f(f(y.y * z.z) - f(y.z * z.y)))
  const second = f(x.y * f(f(y.x * z.z) - f(y.z * z.x)))
  const third = f(x.z * f(f(y.x * z.y) - f(y.y * z.x)))
  return f(f(first - second) + third)
}
