extends RefCounted
## The relay's lobbies under GodotSteam's names. It never calls back: what the game must be told waits in a list.

const Messages := preload("relay_messages.gd")

const ENTERED := 1
const SUCCESS := 1
const ENTER_ERROR := 5
const RESULT_OK := 1
const RESULT_NO_CONNECTION := 3
const CHAT_TEXT := 1
const TEXT_LIMIT := 4096
## Questions that the relay has not answered; more are refused.
const ASKED := 1024
## What the game was not told yet; beyond it the oldest is forgotten. Only a game that never asks comes near.
const EVENTS := 4096


class Lobby:
	extends RefCounted
	var owner := 0
	var members: Array = []
	var data := {}


var _local_id := 0
var _client: WeakRef = null
var _lobbies := {}
# By number of the request: what was asked, and of which lobby.
var _asked := {}
var _number := 0
var _events: Array = []


## From now on by way of this relay.
func use(client: RefCounted) -> void:
	lost()
	_client = weakref(client)


## Who this end is.
func speak_as(steam_id: int) -> void:
	_local_id = steam_id


## What the game must be told: arrays of a signal and its arguments.
func take_events() -> Array:
	var events := _events
	_events = []
	return events


func create(type: int, max_members: int) -> void:
	_ask({"do": "create", "type": type, "max": max_members}, 0)


func join(lobby: int) -> void:
	_ask({"do": "join", "lobby": str(lobby)}, lobby)


func leave(lobby: int) -> void:
	if _lobbies.erase(lobby):
		_ask({"do": "leave", "lobby": str(lobby)}, lobby)


func request_list() -> void:
	_ask({"do": "list"}, 0)


## Something that every relay answers, and that changes nothing.
func ask_for_life() -> void:
	_ask({"do": "leave", "lobby": "0"}, 0)


func member_count(lobby: int) -> int:
	return _lobbies[lobby].members.size() if _lobbies.has(lobby) else 0


func member(lobby: int, index: int) -> int:
	return _lobbies[lobby].members[index] if index >= 0 and index < member_count(lobby) else 0


func owner(lobby: int) -> int:
	return _lobbies[lobby].owner if _lobbies.has(lobby) else 0


func data(lobby: int, key: String) -> String:
	return _lobbies[lobby].data.get(key, "") if _lobbies.has(lobby) else ""


func set_data(lobby: int, key: String, value: String) -> bool:
	return _is_own(lobby) and _ask({"do": "data", "lobby": str(lobby), "key": key, "value": value}, lobby)


func set_joinable(lobby: int, joinable: bool) -> bool:
	return _is_own(lobby) and _ask({"do": "joinable", "lobby": str(lobby), "joinable": joinable}, lobby)


func chat(lobby: int, text: String) -> bool:
	if not _lobbies.has(lobby) or _length(text) > TEXT_LIMIT:
		return false
	return _ask({"do": "chat", "lobby": str(lobby), "text": text}, lobby)


## An answer of the relay; false where it makes no sense.
func reply(number: int, answer: Variant) -> bool:
	if answer == null or not _asked.has(number):
		return false
	var asked: Array = _asked[number]
	_asked.erase(number)
	_answer(asked[0], asked[1], answer)
	return true


## What the relay tells without being asked; false where it makes no sense.
func event(value: Variant) -> bool:
	var id := Messages.id_of(value.get("lobby")) if value != null else 0
	if id == 0:
		return false
	var lobby: Lobby = _lobbies.get(id)
	if lobby == null:
		# One that this end has just left.
		return true
	match value.get("event"):
		"members":
			return _members_changed(id, lobby, value)
		"data":
			return _data_changed(id, lobby, value)
		"chat":
			return _chat_came(id, value)
	return false


## The relay is gone, and its lobbies with it.
func lost() -> void:
	_lobbies.clear()
	var asked := _asked
	_asked = {}
	for number in asked:
		_answer(asked[number][0], asked[number][1], {})


