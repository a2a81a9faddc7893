// Lends the WebRTC of this process to a Godot that has none: the other end of bridged_webrtc.gd. Each connection of the
// game is a TCP connection here and a real RTCPeerConnection. A message is u32 length, u8 kind and bytes; kind 0 is JSON,
// 1 and 2 a packet of data channel 0 and 1.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { RTCPeerConnection } from 'node-datachannel/polyfill'

const CONNECTION_STATES = ['new', 'connecting', 'connected', 'disconnected', 'failed', 'closed']
const CHANNEL_STATES = ['connecting', 'open', 'closing', 'closed']
const JSON_KIND = 0
const HEAD = 5

type Call = Record<string, unknown>
type Channel = ReturnType<RTCPeerConnection['createDataChannel']>

/** One connection of a game. */
class Bridged {
  /** Packets that went either way. */
  carried = 0
  #incoming = Buffer.alloc(0)
  #connection: RTCPeerConnection | undefined
  readonly #channels: Channel[] = []
  /** Calls are worked off in their order: the next waits for the last. */
  #work: Promise<unknown> = Promise.resolve()

  constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => this.#take(bytes))
    socket.on('error', () => {})
    socket.on('close', () => this.#connection?.close())
  }

  get isConnected(): boolean {
    return this.#connection?.connectionState === 'connected'
  }

  /** The connection ends here, as if the player's network had changed. */
  cut(): void {
    this.#connection?.close()
    this.#say({ event: 'state', state: CONNECTION_STATES.indexOf('closed') })
  }

  #take(bytes: Buffer): void {
    this.#incoming = Buffer.concat([this.#incoming, bytes])
    while (this.#incoming.length >= HEAD) {
      const end = HEAD - 1 + this.#incoming.readUInt32LE(0)
      if (this.#incoming.length < end) return
      const body = this.#incoming.subarray(HEAD, end)
      const kind = this.#incoming[HEAD - 1]!
      this.#incoming = this.#incoming.subarray(end)
      if (kind === JSON_KIND) this.#call(JSON.parse(body.toString()) as Call)
      else this.#send(kind - 1, body)
    }
  }

  #send(id: number, packet: Buffer): void {
    const channel = this.#channels[id]!
    if (channel.readyState !== 'open') return
    try {
      channel.send(Uint8Array.from(packet))
      this.carried++
      this.#say({ event: 'backlog', id, bytes: channel.bufferedAmount })
    } catch {
      // It closed this very moment; the game is told by its event.
    }
  }

  #call(call: Call): void {
    this.#work = this.#work
      .then(() => this.#do(call))
      .catch(() => this.#say({ event: 'state', state: CONNECTION_STATES.indexOf('failed') }))
  }

  async #do(call: Call): Promise<void> {
    if (call['do'] === 'initialize') return this.#initialize(call['configuration'])
    const connection = this.#connection!
    const { type, sdp } = call as { type: 'offer' | 'answer'; sdp: string }
    switch (call['do']) {
      case 'channel':
        return this.#channel(connection, String(call['label']), call['options'] as object)
      case 'offer':
        return this.#describe('offer', (await connection.createOffer()).sdp)
      case 'local':
        return connection.setLocalDescription({ type, sdp })
      case 'remote':
        await connection.setRemoteDescription({ type, sdp })
        // As Godot's connection does it: an offer is answered by itself.
        if (type === 'offer') this.#describe('answer', (await connection.createAnswer()).sdp)
        return
      case 'candidate':
        await connection
          .addIceCandidate({
            candidate: String(call['name']),
            sdpMid: String(call['media']),
            sdpMLineIndex: Number(call['index']),
          })
          .catch(() => {})
    }
  }

  #initialize(configuration: unknown): void {
    const connection = new RTCPeerConnection(configuration as never)
    this.#connection = connection
    connection.onconnectionstatechange = () =>
      this.#say({ event: 'state', state: CONNECTION_STATES.indexOf(connection.connectionState) })
    connection.onicecandidate = ({ candidate }) => {
      if (!candidate?.candidate) return
      const name = candidate.candidate.replace(/^a=/, '')
      this.#say({ event: 'candidate', media: candidate.sdpMid ?? '', index: candidate.sdpMLineIndex ?? 0, name })
    }
  }

  #channel(connection: RTCPeerConnection, label: string, options: object): void {
    const channel = connection.createDataChannel(label, options)
    const id = this.#channels.push(channel) - 1
    const tell = () => this.#say({ event: 'channel', id, state: CHANNEL_STATES.indexOf(channel.readyState) })
    channel.binaryType = 'arraybuffer'
    channel.onopen = tell
    channel.onclose = tell
    channel.onbufferedamountlow = () => this.#say({ event: 'backlog', id, bytes: channel.bufferedAmount })
    channel.onmessage = ({ data }: { data: unknown }) => {
      this.carried++
      this.#put(id + 1, Buffer.from(data as ArrayBuffer))
    }
  }

  #describe(type: string, sdp = ''): void {
    this.#say({ event: 'description', type, sdp })
  }

  #say(what: Call): void {
    this.#put(JSON_KIND, Buffer.from(JSON.stringify(what)))
  }

  #put(kind: number, bytes: Buffer): void {
    if (this.socket.destroyed) return
    const head = Buffer.alloc(HEAD)
    head.writeUInt32LE(bytes.length + 1, 0)
    head[HEAD - 1] = kind
    this.socket.write(Buffer.concat([head, bytes]))
  }
}

/** The bridge of one game. */
export class RtcBridge {
  /** Every connection that the game has asked for. */
  readonly #all: Bridged[] = []
  readonly #open = new Set<Bridged>()
  readonly #server: Server

  private constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      const bridged = new Bridged(socket)
      this.#all.push(bridged)
      this.#open.add(bridged)
      socket.on('close', () => this.#open.delete(bridged))
    })
  }

  static async start(): Promise<RtcBridge> {
    const bridge = new RtcBridge()
    await new Promise<void>((resolve) => bridge.#server.listen(0, '127.0.0.1', resolve))
    return bridge
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** How many packets went by WebRTC, either way. */
  get carried(): number {
    return this.#all.reduce((sum, { carried }) => sum + carried, 0)
  }

  /** Ends all connections of the game that are up, and says how many. */
  cut(): number {
    const all = [...this.#open].filter(({ isConnected }) => isConnected)
    for (const bridged of all) bridged.cut()
    return all.length
  }

  close(): void {
    for (const { socket } of this.#open) socket.destroy()
    this.#server.close()
  }
}
