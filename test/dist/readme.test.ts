// The samples of the README, run from the installed package: they print what the README says.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer } from './consumer.js'

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')

/** Each ```ts block with the ```text block that follows it. */
const SAMPLES = [...README.matchAll(/```ts\n([\s\S]*?)```[\s\S]*?```text\n([\s\S]*?)```/g)].map(([, code, output]) => ({
  code: code!,
  output: output!,
}))

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
})
afterAll(() => consumer?.remove())

describe('the samples of the README', () => {
  it('are all there, each with its output', () => {
    expect(SAMPLES).toHaveLength(2)
    expect([...README.matchAll(/```ts\n/g)]).toHaveLength(2)
    expect(SAMPLES[0]!.code.trim().split('\n').filter(Boolean).length).toBeLessThanOrEqual(20)
  })

  it.each(SAMPLES.map(({ code, output }, i) => [i + 1, code, output] as const))(
    'number %i prints what it says',
    async (_, code, output) => {
      expect(await consumer.node('sample.mjs', code)).toBe(output)
    },
  )

  it('name the two commands', () => {
    expect(README).toContain('npm ci && npm run demo')
    expect(README).toContain('npm ci && npm test')
  })
})
