import type { Link, Transport } from '../transport.js'
import { areAmong, check, equal, isPrefix, numbered, numberOf, sameBytes, throwsCode } from './assert.js'
import { Side, Watch } from './recorder.js'

/** Two transports that can reach each other, as a check needs them. */
export interface TransportPair {
  /** The one that dials: `a.connect(b.localId)` must lead to a link. */
  readonly a: Transport
  /** The one that is dialled. */
  readonly b: Transport
  /** Breaks the link from outside, as a pulled cable does; what depends on it is left out where this is missing. */
  readonly cutLink?: () => void | Promise<void>
  /** True where datagrams may be lost, doubled or overtaken even on a quiet machine. */
  readonly lossyDatagrams?: boolean
  /** Frees everything. Both transports may be closed already. */
  teardown(): Promise<void>
}

/** Everything that one check works with. */
export interface Scene {
  readonly a: Side
  readonly b: Side
  readonly watch: Watch
  readonly pair: TransportPair
}

/** How much a transport may take without ever saying that it is full. */
const FLOOD_BYTES = 64 * 1024 * 1024
const MOST_BUFFERED = 32 * 1024 * 1024

/** A Steam id that nobody has: account 0 of universe 0. */
const NOBODY = 1n << 52n

export function sceneOf(pair: TransportPair, timeoutMs: number): Scene {
  const watch = new Watch(timeoutMs)
  return { a: new Side('a', pair.a, watch), b: new Side('b', pair.b, watch), watch, pair }
}

/** The rules of `Transport`, each with the check that finds who breaks it. */
export const CHECKS: readonly (readonly [name: string, check: (scene: Scene) => Promise<void>])[] = [
  ['attach returns before any event', attachIsQuiet],
  ['a second attach throws and changes nothing', secondAttach],
  ['links and frames from before attach are not lost', nothingLostBeforeAttach],
  ['connect brings linkUp to both ends, after it returned', connectBringsLinks],
  ['a link tells the truth about itself', linkProperties],
  ['connect again, from either end, makes no second link', oneLinkPerPeer],
  ['connect to a peer that nobody knows is silent', unknownPeer],
  ['send returns before any event', sendIsQuiet],
  ['a send from within an event returns before any other event', nestedSend],
  ['reliable frames of 1 byte to maxFrameSize arrive intact and in order', reliableFrames],
  ['datagrams arrive intact', datagrams],
  ['a frame that arrived belongs to the receiver', ownership],
  ['a frame of no bytes or too many throws, and the link goes on', misuse],
  ['a full link says so, drains, and delivers exactly what it took', backPressure],
  ['close of a link brings linkDown to both ends, once, after it returned', linkClose],
  ['close of a link a second time does nothing', linkCloseTwice],
  ['a link that is down takes no frame', sendWhenDown],
  ['the last frames before close of a link arrive in order or not at all', lastFrames],
  ['a link can come up again after linkDown', upAgain],
  ['a link that breaks brings linkDown to both ends', brokenLink],
  ['close of a transport is silent here and linkDown there', transportClose],
  ['close of a transport a second time does nothing', transportCloseTwice],
]

async function linked({ a, b, watch }: Scene): Promise<void> {
  a.attach()
  b.attach()
  a.connect(b.transport.localId)
  await bothUp({ a, b, watch })
}

async function bothUp({ a, b, watch }: Pick<Scene, 'a' | 'b' | 'watch'>): Promise<void> {
  await watch.until(
    'both ends have heard linkUp',
    () => a.recorder.link !== undefined && b.recorder.link !== undefined,
    () => ` (a: ${a.recorder.count('linkUp')}, b: ${b.recorder.count('linkUp')})`,
  )
}

async function bothDown({ a, b, watch }: Scene): Promise<void> {
  await watch.until(
    'both ends have heard linkDown',
    () => a.recorder.link === undefined && b.recorder.link === undefined,
    () => ` (a: ${a.recorder.count('linkDown')}, b: ${b.recorder.count('linkDown')})`,
  )
}

/** A frame there and one back: whatever was on its way before has arrived, and rested for a moment. */
async function fence({ a, b, watch }: Scene): Promise<void> {
  await Promise.all([through(a, b, numbered(0, 4)), through(b, a, numbered(0, 4))])
  await watch.quiet()
}

