// The packed addon in a fresh project of each engine: it loads, and it dials with tokens and with TLS.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ENGINE_NAMES } from '../../scripts/engines.js'
import { ADDONS, addonFiles, addonVersion, packAddon } from '../../scripts/pack-addon.js'
import { P2P, P2P_SEND_RELIABLE } from '../../src/p2p/index.js'
import { type WebSocketClaim, WebSocketTransport } from '../../src/transport/websocket/index.js'
import { type AddonProject, engineErrors, makeProject, nextSaid, startScript } from './addon-project.js'
import { describeWith } from './with-engine.js'

const SERVER = 76561198000000001n
const GODOT = 76561198000000002n
const TOKEN = 'a token & more=?ü'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

describe('the zips', () => {
  it.each(ADDONS)('%s holds its folder, a licence, and a README, and is the same each time', (addon) => {
    const zip = packAddon(addon)
    expect(Buffer.compare(zip, packAddon(addon))).toBe(0)
    const paths = Object.keys(unzipSync(zip))
    expect(paths.every((path) => path.startsWith(`addons/${addon}/`))).toBe(true)
    for (const path of ['plugin.cfg', 'plugin.gd', 'godot_wire.gd', 'README.md', 'LICENSE']) {
      expect(paths).toContain(`addons/${addon}/${path}`)
    }
    expect(paths.filter((path) => !/\.(gd|cfg|md)$|LICENSE$/.test(path))).toEqual([])
  })

  it('carry the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(ADDONS.map(addonVersion)).toEqual([version, version])
  })
})

for (const name of ENGINE_NAMES) {
  describeWith(name, 'the installed addon', (engine) => {
    let project: AddonProject
    beforeAll(() => {
      project = makeProject(engine)
    })
    afterAll(() => project.remove())

    it('loads: the autoload is there, the plugin is one, and every script compiles', async () => {
      const godot = startScript(engine, project, 'plugin_check.gd', { addon: project.addon })
      ends.push(() => godot.kill())
      expect(await nextSaid(godot, 'scripts')).toEqual({
        scripts: addonFiles(project.addon).filter((path) => path.endsWith('.gd')).length,
        broken: [],
        name: 'godot-wire',
        version: addonVersion(project.addon),
        plugin_extends: 'EditorPlugin',
        autoload: true,
        reliable: P2P_SEND_RELIABLE,
      })
      expect(await godot.exited).toBe(0)
      expect(engineErrors(godot)).toEqual([])
    })

    /** Starts the echo client and sends it a packet there and back. */
    async function echo(p2p: P2P, url: string, args: Record<string, string>) {
      const godot = startScript(engine, project, 'echo_client.gd', { url, id: GODOT, ...args })
      ends.push(() => godot.kill())
      const said = await nextSaid(godot, 'event')
      if (said['event'] !== 'link_opened') return said
      p2p.sendP2PPacket(GODOT, new Uint8Array([1, 2, 3]), P2P_SEND_RELIABLE)
      const end = performance.now() + 20_000
      while (!p2p.isP2PPacketAvailable() && performance.now() < end) await new Promise((go) => setTimeout(go, 2))
      return { ...said, back: [...(p2p.readP2PPacket(10).data ?? [])] }
    }

    it.each([
      ['in the query', {}, TOKEN],
      ['in a header', { header: '1' }, TOKEN],
      ['that is wrong', {}, 'wrong'],
    ] as const)('brings a token %s', async (_, args, token) => {
      const claims: WebSocketClaim[] = []
      const transport = new WebSocketTransport({
        steamId: SERVER,
        authenticate(claim) {
          claims.push(claim)
          const inQuery = new URL(claim.url, 'ws://server').searchParams.get('token')
          const inHeader = String(claim.headers['authorization'] ?? '').replace(/^Bearer /, '')
          return ('header' in args ? Buffer.from(inHeader, 'latin1').toString() : inQuery) === TOKEN
        },
      })
      const { url } = await transport.listen({ host: '127.0.0.1', port: 0 })
      const p2p = new P2P({ steamId: SERVER, transport })
      ends.push(() => p2p.close())
      const said = await echo(p2p, `${url}/game?room=7`, { token, ...args })
      expect(claims.map(({ steamId }) => steamId)).toEqual([GODOT])
      expect(new URL(claims[0]!.url, 'ws://server').searchParams.get('room')).toBe('7')
      if (token === TOKEN) expect(said).toMatchObject({ event: 'link_opened', back: [1, 2, 3] })
      else expect(said).toMatchObject({ event: 'link_closed', code: 4002 })
    })

    it('speaks TLS with a server whose certificate it trusts, and with no other', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'godot-wire-'))
      ends.push(() => rmSync(folder, { recursive: true, force: true }))
      const maker = startScript(engine, project, 'certificate.gd', { folder })
      expect(await maker.exited).toBe(0)
      const read = (file: string) => readFileSync(join(folder, file))
      const https: Server = createServer({ key: read('key.pem'), cert: read('certificate.pem') })
      await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve))
      ends.push(() => https.close())
      const transport = new WebSocketTransport({ steamId: SERVER })
      await transport.listen({ server: https })
      const p2p = new P2P({ steamId: SERVER, transport })
      ends.push(() => p2p.close())
      const url = `wss://127.0.0.1:${(https.address() as AddressInfo).port}`
      const trusting = await echo(p2p, url, { certificate: join(folder, 'certificate.pem') })
      expect(trusting).toMatchObject({ event: 'link_opened', back: [1, 2, 3] })
      expect(await echo(p2p, url, {})).toMatchObject({ event: 'link_closed', code: -1 })
    })
  })
}
