import type { RtcConstructor } from '../rtc.js'

let inUse = 0

/**
 * The WebRTC of the package `node-datachannel`, for Node. Its threads keep a process alive until they are told to end, so
 * each user says when it is done.
 *
 * @throws (rejects) where the package is missing
 */
export async function polyfill(): Promise<{ Rtc: RtcConstructor; done: () => void }> {
  const { RTCPeerConnection } = await installed('node-datachannel/polyfill')
  inUse++
  let isDone = false
  return {
    Rtc: RTCPeerConnection,
    done() {
      if (isDone) return
      isDone = true
      if (--inUse === 0) void installed('node-datachannel').then(cleanUp)
    },
  }
}

function cleanUp(library: Library): void {
  if (inUse === 0) library.cleanup()
}

interface Library {
  readonly RTCPeerConnection: RtcConstructor
  cleanup(): void
}

/**
 * The package beside the program. Bundlers see no name here and leave the import alone: native code cannot be part of a
 * bundle, and whoever does without WebRTC need not have the package.
 */
function installed(name: string): Promise<Library> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name)
}
