// Valve's own library, as steamworks.js ships it: what is bound is there, structs lie where we think, and without a Steam
// client there is an error and no crash. It runs in a process of its own: a crash would be a failure here, not the end.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CALLBACK_MSG, ERR_MSG_SIZE, IDENTITY, MESSAGE } from '../../src/steam/layouts.js'
import { ACCESSORS, SIGNATURES } from '../../src/steam/native.js'
import { startChild } from '../steam/child.js'

const SHIPPED = fileURLToPath(new URL('../../node_modules/steamworks.js/dist', import.meta.url))
const LIBRARY = join(SHIPPED, 'linux64', 'libsteam_api.so')

const SYMBOLS = [
  ...Object.values(SIGNATURES).flatMap((table) => Object.values(table).map(([symbol]) => symbol as string)),
  ...Object.values(ACCESSORS).flatMap((table) =>
    Object.values(table).map(({ symbol, versions }) => symbol.replace('#', versions[0])),
  ),
]

describe('the symbols that are bound', () => {
  it('are those of the eight P2P calls, of Networking Messages, of dispatch, start and end', () => {
    expect(SYMBOLS.filter((symbol) => symbol.startsWith('SteamAPI_ISteamNetworking_'))).toHaveLength(8)
    expect(SYMBOLS.filter((symbol) => symbol.startsWith('SteamAPI_ISteamNetworkingMessages_'))).toHaveLength(6)
    expect(SYMBOLS).toHaveLength(44)
  })

  // Names stand in the files as text with a zero on both sides; on a Mac with an underscore before them.
  it.each([
    ['linux64/libsteam_api.so', '\0'],
    ['win64/steam_api64.dll', '\0'],
    ['osx/libsteam_api.dylib', '_'],
  ])('are all in %s', (file, before) => {
    const text = readFileSync(join(SHIPPED, file), 'latin1')
    expect(SYMBOLS.filter((symbol) => !text.includes(`${before}${symbol}\0`))).toEqual([])
    expect(text.includes(`${before}SteamAPI_ISteamNetworking_SendP2PPakket\0`)).toBe(false)
  })
})

