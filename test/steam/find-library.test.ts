// Where the Steam library is looked for, on every platform, from any of them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { GodotWireError } from '../../src/errors.js'
import { findLibrary, type Surroundings } from '../../src/steam/node/find-library.js'
import { isCutShort, libraryTarget, readHeader } from '../../src/steam/node/library-file.js'
import { makeFolder } from './double.js'

const SHIPPED = fileURLToPath(new URL('../../node_modules/steamworks.js/dist', import.meta.url))

const folders: { remove(): void }[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove()
})

function folder(): string {
  const made = makeFolder()
  folders.push(made)
  return made.path
}

/** The beginning of a library file, as far as it says what it is for. */
function header(platform: string, arch: string): Buffer {
  const bytes = Buffer.alloc(256)
  if (platform === 'linux') {
    bytes.write('\x7fELF', 'latin1')
    bytes[4] = arch === 'ia32' ? 1 : 2
    bytes.writeUInt16LE({ x64: 62, arm64: 183, ia32: 3 }[arch]!, 18)
    bytes.writeBigUInt64LE(64n, 32)
    bytes.writeUInt16LE(56, 54)
  } else if (platform === 'win32') {
    bytes.write('MZ')
    bytes.writeUInt32LE(128, 60)
    bytes.write('PE\0\0', 128)
    bytes.writeUInt16LE({ x64: 0x8664, ia32: 0x14c, arm64: 0xaa64 }[arch]!, 132)
  } else {
    bytes.writeUInt32LE(0xfeedfacf, 0)
    bytes.writeUInt32LE({ x64: 0x01000007, arm64: 0x0100000c }[arch]!, 4)
  }
  return bytes
}

function put(path: string, platform: string, arch: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, header(platform, arch))
  return path
}

function around(platform: string, arch: string, cwd: string, env: Surroundings['env'] = {}): Surroundings {
  return { platform, arch, cwd, env, programFolders: [] }
}

const PLATFORMS: [platform: string, arch: string, folder: string, file: string][] = [
  ['linux', 'x64', 'linux64', 'libsteam_api.so'],
  ['linux', 'arm64', 'linuxarm64', 'libsteam_api.so'],
  ['darwin', 'x64', 'osx', 'libsteam_api.dylib'],
  ['darwin', 'arm64', 'osx', 'libsteam_api.dylib'],
  ['win32', 'x64', 'win64', 'steam_api64.dll'],
]

describe.each(PLATFORMS)('on %s %s', (platform, arch, place, file) => {
  it('it is found beside the game, in an addon, in the SDK, in steamworks.js, in this order', () => {
    const game = folder()
    const here = around(platform, arch, game)
    const places = [
      join('node_modules', 'steamworks.js', 'dist', place, file),
      join('sdk', 'redistributable_bin', place, file),
      join('addons', 'godotsteam', place, file),
      file,
    ]
    writeFileSync(join(mkdirp(join(game, 'node_modules', 'steamworks.js')), 'package.json'), '{}')
    for (const each of places) {
      const path = put(join(game, each), platform, arch)
      expect(findLibrary(undefined, here)).toBe(path)
    }
  })

  it('an option goes before the environment, and both before every other place', () => {
    const game = folder()
    const [byOption, byVariable] = ['a', 'b'].map((name) => put(join(game, name, file), platform, arch))
    put(join(game, file), platform, arch)
    const here = around(platform, arch, game, { GODOT_WIRE_STEAM_LIBRARY: 'b' })
    expect(findLibrary(undefined, here)).toBe(byVariable)
    expect(findLibrary('a', here)).toBe(byOption)
    expect(findLibrary(byOption, here)).toBe(byOption)
    expect(() => findLibrary('c', here)).toThrow(`at ${join(game, 'c')}, which the option "library" names`)
    const byNobody = around(platform, arch, game, { GODOT_WIRE_STEAM_LIBRARY: 'c' })
    expect(() => findLibrary(undefined, byNobody)).toThrow('which GODOT_WIRE_STEAM_LIBRARY names')
  })

  it('the SDK may lie where STEAMWORKS_SDK_PATH says', () => {
    const game = folder()
    const path = put(join(game, 'valve', 'redistributable_bin', place, file), platform, arch)
    expect(findLibrary(undefined, around(platform, arch, game, { STEAMWORKS_SDK_PATH: 'valve' }))).toBe(path)
  })

  it('one for another machine is passed over, and named when there is no other', () => {
    const game = folder()
    const here = around(platform, arch, game)
    const [other, processor] = platform === 'win32' ? ['win32', 'ia32'] : ['linux', 'ia32']
    put(join(game, file), other, processor)
    expect(() => findLibrary(undefined, here)).toThrow(`is for ${other} ${processor}; this Node runs on ${platform}`)
    const path = put(join(game, 'sdk', 'redistributable_bin', place, file), platform, arch)
    expect(findLibrary(undefined, here)).toBe(path)
  })
})

