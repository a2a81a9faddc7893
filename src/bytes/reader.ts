import { ByteCursor, type Truncation } from './cursor.js'

/** Called when fewer bytes are left than a read needs; throws the room's own error. */
export type OnTruncated = (facts: Truncation, reader: ByteReader) => never

/** A cursor for many reads of all sizes: the room that opens it names the error. */
export class ByteReader extends ByteCursor {
  view: DataView

  constructor(
    bytes: Uint8Array,
    offset: number,
    end: number,
    private readonly onTruncated: OnTruncated,
  ) {
    super(bytes, offset, end)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  protected truncated(facts: Truncation): never {
    return this.onTruncated(facts, this)
  }

  override readUint32(): number {
    return this.view.getUint32(this.take(4), true)
  }

  readInt32(): number {
    return this.view.getInt32(this.take(4), true)
  }

  readBigInt64(): bigint {
    return this.view.getBigInt64(this.take(8), true)
  }

  readBigUint64(): bigint {
    return this.view.getBigUint64(this.take(8), true)
  }

  readFloat32(): number {
    return this.view.getFloat32(this.take(4), true)
  }

  readFloat64(): number {
    return this.view.getFloat64(this.take(8), true)
  }
}
