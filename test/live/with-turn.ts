// A real TURN server (coturn) for tests of WebRTC.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { itUnless, lackOf } from './needs.js'

const MISSING = lackOf('turnserver', 'coturn')

/** `it`, where there is a turnserver. */
export function itWithTurn(name: string, run: () => Promise<void>): void {
  itUnless(MISSING, name, run, 40_000)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface TurnServer {
  readonly url: string
  readonly process: ChildProcess
}

/** User `ann`, password `secret`; kill its process in the end. */
export async function turnServer(): Promise<TurnServer> {
  const port = await freePort()
  const options = [
    '--no-tls',
    '--no-dtls',
    '--no-cli',
    '--allow-loopback-peers',
    '--no-stdout-log',
    '--log-file',
    '/dev/null',
  ]
  const place = ['-n', '-L', '127.0.0.1', '-E', '127.0.0.1', '-p', String(port)]
  const child = spawn('turnserver', [...place, '-a', '-u', 'ann:secret', '-r', 'test', ...options], { stdio: 'ignore' })
  return { url: `turn:127.0.0.1:${port}?transport=udp`, process: child }
}
