// The addon under load for long: whatever it holds after a while, it holds after ten times that while.
import { expect, it } from 'vitest'
import { measureFrames, WAYS } from '../../scripts/addon-cost.js'
import { ENGINE_NAMES } from '../../scripts/engines.js'
import { describeWith } from './with-engine.js'

const PACKETS = 100
const FRAMES = 600
/** How many frames of packets the script lets be on their way. */
const MOST_FRAMES_AHEAD = 8
const WARM = 120

for (const name of ENGINE_NAMES) {
  describeWith(name, 'the cost of the addon', (engine) => {
    it.each(WAYS)(
      'does not grow: 60,000 packets there and back by %s leave no object and no memory behind',
      async (way) => {
        const args = { fps: 0, frames: FRAMES, warm: WARM }
        const { sent, received, reliable, objects, memory } = await measureFrames(engine, way, args)
        expect(sent).toBe((FRAMES + WARM) * PACKETS)
        expect(reliable).toBeGreaterThanOrEqual((sent - (MOST_FRAMES_AHEAD + 1) * PACKETS) / 2)
        expect(received).toBeGreaterThan(reliable)
        // What is on its way differs from frame to frame: a few hundred packets, not tens of thousands.
        expect(objects[1] - objects[0]).toBeLessThan(2_000)
        expect(memory).toHaveLength(11)
        expect(memory[0]).toBeGreaterThan(0)
        expect(Math.max(...memory) - memory[0]!).toBeLessThan(1 << 20)
      },
    )
  })
}
