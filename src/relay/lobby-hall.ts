import {
  CHAT_MEMBER_STATE_CHANGE_DISCONNECTED,
  CHAT_MEMBER_STATE_CHANGE_ENTERED,
  CHAT_MEMBER_STATE_CHANGE_LEFT,
  CHAT_ROOM_ENTER_RESPONSE_DOESNT_EXIST,
  CHAT_ROOM_ENTER_RESPONSE_FULL,
  CHAT_ROOM_ENTER_RESPONSE_NOT_ALLOWED,
  LOBBY_TYPE_INVISIBLE,
  LOBBY_TYPE_PRIVATE,
  LOBBY_TYPE_PUBLIC,
} from '../transport/relay/index.js'
import { EVENT, idOf, MAX_JSON_BYTES, REPLY, writeJson } from '../transport/relay/messages.js'
import type { Member } from './member.js'

// Steam's own bounds.
const MAX_MEMBERS = 250
const MAX_KEYS = 100
const MAX_KEY_LENGTH = 255
const MAX_VALUE_LENGTH = 8192
const MAX_TEXT_LENGTH = 4096
/** All data of a lobby has to fit into one answer, beside its members, and a chat message into one event. */
const MAX_DATA_BYTES = MAX_JSON_BYTES / 2
const MAX_CHAT_BYTES = MAX_JSON_BYTES / 2
const MAX_LISTED = 50
const MAX_LOBBIES_PER_MEMBER = 16

const RESULT_FAIL = 2
const RESULT_LIMIT_EXCEEDED = 25

/** Steam ids of lobbies: universe public, type chat, the lobby flag, and a counter. */
const FIRST_LOBBY = 0x0186000000000000n

interface Lobby {
  readonly id: bigint
  readonly type: number
  readonly max: number
  /** In the order in which they came; the first is the owner. */
  readonly members: Set<bigint>
  readonly data: Map<string, string>
  joinable: boolean
}

type Request = Readonly<Record<string, unknown>>

/** The lobbies of one relay. A lobby is gone when its last member is. */
export class LobbyHall {
  readonly #lobbies = new Map<bigint, Lobby>()
  readonly #most: number
  readonly #memberOf: (id: bigint) => Member | undefined
  #last = FIRST_LOBBY

  constructor(most: number, memberOf: (id: bigint) => Member | undefined) {
    this.#most = most
    this.#memberOf = memberOf
  }

  get size(): number {
    return this.#lobbies.size
  }

  /** Answers a request, whatever it is; false where it makes no sense. */
  request(member: Member, number: number, request: unknown): boolean {
    if (typeof request !== 'object' || request === null) return false
    const answer = this.#answer(member, request as Request)
    if (answer === undefined) return false
    member.put(writeJson(REPLY, number, answer))
    return true
  }

  /** The member's link is down: it leaves all its lobbies. */
  disconnected(member: Member): void {
    for (const id of member.lobbies) this.#remove(id, member, CHAT_MEMBER_STATE_CHANGE_DISCONNECTED)
  }

  #answer(member: Member, request: Request): object | undefined {
    switch (request['do']) {
      case 'create':
        return this.#create(member, request)
      case 'join':
        return this.#join(member, request)
      case 'leave':
        return this.#leave(member, request)
      case 'list':
        return { lobbies: this.#list() }
      case 'data':
        return this.#setData(member, request)
      case 'joinable':
        return this.#setJoinable(member, request)
      case 'chat':
        return this.#chat(member, request)
      default:
        return undefined
    }
  }

