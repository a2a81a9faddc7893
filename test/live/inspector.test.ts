// The inspector's page in a real Chromium: as a file without a server, and live beside running programs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { BROWSER_ARGS, findBrowser } from '../../scripts/browser.js'
import { FrameWriter } from '../../src/channel/records.js'
import { COMPRESSION_GZIP, compress } from '../../src/compression/index.js'
import { readCapture, writeCapture } from '../../src/inspect/index.js'
import { openInspector } from '../../src/inspect/node/index.js'
import { P2P, P2P_SEND_RELIABLE, P2P_SEND_UNRELIABLE } from '../../src/p2p/index.js'
import { MemoryNetwork } from '../../src/transport/index.js'
import { Vector3, varToBytes } from '../../src/variant/index.js'
import { itInBrowser } from './in-browser.js'

const A = 76561197960265729n
const B = 76561197960265730n

let folder: string
let file: string
let browser: BrowserContext | undefined
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'godot-wire-inspector-'))
  file = join(folder, 'inspector.html')
  const configFile = fileURLToPath(new URL('../../inspector/vite.config.ts', import.meta.url))
  await build({ configFile, build: { outDir: folder } })
  const executablePath = findBrowser()
  if (executablePath === undefined) return
  const options = { executablePath, args: BROWSER_ARGS, headless: true, acceptDownloads: true }
  browser = await chromium.launchPersistentContext(join(folder, 'profile'), options)
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const closing: (() => unknown)[] = []
/** What the page itself called an error. */
let problems: string[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  expect(problems.splice(0)).toEqual([])
})

async function opened(url: string, size = { width: 1280, height: 800 }): Promise<Page> {
  const page = await browser!.newPage()
  closing.push(() => page.close())
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.setViewportSize(size)
  await page.goto(url)
  return page
}

const asFile = (size?: { width: number; height: number }) => opened(pathToFileURL(file).href, size)

function field(page: Page) {
  return page.getByRole('textbox', { name: 'Bytes as hex or base64' })
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

async function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(`${selector}:visible`).allTextContents()
}

/** The offsets of the bytes that have that class. */
async function bytesWith(page: Page, name: string): Promise<number[]> {
  return page.locator(`.cell.${name}`).evaluateAll((cells) =>
    cells.map((cell) => {
      const row = Number(cell.closest('.hex-row')!.getAttribute('aria-rowindex')) - 1
      const width = cell.closest('.narrow') ? 8 : 16
      return row * width + [...cell.parentElement!.children].indexOf(cell)
    }),
  )
}

const VALUE = { hp: 5, at: new Vector3(1, 2, 3.5), name: 'Ann' }

