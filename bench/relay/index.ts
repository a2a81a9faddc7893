// npm run bench:relay -- pairs
//   what one pair of peers gets through a relay, beside a bare ws forwarder in the same run
// npm run bench:relay -- crowd [--peers=1000] [--rate=20] [--seconds=10] [--processes=1] [--against=relay|forwarder]
//   [--relays=1] [--nats=nats://127.0.0.1:4222]
//   what many peers get through one relay, through several over NATS, or through the forwarder
import { parseArgs } from 'node:util'
import { crowd } from './crowd.js'
import { pairs } from './pairs.js'
import type { Role } from './roles.js'

const number = (fallback: string) => ({ type: 'string', default: fallback }) as const
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    peers: number('1000'),
    rate: number('20'),
    seconds: number('10'),
    processes: number('1'),
    relays: number('1'),
    against: { type: 'string', default: 'relay' },
    nats: { type: 'string', multiple: true, default: [] as string[] },
  },
})

const what = positionals[0] ?? 'pairs'
if (what === 'pairs') await pairs()
else if (what === 'crowd') {
  await crowd({
    role: values.against as Role,
    peers: Number(values.peers),
    rate: Number(values.rate),
    seconds: Number(values.seconds),
    processes: Number(values.processes),
    relays: Number(values.relays),
    nats: values.nats,
  })
} else {
  console.error(`there is no ${what}: pairs, crowd`)
  process.exitCode = 1
}
process.exit()
