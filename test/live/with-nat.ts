// Two homes behind routers of their own and a public network between them, as network namespaces: what players really have.
//
//   ann 10.1.0.2 - router 198.51.100.2 -+
//                                       +- public 198.51.100.1
//   bob 10.2.0.2 - router 198.51.100.3 -+
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { onPath } from '../../scripts/on-path.js'
import { itUnless, type Lack } from './needs.js'

export const PUBLIC_IP = '198.51.100.1'
export const ROUTER_IPS = { ann: '198.51.100.2', bob: '198.51.100.3' } as const
export type Home = keyof typeof ROUTER_IPS

const NETWORKS = { ann: '10.1.0', bob: '10.2.0' } as const

/** How a router chooses the port that the world sees: the sender's own, or another for each destination. */
export type Nat = 'keeps ports' | 'random ports'

/** `it`, where there may be network namespaces. */
export function itWithNat(name: string, run: () => Promise<void>): void {
  itUnless(whatIsMissing(), name, run, 120_000)
}

function whatIsMissing(): Lack | undefined {
  const missing = (what: string) => ({
    skipped: what,
    failed: `network namespaces cannot be made, and CI must: ${what}`,
  })
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return missing('it needs Linux and root')
  const tool = ['ip', 'iptables', 'turnserver'].find((command) => onPath(command) === undefined)
  return tool === undefined ? undefined : missing(`no ${tool}; apt-get install iproute2 iptables coturn`)
}

function run(command: string): void {
  const [tool, ...args] = command.split(' ')
  execFileSync(tool!, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** The network of one test. */
export class NatNetwork {
  readonly #id = `gw${process.pid.toString(36)}${(counter++).toString(36)}`
  readonly #spaces: string[] = []
  readonly #children: ChildProcess[] = []

  constructor(nat: Nat) {
    const world = this.#space('p')
    run(`ip -n ${world} link add br0 type bridge`)
    run(`ip -n ${world} addr add ${PUBLIC_IP}/24 dev br0`)
    run(`ip -n ${world} link set br0 up`)
    for (const home of ['ann', 'bob'] as const) this.#home(home, nat)
  }

  #name(short: string): string {
    return `${this.#id}${short}`
  }

  #space(short: string): string {
    const name = this.#name(short)
    run(`ip netns add ${name}`)
    this.#spaces.push(name)
    run(`ip -n ${name} link set lo up`)
    return name
  }

  #home(home: Home, nat: Nat): void {
    const [host, router, world] = [this.#space(home[0]!), this.#space(`${home[0]}r`), this.#name('p')]
    run(`ip -n ${router} link add lan type veth peer name eth0 netns ${host}`)
    run(`ip -n ${router} link add wan type veth peer name to-${home} netns ${world}`)
    run(`ip -n ${world} link set to-${home} master br0 up`)
    for (const [space, device, address] of [
      [host, 'eth0', `${NETWORKS[home]}.2/24`],
      [router, 'lan', `${NETWORKS[home]}.1/24`],
      [router, 'wan', `${ROUTER_IPS[home]}/24`],
    ]) {
      run(`ip -n ${space} addr add ${address} dev ${device}`)
      run(`ip -n ${space} link set ${device} up`)
    }
    run(`ip -n ${host} route add default via ${NETWORKS[home]}.1`)
    run(`ip netns exec ${router} sysctl -qw net.ipv4.ip_forward=1`)
    const ports = nat === 'random ports' ? ' --random-fully' : ''
    run(`ip netns exec ${router} iptables -t nat -A POSTROUTING -o wan -j MASQUERADE${ports}`)
    // As routers do: what nobody asked for is dropped, and leaves no trace among the connections.
    run(`ip netns exec ${router} iptables -A INPUT -i wan -j DROP`)
  }

  /** The router of a home lets no UDP through any more, or again. */
  blockUdp(home: Home, block: boolean): void {
    run(`ip netns exec ${this.#name(`${home[0]}r`)} iptables ${block ? '-I' : '-D'} FORWARD -p udp -j DROP`)
  }

  /** Starts a process on the public host or in a home. */
  spawn(where: Home | 'public', command: string, ...args: string[]): ChildProcess {
    const space = this.#name(where === 'public' ? 'p' : where[0]!)
    // turnserver complains of protocols that the machine lacks.
    const stderr = command === 'turnserver' ? 'ignore' : 'inherit'
    const child = spawn('ip', ['netns', 'exec', space, command, ...args], { stdio: ['pipe', 'pipe', stderr] })
    this.#children.push(child)
    return child
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL')
    for (const space of this.#spaces) run(`ip netns del ${space}`)
  }
}

let counter = 0

/** Lines of JSON from a child, and lines to it. */
export class Child<Line> {
  last: Line | undefined

  constructor(readonly process: ChildProcess) {
    createInterface({ input: process.stdout! }).on('line', (line) => {
      this.last = JSON.parse(line) as Line
    })
  }

  say(line: string): void {
    this.process.stdin!.write(`${line}\n`)
  }

  /** Waits until what the child said last is what is wanted. */
  async until(what: string, isSo: (line: Line) => boolean, ms = 60_000): Promise<Line> {
    const end = performance.now() + ms
    while (this.last === undefined || !isSo(this.last)) {
      if (performance.now() > end) throw new Error(`waited in vain until ${what}: ${JSON.stringify(this.last)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    return this.last
  }
}
