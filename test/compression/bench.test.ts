// What `npm run bench -- compression` times is right, whoever does it.
import { beforeAll, describe, expect, it } from 'vitest'
import { check, compressionTasks } from '../../bench/compression.js'
import { COMPRESSION_ZSTD, ready } from '../../src/compression/index.js'

beforeAll(() => ready(COMPRESSION_ZSTD))

describe('the bench of compression', () => {
  it('has right answers from everybody', () => {
    const tasks = compressionTasks()
    expect(tasks).toHaveLength(48)
    for (const task of tasks) check(task)
  })

  it('would not time a wrong answer', () => {
    const [task] = compressionTasks()
    const broken = { ...task!, contenders: { somebody: () => task!.plain.slice(1) }, reopen: (b: Uint8Array) => b }
    expect(() => check(broken)).toThrow(/gzip\/handshake\/compress: somebody/)
  })
})
