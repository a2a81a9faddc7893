// Many peers, each with packets of 100 bytes for its neighbour at a steady rate: what arrives, how late, and what it costs.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CrowdResult } from './crowd-peers.js'
import { Forwarder, type Role, type Usage } from './roles.js'

export interface CrowdOptions {
  readonly role: Role
  readonly peers: number
  /** Packets a second of each peer. */
  readonly rate: number
  readonly seconds: number
  /** Processes that the peers live in. */
  readonly processes: number
  /** Relays that they are spread over, neighbours on different ones; above 1 over the NATS servers at `nats`. */
  readonly relays: number
  readonly nats: readonly string[]
}

const PEERS = fileURLToPath(new URL('crowd-peers.ts', import.meta.url))
/** Ids of one process start so far from those of the next. */
const ID_STEP = 1_000_000

/** Runs a crowd and prints a line of what came of it. */
export async function crowd(options: CrowdOptions): Promise<void> {
  const { role, peers, rate, seconds, processes, relays, nats } = options
  const forwarders = await Promise.all(Array.from({ length: relays }, () => Forwarder.start(role, ...nats)))
  const empty = await usageOf(forwarders)
  const each = Math.floor(peers / processes / 2) * 2
  const urls = forwarders.map(({ url }) => url)
  const children = Array.from({ length: processes }, (_, n) => {
    const args = [role, (n + 1) * ID_STEP, each, rate, seconds, ...urls].map(String)
    return fork(PEERS, args, { execArgv: ['--import', 'tsx'], serialization: 'advanced' })
  })
  await Promise.all(children.map((child) => once(child, 'message')))
  const full = await usageOf(forwarders)
  const results = children.map(async (child) => ((await once(child, 'message')) as [CrowdResult])[0])
  for (const child of children) child.send('go')
  const seen = sumOf(await Promise.all(results))
  const end = await usageOf(forwarders)
  print({ ...options, peers: each * processes }, seen, (full.rss - empty.rss) / (each * processes), full, end)
  for (const child of children) child.kill()
  for (const forwarder of forwarders) forwarder.close()
}

async function usageOf(forwarders: readonly Forwarder[]): Promise<Usage> {
  const usages = await Promise.all(forwarders.map((forwarder) => forwarder.usage()))
  const sum = (pick: (usage: Usage) => number) => usages.reduce((all, usage) => all + pick(usage), 0)
  return { rss: sum(({ rss }) => rss), cpuMicroseconds: sum(({ cpuMicroseconds }) => cpuMicroseconds) }
}

function sumOf(results: readonly CrowdResult[]): CrowdResult {
  const sum = (pick: (result: CrowdResult) => number) => results.reduce((all, result) => all + pick(result), 0)
  return {
    sent: sum(({ sent }) => sent),
    received: sum(({ received }) => received),
    refused: sum(({ refused }) => refused),
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
    latencies: results.flatMap(({ latencies }) => latencies).sort((a, b) => a - b),
  }
}

function print(options: CrowdOptions, seen: CrowdResult, rssPerPeer: number, before: Usage, after: Usage): void {
  const { role, peers, rate, relays } = options
  const { sent, received, refused, seconds, latencies } = seen
  const at = (share: number) => latencies[Math.floor(latencies.length * share)]?.toFixed(1) ?? '-'
  const whole = (n: number) => Math.round(n).toLocaleString('en-US')
  const cpu = after.cpuMicroseconds - before.cpuMicroseconds
  console.log(
    [
      `${relays} ${role}${relays > 1 ? 's' : ''}, ${whole(peers)} peers of ${rate} packets a second, ${Math.round(seconds)} s`,
      `  sent ${whole(sent / seconds)} a second of ${whole(peers * rate)} wanted, ${whole(sent)} in all, ` +
        `${whole(received)} received, ${whole(refused)} refused`,
      `  p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ${(cpu / received).toFixed(1)} us of its processor a packet, ` +
        `${(rssPerPeer / 1024).toFixed(1)} kB a peer, ${whole((after.rss - before.rss) / 1024)} kB more at the end`,
    ].join('\n'),
  )
}