describe('the file', () => {
  itInBrowser('is one, names its script by hash, and runs no other', async () => {
    const html = readFileSync(file, 'utf8')
    expect(html).not.toMatch(/<script[^>]* src=|<link[^>]*stylesheet|unsafe-|https?:\/\/(?!www\.w3\.org)[a-z]+\./)
    expect(html).toMatch(/default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/)
    const page = await asFile()
    const refused = await page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const seen: string[] = []
          addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
            seen.push(effectiveDirective)
            if (seen.length === 2) resolve(seen)
          })
          const script = document.createElement('script')
          script.textContent = 'document.title = "run"'
          document.head.append(script)
          fetch('http://127.0.0.1:1/').catch(() => {})
        }),
    )
    expect(refused).toEqual(['script-src-elem', 'connect-src'])
    expect(await page.title()).toBe('godot-wire inspector')
    // Chromium calls what it was asked for here an error.
    problems = []
  })

  itInBrowser('links bytes and tree, by pointer and by key', async () => {
    const page = await asFile()
    await field(page).fill(hexOf(varToBytes(VALUE)))
    const tree = page.getByRole('tree')
    await tree.getByText('"hp"').last().hover()
    const hovered = async () => bytesWith(page, 'hovered')
    await expect.poll(hovered).toEqual([16, 17])
    await page.locator('.hex-row').nth(1).locator('.cell').nth(8).hover()
    await expect.poll(() => texts(page, '.tree-row.hovered')).toEqual(['value5'])

    await tree.focus()
    await page.keyboard.press('Home')
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
    const active = page.locator('.tree-row.active')
    await expect.poll(() => active.textContent()).toContain('key 0"hp"')
    expect(await active.getAttribute('aria-expanded')).toBe('true')
    expect(await active.getAttribute('aria-level')).toBe('2')
    expect(await active.getAttribute('id')).toBe(await tree.getAttribute('aria-activedescendant'))
    expect(await bytesWith(page, 'selected')).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => active.getAttribute('aria-expanded')).toBe('false')
    await expect.poll(async () => (await texts(page, '.tree-row'))[4]).toContain('value 05')
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => active.textContent()).toContain('Dictionary of 3')

    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid')
    for (const key of ['Control+Home', 'ArrowDown', 'ArrowRight', 'End']) await page.keyboard.press(key)
    await expect.poll(() => bytesWith(page, 'cursor')).toEqual([31])
    await expect.poll(() => page.locator('.explorer .status').first().textContent()).toContain('byte 31 (0x1f)')
    await page.keyboard.press('Control+End')
    await expect.poll(() => bytesWith(page, 'cursor')).toEqual([varToBytes(VALUE).length - 1])
  })

  itInBrowser('marks an error at its place, with what to do', async () => {
    const page = await asFile()
    await field(page).fill('1c00000002000000020000000500000063000000')
    await expect.poll(() => bytesWith(page, 'error-start')).toEqual([16])
    const link = page.getByRole('tree').getByRole('link', { name: 'VARIANT_BAD_TYPE' })
    expect(await link.getAttribute('href')).toBe('../docs/error-codes.md#variant_bad_type')
    expect(await page.getByRole('alert').textContent()).toContain('Check version')
    await field(page).fill('not bytes at all!')
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('CLI_NOT_BYTES')
    await field(page).fill('')
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  })

  itInBrowser('recognises compression, framing, versions and frames', async () => {
    const page = await asFile()
    const framed = (bytes: Uint8Array) => Buffer.concat([Buffer.from([bytes.length, 0, 0, 0]), bytes])
    const two = Buffer.concat([framed(varToBytes(['one'])), framed(varToBytes(['two']))])
    await field(page).fill(Buffer.from(compress(two, COMPRESSION_GZIP)).toString('base64'))
    const notes = () => texts(page, '.notes li')
    await expect
      .poll(notes)
      .toEqual([
        expect.stringMatching(/^base64: \d+ bytes$/),
        expect.stringMatching(/^gzip: \d+ bytes hold 48$/),
        'put_var: 2 values',
        'Godot 4: no other version reads these bytes',
      ])
    expect((await texts(page, '.tree-row')).filter((row) => /^▾valueArray|^length20/.test(row))).toHaveLength(4)
    await field(page).fill(hexOf(varToBytes(new Vector3(4, 5, 6), { version: 3 })))
    await expect.poll(() => texts(page, '.tree-row')).toContainEqual(expect.stringContaining('Vector3( 4, 5, 6 )'))
    await page.getByLabel('Godot').first().selectOption('4')
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('VARIANT_TRUNCATED')
    await page.getByLabel('Godot').first().selectOption('')
    const writer = new FrameWriter().begin(7, 9)
    writer.message(1, 4, varToBytes(VALUE))
    await field(page).fill(hexOf(writer.toBytes()))
    await expect.poll(notes).toContainEqual('a frame of the godot-wire protocol')
    expect(await texts(page, '.tree-row')).toContainEqual(expect.stringContaining('MESSAGE 1 on channel 4'))
  })

  itInBrowser('has rows for what is in sight alone, however large the bytes', async () => {
    const page = await asFile()
    const items = Array.from({ length: 30_000 }, (_, i) => ({ id: i, at: new Vector3(i, 0, 0) }))
    const bytes = varToBytes(items)
    expect(bytes.length).toBeGreaterThan(1_000_000)
    const rows = async () => [await page.locator('.hex-row').count(), await page.locator('.tree-row').count()]
    for (const [name, content] of [
      ['packet', bytes],
      // Higher than a browser can lay out.
      ['huge', varToBytes(new Uint8Array(40_000_000))],
    ] as const) {
      writeFileSync(join(folder, name), content)
      await page.getByLabel('File').setInputFiles(join(folder, name))
      const length = content.length.toLocaleString('en')
      await expect.poll(() => texts(page, '.notes li'), { timeout: 60_000 }).toContainEqual(`raw: ${length} bytes`)
      for (const count of await rows()) expect(count).toBeLessThan(100)
      await page.getByRole('grid').focus()
      await page.keyboard.press('Control+End')
      await expect.poll(() => bytesWith(page, 'cursor')).toEqual([content.length - 1])
      const lastRow = (content.length - 1 - ((content.length - 1) % 16)).toString(16).padStart(8, '0')
      await expect.poll(() => texts(page, '.hex-row .offset')).toContainEqual(lastRow)
      for (const count of await rows()) expect(count).toBeLessThan(100)
    }
  })
})

