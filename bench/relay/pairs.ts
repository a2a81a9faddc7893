// One peer sends frames of 64 bytes to another as fast as they go, through a relay or through a bare ws forwarder.
import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Link } from '../../src/transport/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { Forwarder, peerUrl } from './roles.js'

const FRAME = 64
const COUNT = 200_000
const ROUNDS = 5
const BATCH = 64
/** Never more than so many under way, so that neither side is a test of its buffers. */
const UNDER_WAY = 2_000
const [FIRST, SECOND] = [2n, 3n]

interface Path {
  send(): boolean
  received(): number
  close(): void
}

async function throughRelay(from: Forwarder, to = from): Promise<Path> {
  let count = 0
  let link: Link | undefined
  const sender = new RelayTransport({ steamId: FIRST, url: await peerUrl(from.url, 'relay', FIRST) })
  const receiver = new RelayTransport({ steamId: SECOND, url: await peerUrl(to.url, 'relay', SECOND) })
  const linked = new Promise<void>((resolve) => {
    sender.attach({
      linkUp(up) {
        link = up
        resolve()
      },
      frame() {},
      drain() {},
      linkDown: (_, reason) => console.error('down:', reason),
    })
  })
  receiver.attach({ linkUp() {}, frame: () => count++, drain() {}, linkDown() {} })
  await Promise.all([sender.open(), receiver.open()])
  sender.connect(SECOND)
  await linked
  return {
    send: () => link!.send(new Uint8Array(FRAME), 'reliable'),
    received: () => count,
    close() {
      sender.close()
      receiver.close()
    },
  }
}

async function throughForwarder({ url }: Forwarder): Promise<Path> {
  let count = 0
  const [from, to] = [
    new WebSocket(await peerUrl(url, 'forwarder', FIRST)),
    new WebSocket(await peerUrl(url, 'forwarder', SECOND)),
  ]
  to.on('message', () => count++)
  await Promise.all([once(from, 'open'), once(to, 'open')])
  return {
    send() {
      from.send(new Uint8Array(FRAME))
      return true
    },
    received: () => count,
    close() {
      from.close()
      to.close()
    },
  }
}

/** Frames a second, from the first one sent to the last one received. */
async function rate(path: Path): Promise<number> {
  const before = path.received()
  const start = performance.now()
  let sent = 0
  while (path.received() - before < COUNT) {
    for (let i = 0; i < BATCH && sent < COUNT && sent - (path.received() - before) < UNDER_WAY; i++) {
      if (path.send()) sent++
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return COUNT / ((performance.now() - start) / 1000)
}

/** Prints the relay's rate, the forwarder's, and the first divided by the second. */
export async function pairs(): Promise<void> {
  const [relay, forwarder] = await Promise.all([Forwarder.start('relay'), Forwarder.start('forwarder')])
  const ours = await throughRelay(relay)
  const theirs = await throughForwarder(forwarder)
  let [best, bare] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    best = Math.max(best, await rate(ours))
    bare = Math.max(bare, await rate(theirs))
  }
  console.log(
    `frames of ${FRAME} bytes a second: relay ${Math.round(best).toLocaleString('en-US')}, ` +
      `bare ws forwarder ${Math.round(bare).toLocaleString('en-US')}, ratio ${(best / bare).toFixed(2)}`,
  )
  ours.close()
  theirs.close()
  relay.close()
  forwarder.close()
}
