extends "tutorial.gd"
## The same game by way of a relay, with the lobby functions of the tutorial. The one with `--create=1` makes the lobby,
## everybody else takes the first of the list. Packets on channel 1 are numbered streams, whose reader tells what came.

const Pieces := preload("pieces.gd")
const STREAM_CHANNEL := 1
const AT_ONCE := 20

var _creates := false
# What is to be sent: [to, next, packets]; and what came, by sender: [next, lost, doubled, wrong].
var _streams: Array = []
var _came := {}


func join() -> void:
	var arguments := Arguments.read({})
	steam_id = int(arguments["id"])
	_creates = arguments.has("create")
	GodotWire.dialer.min_ms = 5
	GodotWire.dialer.max_ms = 100
	GodotWire.relay_joined.connect(_on_relay_joined)
	GodotWire.relay_left.connect(_on_relay_left)
	GodotWire.lobby_created.connect(_on_lobby_created)
	GodotWire.lobby_match_list.connect(_on_lobby_match_list)
	GodotWire.lobby_joined.connect(_on_lobby_joined)
	GodotWire.lobby_chat_update.connect(_on_lobby_chat_update)
	GodotWire.lobby_data_update.connect(_on_lobby_data_update)
	GodotWire.lobby_message.connect(_on_lobby_message)
	GodotWire.connect_to_relay(arguments["url"], steam_id, arguments["token"])


func _process(delta: float) -> void:
	super._process(delta)
	for stream in _streams:
		_send_stream(stream)
	while GodotWire.isP2PPacketAvailable(STREAM_CHANNEL):
		_take_piece(GodotWire.readP2PPacket(1 << 20, STREAM_CHANNEL))


func create_lobby() -> void:
	if lobby_id == 0:
		GodotWire.createLobby(GodotWire.LOBBY_TYPE_PUBLIC, 3)


func _on_lobby_created(connect: int, this_lobby_id: int) -> void:
	if connect == 1:
		lobby_id = this_lobby_id
		GodotWire.setLobbyJoinable(lobby_id, true)
		GodotWire.setLobbyData(lobby_id, "name", "Gramps' Lobby")
		GodotWire.allowP2PPacketRelay(true)
		say({"lobby": str(lobby_id)})


func _on_open_lobby_list_pressed() -> void:
	GodotWire.addRequestLobbyListDistanceFilter(GodotWire.LOBBY_DISTANCE_FILTER_WORLDWIDE)
	GodotWire.requestLobbyList()


func _on_lobby_match_list(these_lobbies: Array) -> void:
	if these_lobbies.is_empty():
		_on_open_lobby_list_pressed()
	elif lobby_id == 0:
		join_lobby(these_lobbies[0])


func join_lobby(this_lobby_id: int) -> void:
	lobby_members.clear()
	GodotWire.joinLobby(this_lobby_id)


func _on_lobby_joined(this_lobby_id: int, _permissions: int, _locked: bool, response: int) -> void:
	say({"joined": str(this_lobby_id), "response": response})
	if response == GodotWire.CHAT_ROOM_ENTER_RESPONSE_SUCCESS:
		lobby_id = this_lobby_id
		get_lobby_members()
		make_p2p_handshake()


func get_lobby_members() -> void:
	lobby_members.clear()
	var num_of_members: int = GodotWire.getNumLobbyMembers(lobby_id)
	for this_member in range(0, num_of_members):
		var member_steam_id: int = GodotWire.getLobbyMemberByIndex(lobby_id, this_member)
		var member_steam_name: String = GodotWire.getFriendPersonaName(member_steam_id)
		lobby_members.append({"steam_id": member_steam_id, "steam_name": member_steam_name})
	var ids: Array = []
	for member in lobby_members:
		ids.append(str(member["steam_id"]))
	say({"members": ids, "owner": str(GodotWire.getLobbyOwner(lobby_id))})


func _on_lobby_chat_update(this_lobby_id: int, change_id: int, making_change_id: int, chat_state: int) -> void:
	say({
		"changed": str(change_id),
		"state": chat_state,
		"same": change_id == making_change_id and this_lobby_id == lobby_id,
	})
	get_lobby_members()


func _on_lobby_data_update(success: int, this_lobby_id: int, this_member_id: int) -> void:
	say({
		"name": GodotWire.getLobbyData(this_lobby_id, "name"),
		"success": success,
		"own": this_member_id == this_lobby_id,
	})


func _on_lobby_message(_this_lobby_id: int, user: int, message: String, chat_type: int) -> void:
	say({"chat": message, "user": str(user), "type": chat_type})


func _on_relay_joined() -> void:
	say({"relay": "joined"})
	if _creates:
		create_lobby()
	elif lobby_id == 0:
		_on_open_lobby_list_pressed()


func _on_relay_left(code: int, _reason: String) -> void:
	say({"relay": "left", "code": code})


## Ids in it are texts.
func take(from: int, data: Dictionary) -> void:
	say({"from": str(from), "message": str(data.get("message"))})
	match data.get("message"):
		"tell all":
			call("send_p2p_packet", 0, {"message": "told by %d" % steam_id})
		"chat":
			say({"sent": GodotWire.sendLobbyChatMsg(lobby_id, data["text"])})
		"name":
			say({"sent": GodotWire.setLobbyData(lobby_id, "name", data["text"])})
		"lock":
			say({"sent": GodotWire.setLobbyJoinable(lobby_id, false)})
		"leave":
			GodotWire.leaveLobby(lobby_id)
			say({"left": GodotWire.getNumLobbyMembers(lobby_id)})
			join_lobby(lobby_id)
		"state":
			say({"session": GodotWire.getP2PSessionState(from)})
		"stream":
			_streams.append([int(data["to"]), 0, int(data["packets"])])
		"quit":
			GodotWire.disconnect_from_relay()
			for turn in 20:
				GodotWire.run_callbacks()
				OS.delay_msec(2)
			get_tree().quit()


func _send_stream(stream: Array) -> void:
	for turn in AT_ONCE:
		var number: int = stream[1]
		if number == stream[2]:
			return
		var data := Pieces.piece(number)
		if not GodotWire.sendP2PPacket(stream[0], data, GodotWire.P2P_SEND_RELIABLE, STREAM_CHANNEL):
			return
		stream[1] += 1


func _take_piece(packet: Dictionary) -> void:
	var from: int = packet["remote_steam_id"]
	if not _came.has(from):
		_came[from] = [0, 0, 0, 0]
	var came: Array = _came[from]
	var data: PackedByteArray = packet["data"]
	var number := data.decode_u32(0)
	if number < came[0]:
		came[2] += 1
		return
	came[1] += number - came[0]
	came[0] = number + 1
	if data != Pieces.piece(number):
		came[3] += 1
	if came[0] % 100 == 0:
		say({"stream": str(from), "packets": came[0], "lost": came[1], "doubled": came[2], "wrong": came[3]})
