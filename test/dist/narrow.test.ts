// Values of the ESM copy asked by the CommonJS copy and the other way round, as it happens when two dependencies of one
// program load the package in two ways. `instanceof` says no there.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Consumer, makeConsumer } from './consumer.js'

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
})
afterAll(() => consumer?.remove())

/** Makes one value of each class with one copy and asks every guard of the other; prints what is not as it should be. */
const PROGRAM = `
import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import * as esm from 'godot-wire/variant'
const cjs = createRequire(import.meta.url)('godot-wire/variant')

const { VariantType } = esm
const args = {
  GodotFloat: () => [1],
  GodotObject: (copy) => ['Node', new copy.Dictionary([['a', 1]])],
  TypedArray: () => [VariantType.INT, [1, 2]],
}
const guards = Object.keys(esm).filter((name) => /^is[A-Z]/.test(name))
let asked = 0
for (const [from, to] of [[esm, cjs], [cjs, esm]]) {
  for (const name of guards.map((guard) => guard.slice(2))) {
    const value = new from[name](...(args[name]?.(from) ?? []))
    const yes = guards.filter((guard) => to[guard](value))
    if (yes.join() !== 'is' + name) console.log(name, 'is taken for', yes.join())
    if (value instanceof to[name]) console.log(name, 'comes from the same copy')
    if (to.typeOf(value) !== from.typeOf(value)) console.log(name, 'has another type there')
    const mixed = new to.Dictionary([['v', [value]]])
    const own = new from.Dictionary([['v', [value]]])
    if (String(mixed) !== String(own)) console.log(String(mixed), 'is not', String(own))
    if (JSON.stringify(mixed) !== JSON.stringify(own)) console.log(JSON.stringify(mixed), 'is not', JSON.stringify(own))
    if (inspect(mixed) !== inspect(own)) console.log(inspect(mixed), 'is not', inspect(own))
    asked++
  }
}
console.log('asked', asked)
`

it('each guard knows the values of the other copy, and they are shown alike', async () => {
  const printed = (await consumer.node('narrow.mjs', PROGRAM)).trim().split('\n')
  expect(printed).toHaveLength(1)
  const asked = Number(/^asked (\d+)$/.exec(printed[0]!)?.[1])
  expect(asked).toBeGreaterThanOrEqual(2 * 31)
})
