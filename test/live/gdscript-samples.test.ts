// Every sample in GDScript of the README, the documents and the examples: it compiles beside the addon, in its Godot; and the
// player of the server's guide plays.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { Messenger, P2P } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { Vector2 } from '../../src/variant/index.js'
import { type AddonProject, engineErrors, makeProject, nextSaid, startScript } from './addon-project.js'
import { describeWith } from './with-engine.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Of Godot 3; all others are of Godot 4. */
const OF_GODOT_3 = ['godot/addons/godot_wire_3/README.md']

interface Sample {
  readonly document: string
  readonly code: string
}

const FOLDERS = ['docs', 'examples', 'godot/addons']

const DOCUMENTS = [
  'README.md',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
      .map((file) => `${folder}/${file}`),
  ),
]

const SAMPLES: readonly Sample[] = DOCUMENTS.flatMap((document) =>
  [...readFileSync(join(ROOT, document), 'utf8').matchAll(/^( *)```gdscript\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent, code]) => ({ document, code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }),
  ),
)

/** What the text around a sample takes for granted, unless it says so itself. */
const GIVEN = ['server_id = 76561198000000001', 'steam_id = 76561198000000002', 'token = ""', 'Steam = null']

/** A class that a sample makes one of. */
const GIVEN_CLASS = 'class MyConnection:\n\textends Object\n'

/** A script: what declares functions stands as it is, other lines are those of a function. */
function scriptOf(sample: Sample): string {
  const code = withTabs(sample.code)
  const body = /^(func|extends) /m.test(code) ? code : `func _sample():\n${code.replace(/^(?=.)/gm, '\t')}`
  const given = GIVEN.filter((line) => !body.includes(`var ${line.split(' ')[0]} `)).map((line) => `var ${line}`)
  return `extends Node\n${given.join('\n')}\n${GIVEN_CLASS}${body.replace(/^extends .*\n/, '')}`
}

/** Four spaces where a document has them: Godot wants one kind of indent. */
const withTabs = (code: string) => code.replace(/^( {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4))

const CHECK = `extends SceneTree

func _initialize():
	var broken = []
	for i in COUNT:
		var script = load("res://samples/%d.gd" % i)
		if script == null or not script.CAN():
			broken.append(i)
	print("GODOT_WIRE ", JSON({"broken": broken}))
	quit()
`

const PLAY = `extends SceneTree

func _initialize():
	root.add_child.call_deferred(load("res://samples/player.gd").new())
`

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

for (const name of ['godot4', 'godot3'] as const) {
  describeWith(name, 'the samples in GDScript', (engine) => {
    const isFour = name === 'godot4'
    const samples = SAMPLES.filter(({ document }) => OF_GODOT_3.includes(document) !== isFour)
    let project: AddonProject
    beforeAll(() => {
      project = makeProject(engine)
      mkdirSync(join(project.folder, 'samples'))
    })
    afterAll(() => project.remove())

    it('compile', async () => {
      expect(samples.length).toBeGreaterThanOrEqual(isFour ? 5 : 1)
      // The last one must not: the check would see it.
      const scripts = [...samples.map(scriptOf), 'extends Node\nfunc _ready():\n\tGodotWire = = 5\n']
      for (const [i, text] of scripts.entries()) {
        writeFileSync(join(project.folder, 'samples', `${i}.gd`), text)
      }
      const check = CHECK.replace('COUNT', String(scripts.length))
        .replace('CAN', isFour ? 'can_instantiate' : 'can_instance')
        .replace('JSON(', isFour ? 'JSON.stringify(' : 'to_json(')
      writeFileSync(join(project.folder, project.tests, 'samples_check.gd'), check)
      const godot = startScript(engine, project, 'samples_check.gd')
      ends.push(() => godot.kill())
      const { broken } = (await nextSaid(godot, 'broken')) as { broken: number[] }
      const told = broken.map((i) => samples[i]?.document ?? 'the one that is broken')
      expect(told, godot.stderr).toEqual(['the one that is broken'])
    })

    it.runIf(isFour)('the player of the server’s guide is greeted by a server', async () => {
      const steamId = 76561198000000001n
      const transport = new WebSocketTransport({ steamId })
      const { url } = await transport.listen({ port: 0 })
      const p2p = new P2P({ steamId, transport })
      ends.push(() => p2p.close())
      const messenger = new Messenger(p2p)
      p2p.on('p2p_session_request', (id) => {
        p2p.acceptP2PSessionWithUser(id)
        messenger.send(id, { message: 'welcome', spawn: new Vector2(3, 4) })
      })
      const sample = samples.find(({ document }) => document === 'docs/guides/server.md')!
      writeFileSync(join(project.folder, 'samples', 'player.gd'), scriptOf(sample).replace('ws://127.0.0.1:7777', url))
      writeFileSync(join(project.folder, project.tests, 'samples_play.gd'), PLAY)
      const godot = startScript(engine, project, 'samples_play.gd')
      ends.push(() => godot.kill())
      expect(await godot.nextLine('{')).toBe('{ "message": "welcome", "spawn": (3.0, 4.0) }')
      expect(messenger.poll().map(({ value }) => String(value))).toEqual(['{ "message": "handshake" }'])
      expect(engineErrors(godot)).toEqual([])
    })
  })
}
