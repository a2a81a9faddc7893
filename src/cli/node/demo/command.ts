/** `godot-wire demo`: a server and two players in this process, and what they say, line by line. */
import { type Command, EXIT, type Given, harmless, painter, storyLine, type World } from '../../index.js'
import type { Event } from './event.js'

export const demo: Command = {
  name: 'demo',
  summary: 'play a server and two players here, and show each packet',
  operands: '',
  mostOperands: 0,
  options: [
    { name: 'relay', help: 'let them meet in a lobby of a relay; without it players dial the server' },
    { name: 'json', help: 'print each event as JSON, one a line' },
  ],
  examples: [
    ['godot-wire demo', 'the handshake of the GodotSteam tutorial, over WebSocket'],
    ['godot-wire demo --relay', 'the same by way of a relay, where nobody listens'],
    ['godot-wire demo --json', 'what happens, for a program'],
  ],
  run,
}

async function run(_: readonly string[], given: Given, world: World): Promise<number> {
  const byRelay = given['relay'] === true
  // Only here: what it brings along would slow down every other command.
  const { openStage } = await import('./stage.js')
  const { play } = await import('./play.js')
  const asJson = given['json'] === true
  const tell = (event: Event) => world.print(asJson ? JSON.stringify(event) : textOf(event, world))
  if (!asJson) world.print(`godot-wire demo: a server and two players in one process, over ${wayOf(byRelay)}\n`)
  const stage = await openStage(byRelay, tell)
  try {
    const { isComplete, packet } = await play(stage, tell)
    if (isComplete && !asJson) world.print(`\n${nextSteps(packet)}`)
    return isComplete ? EXIT.OK : EXIT.DIFFERENT
  } finally {
    stage.close()
  }
}

const wayOf = (byRelay: boolean) => (byRelay ? 'WebSocket to a relay' : 'WebSocket')

function textOf(event: Event, world: World): string {
  const paint = painter(world.colours)
  const line = (text: string) => harmless(storyLine(event.who, text))
  switch (event.event) {
    case 'note':
      return line(event.text)
    case 'send':
      return `${line(`sendP2PPacket to ${event.to}: ${event.value}`)}\n${paint('dim', storyLine('', sizesOf(event)))}`
    case 'request':
      return line(`p2p_session_request from ${event.from}: acceptP2PSessionWithUser`)
    case 'read':
      return line(`readP2PPacket from ${event.from}: ${event.value}`)
    case 'problem':
      return paint('red', line(event.text))
    case 'end':
      return `\n${paint('green', `All ${event.packets} packets arrived as they were sent: ${event.bytes} bytes of values, ${event.wire} gzipped.`)}`
  }
}

function sizesOf({ bytes, wire }: { bytes: number; wire: number }): string {
  return `${bytes} bytes by var_to_bytes, ${wire} after compress with COMPRESSION_GZIP`
}

function nextSteps(packet: string): string {
  return [
    'Look into the first packet, byte by byte:',
    `  npx godot-wire decode --annotate ${packet}`,
    'Write such a server: docs/guides/server.md. From GodotSteam: docs/guides/porting.md.',
  ].join('\n')
}
