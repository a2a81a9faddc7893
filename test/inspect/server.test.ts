// The server of the page and its feed: who gets in, what it says, and what it does with those who say what is wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { isGodotWireError } from '../../src/errors.js'
import { type Batch, type Figures, readBatch, readFigures } from '../../src/inspect/index.js'
import { type Inspector, openInspector } from '../../src/inspect/node/index.js'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { MemoryNetwork } from '../../src/transport/index.js'
import { until } from '../until.js'

const A = 76561197960265729n
const B = 76561197960265730n

let folder: string
let page: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'godot-wire-inspect-'))
  page = join(folder, 'inspector.html')
  writeFileSync(page, '<!doctype html><title>the page</title>')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

async function inspectorWith(options: Parameters<typeof openInspector>[0] = {}): Promise<Inspector> {
  const inspector = await openInspector({ page, ...options })
  open.push(inspector)
  return inspector
}

/** The answer to a request as no browser would let a page make it. */
function asked(url: string | URL, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    const request = get(url, { headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }))
    })
    request.on('error', reject)
  })
}

function feedOf({ url }: Inspector, path = '/feed', change: (place: URL) => void = () => {}): URL {
  const place = new URL(url)
  place.protocol = 'ws:'
  place.pathname = path
  change(place)
  return place
}

/** Whether a socket comes up there, or with which status it is refused. */
function dialled(place: URL, headers: Record<string, string> = {}): Promise<'open' | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(place, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve('open')
    })
    socket.on('unexpected-response', (_, { statusCode }) => {
      socket.terminate()
      resolve(statusCode!)
    })
    // What follows a refusal.
    socket.on('error', reject)
  })
}

/** A page, without a page. */
async function watch(inspector: Inspector) {
  const socket = new WebSocket(feedOf(inspector))
  const heard = { batches: [] as Batch[], figures: [] as Figures[] }
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) heard.batches.push(readBatch(new Uint8Array(data)))
    else heard.figures.push(readFigures(data.toString()))
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  open.push({ close: () => socket.terminate() })
  return { socket, heard, frames: () => heard.batches.flatMap(({ frames }) => frames) }
}

function game(inspector: Inspector) {
  const network = new MemoryNetwork()
  const ann = inspector.p2p({ steamId: A, transport: network.transport(A) }, 'ann')
  const bob = new P2P({ steamId: B, transport: network.transport(B) })
  bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
  open.push(ann, bob)
  return { ann, bob }
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was thrown',
    (error) => (isGodotWireError(error) ? error.code : String(error)),
  )
}

describe('who gets in', () => {
  it('is who has the token, and nobody else', async () => {
    const inspector = await inspectorWith()
    expect(await asked(inspector.url)).toMatchObject({ status: 200, body: expect.stringContaining('the page') })
    const place = new URL(inspector.url)
    for (const token of ['', 'x', `${place.searchParams.get('token')}x`]) {
      place.searchParams.set('token', token)
      expect((await asked(place)).status).toBe(403)
      expect(await dialled(feedOf(inspector, '/feed', (url) => url.searchParams.set('token', token)))).toBe(403)
    }
    place.search = ''
    expect((await asked(place)).status).toBe(403)
  })

  it('is no page of somebody else, and no name that was bound to this machine', async () => {
    const inspector = await inspectorWith()
    const { port } = new URL(inspector.url)
    expect(await dialled(feedOf(inspector), { origin: 'https://evil.example' })).toBe(403)
    expect(await dialled(feedOf(inspector), { origin: 'null' })).toBe(403)
    expect(await dialled(feedOf(inspector), { origin: `http://127.0.0.1:${Number(port) + 1}` })).toBe(403)
    expect(await dialled(feedOf(inspector), { origin: `http://127.0.0.1:${port}` })).toBe('open')
    expect((await asked(inspector.url, { host: `evil.example:${port}` })).status).toBe(403)
    expect((await asked(inspector.url, { host: `localhost:${port}` })).status).toBe(200)
  })

  it('comes from this machine: there is no other address', async () => {
    const inspector = await inspectorWith()
    expect(new URL(inspector.url).hostname).toBe('127.0.0.1')
    const { port } = new URL(inspector.url)
    await expect(asked(`http://127.0.0.2:${port}/`)).rejects.toThrow('ECONNREFUSED')
  })

  it('gets headers that keep the page to itself, and no other method', async () => {
    const inspector = await inspectorWith()
    const { headers } = await asked(inspector.url)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect((await asked(inspector.url, {}, 'POST')).status).toBe(405)
    expect(
      (await asked(new URL(`/other?token=${new URL(inspector.url).searchParams.get('token')}`, inspector.url))).status,
    ).toBe(404)
    expect(await dialled(feedOf(inspector, '/elsewhere'))).toBe(404)
  })

  it('may ask for what is no address, and others are served after it', async () => {
    const inspector = await inspectorWith()
    const { port } = new URL(inspector.url)
    for (const upgrade of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']) {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1', () => {
          socket.write(`GET // HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${upgrade}\r\n`)
        })
        socket.once('data', (bytes) => {
          socket.destroy()
          resolve(bytes.toString())
        })
        socket.once('error', reject)
      })
      expect(answer).toMatch(/^HTTP\/1.1 403/)
    }
    expect((await asked(inspector.url)).status).toBe(200)
  })

  it('reads the documentation that the page links to', async () => {
    const inspector = await inspectorWith()
    const { status, body } = await asked(new URL('/docs/error-codes.md', inspector.url))
    expect([status, body.includes('### VARIANT_TRUNCATED')]).toEqual([200, true])
  })
})

