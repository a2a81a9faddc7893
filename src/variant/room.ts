import { LONGEST_KNOWN } from './values/index.js'

/** How many bytes are free wherever a value is put: what may take more makes room for itself. */
export const ROOM = 16

/** What the String of a known key takes at most. */
export const KEY_ROOM = 8 + LONGEST_KNOWN
