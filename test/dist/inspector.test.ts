// The inspector as a user has it: the page lies in the package, and the built code of either kind finds it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Consumer, makeConsumer } from './consumer.js'

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
})
afterAll(() => consumer?.remove())

describe('the inspector of the package', () => {
  it.each([
    ['ESM', 'page.mjs', `import { openInspector } from 'godot-wire/inspect'`],
    ['CJS', 'page.cjs', `const { openInspector } = require('godot-wire/inspect')`],
  ])('serves its page, %s', async (_, file, opening) => {
    const printed = await consumer.node(
      file,
      `${opening}
       async function main() {
         const inspector = await openInspector()
         const page = await (await fetch(inspector.url)).text()
         const docs = await fetch(new URL('/docs/error-codes.md', inspector.url))
         console.log(page.includes('<title>godot-wire inspector</title>'), docs.status)
         await inspector.close()
       }
       main()`,
    )
    expect(printed.trim()).toBe('true 200')
  })

  it('comes with the dissector for Wireshark', () => {
    expect(existsSync(join(consumer.folder, 'node_modules/godot-wire/wireshark/godot_wire.lua'))).toBe(true)
  })
})
