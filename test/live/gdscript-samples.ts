// What a sample in GDScript is played with: games that run it in a real Godot, and the other end.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { Engine } from '../../scripts/engines.js'
import type { RunningEngine } from '../../scripts/run-engine.js'
import { Messenger, P2P, type P2PTransportOptions } from '../../src/p2p/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { type Edits, edited } from '../documents.js'
import { type Child, startChild } from '../steam/child.js'
import { engineErrors, makeProject, startScript } from './addon-project.js'
import type { Ends } from './addon-relay-setup.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const STEAM_BY_THE_ADDON = join(ROOT, 'examples/steam-server/godot/steam.gd')

export const SERVER = 76561198000000001n
export const PLAYER = 76561198000000002n

/** Runs a sample or a file that imports the package by its name, as programs elsewhere do; here that is the source. */
export function startProgram(code: string): Child {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  })
  return startChild(outputText.replace(/'godot-wire(\/[\w/]+)?'/g, (_, room = '') => `'./src${room}/index.js'`))
}

/** What a game needs beside the sample. */
export interface Setting {
  readonly edits?: Edits
  /** What the text around the sample takes for granted: declarations in the same script. */
  readonly given?: string
  /** Makes a script of a sample that is lines of a function. */
  readonly around?: (lines: string) => string
  /** Where `Steam` leads, which the addon stands in for. */
  readonly steamAt?: string
}

/** A TypeScript end in the test's own process. */
export interface Peer {
  readonly url: string
  readonly p2p: P2P
  readonly messenger: Messenger
}

/** One playing of a sample: games, each in a project of its own, and what ends with them. */
export class Stage {
  readonly ends: Ends = []
  readonly #games: RunningEngine[] = []

  constructor(
    readonly engine: Engine,
    readonly sample: string,
  ) {}

  get version(): 3 | 4 {
    return this.engine.name === 'godot4' ? 4 : 3
  }

  startGame(setting: Setting): RunningEngine {
    const { steamAt } = setting
    const project = makeProject(this.engine, steamAt === undefined ? {} : { Steam: 'res://steam.gd' })
    this.ends.push(() => project.remove())
    if (steamAt !== undefined) {
      const steam = edited(readFileSync(STEAM_BY_THE_ADDON, 'utf8'), [['ws://127.0.0.1:8910', steamAt]])
      writeFileSync(join(project.folder, 'steam.gd'), steam)
    }
    writeFileSync(join(project.folder, project.tests, 'sample.gd'), this.#script(setting))
    const game = startScript(this.engine, project, 'boot.gd', { node: 'sample.gd' })
    this.#games.push(game)
    return game
  }

  /** A server that accepts nobody by itself. */
  async startPeer(steamId = SERVER, options: Partial<P2PTransportOptions> = {}): Promise<Peer> {
    const transport = new WebSocketTransport({ steamId })
    const { url } = await transport.listen({ port: 0 })
    const p2p = new P2P({ ...options, steamId, transport })
    this.ends.push(() => p2p.close())
    return { url, p2p, messenger: new Messenger(p2p, { version: this.version }) }
  }

  /** Ends the games, and says what their engines reported as errors until then. */
  async endGames(): Promise<string[]> {
    await Promise.all(this.#games.map((game) => game.kill()))
    return this.#games.flatMap(engineErrors)
  }

  async close(): Promise<void> {
    await this.endGames()
    for (const end of this.ends.splice(0).reverse()) await end()
  }

  #script({ edits = [], given = '', around = (lines) => lines }: Setting): string {
    const script = around(edited(this.sample, edits))
    const [head = 'extends Node\n'] = /^extends .*\n/.exec(script) ?? []
    return `${head}${given}\n${script.replace(head, '')}`
  }
}
