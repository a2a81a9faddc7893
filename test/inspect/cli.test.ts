// The inspector on the command line: captures that are decoded, the page that is served, the relay that is shown.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { FrameWriter } from '../../src/channel/records.js'
import {
  type CapturedFrame,
  readBatch,
  readFigures,
  type SourceFigures,
  writeCapture,
} from '../../src/inspect/index.js'
import { openInspector } from '../../src/inspect/node/index.js'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { RelayTransport } from '../../src/transport/relay/index.js'
import { Vector3, varToBytes } from '../../src/variant/index.js'
import { makeProgram, type Program } from '../cli/program.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const docs = readFileSync(join(ROOT, 'docs/inspector.md'), 'utf8')

const A = 76561197960265729n
const B = 76561197960265730n

let program: Program
beforeAll(async () => {
  program = await makeProgram()
  // Served as it lies beside the built program; what is in it, another test looks at.
  writeFileSync(join(program.folder, 'inspector.html'), '<!doctype html><title>the page</title>')
  writeFileSync(join(program.folder, 'game.pcapng'), writeCapture(frames()))
})
afterAll(() => program?.remove())

function frame(write: (writer: FrameWriter) => void, destination: number, source: number): Uint8Array {
  const writer = new FrameWriter().begin(destination, source)
  write(writer)
  return writer.toBytes()
}

function frames(): CapturedFrame[] {
  const received = { session: 0, sequence: 0 }
  const seen = { at: 1_700_000_000_000, from: A, to: B, lane: 'reliable', taken: true } as const
  return [
    { ...seen, frame: frame((w) => w.open(4_194_304, received), 0, 1) },
    { ...seen, at: seen.at + 12, from: B, to: A, frame: frame((w) => w.accept(4_194_304, received), 1, 2) },
    {
      ...seen,
      at: seen.at + 25,
      frame: frame((w) => w.message(0, 0, varToBytes({ hp: 5, at: new Vector3(1, 2, 3.5) })), 2, 1),
    },
  ]
}

describe('decode of a capture', () => {
  it('prints what docs/inspector.md says', async () => {
    const [, command, output] = /^```console\n\$ (.*)\n([\s\S]*?)^```$/m.exec(docs)!
    const { stdout, code } = await program.shell(`{ ${command}; } 2>&1`)
    expect(stdout).toBe(output)
    expect(code).toBe(0)
  })

  it('is JSON for programs', async () => {
    const { stdout } = await program.run(['decode', '--json', '--quiet', '@game.pcapng'])
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ records }) => records[0].record)).toEqual(['OPEN', 'ACCEPT', 'MESSAGE'])
    expect(lines[2]).toMatchObject({ from: String(A), to: String(B), time: '2023-11-14T22:13:20.025Z', taken: true })
    expect(lines[2].records[0]).toMatchObject({ channel: 0, sequence: 0, values: [{ hp: 5 }] })
  })

  it('names every byte', async () => {
    const { stdout } = await program.run(['decode', '--annotate', '--quiet', '@game.pcapng'])
    expect(stdout).toContain('record: MESSAGE 0 on channel 0')
    expect(stdout).toMatch(/68 70 +text: "hp"/)
  })

  it('puts fragments together, opens what is compressed, and shows what is neither', async () => {
    const value = varToBytes({ long: 'x'.repeat(50) })
    const seen = { at: 0, from: A, to: B, lane: 'datagram', taken: false } as const
    const all = [
      { ...seen, frame: frame((w) => w.fragment(0, 1, value.length, 0, value.subarray(0, 20)), 2, 1) },
      { ...seen, frame: frame((w) => w.fragment(0, 1, value.length, 20, value.subarray(20)), 2, 1) },
      { ...seen, frame: frame((w) => w.datagram(0, new Uint8Array([0xff, 1, 2])), 2, 1) },
    ]
    writeFileSync(join(program.folder, 'more.pcapng'), writeCapture(all))
    const { stdout } = await program.run(['decode', '--quiet', '@more.pcapng'])
    expect(stdout.match(/"long": "x{50}"/g)).toHaveLength(1)
    expect(stdout).toContain('no value: ff0102')
    expect(stdout).toContain('as a datagram, not taken by the link')
  })

  it('ends with 3 where a frame is broken, and says where the file is', async () => {
    const broken = { at: 0, from: A, to: B, lane: undefined, taken: true, frame: new Uint8Array([9, 9]) }
    writeFileSync(join(program.folder, 'broken.pcapng'), writeCapture([broken]))
    const { stdout, code } = await program.run(['decode', '@broken.pcapng'])
    expect([code, stdout]).toEqual([3, expect.stringContaining('broken at byte 0: kind 9')])
    writeFileSync(join(program.folder, 'cut.pcapng'), writeCapture([broken]).subarray(0, 60))
    const cut = await program.run(['decode', '@cut.pcapng'])
    expect([cut.code, cut.stderr]).toEqual([3, expect.stringContaining('INSPECT_BAD_CAPTURE')])
  })
})

