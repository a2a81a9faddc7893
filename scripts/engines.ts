// Finds the real Godot engines that the live tests, the vectors and the demo run, and installs them where it can.
//
//   npm run engines                      find or install all, print where they are
//   npm run engines -- godot4            only one of them
//
// Order: the environment (GODOT4, GODOT3, GODOT36), the PATH, this project's cache, then Debian's archive as root. The
// archive's packages are unpacked below .cache/engines and started through their own loader, so the system is left as it
// was.
//
// The committed vectors are those of Godot 3.2 and 3.6, which differ, so no other Godot 3 stands in for either. GODOT3 may
// name any Godot 3: a 3.6 is taken where GODOT36 names none, and one of another version is passed over with a note.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onPath } from './on-path.js'

export type EngineName = 'godot4' | 'godot3' | 'godot36'

/** The engines, in the order in which they are looked for. */
export const ENGINE_NAMES: readonly EngineName[] = ['godot4', 'godot3', 'godot36']

/** How to start an engine: `spawn(command, [...args, ...yours])`. */
export interface Engine {
  readonly name: EngineName
  readonly version: string
  readonly command: string
  readonly args: readonly string[]
  /** Where it was found: an environment variable, the PATH, the cache or a fresh install. */
  readonly from: 'environment' | 'path' | 'cache' | 'install'
}

/** Why an engine is missing. `archive` is the one reason that CI accepts: Debian's archive did not deliver. */
export interface MissingEngine {
  readonly name: EngineName
  readonly missing: string
  readonly archive: boolean
}

interface Recipe {
  /** What the version begins with: `3.6.` is `3.6.stable` and `3.6.1.stable`. */
  readonly version: string
  /** Environment variables that may name it, the one of its own first. */
  readonly variables: readonly [string, ...string[]]
  readonly commands: readonly string[]
  readonly package: string
  /** The releases of Debian that have this version, the one that moves least first. */
  readonly suites: readonly string[]
  readonly binary: string
  readonly args: readonly string[]
}

const RECIPES: Record<EngineName, Recipe> = {
  godot4: {
    version: '4.',
    variables: ['GODOT4'],
    commands: ['godot4', 'godot'],
    package: 'godot',
    suites: ['sid'],
    binary: 'usr/bin/godot',
    args: ['--headless'],
  },
  godot3: {
    version: '3.2.',
    variables: ['GODOT3'],
    commands: ['godot3-server', 'godot3', 'godot'],
    package: 'godot3-server',
    suites: ['bookworm'],
    binary: 'usr/bin/godot3-server',
    args: [],
  },
  godot36: {
    version: '3.6.',
    variables: ['GODOT36', 'GODOT3'],
    commands: ['godot3-server', 'godot3', 'godot'],
    package: 'godot3-server',
    suites: ['trixie', 'sid'],
    binary: 'usr/bin/godot3-server',
    args: [],
  },
}

const CACHE = join(fileURLToPath(new URL('..', import.meta.url)), '.cache', 'engines')
const LIBRARIES = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu/pulseaudio']

/** The engine's version, or undefined where that is no Godot that starts. */
function versionOf(command: string, args: readonly string[]): string | undefined {
  const run = spawnSync(command, [...args, '--version'], { encoding: 'utf8', timeout: 20_000 })
  const version = run.stdout?.trim().split('\n').pop() ?? ''
  return run.status !== null && /^\d+\.\d+\./.test(version) ? version : undefined
}

function started(name: EngineName, command: string, prefixArgs: readonly string[], from: Engine['from']) {
  const recipe = RECIPES[name]
  const args = [...prefixArgs, ...recipe.args]
  const version = versionOf(command, prefixArgs)
  if (!version?.startsWith(recipe.version)) return undefined
  return { name, version, command, args, from } satisfies Engine
}

