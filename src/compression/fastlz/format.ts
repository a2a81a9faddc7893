// FastLZ, as its author's format description has it (block format levels 1 and 2). Instructions follow each other, and the
// upper 3 bits of the first byte say what kind: 0 is a run of up to 32 literals, 7 a long match, and all between a short
// one. The very first instruction is always a run; its upper bits hold the level instead.

/** The farthest that a match reaches back in level 1, and in level 2 without its two bytes more. */
export const NEAR = 8191

/** The farthest match of level 2: 16 bits beyond `NEAR`. */
export const FAR = 65535 + NEAR

/** The longest run of literals in one instruction. */
export const LONGEST_RUN = 32

/** From this input size on the compressor writes level 2. */
export const LEVEL_2_FROM = 65536
