// A page that plays: it joins the server of ../node-server, shows where everybody is, and passes on where you click and what
// you write.
import { type Dictionary, isDictionary, Messenger, P2P, P2P_SEND_UNRELIABLE, type Variant, Vector2 } from 'godot-wire'
import { WebSocketTransport } from 'godot-wire/transport/websocket'

const [TALK, MOTION] = [0, 1]
const LINES = 6

const element = <T extends Element>(selector: string): T => document.querySelector<T>(selector)!
const canvas = element<HTMLCanvasElement>('canvas')
const status = element<HTMLElement>('[role=status]')
const lines = element<HTMLOListElement>('ol')
const [joining, chatting] = [element<HTMLFormElement>('#join'), element<HTMLFormElement>('#chat')]

let names: Dictionary | undefined
let places: ReadonlyMap<bigint, Vector2> = new Map()

/** Any valid Steam id will do where the server asks for no proof. */
function visitorId(): bigint {
  return 76561197960265728n + BigInt(1_000_000 + Math.floor(Math.random() * 1_000_000_000))
}

function hear(value: Variant): void {
  if (!isDictionary(value)) return
  const [known, from, text] = [value.get('names'), value.get('from'), value.get('text')]
  if (isDictionary(known)) names = known
  if (typeof from === 'string' && typeof text === 'string') write(from, text)
}

function write(from: string, text: string): void {
  const line = document.createElement('li')
  const who = document.createElement('b')
  who.textContent = `${from}: `
  line.append(who, text)
  lines.append(line)
  while (lines.children.length > LINES) lines.firstElementChild!.remove()
}

function see(value: Variant): void {
  if (!isDictionary(value)) return
  const [ids, at] = [value.get('ids'), value.get('places')]
  if (!(ids instanceof BigInt64Array) || !Array.isArray(at)) return
  const seen = [...ids].map((id, i) => [id, at[i]] as const)
  places = new Map(seen.filter((one): one is [bigint, Vector2] => one[1] instanceof Vector2))
}

function draw(own: bigint): void {
  const pen = canvas.getContext('2d')!
  pen.clearRect(0, 0, canvas.width, canvas.height)
  pen.textAlign = 'center'
  pen.font = '14px system-ui, sans-serif'
  for (const [id, { x, y }] of places) {
    pen.fillStyle = id === own ? '#c2410c' : '#2563eb'
    pen.beginPath()
    pen.arc(x, y, 9, 0, 2 * Math.PI)
    pen.fill()
    pen.fillStyle = getComputedStyle(canvas).color
    pen.fillText(String(names?.get(id) ?? '?'), x, y - 14)
  }
  status.textContent = `${places.size} on the field. Click where you want to go.`
}

async function join(url: string, name: string): Promise<void> {
  const steamId = visitorId()
  const transport = new WebSocketTransport({ steamId })
  const server = await transport.open(url)
  const p2p = new P2P({ steamId, transport })
  const talk = new Messenger(p2p, { channel: TALK })
  const motion = new Messenger(p2p, { channel: MOTION, sendType: P2P_SEND_UNRELIABLE })
  talk.send(server, { message: 'join', name })
  canvas.addEventListener('click', ({ offsetX, offsetY }) => {
    const scale = canvas.width / canvas.clientWidth
    talk.send(server, { message: 'move', to: new Vector2(offsetX * scale, offsetY * scale) })
  })
  chatting.addEventListener('submit', (event) => {
    event.preventDefault()
    talk.send(server, { message: 'chat', text: String(new FormData(chatting).get('text')) })
    chatting.reset()
  })
  const frame = () => {
    for (const { value } of talk.poll()) hear(value)
    for (const { value } of motion.poll()) see(value)
    draw(steamId)
    requestAnimationFrame(frame)
  }
  frame()
}

joining.addEventListener('submit', (event) => {
  event.preventDefault()
  const url = new URLSearchParams(location.search).get('server') ?? 'ws://127.0.0.1:7777'
  join(url, String(new FormData(joining).get('name'))).then(
    () => {
      joining.hidden = true
      chatting.hidden = false
    },
    (error: unknown) => {
      status.textContent = `${url}: ${error}`
    },
  )
})