  #create(member: Member, { type, max }: Request): object | undefined {
    if (!Number.isInteger(type) || (type as number) < LOBBY_TYPE_PRIVATE || (type as number) > LOBBY_TYPE_INVISIBLE) {
      return { result: RESULT_FAIL }
    }
    if (!Number.isInteger(max) || (max as number) < 1 || (max as number) > MAX_MEMBERS) return { result: RESULT_FAIL }
    if (this.#lobbies.size >= this.#most || member.lobbies.size >= MAX_LOBBIES_PER_MEMBER) {
      return { result: RESULT_LIMIT_EXCEEDED }
    }
    const lobby: Lobby = {
      id: ++this.#last,
      type: type as number,
      max: max as number,
      members: new Set([member.id]),
      data: new Map(),
      joinable: true,
    }
    this.#lobbies.set(lobby.id, lobby)
    member.lobbies.add(lobby.id)
    return told(lobby)
  }

  #join(member: Member, request: Request): object {
    const lobby = this.#lobbyOf(request)
    if (lobby === undefined) return { response: CHAT_ROOM_ENTER_RESPONSE_DOESNT_EXIST }
    if (lobby.members.has(member.id)) return told(lobby)
    if (!lobby.joinable) return { response: CHAT_ROOM_ENTER_RESPONSE_NOT_ALLOWED }
    if (lobby.members.size >= lobby.max || member.lobbies.size >= MAX_LOBBIES_PER_MEMBER) {
      return { response: CHAT_ROOM_ENTER_RESPONSE_FULL }
    }
    lobby.members.add(member.id)
    member.lobbies.add(lobby.id)
    this.#tell(lobby, this.#membersEvent(lobby, member, CHAT_MEMBER_STATE_CHANGE_ENTERED), member.id)
    return told(lobby)
  }

  #leave(member: Member, request: Request): object {
    const lobby = this.#lobbyOf(request)
    if (lobby !== undefined) this.#remove(lobby.id, member, CHAT_MEMBER_STATE_CHANGE_LEFT)
    return {}
  }

  #remove(id: bigint, member: Member, state: number): void {
    member.lobbies.delete(id)
    const lobby = this.#lobbies.get(id)
    if (!lobby?.members.delete(member.id)) return
    if (lobby.members.size === 0) this.#lobbies.delete(id)
    else this.#tell(lobby, this.#membersEvent(lobby, member, state))
  }

  #list(): string[] {
    const found: string[] = []
    for (const { id, type, joinable, members, max } of this.#lobbies.values()) {
      if (type !== LOBBY_TYPE_PUBLIC && type !== LOBBY_TYPE_INVISIBLE) continue
      if (joinable && members.size < max) found.push(String(id))
      if (found.length === MAX_LISTED) break
    }
    return found
  }

  #setData(member: Member, request: Request): object | undefined {
    const { key, value } = request
    if (typeof key !== 'string' || typeof value !== 'string') return undefined
    const lobby = this.#lobbyOf(request)
    if (lobby === undefined || ownerOf(lobby) !== member.id || !hasRoom(lobby, key, value)) return { ok: false }
    lobby.data.set(key, value)
    this.#tell(lobby, { event: 'data', lobby: String(lobby.id), key, value })
    return { ok: true }
  }

  #setJoinable(member: Member, request: Request): object {
    const lobby = this.#lobbyOf(request)
    if (lobby === undefined || ownerOf(lobby) !== member.id) return { ok: false }
    lobby.joinable = request['joinable'] === true
    return { ok: true }
  }

  #chat(member: Member, request: Request): object | undefined {
    const { text } = request
    if (typeof text !== 'string' || text.length > MAX_TEXT_LENGTH) return undefined
    const lobby = this.#lobbyOf(request)
    if (!lobby?.members.has(member.id) || sizeOf(text) > MAX_CHAT_BYTES) return { ok: false }
    this.#tell(lobby, { event: 'chat', lobby: String(lobby.id), who: String(member.id), text })
    return { ok: true }
  }

  #lobbyOf(request: Request): Lobby | undefined {
    const id = idOf(request['lobby'])
    return id === undefined ? undefined : this.#lobbies.get(id)
  }

  #membersEvent(lobby: Lobby, who: Member, state: number): object {
    const owner = String(ownerOf(lobby))
    return { event: 'members', lobby: String(lobby.id), owner, who: String(who.id), state }
  }

  #tell(lobby: Lobby, event: object, except?: bigint): void {
    for (const id of lobby.members) if (id !== except) this.#memberOf(id)?.put(writeJson(EVENT, 0, event))
  }
}

function ownerOf(lobby: Lobby): bigint {
  const [owner = 0n] = lobby.members
  return owner
}

function hasRoom({ data }: Lobby, key: string, value: string): boolean {
  if (key === '' || key.length > MAX_KEY_LENGTH || value.length > MAX_VALUE_LENGTH) return false
  if (!data.has(key) && data.size >= MAX_KEYS) return false
  let bytes = sizeOf(key) + sizeOf(value)
  for (const [other, text] of data) if (other !== key) bytes += sizeOf(other) + sizeOf(text)
  return bytes <= MAX_DATA_BYTES
}

const encoder = new TextEncoder()

/** Bytes of a text in JSON, without its quotes: three for many a character, six for one that is escaped. */
function sizeOf(text: string): number {
  return encoder.encode(JSON.stringify(text)).length - 2
}

function told(lobby: Lobby): object {
  return {
    lobby: String(lobby.id),
    owner: String(ownerOf(lobby)),
    members: [...lobby.members].map(String),
    data: Object.fromEntries(lobby.data),
    locked: !lobby.joinable,
  }
}
