import { join } from 'node:path'
import { afterEach } from 'vitest'
import { P2P, type P2PBackendOptions } from '../../src/p2p/index.js'
import {
  openSteam,
  openSteamGameServer,
  type SteamBackend,
  type SteamGameServerOptions,
} from '../../src/steam/node/index.js'
import { controlsOf, copyDouble, type DoubleControls, makeFolder } from './double.js'

export { bytes, expectPackets, noise, readAll } from '../p2p/world.js'

export const ALICE = 76561197960265729n
export const BOB = 76561197960265730n
export const CAROL = 76561197960265731n
/** A game server with an account, as universe 1 and type 3 have them. */
export const SERVER = (1n << 56n) | (3n << 52n) | (1n << 32n) | 77n

/** A player or game server on Steam, and everything it was told. */
export interface SteamPeer {
  readonly p2p: P2P
  readonly backend: SteamBackend
  readonly controls: DoubleControls
  readonly requests: bigint[]
  readonly failures: [bigint, number][]
}

type PeerOptions = Omit<P2PBackendOptions, 'backend'>

const worlds: SteamWorld[] = []
afterEach(() => {
  for (const world of worlds.splice(0)) world.close()
})

/** Players on a Steam of their own whose time stands still: the double's, not Steam's. */
export class SteamWorld {
  readonly peers: SteamPeer[] = []
  readonly #folder = makeFolder()
  readonly #before = { ...process.env }

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.set({ STEAM_DOUBLE_DIR: this.#folder.path, STEAM_DOUBLE_CLOCK: 'virtual', ...env })
    worlds.push(this)
  }

  get folder(): string {
    return this.#folder.path
  }

  /** A library of its own, for one more player. */
  library(): string {
    return copyDouble(join(this.#folder.path, `${this.peers.length}-${Math.random().toString(36).slice(2)}.so`))
  }

  set(env: Readonly<Record<string, string>>): void {
    Object.assign(process.env, env)
  }

  async peer(steamId: bigint, options: PeerOptions = {}): Promise<SteamPeer> {
    this.set({ STEAM_DOUBLE_ID: String(steamId) })
    const library = this.library()
    return this.add(library, await openSteam({ appId: 480, library, pollIntervalMs: 0 }), options)
  }

  async gameServer(options: SteamGameServerOptions = {}, library = this.library()): Promise<SteamPeer> {
    return this.add(library, await openSteamGameServer({ appId: 480, library, pollIntervalMs: 0, ...options }))
  }

  /** A peer that accepts whoever asks. */
  async friendly(steamId: bigint, options: PeerOptions = {}): Promise<SteamPeer> {
    const peer = await this.peer(steamId, options)
    peer.p2p.on('p2p_session_request', (id) => peer.p2p.acceptP2PSessionWithUser(id))
    return peer
  }

  add(library: string, backend: SteamBackend, options: PeerOptions = {}): SteamPeer {
    const p2p = new P2P({ backend, callbacks: 'manual', ...options })
    const peer: SteamPeer = { p2p, backend, controls: controlsOf(library), requests: [], failures: [] }
    p2p.on('p2p_session_request', (id) => peer.requests.push(id))
    p2p.on('p2p_session_connect_fail', (id, error) => peer.failures.push([id, error]))
    this.peers.push(peer)
    return peer
  }

  /** Lets time pass in steps, as a game's frames do, and delivers the signals after each. */
  pass(ms: number, step = 50): void {
    for (let left = ms; left >= 0; left -= step) {
      for (const { p2p, controls, backend } of this.peers) {
        if (!backend.isOpen) continue
        controls.advanceClock(Math.min(step, left))
        p2p.runCallbacks()
      }
      if (left === 0) break
    }
  }

  /** Everything that is under way arrives. */
  settle(): void {
    for (let round = 0; round < 4; round++) this.pass(0)
  }

  close(): void {
    for (const { p2p } of this.peers) p2p.close()
    for (const name of Object.keys(process.env)) if (!(name in this.#before)) delete process.env[name]
    Object.assign(process.env, this.#before)
    this.#folder.remove()
  }
}