/** Bundles a sample of docs/inspector.md with what it takes for granted, and runs it. */
async function ranSample(name: string, contents: string, env: Record<string, string> = {}): Promise<string> {
  const doors = { inspect: 'inspect/node', variant: 'variant', p2p: 'p2p', transport: 'transport' }
  const alias = Object.entries(doors).map(([door, room]) => [`godot-wire/${door}`, join(ROOT, 'src', room, 'index.ts')])
  await build({
    stdin: { contents: contents.replace(/^```.*$/gm, ''), resolveDir: program.folder, loader: 'ts' },
    outfile: join(program.folder, name),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['ws'],
    alias: Object.fromEntries(alias),
    logLevel: 'silent',
  })
  const { stdout, stderr } = await program.shell(`node ${name}`, { FORCE_COLOR: '0', ...env })
  expect(stderr).toBe('')
  return stdout
}

describe('the samples of docs/inspector.md', () => {
  const [attach, remote, read] = [...docs.matchAll(/^```ts\n[\s\S]*?^```$/gm)].map(([sample]) => sample)

  it('read a capture', async () => {
    expect(await ranSample('read.mjs', read!)).toMatch(/^76561197960265729n 0 Dictionary/)
  })

  it('show a P2P', async () => {
    const before = `import { MemoryNetwork } from 'godot-wire/transport'
      const steamId = 76561197960265729n
      const transport = new MemoryNetwork().transport(steamId)`
    const printed = await ranSample(
      'show.mjs',
      `${before}\n${attach}\nconsole.log(p2p.steamId); p2p.close(); await inspector.close()`,
    )
    expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=\S{32}\n76561197960265729n\n$/)
  })

  it('show one on a page of another process', async () => {
    const inspector = await openInspector({ page: join(program.folder, 'inspector.html') })
    const after = `console.log(inspector.url === process.env.INSPECTOR); await inspector.close()`
    const sample = `import { openInspector } from 'godot-wire/inspect'\n${remote}\n${after}`
    expect(await ranSample('remote.mjs', sample, { INSPECTOR: inspector.url })).toBe('true\n')
    await inspector.close()
  })
})

/** A command that runs until it is told to end, and the lines that it prints. */
function started(args: readonly string[]) {
  const child = spawn(process.execPath, [join(program.folder, 'cli.mjs'), ...args])
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  }
  const line = async (pattern: RegExp) => {
    for (let turn = 0; turn < 5_000; turn++) {
      const found = lines.map((one) => pattern.exec(one)?.[1]).find((one) => one !== undefined)
      if (found !== undefined) return found
      await new Promise((resolve) => setTimeout(resolve, 4))
    }
    throw new Error(`it never said ${pattern}; it said ${lines.join('\n')}`)
  }
  return { child, exited, line }
}

describe('inspect', () => {
  it('serves the page until it is told to end', async () => {
    const { child, exited, line } = started(['inspect', '--port', '0'])
    try {
      const url = await line(/^Inspector: (http\S+)$/)
      expect(await (await fetch(url)).text()).toContain('the page')
      child.kill('SIGTERM')
      expect(await exited).toBe(0)
    } finally {
      child.kill('SIGKILL')
    }
  })

  it.each([
    [['--port', '99999'], 2, 'CLI_USAGE'],
    [['--port', 'x'], 2, 'CLI_USAGE'],
  ])('%j ends with %i', async (args, code, name) => {
    const ran = await program.run(['inspect', '--json', ...args])
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(name)])
  })
})

describe('relay --inspect', () => {
  it('shows who is there and what they say to each other', async () => {
    const { child, line } = started(['relay', '--insecure', '--port', '0', '--inspect'])
    const peers: P2P[] = []
    let feed: WebSocket | undefined
    try {
      const page = new URL(await line(/^# inspector: (http\S+)$/))
      const relay = await line(/listening url=(ws\S+)$/)
      const ids: bigint[] = []
      for (let i = 0; i < 2; i++) {
        const answer = await (await fetch(`${relay.replace('ws:', 'http:')}/identity`)).json()
        const { steamId, token } = answer as { steamId: string; token: string }
        const transport = new RelayTransport({ steamId: BigInt(steamId), url: `${relay}/?token=${token}` })
        await transport.open()
        ids.push(BigInt(steamId))
        peers.push(new P2P({ steamId: BigInt(steamId), transport }))
      }
      const heard: { last?: SourceFigures; frames: number } = { frames: 0 }
      feed = new WebSocket(`ws://${page.host}/feed${page.search}`)
      feed.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) heard.frames += readBatch(new Uint8Array(data)).frames.length
        else heard.last = readFigures(data.toString()).sources[0]!
      })
      peers[1]!.on('p2p_session_request', (id) => peers[1]!.acceptP2PSessionWithUser(id))
      peers[0]!.sendP2PPacket(ids[1]!, new Uint8Array([1, 2, 3]), P2P_SEND_RELIABLE, 5)
      for (let turn = 0; (heard.last?.flows.length ?? 0) === 0 || heard.frames < 3; turn++) {
        if (turn > 5_000) throw new Error('nothing was shown')
        await new Promise((resolve) => setTimeout(resolve, 4))
      }
      const [from, to] = ids.map(String)
      expect(heard.last).toMatchObject({
        name: 'relay',
        broken: 0,
        flows: [{ from, to, channel: 5, packets: 1, bytes: 3 }],
        relay: { stats: { peers: 2, ports: 2 } },
      })
      expect(heard.last?.relay?.peers.map(({ peer, links }) => [peer, links]).sort()).toEqual(
        [
          [from, 1],
          [to, 1],
        ].sort(),
      )
    } finally {
      feed?.terminate()
      for (const peer of peers) peer.close()
      child.kill('SIGKILL')
    }
  })
})