func _is_own(lobby: int) -> bool:
	return _local_id != 0 and owner(lobby) == _local_id


## Asks the relay; what cannot be asked is answered by nothing, though never within the call.
func _ask(request: Dictionary, lobby: int) -> bool:
	_number = (_number + 1) & 0xFFFFFFFF
	var client: RefCounted = _client.get_ref() if _client != null else null
	var message := Messages.request(_number, request)
	if client == null or message.is_empty() or _asked.size() >= ASKED or not client.put_control(message):
		_answer(request["do"], lobby, {})
		return false
	_asked[_number] = [request["do"], lobby]
	return true


func _answer(what: String, id: int, answer: Dictionary) -> void:
	match what:
		"create":
			_created(answer)
		"join":
			_joined(id, answer)
		"list":
			_tell(["lobby_match_list", _ids(answer.get("lobbies"))])


func _created(answer: Dictionary) -> void:
	var id := _enter(answer)
	if id == 0:
		_tell(["lobby_created", _number_of(answer.get("result"), RESULT_NO_CONNECTION), 0])
		return
	_tell(["lobby_created", RESULT_OK, id])
	_tell(["lobby_joined", id, 0, _is_locked(answer), SUCCESS])


func _joined(id: int, answer: Dictionary) -> void:
	if _enter(answer) == id:
		_tell(["lobby_joined", id, 0, _is_locked(answer), SUCCESS])
	else:
		_tell(["lobby_joined", id, 0, false, _number_of(answer.get("response"), ENTER_ERROR)])


## Notes the lobby that an answer tells; its id, or 0 where it tells none.
func _enter(answer: Dictionary) -> int:
	var id := Messages.id_of(answer.get("lobby"))
	var lobby := Lobby.new()
	lobby.owner = Messages.id_of(answer.get("owner"))
	lobby.members = _ids(answer.get("members"))
	if id == 0 or lobby.owner == 0 or not answer.get("data") is Dictionary:
		return 0
	for key in answer["data"]:
		if answer["data"][key] is String:
			lobby.data[key] = answer["data"][key]
	_lobbies[id] = lobby
	return id


func _members_changed(id: int, lobby: Lobby, value: Dictionary) -> bool:
	var new_owner := Messages.id_of(value.get("owner"))
	var who := Messages.id_of(value.get("who"))
	var state := _number_of(value.get("state"), 0)
	if new_owner == 0 or who == 0:
		return false
	lobby.owner = new_owner
	lobby.members.erase(who)
	if state == ENTERED:
		lobby.members.append(who)
	_tell(["lobby_chat_update", id, who, who, state])
	return true


func _data_changed(id: int, lobby: Lobby, value: Dictionary) -> bool:
	if not value.get("key") is String or not value.get("value") is String:
		return false
	lobby.data[value["key"]] = value["value"]
	_tell(["lobby_data_update", 1, id, id])
	return true


func _chat_came(id: int, value: Dictionary) -> bool:
	var who := Messages.id_of(value.get("who"))
	if who == 0 or not value.get("text") is String:
		return false
	_tell(["lobby_message", id, who, value["text"], CHAT_TEXT])
	return true


func _tell(what: Array) -> void:
	if _events.size() >= EVENTS:
		_events.pop_front()
	_events.append(what)


static func _ids(value: Variant) -> Array:
	var found: Array = []
	if value is Array:
		for each in value:
			if Messages.id_of(each) != 0:
				found.append(Messages.id_of(each))
	return found


static func _is_locked(answer: Dictionary) -> bool:
	return answer.get("locked") is bool and answer["locked"]


static func _number_of(value: Variant, otherwise: int) -> int:
	return int(value) if value is float or value is int else otherwise


## The length that a relay sees: characters beyond 16 bits count twice.
static func _length(text: String) -> int:
	var length := text.length()
	for at in text.length():
		if text.unicode_at(at) > 0xFFFF:
			length += 1
	return length
