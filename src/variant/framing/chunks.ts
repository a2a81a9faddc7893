/**
 * Where chunks come from, as far as a reader looks at it. The shape of a web ReadableStream stands here because some
 * browsers cannot iterate over one.
 */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableByteStream

/** The part of a web `ReadableStream` that is used. */
export interface ReadableByteStream {
  /** Takes the stream for one reader, as the standard says. */
  getReader(): {
    /** The next chunk, or the end. */
    read(): Promise<{
      /** True at the end of the stream; there is no `value` then. */
      done: boolean
      /** A chunk of any size. */
      value?: Uint8Array | undefined
    }>
    /** Says that no more is wanted: called where a loop is left early. */
    cancel(): Promise<void>
    /** Gives the stream back. */
    releaseLock(): void
  }
}

/** The chunks of a source. Whoever stops early closes the source, as a loop over it would. */
export function chunksOf(source: ByteSource): AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in source ? source : read(source)
}

async function* read(source: ReadableByteStream): AsyncGenerator<Uint8Array> {
  const reader = source.getReader()
  let open = true
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      yield value!
    }
    open = false
  } catch (error) {
    // A stream that failed has nothing to cancel, and would only throw the same once more.
    open = false
    throw error
  } finally {
    if (open) await reader.cancel()
    reader.releaseLock()
  }
}
