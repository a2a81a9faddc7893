import { describe, expect, it } from 'vitest'
import { soon, VirtualClock } from '../src/clock.js'
import { Random } from './variant/random.js'

describe('VirtualClock', () => {
  it('runs what falls due in order of time, and of equal times in order of asking', () => {
    const clock = new VirtualClock()
    const log: string[] = []
    for (const [name, ms] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
      ['b2', 20],
      ['late', 40],
    ] as const) {
      clock.setTimeout(() => log.push(`${name} ${clock.now()}`), ms)
    }
    clock.advance(30)
    expect([log, clock.now(), clock.pending]).toEqual([['a 10', 'b 20', 'b2 20', 'c 30'], 30, 1])
  })

  it('runs what timers start within the same time, and never inside setTimeout', () => {
    const clock = new VirtualClock()
    const log: number[] = []
    const again = () => {
      log.push(clock.now())
      if (log.length < 5) clock.setTimeout(again, 10)
    }
    clock.setTimeout(again, -5)
    expect(log).toEqual([])
    clock.advance(25)
    expect(log).toEqual([0, 10, 20])
  })

  it('knows how long nothing will happen', () => {
    const clock = new VirtualClock()
    expect(clock.untilNext).toBe(Number.POSITIVE_INFINITY)
    const soon = clock.setTimeout(() => {}, 20)
    clock.setTimeout(() => {}, 50)
    clock.advance(5)
    expect(clock.untilNext).toBe(15)
    clock.clearTimeout(soon)
    expect(clock.untilNext).toBe(45)
  })

  it('forgets a timer once, whichever it is', () => {
    const clock = new VirtualClock()
    const timer = clock.setTimeout(() => {}, 10)
    clock.clearTimeout(timer)
    clock.clearTimeout(timer)
    clock.clearTimeout(undefined)
    clock.setTimeout(() => {}, 10)
    clock.clearTimeout(timer)
    expect(clock.pending).toBe(1)
  })

  it('does as a list that is sorted would, whatever is started and forgotten', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed)
      const clock = new VirtualClock()
      const ran: number[] = []
      const waiting: { id: number; at: number; timer: unknown }[] = []
      const expected: number[] = []
      for (let id = 0; id < 120; id++) {
        const at = clock.now() + random.below(50)
        waiting.push({ id, at, timer: clock.setTimeout(() => ran.push(id), at - clock.now()) })
        if (random.oneIn(3)) clock.clearTimeout(waiting.splice(random.below(waiting.length), 1)[0]!.timer)
        if (!random.oneIn(4)) continue
        const end = clock.now() + random.below(30)
        clock.advance(end - clock.now())
        const due = waiting.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at || a.id - b.id)
        expected.push(...due.map((timer) => timer.id))
        for (const timer of due) waiting.splice(waiting.indexOf(timer), 1)
        expect(clock.pending).toBe(waiting.length)
      }
      expect(ran, `seed ${seed}`).toEqual(expected)
      expect(ran.length).toBeGreaterThan(20)
    }
  })
})

describe('soon', () => {
  it('runs what was asked for in order when the task is done, and what they ask for behind it', async () => {
    const log: string[] = []
    soon(() => {
      log.push('first')
      soon(() => log.push('third'))
    })
    soon(() => log.push('second'))
    expect(log).toEqual([])
    await Promise.resolve()
    await Promise.resolve()
    expect(log).toEqual(['first', 'second', 'third'])
  })

  it('runs the others where one throws, and the error is nobody else’s', async () => {
    const listeners = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    const errors: unknown[] = []
    process.on('unhandledRejection', (error) => errors.push(error))
    const log: string[] = []
    soon(() => {
      throw new Error('one')
    })
    soon(() => log.push('two'))
    soon(() => {
      throw new Error('three')
    })
    soon(() => log.push('four'))
    await new Promise((resolve) => setTimeout(resolve))
    process.removeAllListeners('unhandledRejection')
    for (const listener of listeners) process.on('unhandledRejection', listener)
    expect(log).toEqual(['two', 'four'])
    expect(errors.map(String)).toEqual(['Error: one', 'Error: three'])
  })
})