/** An engine unpacked below the cache is started by the loader it came with: the system's C library may be older. */
function unpacked(name: EngineName, from: Engine['from']): Engine | undefined {
  const prefix = join(CACHE, name)
  const loader = ['usr/lib64', 'lib64'].map((d) => join(prefix, d, 'ld-linux-x86-64.so.2')).find(existsSync)
  if (loader === undefined) return undefined
  const libraries = LIBRARIES.map((folder) => join(prefix, folder)).join(':')
  return started(name, loader, ['--library-path', libraries, join(prefix, RECIPES[name].binary)], from)
}

/** The engine that the environment names. Throws where a variable names what it cannot mean. */
function named(name: EngineName): Engine | undefined {
  for (const variable of RECIPES[name].variables) {
    const command = process.env[variable]
    if (!command) continue
    const engine = started(name, command, [], 'environment')
    if (engine) return engine
    const version = versionOf(command, [])
    if (variable !== 'GODOT3' || !version?.startsWith('3.')) {
      const wanted = variable === 'GODOT3' ? '3' : `${RECIPES[name].version}x`
      throw new Error(
        `${variable}=${command} ${version ? `is Godot ${version}, not` : 'does not start a Godot'} ${wanted}`,
      )
    }
    // Said once, by the recipe whose own variable it is.
    const own = RECIPES[name].variables[0] === variable
    if (own) console.error(`GODOT3=${command} is Godot ${version}: not taken for a Godot ${RECIPES[name].version}x`)
  }
  return undefined
}

/** Looks for an engine without installing anything. */
export function findEngine(name: EngineName): Engine | undefined {
  const recipe = RECIPES[name]
  const engine = named(name)
  if (engine) return engine
  for (const command of recipe.commands) {
    const file = onPath(command)
    const engine = file === undefined ? undefined : started(name, file, [], 'path')
    if (engine) return engine
  }
  return unpacked(name, 'cache')
}

/** The mirror that this machine uses. Apt tells it from its lists; a fresh machine has none, so they are fetched aside. */
function debianMirror(): string | undefined {
  const known = mirrorIn([])
  if (known) return known
  const lists = join(CACHE, `lists-${process.pid}`)
  mkdirSync(join(lists, 'partial'), { recursive: true })
  const aside = [`-oDir::State::Lists=${lists}`, '-oAPT::Sandbox::User=root']
  spawnSync('apt-get', [...aside, 'update'], { timeout: 120_000 })
  const found = mirrorIn(aside)
  rmSync(lists, { recursive: true, force: true })
  return found
}

function mirrorIn(options: readonly string[]): string | undefined {
  const args = [...options, 'indextargets', '--format', '$(CODENAME) $(REPO_URI)']
  const run = spawnSync('apt-get', args, { encoding: 'utf8' })
  const lines = (run.stdout ?? '').split('\n').filter(Boolean)
  return lines.find((line) => !/security|updates|backports/.test(line))?.split(' ')[1]
}

/** Why no engine can be unpacked on this machine; undefined where it can be tried. */
export function cannotInstall(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the recipe is for Linux on x86-64'
  if (!existsSync('/etc/debian_version')) return 'this is not Debian'
  if (process.getuid?.() !== 0) return 'installing from the archive of Debian needs root'
  return undefined
}

function must(command: string, args: readonly string[], log: string): void {
  const run = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  writeFileSync(log, `$ ${command} ${args.join(' ')}\n${run.stdout ?? ''}${run.stderr ?? ''}\n`, { flag: 'a' })
  if (run.status !== 0) throw new Error(`${command} failed (${run.status ?? run.signal}); see ${log}`)
}