/** A frame that arrives: the first that is sent, or on a link without a reliable lane one of many. */
async function through(from: Side, to: Side, frame: Uint8Array): Promise<void> {
  const { link } = to
  const before = to.recorder.count('frame', link)
  let next = before
  const came = () => {
    const frames = to.recorder.frames(link)
    while (next < frames.length) if (sameBytes(frames[next++]!, frame)) return true
    return false
  }
  const what = `a frame of ${frame.byteLength} bytes has arrived`
  check(from.send(frame.slice()), 'An idle link took no frame')
  if (from.link.reliable) return from.watch.until(what, came)
  await from.watch.insist(what, came, () => from.send(frame.slice()))
}

async function arrived(side: Side, count: number, link: Link = side.link): Promise<void> {
  let frames = 0
  await side.watch.until(
    `${count} frames have arrived`,
    () => {
      frames = side.recorder.count('frame', link)
      return frames >= count
    },
    () => ` (${frames} have)`,
  )
}

async function attachIsQuiet(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  b.attach()
  a.connect(b.transport.localId)
  await watch.until('b has heard linkUp', () => b.recorder.link !== undefined)
  await watch.quiet()
  a.attach()
  equal(a.recorder.heard.length, 0, 'The number of events during attach')
  await bothUp(scene)
}

async function secondAttach(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  await linked(scene)
  const other = new Side('a second receiver', a.transport, watch)
  throwsCode('TRANSPORT_ALREADY_ATTACHED', 'A second attach', () => other.attach())
  await through(b, a, numbered(1, 8))
  equal(other.recorder.heard.length, 0, 'The number of events for the receiver that was turned away')
}

async function nothingLostBeforeAttach(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  b.attach()
  a.connect(b.transport.localId)
  await watch.until('b has heard linkUp', () => b.recorder.link !== undefined)
  const sent = [numbered(1, 100), numbered(2, 1200), numbered(3, 4)]
  for (const frame of sent) b.send(frame.slice())
  await watch.quiet()
  a.attach()
  await watch.until('a has heard linkUp', () => a.recorder.link !== undefined)
  const mayLose = !a.link.reliable && scene.pair.lossyDatagrams === true
  if (!mayLose) await arrived(a, sent.length)
  if (a.link.reliable) isPrefix(a.recorder.frames(a.link), sent)
  else areAmong(a.recorder.frames(a.link), sent)
}

async function connectBringsLinks(scene: Scene): Promise<void> {
  await linked(scene)
  equal(scene.a.link.peer, scene.b.transport.localId, "The peer of a's link")
  equal(scene.b.link.peer, scene.a.transport.localId, "The peer of b's link")
}

async function linkProperties(scene: Scene): Promise<void> {
  await linked(scene)
  for (const { link } of [scene.a, scene.b]) {
    check(Number.isInteger(link.maxFrameSize), `maxFrameSize is ${link.maxFrameSize}, not a whole number`)
    check(link.maxFrameSize >= 1280, `maxFrameSize is ${link.maxFrameSize}, below 1280`)
    equal(typeof link.reliable, 'boolean', 'The type of reliable')
    equal(typeof link.relayed, 'boolean', 'The type of relayed')
    check(link.bufferedBytes >= 0, `bufferedBytes is ${link.bufferedBytes}`)
    const { ip = 0, port = 0 } = link.address ?? {}
    check(Number.isInteger(ip) && ip >= 0 && ip <= 0xffff_ffff, `address.ip is ${ip}, not an unsigned 32-bit number`)
    check(Number.isInteger(port) && port >= 0 && port <= 0xffff, `address.port is ${port}, not a port`)
  }
}

async function oneLinkPerPeer(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  for (let i = 0; i < 3; i++) {
    a.connect(b.transport.localId)
    b.connect(a.transport.localId)
  }
  await fence(scene)
  equal(a.recorder.count('linkUp'), 1, 'The number of linkUp at a')
  equal(b.recorder.count('linkUp'), 1, 'The number of linkUp at b')
}

async function unknownPeer(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  a.connect(NOBODY)
  b.connect(NOBODY)
  await fence(scene)
  equal(a.recorder.count('linkUp'), 1, 'The number of linkUp at a')
  equal(a.recorder.count('linkDown'), 0, 'The number of linkDown at a')
  equal(b.recorder.count('linkUp'), 1, 'The number of linkUp at b')
}

async function sendIsQuiet(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  for (const lane of ['reliable', 'datagram'] as const)
    check(a.send(numbered(1, 8), lane), 'An idle link took no frame')
  equal(b.recorder.count('frame'), 0, 'The number of frames that arrived during send')
  await fence(scene)
}

