import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { steamError } from '../errors.js'
import { isCutShort, libraryTarget, readHeader } from './library-file.js'

/** The environment variable that names the library, or a folder with it. */
export const LIBRARY_VARIABLE = 'GODOT_WIRE_STEAM_LIBRARY'

/** What a machine is and has, so that tests can be any. */
export interface Surroundings {
  readonly platform: string
  readonly arch: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The folders in which the program lies: that of its script, that of its executable. */
  readonly programFolders: readonly string[]
}

interface Names {
  readonly file: string
  /** The folder of this platform in Valve's SDK, in addons of GodotSteam and in steamworks.js. */
  readonly folders: readonly string[]
}

const NAMES: Readonly<Record<string, Names>> = {
  'linux x64': { file: 'libsteam_api.so', folders: ['linux64'] },
  'linux arm64': { file: 'libsteam_api.so', folders: ['linuxarm64'] },
  'darwin x64': { file: 'libsteam_api.dylib', folders: ['osx', 'macos'] },
  'darwin arm64': { file: 'libsteam_api.dylib', folders: ['osx', 'macos'] },
  'win32 x64': { file: 'steam_api64.dll', folders: ['win64'] },
}

/** Where Valve's SDK may have been unpacked, from the working directory. */
const SDK_FOLDERS = ['sdk', 'steamworks_sdk', 'steamworks_sdk/sdk', 'Steamworks SDK/sdk']

/**
 * The file of the Steam library for this platform.
 *
 * @throws `STEAM_PLATFORM`, `STEAM_LIBRARY_NOT_FOUND`, `STEAM_WRONG_ARCHITECTURE`, `STEAM_LIBRARY_UNUSABLE`
 */
export function findLibrary(option: string | undefined, around: Surroundings = surroundings()): string {
  const names = NAMES[`${around.platform} ${around.arch}`]
  if (!names) throw steamError('STEAM_PLATFORM', { platform: around.platform, arch: around.arch })
  // A place that somebody named is the only one: to take another library silently would help nobody.
  const name = option ?? (around.env[LIBRARY_VARIABLE] || undefined)
  const named = name === undefined ? undefined : absolute(name, around.cwd)
  const candidates = named === undefined ? wellKnown(names, around) : placesIn(named, names)
  const files = [...new Set(candidates)].filter(isFile)
  const refusals: unknown[] = []
  for (const file of files) {
    const refusal = refuse(file, around)
    if (!refusal) return file
    refusals.push(refusal)
  }
  if (refusals.length > 0) throw refusals[0]
  throw steamError('STEAM_LIBRARY_NOT_FOUND', {
    name: names.file,
    variable: LIBRARY_VARIABLE,
    named,
    by: option === undefined ? LIBRARY_VARIABLE : 'the option "library"',
    folders: gameFolders(around).join(', '),
    tried: candidates,
  })
}

/** Where a game's own files may lie. */
function gameFolders({ cwd, programFolders }: Surroundings): string[] {
  return [...new Set([cwd, ...programFolders])]
}

function surroundings(): Surroundings {
  const { platform, arch, env, execPath, argv } = process
  const script = argv[1] === undefined ? [] : [dirname(argv[1])]
  return { platform, arch, env, cwd: process.cwd(), programFolders: [...script, dirname(execPath)] }
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path)
}

/** A file is itself; in a folder, the library lies where SDK, addon or game have it. */
function placesIn(path: string, { file, folders }: Names): string[] {
  const below = folders.flatMap((folder) => [folder, join('redistributable_bin', folder), join('dist', folder)])
  const addon = folders.map((folder) => join('addons', 'godotsteam', folder))
  return [path, ...['', ...below, ...addon].map((folder) => join(path, folder, file))]
}

function wellKnown(names: Names, around: Surroundings): string[] {
  const sdk = around.env['STEAMWORKS_SDK_PATH'] || undefined
  const folders = gameFolders(around)
  return [
    ...folders.flatMap((folder) => placesIn(folder, names).slice(1)),
    ...(sdk === undefined ? [] : placesIn(absolute(sdk, around.cwd), names)),
    ...SDK_FOLDERS.flatMap((folder) => placesIn(join(around.cwd, folder), names).slice(1)),
    ...folders.flatMap((folder) => steamworksJs(folder, names)),
  ]
}

/** The package steamworks.js ships Valve's library; where it is installed, that one will do. */
function steamworksJs(from: string, { file, folders }: Names): string[] {
  try {
    const manifest = createRequire(join(from, 'x.js')).resolve('steamworks.js/package.json')
    return folders.map((folder) => join(dirname(manifest), 'dist', folder, file))
  } catch {
    return []
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The error that keeps a file from being used here; undefined where nothing does. */
function refuse(library: string, { platform, arch }: Surroundings): Error | undefined {
  let file: ReturnType<typeof readHeader>
  try {
    file = readHeader(library)
  } catch (cause) {
    return steamError('STEAM_LIBRARY_UNUSABLE', { library, reason: (cause as Error).message }, cause)
  }
  const found = libraryTarget(file.header)
  if (!found) return steamError('STEAM_LIBRARY_UNUSABLE', { library, reason: 'it is no shared library' })
  if (found.platform === platform && found.architectures.includes(arch)) {
    if (!isCutShort(file.header, file.fileSize)) return undefined
    return steamError('STEAM_LIBRARY_UNUSABLE', { library, reason: 'the file is cut short' })
  }
  const facts = {
    library,
    found: `${found.platform} ${found.architectures.join(' and ')}`,
    needed: `${platform} ${arch}`,
  }
  return steamError('STEAM_WRONG_ARCHITECTURE', facts)
}