describe('every width and both schemes', () => {
  itInBrowser('are readable: nothing hangs over, and text stands out', async () => {
    for (const width of [360, 768, 1280, 1920]) {
      const page = await asFile({ width, height: 800 })
      await field(page).fill(hexOf(varToBytes(VALUE)))
      for (const tab of ['Live', 'Bytes']) {
        await page.getByRole('tab', { name: tab }).click()
        const [content, room] = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement
          return [scrollWidth, clientWidth] as const
        })
        expect(content, `${tab} at ${width}`).toBeLessThanOrEqual(room)
      }
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await asFile()
      await page.emulateMedia({ colorScheme })
      const ratios = await page.evaluate(contrasts)
      // WCAG 2.2, success criterion 1.4.3.
      for (const [pair, ratio] of ratios) expect(ratio, `${pair}, ${colorScheme}`).toBeGreaterThanOrEqual(4.5)
      expect(ratios).toHaveLength(30)
    }
  })
})

/** Runs in the page: the contrast of each colour of text with each ground that it may stand on. */
function contrasts(): [string, number][] {
  const probe = document.body.appendChild(document.createElement('p'))
  const light = (name: string) => {
    probe.style.color = `var(--${name})`
    const parts = getComputedStyle(probe)
      .color.match(/\d+/g)!
      .map((part) => Number(part) / 255)
    const [r, g, b] = parts.map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  }
  const inks = ['ink', 'dim', 'accent', 'error', 'k-header', 'k-count', 'k-text', 'k-padding', 'in', 'out']
  const pairs = inks.flatMap((ink) => ['panel', 'hover', 'chosen'].map((ground) => [ink, ground] as const))
  return pairs.map(([ink, ground]) => {
    const [a, b] = [light(ink), light(ground)]
    return [`${ink} on ${ground}`, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]
  })
}

async function live() {
  const inspector = await openInspector({ page: file })
  closing.push(() => inspector.close())
  return inspector
}

