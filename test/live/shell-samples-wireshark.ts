// The shell block that captures: tshark listens on this machine while two peers speak.
import { execFileSync } from 'node:child_process'
import { expect, onTestFinished } from 'vitest'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { varToBytes } from '../../src/variant/index.js'
import { type Edits, edited } from '../documents.js'
import { until } from '../until.js'
import { itUnless, type Lack, lackOf } from './needs.js'
import { type Guard, installedFolder, openShell } from './shell-rows.js'

export const withCapture: Guard = (name, run) => itUnless(lackOfCapture(), name, run)

function lackOfCapture(): Lack | undefined {
  const noTshark = lackOf('tshark')
  if (noTshark !== undefined) return noTshark
  try {
    execFileSync('dumpcap', ['-i', 'lo', '-L'], { stdio: 'ignore' })
    return undefined
  } catch {
    return { skipped: 'this user may not capture', failed: 'tshark may not capture on lo, and CI must: as root it may' }
  }
}

const [ANN, BOB] = [76561197960265729n, 76561197960265730n]

/** Ann joins, sends Bob a packet, and leaves. */
async function sayHello(url: string, bob: P2P): Promise<void> {
  const transport = new WebSocketTransport({ steamId: ANN })
  const ann = new P2P({ steamId: ANN, transport })
  try {
    await transport.open(url)
    ann.sendP2PPacket(BOB, varToBytes({ hp: 5 }), P2P_SEND_RELIABLE, 4)
    await until(() => bob.readP2PPacket(100, 4).data !== undefined)
  } finally {
    ann.close()
  }
}

/** tshark sees a connection that is made while it captures, from its hello on. */
export async function capture(block: string): Promise<void> {
  const listener = new WebSocketTransport({ steamId: BOB })
  const bob = new P2P({ steamId: BOB, transport: listener })
  onTestFinished(() => bob.close())
  bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
  const { port, url } = await listener.listen({ port: 0 })
  const edits: Edits = [
    ['tcp port 7777', `tcp port ${port}`],
    // Each packet at once, as a terminal has it.
    ['tshark ', 'tshark -l '],
  ]
  const tshark = openShell().start(edited(block, edits), await installedFolder())
  let isOver = false
  const seen = tshark.line('MESSAGE on channel 4').finally(() => {
    isOver = true
  })
  // It does not say when it has begun: she comes again until she is seen.
  const visits = async () => {
    while (!isOver) await sayHello(url, bob)
  }
  const [line] = await Promise.all([seen, visits()])
  expect(line).toContain('Dictionary of 1')
  tshark.interrupt()
  await tshark.exited
}
