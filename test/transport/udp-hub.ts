/** The inner half of an `UdpTransport` with a socket and a clock of the test's own. */
import { createHmac } from 'node:crypto'
import { VirtualClock } from '../../src/transport/index.js'
import { CookieJar } from '../../src/transport/udp/cookies.js'
import { FrontDoor } from '../../src/transport/udp/door.js'
import { Hub } from '../../src/transport/udp/hub.js'
import type { Place, Sent, UdpSocket } from '../../src/transport/udp/node-half.js'
import { settingsOf, type UdpTransportOptions } from '../../src/transport/udp/options.js'
import { Ear } from './ear.js'

export interface Answer {
  readonly bytes: Buffer
  readonly to: Place
}

/** A socket whose datagrams the test looks at. */
export class PaperSocket implements UdpSocket {
  readonly local = { address: '127.0.0.1', port: 4000 }
  readonly listens: boolean
  answers: Answer[] = []
  isOpen = true

  constructor(listens = true) {
    this.listens = listens
  }

  send(parts: readonly Uint8Array[], to: Place, sent: Sent): void {
    const bytes = Buffer.concat(parts)
    this.answers.push({ bytes, to: { address: to.address, port: to.port } })
    queueMicrotask(() => sent(null, bytes.byteLength))
  }

  reaches(address: string): string {
    return address
  }

  close(): void {
    this.isOpen = false
  }

  /** What was sent since it was asked last. */
  take(): Answer[] {
    const taken = this.answers
    this.answers = []
    return taken
  }
}

/** A clock whose timers can be late, as those of a process that was stopped. */
export class SleepyClock extends VirtualClock {
  #slept = 0

  override now(): number {
    return super.now() + this.#slept
  }

  /** Time goes on, and every timer that waits is late by so much. */
  sleep(ms: number): void {
    this.#slept += ms
  }
}

export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

export function paperHub(options: Partial<Omit<UdpTransportOptions, 'clock'>> = {}) {
  const clock = new SleepyClock()
  const hub = new Hub(settingsOf({ steamId: 100n, clock, ...options }))
  const jar = new CookieJar(hmac, clock)
  hub.door = new FrontDoor(hub, jar)
  const ear = new Ear()
  hub.inbox.attach(ear)
  hub.inbox.release()
  const socket = new PaperSocket()
  /** A datagram from that place. @returns what was answered at once. */
  const hear = (bytes: Uint8Array, address = '10.0.0.1', port = 5000): Buffer[] => {
    // As from the system: memory of its own.
    hub.datagram(socket, new Uint8Array(bytes), address, port)
    return socket.take().map((answer) => answer.bytes)
  }
  return { hub, clock, ear, socket, hear }
}
