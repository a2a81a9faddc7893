// A billion packets from one peer to another, in memory and in real time: memory must stay flat, and nothing may be lost.
// npm run soak:packets -- --help
import { parseArgs } from 'node:util'
import { P2P, P2P_SEND_RELIABLE } from '../src/p2p/index.js'
import { MemoryNetwork } from '../src/transport/index.js'
import { grouped, growthFaults, line, megabytes, memory } from './soak-memory.js'

const HELP = `npm run soak:packets -- [options]

  --packets=1_000_000_000   how many, of 64 bytes, from sendP2PPacket to readP2PPacket
  --rows=20                 how often garbage is collected and memory measured, at even distances; 3 or more

The straight line that fits heap and buffers best may rise by 4 MB from the first row to the last.

Exit code 1 where a packet was lost, doubled or out of order, or memory grew.`

const [ALICE, BOB] = [76561197960265729n, 76561197960265730n]
const SIZE = 64
/** Packets of one turn of the event loop. */
const BURST = 1_000
/** Turns in which what was sent must arrive. */
const PATIENCE = 1_000

class Pair {
  readonly #alice: P2P
  readonly #bob: P2P
  readonly #packet = new Uint8Array(SIZE)
  readonly #view = new DataView(this.#packet.buffer)
  sent = 0
  read = 0
  wrong = 0

  constructor() {
    const network = new MemoryNetwork()
    this.#alice = new P2P({ steamId: ALICE, transport: network.transport(ALICE) })
    this.#bob = new P2P({ steamId: BOB, transport: network.transport(BOB) })
    this.#bob.on('p2p_session_request', (id) => this.#bob.acceptP2PSessionWithUser(id))
  }

  /** Sends so many packets and reads them. */
  async burst(count: number): Promise<void> {
    for (let n = 0; n < count; n++) this.#send()
    for (let turn = 0; this.read < this.sent && turn < PATIENCE; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
      while (this.#bob.isP2PPacketAvailable()) this.#readOne()
    }
  }

  /** Each packet has its number, modulo 2^32. */
  #send(): void {
    this.#view.setUint32(0, this.sent)
    if (this.#alice.sendP2PPacket(BOB, this.#packet, P2P_SEND_RELIABLE)) this.sent++
    else this.wrong++
  }

  #readOne(): void {
    const { data } = this.#bob.readP2PPacket(this.#bob.getAvailableP2PPacketSize())
    if (data?.length !== SIZE || numberOf(data) !== this.read >>> 0) this.wrong++
    this.read++
  }

  close(): void {
    this.#alice.close()
    this.#bob.close()
  }
}

/** By hand: a DataView for each packet would be a quarter of the run. */
function numberOf(packet: Uint8Array): number {
  return ((packet[0]! << 24) | (packet[1]! << 16) | (packet[2]! << 8) | packet[3]!) >>> 0
}

async function run(packets: number, rows: number): Promise<string[]> {
  const pair = new Pair()
  const start = performance.now()
  const samples: number[] = []
  line('packets', 'heap MB', 'buffers MB', 'rss MB', 'seconds')
  for (let row = 1; row <= rows; row++) {
    const goal = Math.round((packets * row) / rows)
    while (pair.sent < goal) {
      await pair.burst(Math.min(BURST, goal - pair.sent))
      if (pair.read < pair.sent || pair.wrong > 0) return [lossOf(pair)]
    }
    const { heap, buffers, rss } = memory()
    samples.push(heap + buffers)
    const seconds = ((performance.now() - start) / 1000).toFixed(0)
    line(grouped(pair.read), megabytes(heap), megabytes(buffers), megabytes(rss), seconds)
  }
  pair.close()
  return growthFaults(samples)
}

function lossOf({ sent, read, wrong }: Pair): string {
  return `of ${grouped(sent)} packets ${grouped(sent - read)} did not arrive, ${wrong} were refused or out of order`
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text.replaceAll('_', ''))
  if (!Number.isInteger(value) || value < least) throw new Error(`--${name} must be a whole number from ${least}`)
  return value
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { packets: text, rows: text, help: { type: 'boolean' } } })
  if (values.help) {
    console.log(HELP)
    return
  }
  const rows = whole('rows', values.rows ?? '20', 3)
  const found = await run(whole('packets', values.packets ?? '1_000_000_000', rows), rows)
  for (const fault of found) console.log(`FOUND ${fault}`)
  if (found.length > 0) process.exitCode = 1
}

await main()
