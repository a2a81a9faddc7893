// Everything that can keep a program from Steam is an error with a code, and never the end of the process.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { openSteam, openSteamGameServer, type SteamGameServerOptions } from '../../src/steam/node/index.js'
import { loadKoffi } from '../../src/steam/node/koffi.js'
import { startChild } from './child.js'
import { copyDouble, describeWithDouble, makeFolder } from './double.js'
import { ALICE, SteamWorld } from './world.js'

const folders: { remove(): void }[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

function folder(): string {
  const made = makeFolder()
  folders.push(made)
  return made.path
}

const code = (name: string) => expect.objectContaining({ code: name })

describe('koffi', () => {
  it('that is missing, or whose binary does not load, is named with what to install', async () => {
    const missing = async () => {
      throw new Error("Cannot find package 'koffi' imported from x\nand more")
    }
    const error = await loadKoffi(missing).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'STEAM_MISSING_KOFFI', message: expect.stringContaining('npm install koffi') })
    expect((error as Error).message).not.toContain('and more')
  })

  it('before version 3 is refused', async () => {
    const load = async () => ({ default: { version: '2.16.3' } })
    await expect(loadKoffi(load)).rejects.toMatchObject({ code: 'STEAM_OLD_KOFFI', facts: { version: '2.16.3' } })
    expect((await loadKoffi()).version).toMatch(/^3\./)
  })
})

describe('options', () => {
  const rows: [string, unknown][] = [
    ['appId', 0],
    ['appId', 1.5],
    ['appId', 2 ** 32],
    ['library', ''],
    ['library', 'a\0b'],
    ['pollIntervalMs', -1],
    ['appid', 480],
    ['port', 65_536],
    ['queryPort', -1],
    ['ip', '256.0.0.1'],
    ['ip', '::1'],
    ['mode', 0],
    ['mode', 4],
    ['version', '1.0'],
    ['token', ''],
    ['maxPlayers', -1],
    ['advertise', 'yes'],
    ['logOnTimeoutMs', 0],
  ]
  it.each(rows)('%s may not be %j', async (name, value) => {
    const options = { [name]: value } as SteamGameServerOptions
    await expect(openSteamGameServer(options)).rejects.toMatchObject({
      code: 'STEAM_BAD_OPTION',
      facts: { option: name },
    })
  })

  it('of a game server are none of a client', async () => {
    await expect(openSteam({ port: 5 } as never)).rejects.toThrow(
      'There is no option port; the options are appId, library, pollIntervalMs [STEAM_BAD_OPTION]',
    )
  })

  it('are shown as they were given, but a token never', async () => {
    await expect(openSteam({ appId: '480' as never })).rejects.toThrow(
      'Option appId is "480"; it must be a whole number',
    )
    const error = await openSteamGameServer({ token: 'SECRET\0' }).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code: 'STEAM_BAD_OPTION', facts: { option: 'token' } })
    expect(JSON.stringify([String(error), (error as { facts?: unknown }).facts])).not.toContain('SECRET')
  })
})

describeWithDouble('a library', () => {
  it('that is not there, is no library, or is one of somebody else', async () => {
    const path = folder()
    await expect(openSteam({ library: join(path, 'libsteam_api.so') })).rejects.toEqual(code('STEAM_LIBRARY_NOT_FOUND'))
    const text = join(path, 'text.so')
    writeFileSync(text, 'no library at all'.repeat(20))
    await expect(openSteam({ library: text })).rejects.toEqual(code('STEAM_LIBRARY_UNUSABLE'))
    const cut = join(path, 'cut.so')
    writeFileSync(cut, readFileSync(copyDouble(join(path, 'whole.so'))).subarray(0, 5000))
    await expect(openSteam({ library: cut })).rejects.toEqual(code('STEAM_LIBRARY_UNUSABLE'))
    const empty = join(path, 'empty.so')
    execFileSync('gcc', ['-shared', '-fPIC', '-x', 'c', '/dev/null', '-o', empty])
    await expect(openSteam({ library: empty })).rejects.toMatchObject({
      code: 'STEAM_MISSING_SYMBOL',
      facts: { symbol: 'SteamAPI_ManualDispatch_Init' },
    })
    await expect(openSteamGameServer({ library: empty })).rejects.toEqual(code('STEAM_MISSING_SYMBOL'))
  })

  it('for another processor is named as such', async () => {
    const path = join(folder(), 'arm.so')
    const bytes = readFileSync(copyDouble(path))
    bytes.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18)
    writeFileSync(path, bytes)
    const other = process.arch === 'arm64' ? 'linux x64' : 'linux arm64'
    await expect(openSteam({ library: path })).rejects.toMatchObject({
      code: 'STEAM_WRONG_ARCHITECTURE',
      facts: { found: other, needed: `linux ${process.arch}` },
    })
  })

  it('is found in a folder that is named, and by the environment', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_ID: String(ALICE) })
    const game = folder()
    const place = join(game, 'addons', 'godotsteam', process.arch === 'arm64' ? 'linuxarm64' : 'linux64')
    mkdirSync(place, { recursive: true })
    const library = copyDouble(join(place, 'libsteam_api.so'))
    const byOption = await openSteam({ appId: 480, library: game, pollIntervalMs: 0 })
    expect(byOption.libraryPath).toBe(library)
    byOption.close()
    world.set({ GODOT_WIRE_STEAM_LIBRARY: library })
    const byVariable = await openSteam({ appId: 480, pollIntervalMs: 0 })
    expect(byVariable.libraryPath).toBe(library)
    byVariable.close()
  })
})

