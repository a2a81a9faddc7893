import { describe, expect, it } from 'vitest'
import { Aggregation } from '../../../src/channel/lossy/aggregation.js'

const RATE = 100
const WINDOW = 1_000_000

describe('Aggregation', () => {
  it('is nothing where acknowledgements come evenly', () => {
    const aggregation = new Aggregation()
    for (let now = 10; now < 500; now += 10) aggregation.acked(RATE * 10, now, RATE, WINDOW)
    expect(aggregation.extra).toBeLessThanOrEqual(RATE * 10)
  })

  it('is what came at once beyond what the rate explains, within ten rounds and 100 ms', () => {
    const aggregation = new Aggregation()
    for (let i = 0; i < 5; i++) aggregation.acked(1000, 50, RATE, WINDOW)
    expect(aggregation.extra).toBe(5000)
    for (let i = 0; i < 9; i++) aggregation.nextRound()
    expect(aggregation.extra).toBe(5000)
    aggregation.nextRound()
    expect(aggregation.extra).toBe(0)
    aggregation.acked(60_000, 200, RATE, WINDOW)
    expect(aggregation.extra).toBe(RATE * 100)
  })

  it('is no more than the window', () => {
    const aggregation = new Aggregation()
    aggregation.acked(9000, 10, RATE, 4000)
    expect(aggregation.extra).toBe(4000)
  })
})
