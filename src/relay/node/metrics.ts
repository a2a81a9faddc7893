import { Gauge, Registry } from 'prom-client'
import type { RelayStats } from '../switch.js'

/** Name, help, and whether it only ever grows. */
const METRICS: Readonly<Record<keyof RelayStats, readonly [help: string, grows: boolean]>> = {
  peers: ['Peers that are joined now', false],
  ports: ['Ends of links between peers now', false],
  lobbies: ['Lobbies now', false],
  queuedBytes: ['Bytes that wait for peers now', false],
  joins: ['Peers that have joined', true],
  messagesIn: ['Messages from peers', true],
  bytesIn: ['Bytes from peers', true],
  messagesOut: ['Messages to peers', true],
  bytesOut: ['Bytes to peers', true],
  droppedDatagrams: ['Unreliable packets that were dropped', true],
  slowPeers: ['Peers closed for reading too slowly', true],
  brokenPeers: ['Peers closed for messages that make no sense', true],
  loudPeers: ['Peers closed for sending more than they may', true],
}

/** The relay's numbers, for Prometheus. Read when asked for: counting costs nothing in between. */
export function relayMetrics(stats: Readonly<RelayStats>): Registry {
  const registry = new Registry()
  for (const [key, [help, grows]] of Object.entries(METRICS)) {
    const name = `godot_wire_relay_${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
    new Gauge({
      name: grows ? `${name}_total` : name,
      help,
      registers: [registry],
      collect() {
        this.set(stats[key as keyof RelayStats])
      },
    })
  }
  return registry
}