function thrownBy(look: () => unknown): GodotWireError {
  try {
    look()
  } catch (error) {
    return error as GodotWireError
  }
  throw new Error('nothing was thrown')
}

function mkdirp(path: string): string {
  mkdirSync(path, { recursive: true })
  return path
}

describe('a machine', () => {
  it('that Steam does not know is named', () => {
    expect(() => findLibrary(undefined, around('linux', 'riscv64', '/'))).toThrow(/linux riscv64 \[STEAM_PLATFORM\]/)
    expect(() => findLibrary(undefined, around('freebsd', 'x64', '/'))).toThrow(/STEAM_PLATFORM/)
  })

  it('without the library is told where it was looked for, and how to name it', () => {
    const game = folder()
    const here = { ...around('linux', 'x64', game), programFolders: [join(game, 'bin'), game] }
    const error = thrownBy(() => findLibrary(undefined, here))
    expect(error.message).toContain(`no part of this package, in ${game}, ${join(game, 'bin')} or`)
    expect(error.message).toContain('npm install steamworks.js')
    expect(error.message).toContain('GODOT_WIRE_STEAM_LIBRARY')
    const tried = error.facts['tried'] as string[]
    expect(tried).toContain(join(game, 'addons', 'godotsteam', 'linux64', 'libsteam_api.so'))
    expect(tried).toContain(join(game, 'sdk', 'redistributable_bin', 'linux64', 'libsteam_api.so'))
  })
})

describe('what a file says that it is for', () => {
  it('is read from the libraries that Valve ships', () => {
    const shipped = (path: string) => libraryTarget(readHeader(join(SHIPPED, path)).header)
    expect(shipped('linux64/libsteam_api.so')).toEqual({ platform: 'linux', architectures: ['x64'] })
    expect(shipped('win64/steam_api64.dll')).toEqual({ platform: 'win32', architectures: ['x64'] })
    expect(shipped('osx/libsteam_api.dylib')).toEqual({ platform: 'darwin', architectures: ['ia32', 'x64', 'arm64'] })
  })

  it('is nothing, for bytes that are cut or made up', () => {
    const whole = readFileSync(join(SHIPPED, 'win64/steam_api64.dll')).subarray(0, 4096)
    for (let length = 0; length < 400; length++) libraryTarget(whole.subarray(0, length))
    expect(libraryTarget(whole.subarray(0, 200))).toBeUndefined()
    const fat = Buffer.alloc(64)
    fat.writeUInt32BE(0xcafebabe)
    fat.writeUInt32BE(0xffffffff, 4)
    expect(libraryTarget(fat)).toBeUndefined()
    expect(libraryTarget(Buffer.alloc(4096, 7))).toBeUndefined()
    const unknown = header('linux', 'x64')
    unknown.writeUInt16LE(999, 18)
    expect(libraryTarget(unknown)).toEqual({ platform: 'linux', architectures: ['an unknown processor'] })
  })

  it('is not believed of a Linux file that ends too early', () => {
    const path = join(SHIPPED, 'linux64/libsteam_api.so')
    const { header: bytes, fileSize } = readHeader(path)
    expect(isCutShort(bytes, fileSize)).toBe(false)
    expect(isCutShort(bytes, fileSize / 2)).toBe(true)
    expect(isCutShort(bytes.subarray(0, 100), 100)).toBe(true)
  })
})
