// The plugin in the editors themselves, without a display: enabled as by a click, disabled, enabled again; and then the
// game that the editor has left behind.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { ENGINE_NAMES, type Engine } from '../../scripts/engines.js'
import { makeProject, nextSaid, projectText, startScript } from './addon-project.js'
import { describeWith } from './with-engine.js'

const PROBE = 'probe'
const PREFIX = 'GODOT_WIRE '
const CONFIG = '[plugin]\n\nname="probe"\ndescription=""\nauthor=""\nversion="1"\nscript="plugin.gd"\n'

/** Opens the project in the editor, which the probe closes. */
async function runEditor(engine: Engine, folder: string): Promise<{ stdout: string; stderr: string }> {
  const home = mkdtempSync(join(tmpdir(), 'godot-wire-home-'))
  try {
    const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home }
    const args = [...engine.args, '--path', folder, '--editor']
    return await promisify(execFile)(engine.command, args, { cwd: folder, env, timeout: 60_000, maxBuffer: 1 << 26 })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

for (const name of ENGINE_NAMES) {
  describeWith(name, 'the plugin in the editor', (engine) => {
    it('is enabled and disabled, with its autoload, and the game finds it', async () => {
      const project = makeProject(engine)
      try {
        const { addon, folder, tests } = project
        const probe = join(folder, 'addons', PROBE)
        mkdirSync(probe)
        writeFileSync(join(probe, 'plugin.cfg'), CONFIG)
        copyFileSync(join(folder, tests, 'editor_probe.gd'), join(probe, 'plugin.gd'))
        // A project that has never heard of the addon.
        writeFileSync(join(folder, 'project.godot'), projectText(engine, [PROBE], {}))

        const { stdout, stderr } = await runEditor(engine, folder)
        const said = stdout.split('\n').find((line) => line.startsWith(PREFIX))
        const off = { enabled: false, autoload: '' }
        const path = new RegExp(`^\\*(uid://\\w+|res://addons/${addon}/godot_wire\\.gd)$`)
        const on = { enabled: true, autoload: expect.stringMatching(path) }
        expect(JSON.parse(said!.slice(PREFIX.length))).toEqual({ looks: [off, on, off, on] })
        expect(stderr).not.toContain(`addons/${addon}/plugin.gd`)

        // What the editor has saved is a game with the addon.
        const godot = startScript(engine, project, 'plugin_check.gd', { addon })
        expect(await nextSaid(godot, 'scripts')).toMatchObject({ broken: [], autoload: true })
        expect(await godot.exited).toBe(0)
      } finally {
        project.remove()
      }
    })
  })
}