/** A dpkg status of its own, empty, makes apt fetch the whole closure of the package, whatever the system has. */
function downloadClosure(recipe: Recipe, suite: string, work: string, mirror: string): string {
  const archives = join(work, 'archives')
  // A release that failed leaves nothing to the next one.
  for (const folder of ['lists', 'archives']) rmSync(join(work, folder), { recursive: true, force: true })
  for (const folder of ['lists/partial', 'archives/partial']) mkdirSync(join(work, folder), { recursive: true })
  writeFileSync(join(work, 'sources.list'), `deb ${mirror} ${suite} main\n`)
  writeFileSync(join(work, 'status'), '')
  const options = [
    `-oDir::Etc::sourcelist=${join(work, 'sources.list')}`,
    '-oDir::Etc::sourceparts=/dev/null',
    `-oDir::State::Lists=${join(work, 'lists')}`,
    `-oDir::State::status=${join(work, 'status')}`,
    `-oDir::Cache::archives=${archives}`,
    `-oDir::Cache::pkgcache=${join(work, 'pkgcache.bin')}`,
    `-oDir::Cache::srcpkgcache=${join(work, 'srcpkgcache.bin')}`,
    '-oAPT::Install-Recommends=0',
    '-oAcquire::Languages=none',
    '-oAcquire::Retries=1',
    '-oAPT::Sandbox::User=root',
  ]
  const log = join(work, 'log.txt')
  must('apt-get', [...options, 'update'], log)
  must('apt-get', [...options, '-y', '--download-only', 'install', recipe.package], log)
  return archives
}

/** The folder with the package and all it needs. Each release gets a second try: an archive moves under its own index. */
function delivered(recipe: Recipe, work: string, mirror: string): string | Error {
  let failure = new Error('no release has it')
  for (const suite of recipe.suites.flatMap((name) => [name, name])) {
    try {
      return downloadClosure(recipe, suite, work, mirror)
    } catch (error) {
      failure = error as Error
    }
  }
  return failure
}

function install(name: EngineName): Engine | MissingEngine {
  const recipe = RECIPES[name]
  const reason = cannotInstall()
  if (reason) return { name, missing: reason, archive: false }
  const mirror = debianMirror()
  if (!mirror) return { name, missing: 'apt-get names no mirror of Debian', archive: false }
  const work = join(CACHE, `${name}.work-${process.pid}`)
  try {
    const archives = delivered(recipe, work, mirror)
    if (archives instanceof Error) {
      return { name, missing: `Debian's archive did not deliver ${recipe.package}: ${archives}`, archive: true }
    }
    const prefix = join(work, 'prefix')
    mkdirSync(prefix)
    const log = join(work, 'log.txt')
    for (const file of readdirSync(archives).filter((f) => f.endsWith('.deb'))) {
      must('dpkg', ['-x', join(archives, file), prefix], log)
    }
    rmSync(join(CACHE, name), { recursive: true, force: true })
    renameSync(prefix, join(CACHE, name))
    const engine = unpacked(name, 'install')
    if (engine) return engine
    return {
      name,
      missing: `the unpacked ${recipe.package} is no Godot ${recipe.version}x that starts`,
      archive: false,
    }
  } catch (error) {
    const tail = existsSync(join(work, 'log.txt')) ? readFileSync(join(work, 'log.txt'), 'utf8').slice(-500) : ''
    return { name, missing: `unpacking ${recipe.package} failed: ${error}\n${tail}`, archive: false }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Finds an engine, or installs it, or says why it cannot be had. */
export function getEngine(name: EngineName): Engine | MissingEngine {
  return findEngine(name) ?? install(name)
}

export function isEngine(engine: Engine | MissingEngine): engine is Engine {
  return 'command' in engine
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const asked = process.argv.slice(2)
  const names = ENGINE_NAMES.filter((name) => asked.length === 0 || asked.includes(name))
  let missing = 0
  for (const name of names) {
    const engine = getEngine(name)
    if (isEngine(engine)) console.log(`${name}: ${engine.version} (${engine.from}) ${engine.command}`)
    else console.error(`${name}: missing: ${engine.missing}`)
    if (!isEngine(engine)) missing++
  }
  process.exitCode = missing ? 1 : 0
}
