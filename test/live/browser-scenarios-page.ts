// Runs in the page: one game of a scenario, over a relay or directly by WebRTC.
import { RelayTransport } from '../../src/transport/relay/index.js'
import { WebRtcTransport } from '../../src/transport/webrtc/index.js'
import { type Actor, LocalActor, WEBRTC_TRIES } from '../scenarios/actor.js'
import type { PeerOptions } from '../scenarios/scenario.js'
import { IDS } from '../scenarios/scenario.js'

export type Way = 'relay' | 'direct'

export interface ScenarioCalls {
  start(name: string, url: string, way: Way, options: PeerOptions): Promise<void>
  /** Calls a method of the actor. */
  play(method: keyof Actor, args: readonly unknown[]): unknown
}

let actor: LocalActor

const calls: ScenarioCalls = {
  async start(name, url, way, options) {
    const relay = new RelayTransport({ steamId: IDS[name]!, url })
    const transport = way === 'direct' ? new WebRtcTransport({ relay, allowRelay: false, ...WEBRTC_TRIES }) : relay
    actor = new LocalActor(name, transport, options)
    await relay.open()
  },
  play: (method, args) => (actor[method] as (...args: readonly unknown[]) => unknown)(...args),
}

Object.assign(globalThis, calls)
