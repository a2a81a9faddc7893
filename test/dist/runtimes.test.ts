// The installed package in Bun and in Deno: values, compression, and packets between two peers over a real WebSocket.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRuntime, type Runtime } from '../../scripts/runtimes.js'
import { type Consumer, makeConsumer } from './consumer.js'

const run = promisify(execFile)

const PROGRAM = `
import { P2P, P2P_SEND_RELIABLE, Vector2, bytesToVar, varToBytes } from 'godot-wire'
import { COMPRESSION_BROTLI, COMPRESSION_DEFLATE, COMPRESSION_FASTLZ, COMPRESSION_GZIP, compress, decompressDynamic, ready } from 'godot-wire/compression'
import { WebSocketTransport } from 'godot-wire/transport/websocket'

const [a, b] = [76561197960265729n, 76561197960265730n]
const server = new WebSocketTransport({ steamId: b })
const { url } = await server.listen({ port: 0 })
const bob = new P2P({ steamId: b, transport: server })
bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
const alice = new P2P({ steamId: a, transport: new WebSocketTransport({ steamId: a, urlOf: () => url }) })
for (const mode of [COMPRESSION_FASTLZ, COMPRESSION_DEFLATE, COMPRESSION_GZIP]) {
  const packet = compress(varToBytes({ hp: 5, at: new Vector2(1, 2), id: 1n << 62n }), mode)
  alice.sendP2PPacket(b, Uint8Array.of(mode, ...packet), P2P_SEND_RELIABLE)
}
let heard = 0
for await (const { data } of bob.packets()) {
  const bytes = data[0] === COMPRESSION_FASTLZ ? data.subarray(1) : decompressDynamic(data.subarray(1), 1 << 20, data[0])
  if (data[0] !== COMPRESSION_FASTLZ) console.log(data[0], String(bytesToVar(bytes)))
  if (++heard === 3) break
}
await ready(COMPRESSION_BROTLI)
const plain = decompressDynamic(Uint8Array.from(atob('CwKAaGVsbG8D'), (one) => one.charCodeAt(0)), 100, COMPRESSION_BROTLI)
console.log(new TextDecoder().decode(plain))
alice.close()
bob.close()
`

const SAYS = `1 { "hp": 5, "at": Vector2(1, 2), "id": 4611686018427387904 }
3 { "hp": 5, "at": Vector2(1, 2), "id": 4611686018427387904 }
hello
`

let consumer: Consumer
beforeAll(async () => {
  consumer = await makeConsumer()
})
afterAll(() => consumer?.remove())

const RUNTIMES: readonly [runtime: Runtime | 'node', args: readonly string[]][] = [
  ['node', []],
  ['bun', []],
  ['deno', ['run', '--no-prompt', '--allow-net=127.0.0.1', '--allow-read', '--allow-env', '--no-remote']],
]

describe('the package talks', () => {
  for (const [runtime, args] of RUNTIMES) {
    const command = runtime === 'node' ? process.execPath : findRuntime(runtime)
    if (command === undefined) {
      console.warn(`SKIPPED: no ${runtime}; npm install --prefix .cache/runtimes --no-save bun deno`)
      it.skip(`in ${runtime} (SKIPPED: there is none; see scripts/runtimes.ts)`, () => {})
      continue
    }
    it(`in ${runtime}`, async () => {
      const file = consumer.write('talk.mjs', PROGRAM)
      const { stdout } = await run(command, [...args, file], { cwd: consumer.folder, timeout: 50_000 })
      expect(stdout).toBe(SAYS)
    })
  }
})
