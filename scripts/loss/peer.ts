// One end of what is measured, in its own process and network namespace.
//
//   peer.ts <contender> <a or b> <its address>
import { hrtime } from 'node:process'
import type { FromPeer, Task, ToPeer } from './messages.js'
import type { Side } from './namespaces.js'
import type { Contender } from './options.js'
import { openWire, type Wire } from './wires.js'

/** How often a full wire is tried again, and how much is sent before others have their turn. */
const AGAIN_MS = 1
const BATCH = 256

/** A stream is over when nothing came for so long. */
const PATIENCE_MS = 20_000

/** Both processes see the same clock: CLOCK_MONOTONIC of one machine. */
function now(): number {
  return Number(hrtime.bigint()) / 1e6
}

function tell(message: FromPeer): void {
  process.send!(message)
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

class Sender {
  readonly #wire: Wire
  constructor(wire: Wire) {
    this.#wire = wire
  }

  run(task: Task): Promise<void> {
    return task.kind === 'goodput' ? this.#pour(task.size) : this.#stream(task)
  }

  /** As much as the wire takes, until this process is ended. */
  async #pour(size: number): Promise<void> {
    const message = new Uint8Array(size).fill(7)
    for (;;) {
      for (let i = 0; i < BATCH; i++) {
        if (this.#wire.send(message)) continue
        await rest(AGAIN_MS)
        break
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async #stream({ size, packets, everyMs }: Extract<Task, { kind: 'stream' }>): Promise<void> {
    const message = new Uint8Array(size)
    const view = new DataView(message.buffer)
    const start = now()
    for (let i = 0; i < packets; i++) {
      await rest(Math.max(0, start + i * everyMs - now()))
      view.setFloat64(0, now())
      while (!this.#wire.send(message)) await rest(AGAIN_MS)
    }
  }
}

class Receiver {
  #bytes = 0
  #latencies: number[] | undefined
  #whenComplete: (() => void) | undefined
  #wanted = 0

  take(message: Uint8Array): void {
    this.#bytes += message.byteLength
    if (!this.#latencies) return
    const sentAt = new DataView(message.buffer, message.byteOffset, message.byteLength).getFloat64(0)
    this.#latencies.push(now() - sentAt)
    if (this.#latencies.length >= this.#wanted) this.#whenComplete?.()
  }

  run(task: Task): Promise<void> {
    return task.kind === 'goodput' ? this.#goodput(task.warmUpMs, task.ms) : this.#stream(task)
  }

  async #goodput(warmUpMs: number, ms: number): Promise<void> {
    tell({ counting: true })
    await rest(warmUpMs)
    const [bytes, start] = [this.#bytes, now()]
    await rest(ms)
    tell({ result: { goodput: ((this.#bytes - bytes) * 1000) / (now() - start) } })
  }

  async #stream({ packets, everyMs }: Extract<Task, { kind: 'stream' }>): Promise<void> {
    this.#wanted = packets
    this.#latencies = []
    const complete = new Promise<boolean>((resolve) => {
      this.#whenComplete = () => resolve(true)
    })
    tell({ counting: true })
    const isComplete = await Promise.race([complete, rest(packets * everyMs + PATIENCE_MS).then(() => false)])
    if (isComplete) tell({ result: { latencies: this.#latencies.sort((x, y) => x - y) } })
    else tell({ failure: `${this.#latencies.length} of ${packets} packets came` })
  }
}

async function main(contender: Contender, side: Side, address: string): Promise<void> {
  const receiver = new Receiver()
  // What is said before the wire is there waits for it.
  const early: ToPeer[] = []
  let act = (message: ToPeer) => void early.push(message)
  process.on('message', (message: ToPeer) => act(message))
  process.on('disconnect', () => process.exit(0))
  const wire = await openWire(contender, side, address, {
    up: () => tell({ up: true }),
    message: (message) => receiver.take(message),
    signal: (signal) => tell({ signal }),
  })
  const worker = side === 'a' ? new Sender(wire) : receiver
  act = (message) => {
    if ('signal' in message) wire.signal(message.signal)
    else void worker.run(message.task)
  }
  for (const message of early) act(message)
}

function failed(error: unknown): void {
  tell({ failure: String(error) })
}

process.on('uncaughtException', failed)
process.on('unhandledRejection', failed)
const [contender, side, address] = process.argv.slice(2)
await main(contender as Contender, side as Side, address!)
