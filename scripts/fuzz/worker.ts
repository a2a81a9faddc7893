// One of the two processes that do the work: takes a job, answers it, takes the next.
import { fuzzDifferential } from './differential.js'
import { fuzzHostile } from './hostile.js'
import type { Done, Job } from './job.js'
import { fuzzRoundTrip } from './round-trip.js'
import { fuzzSessions } from './sessions.js'

async function done(job: Job): Promise<Done> {
  switch (job.intent) {
    case 'hostile':
      return fuzzHostile(job)
    case 'round-trip':
      return fuzzRoundTrip(job)
    case 'differential':
      return fuzzDifferential(job)
    case 'sessions':
      return fuzzSessions(job)
  }
}

process.on('message', async (job: Job) => {
  try {
    process.send!(await done(job))
  } catch (error) {
    // Not a find but a fault of the run: an engine that would not start, a bug in these scripts.
    console.error(error)
    process.exitCode = 1
    process.disconnect()
  }
})
