// npx tsx bench/relay.ts [peers]: what a relay passes on, beside a bare ws forwarder in the same run.
//
// Pairs: one peer sends frames of 64 bytes to another, through a process of its own. The last column is the relay's rate
// divided by the forwarder's. Crowd: so many peers, 20 packets a second each to a neighbour, for ten seconds.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { WebSocket, WebSocketServer } from 'ws'
import { createRelay, issueRelayToken } from '../src/relay/node/index.js'
import type { Link } from '../src/transport/index.js'
import { RelayTransport } from '../src/transport/relay/index.js'

const SECRET = 'a secret of more than thirty-two characters'
const FRAME = 64
const COUNT = 200_000
const ROUNDS = 5
const BATCH = 64

/** Sends without ever having more than so many under way, so that neither side is a test of its buffers. */
interface Path {
  send(): boolean
  received(): number
  close(): void
}

async function child(kind: string): Promise<{ process: ChildProcess; url: string; memory(): Promise<number> }> {
  const started = fork(fileURLToPath(import.meta.url), [kind], { execArgv: ['--import', 'tsx'] })
  const [url] = (await once(started, 'message')) as [string]
  const memory = async () => {
    started.send('memory')
    return ((await once(started, 'message')) as [number])[0]
  }
  return { process: started, url, memory }
}

async function tokenUrl(url: string, steamId: bigint): Promise<string> {
  return `${url}/?token=${await issueRelayToken({ steamId, secret: SECRET })}`
}

async function throughRelay(url: string, a: bigint, b: bigint): Promise<Path> {
  let count = 0
  let link: Link | undefined
  const [from, to] = await Promise.all(
    [a, b].map(async (steamId) => new RelayTransport({ steamId, url: await tokenUrl(url, steamId) })),
  )
  const linked = new Promise<void>((resolve) => {
    from!.attach({
      linkUp(up) {
        link = up
        resolve()
      },
      frame() {},
      drain() {},
      linkDown: (_, reason) => console.error('down:', reason),
    })
  })
  to!.attach({ linkUp() {}, frame: () => count++, drain() {}, linkDown() {} })
  await Promise.all([from!.open(), to!.open()])
  from!.connect(b)
  await linked
  return {
    send: () => link!.send(new Uint8Array(FRAME), 'reliable'),
    received: () => count,
    close() {
      from!.close()
      to!.close()
    },
  }
}

async function throughForwarder(url: string): Promise<Path> {
  let count = 0
  const [from, to] = [new WebSocket(url), new WebSocket(url)]
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
    for (let i = 0; i < BATCH && sent < COUNT && sent - (path.received() - before) < 2_000; i++) if (path.send()) sent++
    await new Promise((resolve) => setImmediate(resolve))
  }
  return COUNT / ((performance.now() - start) / 1000)
}

async function pairs(): Promise<void> {
  const [relay, forwarder] = await Promise.all([child('relay'), child('forwarder')])
  const ours = await throughRelay(relay.url, 2n, 3n)
  const theirs = await throughForwarder(forwarder.url)
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
  relay.process.kill()
  forwarder.process.kill()
}

async function crowd(peers: number): Promise<void> {
  const relay = await child('relay')
  const empty = await relay.memory()
  const late: number[] = []
  let received = 0
  const links: Link[] = []
  const transports: RelayTransport[] = []
  for (let i = 0; i < peers; i++) {
    const steamId = BigInt(1000 + i)
    const transport = new RelayTransport({ steamId, url: await tokenUrl(relay.url, steamId) })
    transport.attach({
      linkUp: (link) => {
        if (i % 2 === 0) links.push(link)
      },
      frame: (_, frame) => {
        received++
        if (received % 50 === 0)
          late.push(performance.now() - new DataView(frame.buffer, frame.byteOffset).getFloat64(0))
      },
      drain() {},
      linkDown: (_, reason) => console.error('down:', reason),
    })
    await transport.open()
    transports.push(transport)
  }
  for (let i = 0; i < peers; i += 2) transports[i]!.connect(BigInt(1001 + i))
  while (links.length < Math.floor(peers / 2)) await new Promise((resolve) => setTimeout(resolve, 10))
  const full = await relay.memory()
  const end = performance.now() + 10_000
  let sent = 0
  // Each link carries both peers' packets: 40 a second.
  const perTick = Math.max(1, Math.ceil((links.length * 40) / 200))
  for (let next = 0; performance.now() < end; ) {
    const start = performance.now()
    for (let i = 0; i < perTick; i++) {
      const frame = new Uint8Array(100)
      new DataView(frame.buffer).setFloat64(0, performance.now())
      if (links[next++ % links.length]!.send(frame, 'reliable')) sent++
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 5 - (performance.now() - start))))
  }
  while (received < sent) await new Promise((resolve) => setTimeout(resolve, 10))
  late.sort((a, b) => a - b)
  console.log(
    `${peers} peers, ${Math.round(sent / 10).toLocaleString('en-US')} packets a second, all received: ` +
      `p50 ${late[late.length >> 1]!.toFixed(2)} ms, p99 ${late[Math.floor(late.length * 0.99)]!.toFixed(2)} ms, ` +
      `${((full - empty) / peers / 1024).toFixed(1)} kB of relay a peer`,
  )
  relay.process.kill()
}

async function serveRelay(): Promise<void> {
  const limits = { messagesPerSecond: 10_000_000, bytesPerSecond: 1_000_000_000 }
  const relay = await createRelay({ port: 0, tokens: { secret: SECRET }, maxPerAddress: 100_000, limits })
  process.send!(relay.url)
  process.on('message', () => process.send!(process.memoryUsage().rss))
}

async function serveForwarder(): Promise<void> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
  const sockets: WebSocket[] = []
  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('message', (data, isBinary) => {
      for (const other of sockets) if (other !== socket) other.send(data, { binary: isBinary })
    })
  })
  process.send!(`ws://127.0.0.1:${(server.address() as { port: number }).port}`)
}

const [what = ''] = process.argv.slice(2)
if (what === 'relay') await serveRelay()
else if (what === 'forwarder') await serveForwarder()
else {
  await pairs()
  await crowd(Number(what || 1_000))
  process.exit()
}
