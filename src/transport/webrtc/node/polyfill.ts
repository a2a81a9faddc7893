import type { RtcConstructor } from '../rtc.js'

let inUse = 0

/**
 * The WebRTC of the package `node-datachannel`, for Node. Its threads keep a process alive until they are told to end, so
 * each user says when it is done.
 *
 * @throws (rejects) where the package is missing
 */
export async function polyfill(): Promise<{ Rtc: RtcConstructor; done: () => void }> {
  // With a handler of its own, bundlers for browsers leave the import alone.
  const { RTCPeerConnection } = await import(/* @vite-ignore */ 'node-datachannel/polyfill').catch(rethrow)
  inUse++
  let isDone = false
  return {
    Rtc: RTCPeerConnection as unknown as RtcConstructor,
    done() {
      if (isDone) return
      isDone = true
      if (--inUse === 0) void import(/* @vite-ignore */ 'node-datachannel').then(cleanUp, rethrow)
    },
  }
}

function cleanUp(library: { cleanup(): void }): void {
  if (inUse === 0) library.cleanup()
}

function rethrow(error: unknown): never {
  throw error
}
