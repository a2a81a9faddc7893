import { parseArgs } from 'node:util'

export const HELP = `npm run loss -- [options]

Reliable traffic over UDP between two network namespaces whose kernel drops datagrams at random, in both directions: this
package beside node-datachannel (SCTP). Linux, root, \`ip\` and \`iptables\`.

  --loss=0,1,5,10,30   percent of the datagrams, in each direction
  --delay=0,20         milliseconds each way, by a forwarding process where they are not 0
  --rate=40            megabits a second that the cable carries, with a queue of 50 ms; 0: as many as the processors manage
  --rounds=3           the middle one of so many is shown
  --seconds=4          how long goodput is measured, after four seconds that do not count
  --packets=400        of the stream, 60 a second
  --size=1024          bytes of a packet where goodput is measured
  --contenders=godot-wire,sctp
  --verbose            what each round brought
  --profile=FOLDER     CPU profiles of the processes`

export const CONTENDERS = ['godot-wire', 'sctp'] as const
export type Contender = (typeof CONTENDERS)[number]

export interface Options {
  readonly loss: readonly number[]
  readonly delay: readonly number[]
  readonly rate: number
  readonly rounds: number
  readonly seconds: number
  readonly packets: number
  readonly size: number
  readonly contenders: readonly Contender[]
  readonly verbose: boolean
  readonly profile: string | undefined
}

/** @returns undefined where help was asked for. */
export function optionsOf(args: readonly string[]): Options | undefined {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      loss: text,
      delay: text,
      rate: text,
      rounds: text,
      seconds: text,
      packets: text,
      size: text,
      contenders: text,
      profile: text,
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return undefined
  const numbers = (name: 'loss' | 'delay', usual: string, most: number) =>
    (values[name] ?? usual).split(',').map((part) => numberIn(name, part, 0, most))
  const whole = (name: 'rounds' | 'seconds' | 'packets' | 'size', usual: number, least: number) =>
    Math.trunc(numberIn(name, values[name] ?? String(usual), least, 1_000_000))
  return {
    loss: numbers('loss', '0,1,5,10,30', 90),
    delay: numbers('delay', '0,20', 1000),
    rate: numberIn('rate', values.rate ?? '40', 0, 100_000),
    rounds: whole('rounds', 3, 1),
    seconds: whole('seconds', 4, 1),
    packets: whole('packets', 400, 100),
    size: whole('size', 1024, 16),
    contenders: (values.contenders ?? CONTENDERS.join()).split(',').map(contenderOf),
    verbose: values.verbose ?? false,
    profile: values.profile,
  }
}

function numberIn(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new Error(`--${name} must be of ${least} to ${most}, not "${text}"`)
}

function contenderOf(text: string): Contender {
  const known = CONTENDERS.find((one) => one === text)
  if (known === undefined) throw new Error(`--contenders must be of ${CONTENDERS.join()}, not "${text}"`)
  return known
}
