export type { LossyCounters } from './counters.js'
export { RepairedLink } from './link.js'
export type { LossyOptions } from './options.js'
export { Repair } from './repair.js'
