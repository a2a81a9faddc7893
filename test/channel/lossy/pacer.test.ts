import { describe, expect, it } from 'vitest'
import { Pacer } from '../../../src/channel/lossy/pacer.js'

const RATE = 1000
const QUANTUM = 2400

/** Packets that go without another wait. */
function burst(pacer: Pacer, now: number): number {
  let count = 0
  for (; pacer.wait(now, RATE, QUANTUM) === 0; count++) pacer.spend(1200)
  return count
}

describe('Pacer', () => {
  it('gives each packet its moment', () => {
    const pacer = new Pacer()
    expect(burst(pacer, 0)).toBe(4)
    let now = 0
    for (let i = 0; i < 100; i++) {
      now += pacer.wait(now, RATE, QUANTUM)
      expect(burst(pacer, now)).toBe(1)
    }
    expect(now).toBeGreaterThan(115)
    expect(now).toBeLessThan(121)
  })

  it('makes up for a timer that came late, up to 30 ms', () => {
    const pacer = new Pacer()
    burst(pacer, 0)
    expect(burst(pacer, 24)).toBe(20)
    expect(burst(pacer, 1024)).toBe(26)
  })

  it('gives no more than a small burst after a pause', () => {
    const pacer = new Pacer()
    burst(pacer, 0)
    expect(pacer.wait(1000, RATE, QUANTUM)).toBe(0)
    pacer.spend(1200)
    expect(burst(pacer, 2000)).toBe(4)
  })

  it('always has room for two packets, however slow the path is', () => {
    const pacer = new Pacer()
    for (let i = 0; i < 10; i++) pacer.wait(i, 1, QUANTUM)
    pacer.wait(100_000, 1, QUANTUM)
    let count = 0
    for (; pacer.wait(100_000, 1, QUANTUM) === 0; count++) pacer.spend(1200)
    expect(count).toBe(3)
  })
})