const isHere = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!isHere)(`the real library${isHere ? '' : ' (SKIPPED: the one for Linux x64 is tried)'}`, () => {
  /** Runs a program that prints one JSON value; the process must end by itself and well. */
  async function resultOf(program: string): Promise<Record<string, unknown>> {
    const child = startChild(`
      const LIBRARY = ${JSON.stringify(LIBRARY)}
      ${program}
    `)
    const said = JSON.parse((await child.line('RESULT ')).replace(/^.*RESULT /, '')) as Record<string, unknown>
    expect(await child.exited).toBe(0)
    return said
  }

  it('without a Steam client is an error, again and again, and Node lives', async () => {
    const result = await resultOf(`
      import { openSteam, openSteamGameServer } from './src/steam/node/index.js'
      const codes = []
      const messages = []
      for (let i = 0; i < 3; i++) {
        for (const open of [openSteam, openSteamGameServer]) {
          const error = await open({ appId: 480, library: LIBRARY }).catch((thrown) => thrown)
          codes.push(error.code)
          messages.push(error.message)
        }
      }
      console.log('RESULT ' + JSON.stringify({ codes, messages }))
    `)
    expect(result['codes']).toEqual(Array.from({ length: 6 }, () => 'STEAM_NO_CLIENT'))
    expect(result['messages']).toEqual(Array.from({ length: 6 }, () => expect.stringContaining('steamclient')))
  })

  it('has every function and interface that we bind', async () => {
    const result = await resultOf(`
      import { loadKoffi, loadLibrary } from './src/steam/node/koffi.js'
      import { bindClient, bindGameServer } from './src/steam/start.js'
      const library = loadLibrary(await loadKoffi(), LIBRARY)
      const client = bindClient(library)
      const server = bindGameServer(library)
      const versions = (bound) => ['user', 'server', 'networking', 'messages'].map((name) => bound[name]?.version)
      const interfaces = [client.user, client.networking, client.messages, server.server, server.networking, server.messages]
      console.log('RESULT ' + JSON.stringify({
        client: [Object.keys(client.calls).length, ...versions(client)],
        server: [Object.keys(server.calls).length, ...versions(server)],
        interfaces: interfaces.map((one) => String(one.get())),
        pipes: [client.calls.getPipe(), server.calls.getPipe()],
        running: client.calls.isSteamRunning(),
        missing: String(library.func('SteamAPI_Init', 'bool', [])),
      }))
    `)
    expect(result).toEqual({
      client: [24, 'SteamUser023', null, 'SteamNetworking006', 'SteamNetworkingMessages002'],
      server: [33, null, 'SteamGameServer015', 'SteamNetworking006', 'SteamNetworkingMessages002'],
      interfaces: Array.from({ length: 6 }, () => 'undefined'),
      pipes: [0, 0],
      running: false,
      missing: 'undefined',
    })
  })

  it('writes its structs where we read them, and not a byte further', async () => {
    const result = await resultOf(`
      import koffi from 'koffi'
      import { writeIdentity, readIdentity, viewOf } from './src/steam/layouts.js'
      const library = koffi.load(LIBRARY)
      const ID = 76561197960287930n
      const guarded = (size) => new Uint8Array(size + 64).fill(0xee)
      const touched = (bytes) => bytes.findLastIndex((byte) => byte !== 0xee) + 1

      // SteamNetworkingIdentity: cleared, set, read and compared by the library itself.
      const identity = guarded(${IDENTITY.size})
      library.func('void SteamAPI_SteamNetworkingIdentity_SetSteamID64(void *, uint64_t)')(identity, ID)
      const ours = new Uint8Array(${IDENTITY.size})
      writeIdentity(viewOf(ours), ID)
      const equal = library.func('bool SteamAPI_SteamNetworkingIdentity_IsEqualTo(void *, void *)')
      const theirs = library.func('uint64_t SteamAPI_SteamNetworkingIdentity_GetSteamID64(void *)')(ours)
      // The largest that fits into one.
      const generic = guarded(${IDENTITY.size})
      library.func('bool SteamAPI_SteamNetworkingIdentity_SetGenericBytes(void *, const void *, uint32_t)')(generic, new Uint8Array(32).fill(1), 32)

      // SteamNetworkingMessage_t: Release calls what stands at our offset, with the message.
      const message = new Uint8Array(${MESSAGE.size})
      const released = []
      const callback = koffi.register((pointer) => { released.push(pointer) }, koffi.pointer(koffi.proto('void Released(void *)')))
      viewOf(message).setBigUint64(${MESSAGE.release}, callback, true)
      library.func('void SteamAPI_SteamNetworkingMessage_t_Release(void *)')(message)

      // SteamErrMsg: all of it is ours to give, and nothing behind it is written.
      const why = guarded(${ERR_MSG_SIZE})
      const init = library.func('int SteamAPI_InitFlat(void *)')(why)

      // CallbackMsg_t: without a pipe there is none, and nothing is written.
      const callbackMessage = guarded(${CALLBACK_MSG.size})
      library.func('void SteamAPI_ManualDispatch_Init()')()
      const next = library.func('bool SteamAPI_ManualDispatch_GetNextCallback(int, void *)')(0, callbackMessage)

      console.log('RESULT ' + JSON.stringify({
        id: String(readIdentity(viewOf(identity), 0)),
        equal: [equal(identity, ours), equal(generic, ours)],
        theirs: String(theirs),
        touched: [touched(identity) <= ${IDENTITY.size}, touched(generic) <= ${IDENTITY.size}],
        released: released.length === 1 && released[0] === koffi.address(message),
        init, why: touched(why) <= ${ERR_MSG_SIZE}, next, unwritten: touched(callbackMessage),
      }))
    `)
    expect(result).toEqual({
      id: '76561197960287930',
      equal: [true, false],
      theirs: '76561197960287930',
      touched: [true, true],
      released: true,
      init: 1,
      why: true,
      next: false,
      unwritten: 0,
    })
  })
})