async function nestedSend(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  b.recorder.onFrame = (link, frame) => b.send(frame.slice(), 'reliable', link)
  await through(a, b, numbered(1, 64))
  const echoed = () => a.recorder.count('frame') > 0
  if (a.link.reliable) return scene.watch.until('the answer has arrived', echoed)
  await scene.watch.insist('the answer has arrived', echoed, () => a.send(numbered(1, 64)))
}

async function reliableFrames(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  await Promise.all([sizes(a, b), sizes(b, a)])
}

async function sizes(from: Side, to: Side): Promise<void> {
  const { maxFrameSize, reliable } = from.link
  const around = [1, 2, 125, 126, 127, 128, 255, 256, 1200, 1280, 16_383, 16_384, 32_768, 65_535, 65_536]
  const list = [...around.filter((size) => size < maxFrameSize - 1), maxFrameSize - 1, maxFrameSize]
  if (!reliable) {
    for (const [i, size] of list.entries()) await through(from, to, numbered(i + 1, size))
    const sent = list.map((size, i) => numbered(i + 1, size))
    return areAmong(to.recorder.frames(to.link), sent)
  }
  for (let i = 0; i < 200; i++) list.push(1 + ((i * 37) % 300))
  const sent = list.map((size, i) => numbered(i + 1, size))
  await sendAll(from, sent)
  await arrived(to, sent.length)
  isPrefix(to.recorder.frames(to.link), sent)
}

/** Sends copies, and waits for room where there is none. */
async function sendAll(from: Side, frames: readonly Uint8Array[]): Promise<void> {
  for (const [i, frame] of frames.entries()) {
    let drains = from.recorder.count('drain')
    while (!from.send(frame.slice())) {
      await from.watch.until(`drain after frame ${i} was refused`, () => from.recorder.count('drain') > drains)
      drains = from.recorder.count('drain')
    }
  }
}

async function datagrams(scene: Scene): Promise<void> {
  const { a, b, pair } = scene
  await linked(scene)
  const sent = Array.from({ length: 50 }, (_, i) => numbered(i + 1, 20 + i * 24))
  for (const frame of sent) check(a.send(frame.slice(), 'datagram'), 'A link with little to do took no datagram')
  if (pair.lossyDatagrams !== true) await arrived(b, sent.length)
  await fence(scene)
  areAmong(b.recorder.frames(b.link).filter(isNoFence), sent)
}

async function ownership(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  const kept: Uint8Array[] = []
  b.recorder.onFrame = (_link, frame) => void kept.push(frame)
  const sent = Array.from({ length: 40 }, (_, i) => numbered(i + 1, 64))
  // The first half is left as it is: who uses the bytes again spoils frames that were handed over before.
  b.recorder.scribbles = false
  for (const frame of sent.slice(0, 20)) a.send(frame.slice())
  if (a.link.reliable) await arrived(b, 20)
  await fence(scene)
  const [first, known] = [kept.splice(0).filter(isNoFence), sent.slice(0, 20)]
  check(
    first.every((frame) => known.some((want) => sameBytes(frame, want))),
    'A frame was changed after it had been handed over',
  )
  // The second half is written over on arrival: who shares its bytes with a later frame has spoilt that one.
  b.recorder.scribbles = true
  for (const frame of sent.slice(20)) a.send(frame.slice())
  if (a.link.reliable) await arrived(b, 41)
  await fence(scene)
  areAmong(b.recorder.frames(b.link).filter(isNoFence), sent)
}

function isNoFence(frame: Uint8Array): boolean {
  return frame.byteLength > 4
}

async function misuse(scene: Scene): Promise<void> {
  const { a } = scene
  await linked(scene)
  const tooLarge = new Uint8Array(a.link.maxFrameSize + 1)
  for (const lane of ['reliable', 'datagram'] as const) {
    throwsCode('TRANSPORT_FRAME_TOO_LARGE', 'A frame above maxFrameSize', () => a.send(tooLarge, lane))
    throwsCode('TRANSPORT_FRAME_EMPTY', 'A frame of no bytes', () => a.send(new Uint8Array(0), lane))
  }
  await fence(scene)
}

