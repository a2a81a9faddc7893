// Random schedules of everything that two to four peers and the network between them can do, against a small model. What
// must hold stands in model.ts and model-world.ts; 10,000 and more are lived by `npm run fuzz -- --intent=sessions`.
import { describe, expect, it } from 'vitest'
import { LINK_KINDS, trySchedules } from './model-commands.js'
import { MODEL_FINDS } from './model-finds.js'
import { live, type Schedule } from './model-world.js'

const SCHEDULES = 200

describe('random schedules', () => {
  it.each(LINK_KINDS)(
    'over %s links keep every promise',
    (links) => {
      const { schedules, counts, find } = trySchedules(links, 1, SCHEDULES)
      expect(find).toBeUndefined()
      expect(schedules).toBe(SCHEDULES)
      // Each kind of thing must have happened, or nothing was tried.
      for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(SCHEDULES / 20)
    },
    300_000,
  )

  it('that failed once do not fail again', () => {
    for (const { what, ...schedule } of MODEL_FINDS) {
      expect(() => live(schedule), what).not.toThrow()
    }
  })

  it.each([true, false])('are the same run again, with links that are reliable or not: %s', (reliable) => {
    const storm = { latencyMs: 30, jitterMs: 20, loss: 0.2, duplicate: 0.2, reorder: 0.2, bandwidth: 300_000 }
    const schedule: Schedule = {
      peers: 3,
      friendly: true,
      small: true,
      network: { seed: 5, reliable, ...storm },
      steps: [
        ['send', 0, 1, 2, 0, 5_000, 20],
        ['send', 2, 1, 0, 1, 900, 20],
        ['wait', 400],
        ['send', 2, 1, 0, 1, 900, 20],
        ['cut', 0, 1],
        ['send', 1, 0, 3, -7, 70_000, 3],
        ['wait', 7_000],
        ['heal', 0, 1],
        ['wait', 25_000],
        ['read', 1, 0, 0],
      ],
    }
    const { digest, counts } = live(schedule)
    expect(live(schedule).digest).toBe(digest)
    expect(live({ ...schedule, network: { ...schedule.network, seed: 6 } }).digest).not.toBe(digest)
    expect(counts.read).toBeGreaterThan(50)
  })
})
