// What the bench is held to is what the engine writes, still.
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { ENGINE_SHA256, PAYLOADS } from '../../bench/payloads.js'
import { varToBytes } from '../../src/variant/index.js'
import { answersTo } from './lines.js'
import { describeWith } from './with-engine.js'

describeWith('godot4', 'the payloads of the bench', (engine) => {
  it('are written by the engine as the bench expects', async () => {
    const lines = Object.values(PAYLOADS).map((value) => Buffer.from(varToBytes(value)).toString('hex'))
    const answers = await answersTo(engine, 'answer.gd', lines)
    const hashes = answers.map(([, hex]) => createHash('sha256').update(Buffer.from(hex!, 'hex')).digest('hex'))
    expect(Object.fromEntries(Object.keys(PAYLOADS).map((name, i) => [name, hashes[i]]))).toEqual(ENGINE_SHA256)
  })
})
