import { compressionError } from '../errors.js'
import { grown, KEPT, scratch } from '../scratch.js'
import {
  codeLengths,
  type DecodeTable,
  distances,
  END_OF_BLOCK,
  fixedTables,
  INVALID,
  LENGTH,
  LINK,
  literals,
} from './tables.js'

/** The order in which a block lists the lengths of the codes for code lengths (RFC 1951, 3.2.7). */
const LENGTHS_ORDER = /* @__PURE__ */ Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)

/** A byte that is repeated more often than this is worth a call. */
const LONG_RUN = 24

/**
 * Room behind the last byte that may come out: one round of the inner loop writes two literals and a match of 258 bytes,
 * four at once, before it looks whether that was too much.
 */
const SLACK = 272

/** Zeros behind the input: one round reads no farther than this before it looks where it is. */
const PADDING = 32

const EMPTY = /* @__PURE__ */ new Uint8Array(0)
const headLengths = /* @__PURE__ */ new Uint8Array(19)

/** Bytes with a view of them from the first byte on, to read or write four at once. */
interface Memory {
  readonly bytes: Uint8Array
  readonly view: DataView
}

function memory(bytes: Uint8Array): Memory {
  return { bytes, view: new DataView(bytes.buffer) }
}

/**
 * Opens a Deflate stream that is there as a whole. The output is one piece of memory, which serves as the window too; it
 * grows with what comes out, and never beyond the limit by more than the slack.
 */
export class Inflater {
  /** What came out is the first `size` bytes. They are valid until something else is compressed or decompressed. */
  out: Uint8Array = EMPTY
  size = 0
  /** A copy of short input, so that zeros can stand behind it. */
  readonly #kept = memory(new Uint8Array(KEPT + PADDING))
  #src = this.#kept
  #outView = this.#kept.view
  #end = 0
  /** The next byte to take bits from. */
  #ip = 0
  /** Bits that were taken from the input and not used yet, the next one lowest; above `bits` may be what comes next. */
  #hold = 0
  #bits = 0
  #limit = 0
  #mode = ''

  /** `start` is where the first block begins, behind the header. */
  begin(src: Uint8Array, start: number, mode: string, limit: number): void {
    const end = src.length
    this.#src = end <= KEPT ? this.#kept : memory(new Uint8Array(end + PADDING))
    this.#src.bytes.set(src)
    for (let i = 0; i < PADDING; i += 4) this.#src.view.setInt32(end + i, 0)
    this.#end = end
    this.#mode = mode
    this.#limit = limit
    this.#ip = start
    this.#hold = 0
    this.#bits = 0
    this.size = 0
    this.#use(scratch(Math.min(limit, 4 * end) + SLACK))
  }

  /** Lets go of what is too large to be kept. */
  end(): void {
    this.#src = this.#kept
    this.#use(EMPTY)
  }