describeWithDouble('Steam that does not start', () => {
  const rows: [fails: string, code: string, message: RegExp][] = [
    ['noclient', 'STEAM_NO_CLIENT', /(start it and log on|SteamCMD brings it).*Cannot create IPC pipe/],
    ['nosteamclient', 'STEAM_NO_CLIENT', /(start it and log on|SteamCMD brings it).*steamclient\.so/],
    ['version', 'STEAM_VERSION_MISMATCH', /SteamUser023|SteamGameServer015/],
    ['nointerface', 'STEAM_NULL_INTERFACE', /SteamNetworking006/],
  ]
  it.each(rows)('%s: %s', async (fails, expected, message) => {
    const world = new SteamWorld({ STEAM_DOUBLE_ID: String(ALICE), STEAM_DOUBLE_FAIL: fails })
    const library = world.library()
    for (const open of [openSteam, openSteamGameServer]) {
      const error = await open({ appId: 480, library }).catch((thrown: Error) => thrown)
      expect(error).toMatchObject({ code: expected, message: expect.stringMatching(message) })
    }
    // Nothing stays started, and the same library can be used once the reason is gone.
    world.set({ STEAM_DOUBLE_FAIL: '' })
    expect((await world.peer(ALICE)).p2p.steamId).toBe(ALICE)
    const backend = await openSteam({ appId: 480, library, pollIntervalMs: 0 })
    expect(backend.steamId).toBe(ALICE)
    backend.close()
  })

  it('as there is no pipe, or nobody is logged on', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_ID: String(ALICE), STEAM_DOUBLE_FAIL: 'nopipe' })
    const library = world.library()
    await expect(openSteam({ appId: 480, library })).rejects.toMatchObject({
      code: 'STEAM_NULL_INTERFACE',
      facts: { interface: 'pipe' },
    })
    world.set({ STEAM_DOUBLE_FAIL: 'noid' })
    await expect(openSteam({ appId: 480, library })).rejects.toEqual(code('STEAM_NOT_LOGGED_ON'))
    await expect(openSteamGameServer({ appId: 480, library })).rejects.toEqual(code('STEAM_NOT_LOGGED_ON'))
  })

  it('without an app id, which leaves the environment as it was', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_ID: String(ALICE) })
    const library = world.library()
    await expect(openSteam({ library })).rejects.toMatchObject({
      code: 'STEAM_INIT_FAILED',
      message: expect.stringContaining('No appID found'),
    })
    world.set({ STEAM_DOUBLE_FAIL: 'noclient' })
    await expect(openSteam({ library, appId: 480 })).rejects.toEqual(code('STEAM_NO_CLIENT'))
    expect(process.env['SteamAppId']).toBeUndefined()
    world.set({ STEAM_DOUBLE_FAIL: '' })
    const backend = await openSteam({ library, appId: 480, pollIntervalMs: 0 })
    expect([process.env['SteamAppId'], process.env['SteamGameId']]).toEqual(['480', '480'])
    backend.close()
  })
})

describeWithDouble('Steam that runs', () => {
  it('can be opened once as a player and once as a game server, and again when it is closed', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_ID: String(ALICE) })
    const library = world.library()
    const options = { appId: 480, library, pollIntervalMs: 0 }
    for (let round = 0; round < 2; round++) {
      const player = await openSteam(options)
      await expect(openSteam(options)).rejects.toEqual(code('STEAM_ALREADY_OPEN'))
      const server = await openSteamGameServer(options)
      await expect(openSteamGameServer(options)).rejects.toEqual(code('STEAM_ALREADY_OPEN'))
      player.close()
      player.close()
      server.close()
    }
  })

  it('is asked for its events on its own, and a process with it open stays alive until it is closed', async () => {
    const world = new SteamWorld({ STEAM_DOUBLE_CLOCK: '', STEAM_DOUBLE_ID: String(ALICE) })
    const library = world.library()
    const program = `
      import { openSteam } from './src/steam/node/index.js'
      const backend = await openSteam({ appId: 480, library: ${JSON.stringify(library)} })
      backend.attach({ sessionRequest(id) { console.log('asked by', id, 'and closed'); backend.close() }, sessionFailed() {} })
      console.log('open')
    `
    const other = await world.peer(ALICE + 1n)
    world.set({ STEAM_DOUBLE_ID: String(ALICE) })
    const child = startChild(program)
    await child.line('open')
    other.p2p.sendP2PPacket(ALICE, new Uint8Array(1), 2)
    await child.line('and closed')
    expect(await child.exited).toBe(0)
  })
})
