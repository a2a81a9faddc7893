/**
 * Where chunks come from, as far as a reader looks at it. The shape of a web ReadableStream stands here because some
 * browsers cannot iterate over one.
 */
export type ByteSource = AsyncIterable<Uint8Array> | ReadableByteStream

/** The part of a web `ReadableStream` that is used. */
export interface ReadableByteStream {
  getReader(): {
    read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
    cancel(): Promise<void>
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
