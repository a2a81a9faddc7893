// The machinery of `npm run loss`, without namespaces and losses: both ends on 127.0.0.1.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sides } from '../scripts/loss/namespaces.js'
import { optionsOf } from '../scripts/loss/options.js'
import { Programs } from '../scripts/loss/programs.js'
import { tableOf } from '../scripts/loss/report.js'
import { Round } from '../scripts/loss/round.js'

const HERE: Sides = { on: () => ['nice', '-n', '0'], address: () => '127.0.0.1' }

describe('its options', () => {
  it('are the rates of the documents by themselves', () => {
    expect(optionsOf([])).toMatchObject({ loss: [0, 1, 5, 10, 30], delay: [0, 20], rate: 40, rounds: 3 })
    expect(optionsOf(['--loss=2', '--contenders=sctp'])).toMatchObject({ loss: [2], contenders: ['sctp'] })
    expect(optionsOf(['--help'])).toBeUndefined()
  })

  it.each(['--loss=91', '--loss=', '--rate=-1', '--rounds=0', '--contenders=tcp', '--other=1'])(
    '%s is refused',
    (word) => {
      expect(() => optionsOf([word])).toThrow()
    },
  )
})

describe('its table', () => {
  it('has figures, ratios, and says where there was no link', () => {
    const ours = { goodput: 20, p99: 4.2 }
    const row = (sctp: { goodput: number | undefined; p99: number | undefined }) =>
      tableOf([{ delay: 20, loss: 5, measured: { 'godot-wire': ours, sctp } }], false)
    expect(row({ goodput: 8, p99: 110.04 })).toBe('| 20 ms | 5 % | 20.0 MB/s | 8.00 MB/s | 2.50 | 4.20 ms | 110.0 ms |')
    expect(row({ goodput: 0.001, p99: 500 })).toContain('| 0.00 MB/s | > 100 |')
    expect(row({ goodput: undefined, p99: undefined })).toBe(
      '| 20 ms | 5 % | 20.0 MB/s | no link |  | 4.20 ms | no link |',
    )
  })
})

describe('a round', () => {
  let programs: Programs
  beforeAll(async () => {
    programs = await Programs.build()
  })
  afterAll(() => programs.remove())

  it('measures the latency of a stream, with what the forwarding process adds', async () => {
    const task = { kind: 'stream', size: 100, packets: 60, everyMs: 5 } as const
    const { latencies } = await new Round(HERE, programs).run('godot-wire', 30, task)
    expect(latencies).toHaveLength(60)
    expect(latencies![0]).toBeGreaterThanOrEqual(30)
  })

  it('measures goodput', async () => {
    const task = { kind: 'goodput', size: 1024, warmUpMs: 200, ms: 300 } as const
    const { goodput } = await new Round(HERE, programs).run('godot-wire', 0, task)
    expect(goodput).toBeGreaterThan(0)
  })

  it('ends where a process ends', async () => {
    const task = { kind: 'goodput', size: 1024, warmUpMs: 200, ms: 300 } as const
    const nowhere: Sides = { on: () => ['false'], address: () => '127.0.0.1' }
    await expect(new Round(nowhere, programs).run('godot-wire', 0, task)).rejects.toThrow('ended with 1')
  })
})