describe('live', () => {
  itInBrowser('shows sessions, channels and packets; filters, pauses and exports them', async () => {
    const inspector = await live()
    const network = new MemoryNetwork()
    const ann = inspector.p2p({ steamId: A, transport: network.transport(A) }, 'ann')
    const bob = new P2P({ steamId: B, transport: network.transport(B) })
    closing.push(
      () => ann.close(),
      () => bob.close(),
    )
    bob.on('p2p_session_request', (id) => bob.acceptP2PSessionWithUser(id))
    const page = await opened(inspector.url)
    ann.sendP2PPacket(B, varToBytes({ tick: 1 }), P2P_SEND_RELIABLE, 0)
    await expect.poll(() => bob.isP2PPacketAvailable(0)).toBe(true)
    ann.sendP2PPacket(B, varToBytes({ other: 2 }), P2P_SEND_UNRELIABLE, 3)

    const sessions = page.getByRole('table', { name: 'Sessions' })
    await expect
      .poll(() => sessions.locator('tbody tr').allTextContents())
      .toEqual([expect.stringContaining(`${B}open`)])
    const channels = page.getByRole('table', { name: 'Channels' })
    await expect.poll(async () => (await channels.getByRole('button').allTextContents()).sort()).toEqual(['0', '3'])
    const list = page.getByRole('listbox', { name: 'Last frames' })
    const values = () => texts(page, '.packet-row .p-value')
    await expect.poll(values).toContainEqual('{ "tick": 1 }')
    await expect.poll(values).toContainEqual('{ "other": 2 }')

    await channels.getByRole('button', { name: '3', exact: true }).click()
    await expect.poll(values).toEqual(['{ "other": 2 }'])
    await list.focus()
    await page.keyboard.press('End')
    await expect
      .poll(() => page.locator('#live .tree-row:visible').allTextContents())
      .toContainEqual(expect.stringContaining('DATAGRAM on channel 3'))

    await page.getByRole('button', { name: 'Pause' }).click()
    ann.sendP2PPacket(B, varToBytes({ late: 3 }), P2P_SEND_UNRELIABLE, 3)
    await expect.poll(() => page.locator('.kept').textContent()).toMatch(/paused, \d+ ha/)
    expect(await values()).toEqual(['{ "other": 2 }'])

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export' }).click()
    const saved = join(folder, 'export.pcapng')
    await (await download).saveAs(saved)
    const frames = readCapture(readFileSync(saved))
    expect(frames.map(({ from, to, lane }) => ({ from, to, lane }))).toEqual([{ from: A, to: B, lane: 'datagram' }])

    await page.getByRole('button', { name: 'Open its packet' }).click()
    await expect
      .poll(() => page.locator('#bytes .tree-row:visible').allTextContents())
      .toContainEqual(expect.stringContaining('"other"'))
  })

  itInBrowser('opens a capture without a feed', async () => {
    const writer = new FrameWriter().begin(7, 9)
    writer.message(1, 4, varToBytes(VALUE))
    const seen = { at: 1_700_000_000_000, from: A, to: B, lane: undefined, taken: true, frame: writer.toBytes() }
    writeFileSync(join(folder, 'one.pcapng'), writeCapture([seen, { ...seen, frame: new Uint8Array([9]) }]))
    const page = await asFile()
    await page.getByLabel('File').setInputFiles(join(folder, 'one.pcapng'))
    await expect.poll(() => texts(page, '.packet-row .p-records')).toEqual(['MESSAGE 1 on channel 4', 'broken: kind 9'])
    expect(await page.locator('.state').textContent()).toBe('a capture of 2 frames')
  })

  itInBrowser('counts 10,000 packets a second to the last one, in bounded memory', async () => {
    const inspector = await live()
    const source = inspector.source('flood', A)
    const page = await opened(inspector.url)
    await expect.poll(() => page.locator('.state').textContent()).toBe('live')
    const writer = new FrameWriter().begin(7, 9)
    writer.datagram(0, varToBytes({ tick: 1, at: new Vector3(1, 2, 3) }))
    const frame = writer.toBytes()
    let count = 0
    const send = () => {
      const at = source.now()
      for (let i = 0; i < 250; i++)
        source.see({ at, from: i % 2 ? A : B, to: i % 2 ? B : A, lane: 'datagram', taken: true, frame })
      count += 250
    }
    while (count < 40_000) {
      send()
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    const total = () =>
      page
        .locator('.totals div', { hasText: /^frames/ })
        .locator('dd')
        .textContent()
    await expect.poll(total, { timeout: 60_000 }).toBe('40,000')
    const kept = () => page.locator('.kept').textContent()
    await expect.poll(kept).toMatch(/^20,000 of the last 20,000 frames/)
    expect(await page.locator('.packet-row').count()).toBeLessThan(60)
    const plot = await page.getByRole('img').getAttribute('aria-label')
    expect(plot).toMatch(/^Packets a second: /)
    // What comes now is seen at once: nothing has piled up before the page.
    source.see({ at: source.now(), from: A, to: B, lane: 'datagram', taken: true, frame: new Uint8Array([9, 9]) })
    await expect.poll(() => texts(page, '.packet-row.broken .p-records')).toEqual(['broken: kind 9'])
  })
})
