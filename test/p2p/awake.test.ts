// A program that awaits a flush and has no socket open lives until the answer comes.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const PROGRAM = `
import { P2P, P2P_SEND_RELIABLE } from './src/p2p/index.ts'
import { MemoryNetwork } from './src/transport/index.ts'
const network = new MemoryNetwork()
const [ann, bob] = [76561197960265729n, 76561197960265730n].map((steamId) => {
  const p2p = new P2P({ steamId, transport: network.transport(steamId) })
  p2p.on('p2p_session_request', (id) => p2p.acceptP2PSessionWithUser(id))
  return p2p
})
ann.sendP2PPacket(76561197960265730n, new Uint8Array(3), P2P_SEND_RELIABLE)
await ann.flush(76561197960265730n)
console.log(bob.isP2PPacketAvailable())
`

it('a flush keeps the program alive that waits for it', () => {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', timeout: 50_000 })
  expect([status, stdout, stderr]).toEqual([0, 'true\n', ''])
})
