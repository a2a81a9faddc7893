// What games send, from a seed: the same bytes on every machine and in every run.
import { float, type VariantInput, Vector3 } from '../src/variant/index.js'

/** A small linear congruential generator (the constants of Numerical Recipes); 0 to 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** The tutorial's first packet. */
export function handshake(): VariantInput {
  return { message: 'handshake', from: 76561197960287930n, version: 1 }
}

/** One player, as often as a game sends it: mixed types, nested, with a list. */
export function playerState(next: () => number, id = 7): { [key: string]: VariantInput } {
  const spread = (range: number) => (next() - 0.5) * range
  return {
    id,
    name: `player_${String(id).padStart(3, '0')}`,
    pos: new Vector3(spread(200), spread(20), spread(200)),
    vel: new Vector3(spread(10), spread(10), spread(10)),
    yaw: spread(6),
    hp: float(Math.floor(next() * 100)),
    alive: next() > 0.1,
    anim: 'run',
    inv: [1, 2, 3, 5, 8].map((item) => item + Math.floor(next() * 50)),
  }
}

/** A whole world: 100 players. */
export function snapshot(): VariantInput {
  const next = random(2)
  return Array.from({ length: 100 }, (_, id) => playerState(next, id))
}

export const PAYLOADS: Readonly<Record<string, VariantInput>> = {
  handshake: handshake(),
  state: playerState(random(1)),
  snapshot: snapshot(),
}

/**
 * sha256 of the bytes that Godot 4.6.3 writes for each payload: what `encode` is held to before it is timed. The live tests
 * ask the engine again (test/live/bench.test.ts).
 */
export const ENGINE_SHA256: Readonly<Record<string, string>> = {
  handshake: 'd48ca57523dab5d0f9bbc0b217fcd2494a9fddee4d4751e1fd39b62ccbeeec6a',
  state: '27e5fed0a4519c8800092508e870b521bf79111d22667d3953ae2aa341fbd492',
  snapshot: 'b82c47b6989ff5399a34d52a0613db2c67ea860075595821315ebd1ec27137ee',
}