describe('a P2P', () => {
  it('is shown with its frames, its packets and its sessions', async () => {
    const inspector = await inspectorWith()
    const { ann, bob } = game(inspector)
    const page = await watch(inspector)
    ann.sendP2PPacket(B, new Uint8Array([1, 2, 3]), P2P_SEND_RELIABLE, 6)
    await until(() => bob.isP2PPacketAvailable(6))
    const last = () => page.heard.figures.at(-1)?.sources[0]
    await until(() => last()?.flows.length === 1 && last()?.sessions[0]?.state === 'open')
    expect(last()).toMatchObject({
      name: 'ann',
      self: String(A),
      flows: [{ from: String(A), to: String(B), channel: 6, packets: 1, bytes: 3 }],
    })
    await until(() => page.frames().length >= last()!.frames)
    expect(page.frames().every(({ source }) => source === last()!.id)).toBe(true)
    expect(new Set(page.frames().map(({ from, to }) => `${from} ${to}`))).toEqual(new Set([`${A} ${B}`, `${B} ${A}`]))
  })

  it('keeps the onFrame of its owner', async () => {
    const inspector = await inspectorWith()
    const network = new MemoryNetwork()
    let own = 0
    const ann = inspector.p2p({ steamId: A, transport: network.transport(A), onFrame: () => own++ })
    open.push(ann)
    const bob = new P2P({ steamId: B, transport: network.transport(B) })
    open.push(bob)
    ann.sendP2PPacket(B, new Uint8Array(1), P2P_SEND_RELIABLE, 0)
    await until(() => own > 0)
  })

  it('of another process is shown where that says', async () => {
    const inspector = await inspectorWith()
    const there = await inspectorWith({ at: inspector.url })
    const { ann, bob } = game(there)
    const page = await watch(inspector)
    ann.sendP2PPacket(B, new Uint8Array([1, 2, 3]), P2P_SEND_RELIABLE, 6)
    await until(() => bob.isP2PPacketAvailable(6))
    await until(() => page.heard.figures.some(({ sources }) => sources[0]?.flows[0]?.packets === 1))
    await until(() => page.frames().some(({ frame }) => frame.length > 20))
    await there.close()
    await until(() => page.heard.figures.at(-1)?.sources.length === 0)
  })

  it('at 10,000 frames a second is counted to the last one, whoever looks', async () => {
    const inspector = await inspectorWith()
    const source = inspector.source('flood', A)
    const page = await watch(inspector)
    const frame = new Uint8Array([1, 0, 0, 0, 1, 0, 0, 0, 1, 0x10, 0, 3, 1, 2, 3])
    for (let turn = 0; turn < 30; turn++) {
      for (let i = 0; i < 1_000; i++) source.see({ at: turn, from: A, to: B, lane: 'datagram', taken: true, frame })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await until(() => page.heard.figures.at(-1)?.sources[0]?.frames === 30_000)
    const shown = () => page.heard.batches.reduce((sum, { frames, missed }) => sum + frames.length + missed, 0)
    await until(() => shown() === 30_000)
    for (const { frames } of page.heard.batches) expect(frames.length).toBeLessThanOrEqual(2_000)
    expect(page.heard.figures.at(-1)?.sources[0]?.flows[0]).toMatchObject({ packets: 30_000, bytes: 90_000 })
  })
})

describe('what goes wrong', () => {
  it('has a code', async () => {
    const inspector = await inspectorWith()
    const port = Number(new URL(inspector.url).port)
    expect(await codeOf(openInspector({ page, port }))).toBe('INSPECT_LISTEN_FAILED')
    expect(await codeOf(openInspector({ page, port: 70_000 }))).toBe('INSPECT_BAD_OPTION')
    expect(await codeOf(openInspector({ page: join(folder, 'none.html') }))).toBe('INSPECT_NO_PAGE')
    expect(await codeOf(openInspector({ at: 'no url' }))).toBe('INSPECT_BAD_OPTION')
    expect(await codeOf(openInspector({ at: 'http://127.0.0.1:1/?token=x' }))).toBe('INSPECT_UNREACHABLE')
    expect(await codeOf(openInspector({ at: `http://127.0.0.1:${port}/?token=x` }))).toBe('INSPECT_UNREACHABLE')
  })

  it('does not tell the token', async () => {
    const error = await openInspector({ at: 'http://127.0.0.1:1/?token=secret' }).catch((thrown) => thrown)
    expect(JSON.stringify([error.message, error.facts])).not.toContain('secret')
  })

  it('ends the connection of a program that says what makes no sense, and of nobody else', async () => {
    const inspector = await inspectorWith()
    const page = await watch(inspector)
    for (const message of [new Uint8Array([9, 9, 9]), '{"kind":"figures"}', 'no JSON']) {
      const socket = new WebSocket(feedOf(inspector, '/source'))
      await new Promise((resolve) => socket.once('open', resolve))
      const closed = new Promise<number>((resolve) => socket.once('close', resolve))
      socket.send(message)
      expect(await closed).toBe(1008)
    }
    expect(page.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('is a thousand sources and one', async () => {
    const inspector = await inspectorWith()
    for (let i = 0; i < 1_000; i++) inspector.source(`game ${i}`)
    expect(() => inspector.source('one more')).toThrow(
      expect.toSatisfy((error: unknown) => isGodotWireError(error, 'INSPECT_BAD_OPTION')),
    )
  })
})