async function backPressure(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  await linked(scene)
  const { link } = a
  const size = Math.min(link.maxFrameSize, 16_384)
  let drains = 0
  a.recorder.onDrain = () => drains++
  const taken = flood(a, size)
  if (taken.refused) await watch.until('drain follows a send that was refused', () => drains > 0)
  check(taken.refused || drains === 0, 'drain came although no send was refused')
  a.recorder.onDrain = undefined
  if (!link.reliable) return
  await arrived(b, taken.count)
  // The number between was that of the frame that was refused: where it arrives after all, it stands in this one's place.
  const last = taken.count + 1
  await sendAll(a, [numbered(last, size)])
  await arrived(b, taken.count + 1)
  b.recorder.frames(b.link).forEach((frame, i) => {
    equal(numberOf(frame), i < taken.count ? i : last, `The number of frame ${i}`)
  })
}

function flood(a: Side, size: number): { count: number; refused: boolean } {
  for (let count = 0; count * size < FLOOD_BYTES; count++) {
    // A number of its own for the one that is refused, so that its arrival is found.
    if (!a.send(numbered(count, size))) return { count, refused: true }
    const { bufferedBytes } = a.link
    check(bufferedBytes <= MOST_BUFFERED, `bufferedBytes is ${bufferedBytes}, and send has never answered false`)
  }
  return { count: Math.ceil(FLOOD_BYTES / size), refused: false }
}

async function linkClose(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  await linked(scene)
  const links = [a.link, b.link] as const
  a.closeLink('enough')
  equal(a.recorder.count('linkDown'), 0, 'The number of linkDown during close')
  await bothDown(scene)
  await watch.quiet()
  equal(a.recorder.count('linkDown', links[0]), 1, 'The number of linkDown at a')
  equal(b.recorder.count('linkDown', links[1]), 1, 'The number of linkDown at b')
}

async function linkCloseTwice(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  await linked(scene)
  const { link } = a
  a.closeLink('once', link)
  a.closeLink('twice', link)
  await bothDown(scene)
  a.closeLink('a third time', link)
  await watch.quiet()
  equal(a.recorder.count('linkDown'), 1, 'The number of linkDown at a')
  equal(b.recorder.count('linkDown'), 1, 'The number of linkDown at b')
}

async function sendWhenDown(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  const links = [a.link, b.link] as const
  a.closeLink()
  equal(a.send(numbered(1, 8), 'reliable', links[0]), false, 'The answer of send right after close')
  await bothDown(scene)
  equal(a.send(numbered(2, 8), 'reliable', links[0]), false, 'The answer of send at the end that closed')
  equal(b.send(numbered(3, 8), 'datagram', links[1]), false, 'The answer of send at the other end')
}

async function lastFrames(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  const { link } = b
  const sent = Array.from({ length: 100 }, (_, i) => numbered(i + 1, 200))
  for (const frame of sent) a.send(frame.slice())
  a.closeLink('last')
  await bothDown(scene)
  await scene.watch.quiet()
  if (link.reliable) isPrefix(b.recorder.frames(link), sent)
  else areAmong(b.recorder.frames(link), sent)
}

async function upAgain(scene: Scene): Promise<void> {
  const { a, b } = scene
  await linked(scene)
  const old = a.link
  a.closeLink('for now')
  await bothDown(scene)
  a.connect(b.transport.localId)
  await bothUp(scene)
  equal(a.send(numbered(1, 8), 'reliable', old), false, 'The answer of send on the link that was closed')
  await fence(scene)
  equal(a.recorder.count('linkUp'), 2, 'The number of linkUp at a')
  equal(b.recorder.count('linkUp'), 2, 'The number of linkUp at b')
}

async function brokenLink(scene: Scene): Promise<void> {
  const { a, b, pair, watch } = scene
  if (pair.cutLink === undefined) return
  await linked(scene)
  await pair.cutLink()
  await bothDown(scene)
  await watch.quiet()
  equal(a.recorder.count('linkDown'), 1, 'The number of linkDown at a')
  equal(b.recorder.count('linkDown'), 1, 'The number of linkDown at b')
}

async function transportClose(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  await linked(scene)
  const { link } = a
  b.send(numbered(1, 8))
  a.close()
  await watch.until('the other end has heard linkDown', () => b.recorder.link === undefined)
  await watch.quiet()
  equal(a.recorder.count('linkDown'), 0, 'The number of linkDown at the end that closed')
  equal(a.send(numbered(2, 8), 'reliable', link), false, 'The answer of send after close')
}

async function transportCloseTwice(scene: Scene): Promise<void> {
  const { a, b, watch } = scene
  await linked(scene)
  b.close()
  b.close()
  await watch.until('the other end has heard linkDown', () => a.recorder.link === undefined)
  await watch.quiet()
  equal(a.recorder.count('linkDown'), 1, 'The number of linkDown at the other end')
}
