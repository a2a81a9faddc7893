// `godot-wire relay`, as a process of its own.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { RelayTransport } from '../../src/transport/relay/index.js'

const MAIN = fileURLToPath(new URL('../../src/cli/node/main.ts', import.meta.url))

function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'relay', ...args], {
    env: { ...process.env, RELAY_SECRET: '', ...env },
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  return { child, exited, errors: () => errors, lines: createInterface({ input: child.stdout }) }
}

it('hands out identities, lets a peer in, and drains on SIGTERM', async () => {
  const { child, exited, lines } = start(['--insecure', '--port', '0', '--json'])
  try {
    const heard: { event: string; url?: string; peer?: string }[] = []
    const listening = new Promise<string>((resolve) => {
      lines.on('line', (line) => {
        const entry = JSON.parse(line)
        heard.push(entry)
        if (entry.event === 'listening') resolve(entry.url)
      })
    })
    const url = await listening
    const answer = await fetch(`${url.replace('ws:', 'http:')}/identity`)
    const { steamId, token } = (await answer.json()) as { steamId: string; token: string }
    const peer = new RelayTransport({ steamId: BigInt(steamId), url: `${url}/?token=${token}`, reconnect: false })
    await peer.open()
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
    expect(heard.map(({ event }) => event)).toEqual(['listening', 'joined', 'draining', 'left', 'closed'])
    expect(heard[1]?.peer).toBe(steamId)
    peer.close()
  } finally {
    child.kill('SIGKILL')
  }
})

it.each([
  [[], 2, /Set RELAY_SECRET/],
  [['--port', 'seven'], 2, /must be a whole number/],
  [['--public-key', '/nowhere/at/all.pem'], 4, /cannot be read/],
] as const)('%j ends with %i and says why', async (args, code, message) => {
  const { exited, errors } = start(args)
  expect(await exited).toBe(code)
  expect(errors()).toMatch(message)
})
