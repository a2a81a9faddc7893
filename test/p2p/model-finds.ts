// Schedules that random runs found broken, shrunk: `npm run fuzz -- --intent=sessions` prints such rows. They are lived
// again with every test run.
import type { Schedule } from './model-world.js'

export interface ModelFind extends Schedule {
  /** What was wrong. */
  readonly what: string
}

export const MODEL_FINDS: readonly ModelFind[] = [
  {
    what: 'an ACCEPT that a full link did not take was never sent, and the fragments behind it were not listened to',
    peers: 2,
    friendly: true,
    small: false,
    network: { seed: 0, bandwidth: 50_000 },
    steps: [
      ['send', 1, 0, 2, 0, 60_000, 1],
      ['wait', 1],
      ['restart', 0],
      ['send', 0, 1, 0, 0, 0, 1],
    ],
  },
  {
    what: 'an ACK that a full link below did not take was tried again at once, and again: time stood still',
    peers: 2,
    friendly: true,
    small: false,
    network: { seed: 0, reorder: 0.3, highWaterMark: 5000, reliable: false },
    steps: [
      ['mute', 0, 1],
      ['send', 0, 1, 2, 0, 8857, 30],
      ['wait', 300],
    ],
  },
]
