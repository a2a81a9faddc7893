import { idOf, REQUEST, writeJson } from './messages.js'

// The rooms of a relay, with the names, arguments and numbers of GodotSteam's matchmaking. On the wire ids are decimal
// strings, since JSON has no 64-bit numbers.

/** Not in the list: who joins has to know the id (k_ELobbyTypePrivate). */
export const LOBBY_TYPE_PRIVATE = 0
/** The same here as private: a relay knows of no friends (k_ELobbyTypeFriendsOnly). */
export const LOBBY_TYPE_FRIENDS_ONLY = 1
/** In the list of `requestLobbyList` (k_ELobbyTypePublic). */
export const LOBBY_TYPE_PUBLIC = 2
/** In the list too; what friends see of it is Steam's affair alone (k_ELobbyTypeInvisible). */
export const LOBBY_TYPE_INVISIBLE = 3

/** This end is in the lobby (k_EChatRoomEnterResponseSuccess). */
export const CHAT_ROOM_ENTER_RESPONSE_SUCCESS = 1
/** There is no such lobby, or its last member has left (k_EChatRoomEnterResponseDoesntExist). */
export const CHAT_ROOM_ENTER_RESPONSE_DOESNT_EXIST = 2
/** Its owner has closed it with `setLobbyJoinable` (k_EChatRoomEnterResponseNotAllowed). */
export const CHAT_ROOM_ENTER_RESPONSE_NOT_ALLOWED = 3
/** It has all the members that it may have, or this end is in 16 lobbies already (k_EChatRoomEnterResponseFull). */
export const CHAT_ROOM_ENTER_RESPONSE_FULL = 4
/** There is no relay to ask (k_EChatRoomEnterResponseError). */
export const CHAT_ROOM_ENTER_RESPONSE_ERROR = 5

/** A member came (k_EChatMemberStateChangeEntered). */
export const CHAT_MEMBER_STATE_CHANGE_ENTERED = 1
/** A member left with `leaveLobby` (k_EChatMemberStateChangeLeft). */
export const CHAT_MEMBER_STATE_CHANGE_LEFT = 2
/** A member's link to the relay broke (k_EChatMemberStateChangeDisconnected). */
export const CHAT_MEMBER_STATE_CHANGE_DISCONNECTED = 4

const RESULT_OK = 1
const RESULT_NO_CONNECTION = 3

/** The signals of `Lobbies`, with GodotSteam's arguments. */
export interface LobbySignals {
  /**
   * The answer to `createLobby`: `connect` is 1 where it worked; 2 for a type or size that is none; 3 without a relay;
   * 25 where there are too many lobbies.
   */
  lobby_created: [connect: number, lobby_id: bigint]
  /**
   * The answer to `joinLobby`, and to `createLobby` where that worked: `response` is `CHAT_ROOM_ENTER_RESPONSE_*`;
   * `permissions` is always 0, and `locked` says that nobody else can join.
   */
  lobby_joined: [lobby: bigint, permissions: number, locked: boolean, response: number]
  /**
   * Somebody came or left: `chat_state` is `CHAT_MEMBER_STATE_CHANGE_*`, and `changed_id` and `making_change_id` are
   * who.
   */
  lobby_chat_update: [lobby_id: bigint, changed_id: bigint, making_change_id: bigint, chat_state: number]
  /** The owner has set a text of `setLobbyData`: `success` is 1, and `member_id` is the lobby's own id. */
  lobby_data_update: [success: number, lobby_id: bigint, member_id: bigint]
  /** The answer to `requestLobbyList`: the ids of lobbies that have room, at most 50. */
  lobby_match_list: [lobbies: bigint[]]
  /** A member said something with `sendLobbyChatMsg`: `chat_type` is 1, a text. */
  lobby_message: [lobby_id: bigint, user: bigint, message: string, chat_type: number]
}

/** What hears a signal of `Lobbies`. */
export type LobbyListener<K extends keyof LobbySignals> = (...args: LobbySignals[K]) => void

interface Lobby {
  owner: bigint
  members: bigint[]
  data: Map<string, string>
}

/** What a relay may tell of a lobby: everything is looked at, nothing believed. */
interface WireLobby {
  readonly id: bigint
  readonly lobby: Lobby
  readonly locked: boolean
}

/**
 * Lobbies of the relay: who is in the room, with GodotSteam's names. Members are found by their Steam id, as P2P wants it.
 *
 * @example
 * ```ts
 * const { lobbies } = transport
 * lobbies.on('lobby_joined', (lobby) => {
 *   const members = Array.from({ length: lobbies.getNumLobbyMembers(lobby) }, (_, i) => lobbies.getLobbyMemberByIndex(lobby, i))
 *   for (const member of members) if (member !== steamId) messenger.send(member, { message: 'handshake' })
 * })
 * lobbies.createLobby(LOBBY_TYPE_PUBLIC, 4)
 * ```
 */
