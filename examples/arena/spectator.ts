// The web page that watches: a peer like any other, in a browser.
import { bytesToVar, P2P, P2P_SEND_RELIABLE, type Vector2, varToBytes } from '../../src/index.js'
import { WebSocketTransport } from '../../src/transport/websocket/index.js'
import { FIELD, field, isText, MOTION, type Player, readRoster, readSnapshot, TALK } from './protocol.js'

const LINES = 8
const EDGE = 6

const canvas = document.querySelector('canvas')!
const log = document.querySelector('ol')!
const status = document.querySelector('p')!
const players = new Map<bigint, Player>()
/** Where everybody is drawn, and where they are going. */
const shown = new Map<bigint, { x: number; y: number }>()
let places: ReadonlyMap<bigint, Vector2> = new Map()
let tick = 0

function write(name: string, text: string): void {
  const line = document.createElement('li')
  const who = document.createElement('b')
  who.textContent = `${name} `
  line.append(who, text)
  log.append(line)
  while (log.children.length > LINES) log.firstElementChild!.remove()
}

function read(p2p: P2P): void {
  while (p2p.isP2PPacketAvailable(TALK)) {
    const value = bytesToVar(p2p.readP2PPacket(1 << 16, TALK).data!)
    const roster = readRoster(value)
    const [name, text] = [field(value, 'from'), field(value, 'text')]
    if (isText(name) && isText(text)) write(name, text)
    if (!roster) continue
    players.clear()
    for (const player of roster) players.set(player.id, player)
  }
  while (p2p.isP2PPacketAvailable(MOTION)) {
    const snapshot = readSnapshot(bytesToVar(p2p.readP2PPacket(1 << 16, MOTION).data!))
    if (!snapshot || snapshot.tick <= tick) continue
    tick = snapshot.tick
    places = snapshot.places
  }
}

/** Above the player, or below where there is no room; never beyond the sides. */
function drawName(pen: CanvasRenderingContext2D, name: string, at: { x: number; y: number }): void {
  const half = pen.measureText(name).width / 2 + EDGE
  pen.fillStyle = '#e8e8f0'
  const x = Math.max(half, Math.min(FIELD.width - half, at.x))
  pen.fillText(name, x, at.y < 44 ? at.y + 34 : at.y - 24)
}

function draw(): void {
  const pen = canvas.getContext('2d')!
  pen.clearRect(0, 0, FIELD.width, FIELD.height)
  pen.textAlign = 'center'
  pen.font = '15px system-ui, sans-serif'
  for (const [id, place] of places) {
    const player = players.get(id)
    const at = shown.get(id) ?? { x: place.x, y: place.y }
    shown.set(id, at)
    // Twenty snapshots a second become smooth by going a part of the way in each frame.
    at.x += (place.x - at.x) * 0.25
    at.y += (place.y - at.y) * 0.25
    pen.fillStyle = `hsl(${(player?.hue ?? 0) * 360} 75% 60%)`
    pen.beginPath()
    pen.arc(at.x, at.y, 16, 0, 2 * Math.PI)
    pen.fill()
    drawName(pen, player?.name ?? '?', at)
  }
  for (const id of shown.keys()) if (!places.has(id)) shown.delete(id)
  status.textContent = `${players.size} players, tick ${tick}`
}

/** Any valid id will do for somebody who only watches. */
function visitorId(): bigint {
  return 76561197960265728n + BigInt(1_000_000 + Math.floor(Math.random() * 1_000_000_000))
}

async function watch(url: string): Promise<void> {
  const steamId = visitorId()
  const transport = new WebSocketTransport({ steamId })
  const server = await transport.open(url)
  const p2p = new P2P({ steamId, transport })
  p2p.sendP2PPacket(server, varToBytes({ watch: true }), P2P_SEND_RELIABLE, TALK)
  const frame = () => {
    read(p2p)
    draw()
    requestAnimationFrame(frame)
  }
  frame()
}

canvas.width = FIELD.width
canvas.height = FIELD.height
watch(document.body.dataset['server']!).catch((error: unknown) => {
  status.textContent = String(error)
})