  #use(out: Uint8Array): void {
    this.out = out
    if (out.length > 0 && out.buffer !== this.#outView.buffer) this.#outView = new DataView(out.buffer)
    else if (this.#outView.byteLength > KEPT) this.#outView = this.#kept.view
  }

  /** How many bytes of the input are used up; a byte of which a bit is used counts. */
  get used(): number {
    return Math.min(this.#end, this.#ip - (this.#bits >> 3))
  }

  /** The next `n` bits, at most 16. */
  #take(n: number): number {
    while (this.#bits < n) {
      if (this.#ip >= this.#end) throw this.#truncated()
      this.#hold |= this.#src.bytes[this.#ip++]! << this.#bits
      this.#bits += 8
    }
    const value = this.#hold & ((1 << n) - 1)
    this.#hold >>>= n
    this.#bits -= n
    return value
  }

  #skipToByte(): void {
    this.#hold >>>= this.#bits & 7
    this.#bits &= ~7
  }

  #truncated(): Error {
    return compressionError('COMPRESSION_TRUNCATED', { mode: this.#mode, offset: this.#end })
  }

  #corrupt(reason: string): Error {
    return compressionError('COMPRESSION_CORRUPT', { mode: this.#mode, offset: this.used, reason })
  }

  /** All blocks to the last one. */
  blocks(): void {
    for (let last = false; !last; ) {
      last = this.#take(1) === 1
      switch (this.#take(2)) {
        case 0:
          this.#stored()
          break
        case 1: {
          const tables = fixedTables()
          this.#coded(tables.literals, tables.distances)
          break
        }
        case 2:
          this.#readTables()
          this.#coded(literals, distances)
          break
        default:
          throw this.#corrupt('invalid block type')
      }
    }
  }

  #stored(): void {
    this.#skipToByte()
    const length = this.#take(16)
    if (this.#take(16) !== (length ^ 0xffff)) throw this.#corrupt('invalid stored block lengths')
    // What is held are whole bytes now: they go back.
    const from = this.#ip - (this.#bits >> 3)
    this.#hold = 0
    this.#bits = 0
    const there = Math.min(length, this.#end - from)
    this.#room(this.size + there)
    this.out.set(this.#src.bytes.subarray(from, from + there), this.size)
    this.size += there
    this.#ip = from + there
    if (there < length) throw this.#truncated()
  }

  /** Room for so many bytes of output, and the slack. */
  #room(size: number): void {
    if (size > this.#limit) {
      throw compressionError('COMPRESSION_LIMIT', { mode: this.#mode, limit: this.#limit, offset: this.used })
    }
    if (size + SLACK > this.out.length) this.#use(grown(this.out, this.size, size + SLACK, this.#limit + SLACK))
  }

  /** The codes that a block brings along (RFC 1951, 3.2.7). */
  #readTables(): void {
    const literalCount = this.#take(5) + 257
    const distanceCount = this.#take(5) + 1
    const lengthCount = this.#take(4) + 4
    if (literalCount > 286 || distanceCount > 30) throw this.#corrupt('too many length or distance symbols')
    for (let i = 0; i < lengthCount; i++) headLengths[LENGTHS_ORDER[i]!] = this.#take(3)
    for (let i = lengthCount; i < 19; i++) headLengths[LENGTHS_ORDER[i]!] = 0
    codeLengths.clear()
    for (let i = 0; i < 19; i++) if (headLengths[i] !== 0) codeLengths.add(i, headLengths[i]!)
    if (!codeLengths.build()) throw this.#corrupt('invalid code lengths set')
    if (!this.#readLengths(literalCount, distanceCount)) throw this.#corrupt('invalid code -- missing end-of-block')
    if (!literals.build()) throw this.#corrupt('invalid literal/lengths set')
    if (!distances.build()) throw this.#corrupt('invalid distances set')
  }

  /** The lengths of the codes of both alphabets in one row; false where the end of the block has no code. */
  #readLengths(literalCount: number, distanceCount: number): boolean {
    literals.clear()
    distances.clear()
    const { entries } = codeLengths
    const mask = (1 << codeLengths.bits) - 1
    const { view } = this.#src
    const end = this.#end
    const count = literalCount + distanceCount
    let ip = this.#ip
    let hold = this.#hold
    let bits = this.#bits
    let length = 0
    let hasEnd = false
    let reason = ''
    for (let i = 0; i < count; ) {
      // A code takes up to 7 bits and 7 more.
      hold |= view.getInt32(ip, true) << bits
      ip += (31 - bits) >> 3
      bits |= 24
      const entry = entries[hold & mask]!
      hold >>>= entry & 15
      bits -= entry & 15
      const symbol = entry >>> 8
      let times = 1
      if (symbol < 16) {
        length = symbol
      } else {
        if (symbol === 16 && i === 0) reason = 'invalid bit length repeat'
        if (symbol !== 16) length = 0
        const extra = symbol === 18 ? 7 : symbol - 14
        times = (symbol === 18 ? 11 : 3) + (hold & ((1 << extra) - 1))
        hold >>>= extra
        bits -= extra
        if (i + times > count) reason = 'invalid bit length repeat'
      }
      if (ip * 8 - bits > end * 8) throw this.#truncated()
      if (reason) break
      if (length === 0) {
        i += times
        continue
      }
      for (const to = i + times; i < to; i++) {
        if (i < literalCount) literals.add(i, length)
        else distances.add(i - literalCount, length)
        if (i === 256) hasEnd = true
      }
    }
    this.#save(ip, hold, bits, this.size)
    if (reason) throw this.#corrupt(reason)
    this.#giveBack()
    return hasEnd
  }

  /**
   * Literals and matches up to the end of the block. This is where all the time goes, so everything is in local
   * variables. A round begins with 24 bits at the least: enough for two codes of literals, or one and a longer code.
   * Whether it went beyond the input or the room for output is looked up in the next round.
   */
  #coded(literalTable: DecodeTable, distanceTable: DecodeTable): void {
    const { view } = this.#src
    const lastIp = this.#end + 4
    const lit = literalTable.entries
    const dist = distanceTable.entries
    const litMask = (1 << literalTable.bits) - 1
    const distMask = (1 << distanceTable.bits) - 1
    let { out } = this
    let outView = this.#outView
    let lastOp = Math.min(out.length - SLACK, this.#limit)
    let op = this.size
    let ip = this.#ip
    let hold = this.#hold
    let bits = this.#bits
    let reason = ''
    for (;;) {
      if (op > lastOp || ip > lastIp) {
        this.#save(ip, hold, bits, op)
        if (this.#overrun()) throw this.#truncated()
        this.#room(op)
        out = this.out
        outView = this.#outView
        lastOp = Math.min(out.length - SLACK, this.#limit)
      }
      hold |= view.getInt32(ip, true) << bits
      ip += (31 - bits) >> 3
      bits |= 24
      let entry = lit[hold & litMask]!
      if (entry < LENGTH) {
        hold >>>= entry
        bits -= entry & 15
        out[op++] = entry >>> 8
        entry = lit[hold & litMask]!
        if (entry < LENGTH) {
          hold >>>= entry
          bits -= entry & 15
          out[op++] = entry >>> 8
          continue
        }
      }
      hold >>>= entry & 15
      bits -= entry & 15
      if (entry >= END_OF_BLOCK) {
        if (entry < LINK) break
        if (entry >= INVALID) {
          reason = 'invalid literal/length code'
          break
        }
        entry = lit[((entry >>> 8) & 0xffff) + (hold & ((1 << ((entry >>> 4) & 15)) - 1))]!
        hold >>>= entry & 15
        bits -= entry & 15
        if (entry < LENGTH) {
          out[op++] = entry >>> 8
          continue
        }
        if (entry >= END_OF_BLOCK) break
      }
      hold |= view.getInt32(ip, true) << bits
      ip += (31 - bits) >> 3
      bits |= 24
      let extra = (entry >>> 4) & 15
      const length = ((entry >>> 8) & 0xffff) + (hold & ((1 << extra) - 1))
      hold = (hold >>> extra) | 0
      bits -= extra
      entry = dist[hold & distMask]!
      hold >>>= entry & 15
      bits -= entry & 15
      if (entry >= LINK) {
        if (entry < INVALID) {
          entry = dist[((entry >>> 8) & 0xffff) + (hold & ((1 << ((entry >>> 4) & 15)) - 1))]!
          hold >>>= entry & 15
          bits -= entry & 15
        }
        if (entry >= INVALID) {
          reason = 'invalid distance code'
          break
        }
      }
      extra = (entry >>> 4) & 15
      if (bits < extra) {
        hold |= view.getInt32(ip, true) << bits
        ip += (31 - bits) >> 3
        bits |= 24
      }
      const distance = (entry >>> 8) + (hold & ((1 << extra) - 1))
      hold = (hold >>> extra) | 0
      bits -= extra
      let from = op - distance
      if (from < 0) {
        reason = 'invalid distance too far back'
        break
      }
      const to = op + length
      if (distance >= 4) {
        for (; op < to; op += 4, from += 4) outView.setInt32(op, outView.getInt32(from))
        op = to
      } else if (distance === 1 && length > LONG_RUN) {
        out.fill(out[from]!, op, to)
        op = to
      } else {
        while (op < to) out[op++] = out[from++]!
      }
    }
    this.#save(ip, hold, bits, op)
    if (this.#overrun()) throw this.#truncated()
    if (op > this.#limit) this.#room(op)
    if (reason) throw this.#corrupt(reason)
    this.#giveBack()
  }

  #save(ip: number, hold: number, bits: number, op: number): void {
    this.#ip = ip
    this.#hold = hold
    this.#bits = bits
    this.size = op
  }

  /** Whether bits were used that the input does not have. */
  #overrun(): boolean {
    return this.#ip * 8 - this.#bits > this.#end * 8
  }

  /** Puts back the whole bytes that were taken and not used, and the zeros behind the end. */
  #giveBack(): void {
    this.#ip -= this.#bits >> 3
    this.#bits &= 7
    this.#hold &= (1 << this.#bits) - 1
  }
}
