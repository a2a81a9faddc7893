import type { Lane } from '../transport/index.js'
import { type DropReason, dropsByChannel } from './drops.js'
import { FRAME_HEADER_SIZE, FrameWriter, LARGEST_DATAGRAM_HEADER, openFrame, readRecords } from './records.js'
import { MAX_UNRELIABLE_SIZE } from './send-type.js'

/**
 * Packets share a frame up to this size, so that it fits a packet of 1,200 bytes of links that lose, beside an acknowledgement
 * (docs/protocol.md, 7). A frame with one packet may be larger.
 */
const SHARED_FRAME = 1175

/** Where frames of unreliable packets go. */
export interface DatagramWay {
  /** Writes to whom the frame goes. */
  address(frame: FrameWriter): void
  /** Gives the frame to the link. */
  send(frame: FrameWriter, lane: Lane): boolean
  /** Packets that were taken will not arrive. */
  datagramsDropped(why: DropReason, channel: number, count: number, bytes: number): void
}

/** Unreliable packets of one session that wait for the end of the task, in the frame that they will go in. */
export class DatagramFrame {
  #frame: FrameWriter | undefined
  #isEmpty = true

  constructor(private readonly way: DatagramWay) {}

  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** Whether a packet of so many bytes may join those that wait. */
  takes(size: number): boolean {
    if (this.#isEmpty) return true
    return this.#frame!.length + LARGEST_DATAGRAM_HEADER + size <= SHARED_FRAME
  }

  add(channel: number, data: Uint8Array): void {
    this.#frame ??= new FrameWriter(FRAME_HEADER_SIZE + LARGEST_DATAGRAM_HEADER + MAX_UNRELIABLE_SIZE)
    if (this.#isEmpty) this.#frame.begin(0, 0)
    this.#frame.datagram(channel, data)
    this.#isEmpty = false
  }

  /** The packets go, in one frame; what is not taken is lost. */
  flush(): boolean {
    if (this.#isEmpty) return true
    // Now, as the session may have started again since the first of them came.
    this.way.address(this.#frame!)
    const isTaken = this.way.send(this.#frame!, 'datagram')
    if (!isTaken) this.drop('congested')
    this.#isEmpty = true
    return isTaken
  }

  drop(why: DropReason): void {
    if (this.#isEmpty) return
    this.#isEmpty = true
    // Read from the frame, so that nothing must be kept of packets that go.
    const packets: { channel: number; data: Uint8Array }[] = []
    readRecords(openFrame(this.#frame!.viewBytes()).records, {
      ...NO_RECORDS,
      datagram: (channel, data) => packets.push({ channel, data }),
    })
    for (const { channel, count, bytes } of dropsByChannel(packets, { what: 'sent packet', why, peer: 0n })) {
      this.way.datagramsDropped(why, channel!, count, bytes)
    }
  }
}

const NO_RECORDS = {
  open() {},
  accept() {},
  unknown() {},
  ping() {},
  pong() {},
  ack() {},
  fragment() {},
}
