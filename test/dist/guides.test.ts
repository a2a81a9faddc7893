// The samples of docs/guides, with the package as it is installed: those with an output print it, the others fit the types. Those
// run where they belong: in a browser (test/live/browser-guide.test.ts), as a program for the desktop (desktop.test.ts).
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer } from './consumer.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FOLDER = join(ROOT, 'docs/guides')
const run = promisify(execFile)

interface Sample {
  readonly name: string
  readonly code: string
  readonly output: string | undefined
}

const SAMPLES: readonly Sample[] = readdirSync(FOLDER).flatMap((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```)?/gm)].map(([, code, output], n) => {
    return { name: `${file.replace('.md', '')}-${n + 1}`, code: code!, output }
  })
})

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
})
afterAll(() => consumer?.remove())

describe('the samples of the guides', () => {
  it.each(SAMPLES.filter(({ output }) => output !== undefined))('$name prints what it says', async (sample) => {
    expect(await consumer.node(`${sample.name}.mjs`, sample.code)).toBe(sample.output)
  })

  it.each(SAMPLES.filter(({ output }) => output === undefined))('$name fits the types', async ({ name, code }) => {
    const path = consumer.write(`${name}.ts`, code)
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'esnext', '--lib', 'es2022,dom']
    const given = consumer.write(
      'given.d.ts',
      "declare module '*.txt' {\n  const text: string\n  export default text\n}\n",
    )
    const args = [...options, '--types', 'node', '--moduleResolution', 'bundler', path, given]
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const { stdout } = await run(process.execPath, [tsc, ...args], { cwd: consumer.folder }).catch((error) => error)
    expect(stdout).toBe('')
  })

  it('are in every guide', () => {
    const guides = readdirSync(FOLDER).map((file) => file.replace('.md', ''))
    expect(guides.filter((guide) => !SAMPLES.some(({ name }) => name.startsWith(guide)))).toEqual([])
  })
})
