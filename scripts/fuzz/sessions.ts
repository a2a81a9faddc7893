// Peers, sessions and a bad network, led through random schedules. What fails is shrunk by fast-check.
import { trySchedules } from '../../test/p2p/model-commands.js'
import { type Done, type SessionsJob, Tally } from './job.js'

export function fuzzSessions({ links, seed, count }: SessionsJob): Done {
  const tally = new Tally()
  const { schedules, counts, find } = trySchedules(links, seed, count)
  tally.tried = schedules
  for (const [what, number] of Object.entries(counts)) tally.counts[what] = number
  if (find) tally.find(find.what, find.row)
  return tally
}