export class Lobbies {
  readonly #steamId: bigint
  readonly #send: (message: Uint8Array) => boolean
  readonly #listeners = new Map<string, Set<(...args: never[]) => void>>()
  readonly #lobbies = new Map<bigint, Lobby>()
  readonly #asked = new Map<number, (answer: Record<string, unknown> | undefined) => void>()
  #number = 0

  /** @internal `send` takes a message for the relay; false where there is none. */
  constructor(steamId: bigint, send: (message: Uint8Array) => boolean) {
    this.#steamId = steamId
    this.#send = send
  }

  /**
   * Calls `listener` with each signal of that name, never from within a call of yours. What it throws comes out of a
   * task of its own.
   */
  on<K extends keyof LobbySignals>(signal: K, listener: LobbyListener<K>): this {
    const listeners = this.#listeners.get(signal) ?? new Set()
    this.#listeners.set(signal, listeners.add(listener as unknown as (...args: never[]) => void))
    return this
  }

  /** Takes a listener off again; one that is not on is ignored. */
  off<K extends keyof LobbySignals>(signal: K, listener: LobbyListener<K>): this {
    this.#listeners.get(signal)?.delete(listener as unknown as (...args: never[]) => void)
    return this
  }

  /**
   * Makes a lobby and joins it: `lobby_created`, and then `lobby_joined`.
   *
   * @param lobby_type `LOBBY_TYPE_*`; another one is answered with `connect` 2
   * @param max_members 1 to 250, Steam's own bound; default 2
   */
  createLobby(lobby_type: number, max_members = 2): void {
    this.#ask({ do: 'create', type: lobby_type, max: max_members }, (answer) => {
      const entered = lobbyOf(answer)
      if (!entered) return this.#emit('lobby_created', numberOf(answer?.['result'], RESULT_NO_CONNECTION), 0n)
      this.#lobbies.set(entered.id, entered.lobby)
      this.#emit('lobby_created', RESULT_OK, entered.id)
      this.#emit('lobby_joined', entered.id, 0, entered.locked, CHAT_ROOM_ENTER_RESPONSE_SUCCESS)
    })
  }

  /** Joins a lobby: `lobby_joined` follows, with a `CHAT_ROOM_ENTER_RESPONSE_*`. */
  joinLobby(steam_lobby_id: bigint): void {
    this.#ask({ do: 'join', lobby: String(steam_lobby_id) }, (answer) => {
      const entered = lobbyOf(answer)
      if (entered) this.#lobbies.set(entered.id, entered.lobby)
      const response = entered
        ? CHAT_ROOM_ENTER_RESPONSE_SUCCESS
        : numberOf(answer?.['response'], CHAT_ROOM_ENTER_RESPONSE_ERROR)
      this.#emit('lobby_joined', steam_lobby_id, 0, entered?.locked ?? false, response)
    })
  }

  /**
   * Leaves a lobby; nothing follows at this end, `lobby_chat_update` at the others. Does nothing where this end is not
   * in it.
   */
  leaveLobby(steam_lobby_id: bigint): void {
    if (this.#lobbies.delete(steam_lobby_id)) this.#ask({ do: 'leave', lobby: String(steam_lobby_id) }, () => {})
  }

  /**
   * Asks for the lobbies that have room and may be found: `lobby_match_list` follows, empty where there is no relay.
   */
  requestLobbyList(): void {
    this.#ask({ do: 'list' }, (answer) => {
      const list = answer?.['lobbies']
      this.#emit('lobby_match_list', Array.isArray(list) ? list.flatMap((id) => idOf(id) ?? []) : [])
    })
  }

  /** How many members a lobby has, this end among them; 0 where this end is not in it. */
  getNumLobbyMembers(steam_lobby_id: bigint): number {
    return this.#lobbies.get(steam_lobby_id)?.members.length ?? 0
  }

  /** The Steam id of a member, from 0 in the order in which they came; 0n where there is no such member. */
  getLobbyMemberByIndex(steam_lobby_id: bigint, member: number): bigint {
    return this.#lobbies.get(steam_lobby_id)?.members[member] ?? 0n
  }

  /** The Steam id of the member that has been in it longest; 0n where this end is not in the lobby. */
  getLobbyOwner(steam_lobby_id: bigint): bigint {
    return this.#lobbies.get(steam_lobby_id)?.owner ?? 0n
  }

  /** What the owner has set under a key, the same for everybody; an empty text where there is nothing. */
  getLobbyData(steam_lobby_id: bigint, key: string): string {
    return this.#lobbies.get(steam_lobby_id)?.data.get(key) ?? ''
  }

  /**
   * Sets a text that every member can read: `lobby_data_update` follows. Only the owner may; at most 100 keys of up to
   * 255 characters, and values of up to 8,192, which together fit one message.
   *
   * @returns whether it was sent
   */
  setLobbyData(steam_lobby_id: bigint, key: string, value: string): boolean {
    if (this.getLobbyOwner(steam_lobby_id) !== this.#steamId) return false
    return this.#ask({ do: 'data', lobby: String(steam_lobby_id), key, value }, () => {})
  }

  /**
   * Says whether others may join from now on. Only the owner may.
   *
   * @returns whether it was sent
   */
  setLobbyJoinable(steam_lobby_id: bigint, joinable: boolean): boolean {
    if (this.getLobbyOwner(steam_lobby_id) !== this.#steamId) return false
    return this.#ask({ do: 'joinable', lobby: String(steam_lobby_id), joinable }, () => {})
  }

  /**
   * Says something to all members, this end too: `lobby_message` follows. At most 4,096 characters.
   *
   * @returns whether it was sent
   */
  sendLobbyChatMsg(steam_lobby_id: bigint, message_body: string): boolean {
    if (!this.#lobbies.has(steam_lobby_id) || message_body.length > 4096) return false
    return this.#ask({ do: 'chat', lobby: String(steam_lobby_id), text: message_body }, () => {})
  }

  /** @internal An answer of the relay; false where it makes no sense. */
  reply(number: number, value: unknown): boolean {
    const answer = this.#asked.get(number)
    if (answer === undefined || !isRecord(value)) return false
    this.#asked.delete(number)
    answer(value)
    return true
  }

  /** @internal What the relay tells without being asked; false where it makes no sense. */
  event(value: unknown): boolean {
    if (!isRecord(value)) return false
    const id = idOf(value['lobby'])
    const lobby = id === undefined ? undefined : this.#lobbies.get(id)
    // One that this end has just left.
    if (id === undefined || lobby === undefined) return id !== undefined
    switch (value['event']) {
      case 'members':
        return this.#members(id, lobby, value)
      case 'data':
        return this.#data(id, lobby, value)
      case 'chat':
        return this.#chat(id, value)
      default:
        return false
    }
  }

  /** @internal The relay is gone, and its lobbies with it. */
  lost(): void {
    this.#lobbies.clear()
    const asked = [...this.#asked.values()]
    this.#asked.clear()
    for (const answer of asked) answer(undefined)
  }

  /** @internal Nobody hears anything any more. */
  close(): void {
    this.#lobbies.clear()
    this.#asked.clear()
    this.#listeners.clear()
  }

  #members(id: bigint, lobby: Lobby, value: Record<string, unknown>): boolean {
    const owner = idOf(value['owner'])
    const who = idOf(value['who'])
    const state = numberOf(value['state'], 0)
    if (owner === undefined || who === undefined) return false
    lobby.owner = owner
    lobby.members = lobby.members.filter((member) => member !== who)
    if (state === CHAT_MEMBER_STATE_CHANGE_ENTERED) lobby.members.push(who)
    this.#emit('lobby_chat_update', id, who, who, state)
    return true
  }

  #data(id: bigint, lobby: Lobby, value: Record<string, unknown>): boolean {
    const { key, value: text } = value
    if (typeof key !== 'string' || typeof text !== 'string') return false
    lobby.data.set(key, text)
    this.#emit('lobby_data_update', 1, id, id)
    return true
  }

  #chat(id: bigint, value: Record<string, unknown>): boolean {
    const who = idOf(value['who'])
    if (who === undefined || typeof value['text'] !== 'string') return false
    this.#emit('lobby_message', id, who, value['text'], 1)
    return true
  }

  #ask(request: object, answer: (value: Record<string, unknown> | undefined) => void): boolean {
    this.#number = (this.#number + 1) >>> 0
    const number = this.#number
    if (this.#send(writeJson(REQUEST, number, request))) {
      this.#asked.set(number, answer)
      return true
    }
    // As with an answer: never within the call.
    queueMicrotask(() => answer(undefined))
    return false
  }

  #emit<K extends keyof LobbySignals>(signal: K, ...args: LobbySignals[K]): void {
    for (const listener of [...(this.#listeners.get(signal) ?? [])]) {
      try {
        ;(listener as unknown as LobbyListener<K>)(...args)
      } catch (error) {
        // The listener's own mistake, for whoever watches uncaught errors; the link to the relay must not suffer.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}

function lobbyOf(answer: Record<string, unknown> | undefined): WireLobby | undefined {
  const id = idOf(answer?.['lobby'])
  const owner = idOf(answer?.['owner'])
  const members = answer?.['members']
  const data = answer?.['data']
  if (id === undefined || owner === undefined || !Array.isArray(members) || !isRecord(data)) return undefined
  const texts = Object.entries(data).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  const lobby = { owner, members: members.flatMap((member) => idOf(member) ?? []), data: new Map(texts) }
  return { id, lobby, locked: answer?.['locked'] === true }
}
