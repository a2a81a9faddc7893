import { execFileSync } from 'node:child_process'

export const SIDES = ['a', 'b'] as const
export type Side = (typeof SIDES)[number]

const ADDRESS: Readonly<Record<Side, string>> = { a: '10.77.0.1', b: '10.77.0.2' }
const DEVICE = 'wire0'

/** Where the two ends run. */
export interface Sides {
  /** The words before a command that shall run on that side. */
  on(side: Side): readonly [string, ...string[]]
  address(side: Side): string
}

/** Two network namespaces with one cable between them, whose ends lose what arrives. */
export class Namespaces implements Sides {
  readonly #names: Readonly<Record<Side, string>>

  /**
   * `rate` in megabits a second that the cable carries; 0 for no limit.
   *
   * @throws where this is not Linux, not root, or `ip` and `iptables` are missing.
   */
  constructor(rate: number) {
    this.#names = { a: `gw-loss-${process.pid}-a`, b: `gw-loss-${process.pid}-b` }
    try {
      this.#make()
      if (rate > 0) this.#narrow(rate)
    } catch (cause) {
      this.close()
      throw new Error('Namespaces need Linux, root, `ip` and `iptables`', { cause })
    }
  }

  address(side: Side): string {
    return ADDRESS[side]
  }

  on(side: Side): readonly [string, ...string[]] {
    return ['ip', 'netns', 'exec', this.#names[side]]
  }

  /** From now on so much of what arrives at either end is dropped, in percent. */
  lose(percent: number): void {
    for (const side of SIDES) {
      this.#run(side, 'iptables', '-F', 'INPUT')
      if (percent === 0) continue
      const chance = ['-m', 'statistic', '--mode', 'random', '--probability', String(percent / 100)]
      this.#run(side, 'iptables', '-A', 'INPUT', '-i', DEVICE, '-p', 'udp', ...chance, '-j', 'DROP')
    }
  }

  close(): void {
    for (const name of Object.values(this.#names)) {
      try {
        ip('netns', 'del', name)
      } catch {}
    }
  }

  #make(): void {
    const { a, b } = this.#names
    for (const name of [a, b]) ip('netns', 'add', name)
    ip('link', 'add', DEVICE, 'netns', a, 'type', 'veth', 'peer', 'name', DEVICE, 'netns', b)
    for (const side of SIDES) {
      this.#run(side, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1')
      this.#run(side, 'ip', 'address', 'add', `${ADDRESS[side]}/24`, 'dev', DEVICE)
      for (const device of [DEVICE, 'lo']) this.#run(side, 'ip', 'link', 'set', device, 'up')
    }
  }

  #narrow(rate: number): void {
    const bucket = ['tbf', 'rate', `${rate}mbit`, 'burst', '32kb', 'latency', '50ms']
    for (const side of SIDES) this.#run(side, 'tc', 'qdisc', 'add', 'dev', DEVICE, 'root', ...bucket)
  }

  #run(side: Side, ...command: string[]): void {
    const [program, ...before] = this.on(side)
    execFileSync(program, [...before, ...command], { stdio: ['ignore', 'ignore', 'pipe'] })
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
