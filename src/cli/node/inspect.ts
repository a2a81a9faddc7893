/** `godot-wire inspect`: the inspector's page, for bytes at hand and for programs that send what they see here. */
import { type Command, cliError, EXIT, type Given, type World } from '../index.js'

const PORT = 7788

export const inspect: Command = {
  name: 'inspect',
  summary: 'show bytes, and what running programs send, on a page',
  operands: '',
  mostOperands: 0,
  options: [
    { name: 'port', short: 'p', value: 'port', usual: String(PORT), help: 'on 127.0.0.1; 0 takes a free port' },
    { name: 'json', help: 'print the address as JSON, for programs' },
  ],
  examples: [
    ['godot-wire inspect', 'print the address of the page'],
    ["openInspector({ at: 'http://127.0.0.1:7788/?token=...' })", 'in a program: show its P2P on that page'],
  ],
  run,
}

async function run(_: readonly string[], given: Given, world: World): Promise<number> {
  const port = portOf(given)
  const { openInspector } = await import('../../inspect/node/index.js')
  const inspector = await openInspector({ port })
  const { url } = inspector
  if (given['json'] === true) world.print(JSON.stringify({ url }))
  else {
    world.print(`Inspector: ${url}`)
    world.note('the token in it is the key: whoever has it reads what is shown there')
    world.note('docs/inspector.md says how a program is shown; Ctrl+C ends')
  }
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
  await inspector.close()
  return EXIT.OK
}

function portOf(given: Given): number {
  const value = given['port']
  if (value === undefined) return PORT
  const port = Number(value)
  if (/^\d{1,5}$/.test(String(value)) && port <= 65_535) return port
  throw cliError('CLI_USAGE', { problem: `--port is "${value}"; it must be 0 to 65535`, command: 'inspect' })
}
