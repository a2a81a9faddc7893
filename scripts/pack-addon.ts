// npm run pack:addon: the addons as zips that a Godot project takes as they are: unpacked into the project's folder, or
// chosen in the editor's AssetLib tab under "Import".
//
//   npm run pack:addon                     into dist/addon
//   npm run pack:addon -- --out=some/folder
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Zippable, zipSync } from 'fflate'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The addon's folder: for Godot 4 and for Godot 3. */
export type AddonName = 'godot_wire' | 'godot_wire_3'

export const ADDONS: readonly AddonName[] = ['godot_wire', 'godot_wire_3']

/** The same bytes whenever it is packed. */
const MTIME = '1980-01-01T00:00:00'

/** What stands beside the addon's own files. */
const SHARED = ['LICENSE']

/** Godot's own marks of an import, which belong to one project. */
const LEFT_OUT = /\.(uid|import)$/

/** Paths below the addon's folder, sorted. */
export function addonFiles(name: AddonName): string[] {
  const folder = join(ROOT, 'godot/addons', name)
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !LEFT_OUT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** The zip of one addon: everything below `addons/<name>/`. */
export function packAddon(name: AddonName): Uint8Array {
  const entries: Zippable = {}
  for (const path of addonFiles(name)) {
    entries[`addons/${name}/${path}`] = readFileSync(join(ROOT, 'godot/addons', name, path))
  }
  for (const path of SHARED) entries[`addons/${name}/${path}`] = readFileSync(join(ROOT, path))
  return zipSync(entries, { level: 9, mtime: MTIME })
}

/** The version that plugin.cfg names. */
export function addonVersion(name: AddonName): string {
  const text = readFileSync(join(ROOT, 'godot/addons', name, 'plugin.cfg'), 'utf8')
  const version = /^version="([^"]+)"$/m.exec(text)?.[1]
  if (!version) throw new Error(`godot/addons/${name}/plugin.cfg names no version`)
  return version
}

function main(): void {
  const named = process.argv.find((word) => word.startsWith('--out='))?.slice('--out='.length)
  const folder = named ?? join(ROOT, 'dist/addon')
  mkdirSync(folder, { recursive: true })
  for (const name of ADDONS) {
    const zip = packAddon(name)
    const file = join(folder, `${name}-${addonVersion(name)}.zip`)
    writeFileSync(file, zip)
    console.log(`${file}: ${addonFiles(name).length + SHARED.length} files, ${zip.length.toLocaleString('en')} bytes`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
