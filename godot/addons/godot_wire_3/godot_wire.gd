extends "constants.gd"
## GodotSteam's P2P calls without Steam: over WebSocket to a godot-wire server or another game that listens, or to peers
## of a relay, by way of it and by WebRTC.
##
## Enable the plugin and it is there as the autoload `GodotWire`. In a scene tree it moves bytes by itself every frame;
## signals are emitted from `run_callbacks` only, as with GodotSteam. A SceneTree script that never adds it to
## the tree calls `run_callbacks` every frame, and that is enough.
##
##     GodotWire.connect("p2p_session_request", self, "_on_p2p_session_request")
##     GodotWire.connect("link_opened", self, "_on_link_opened")
##     GodotWire.connect_to_server("ws://127.0.0.1:8080", 76561198000000002)

## A peer wants a session: `acceptP2PSessionWithUser` or a packet to it accepts.
signal p2p_session_request(remote_steam_id)
## A session could not be had, or was lost with packets undelivered.
signal p2p_session_connect_fail(remote_steam_id, session_error)
## The same two for the Networking Messages calls; each pair is emitted together.
signal network_messages_session_request(remote_steam_id)
signal network_messages_session_failed(reason, remote_steam_id, connection_state, debug_message)
## A link is up: the server answered, or somebody dialled in, and speaks as this Steam id. Not in GodotSteam.
signal link_opened(remote_steam_id)
## A link ended, or never came to be; then the id is 0. Sessions go on for 20 s, so a new link in time loses no reliable
## packet. Not in GodotSteam.
signal link_closed(remote_steam_id, code, reason)
## The server or relay is dialled again after this pause. Not in GodotSteam.
signal reconnecting(delay_ms)
## The relay let this end in: lobbies and every peer that is joined can be reached. Not in GodotSteam.
signal relay_joined()
## The link to the relay ended, or never came to be; lobbies are left. `reconnecting` follows where it is made
## anew. Not in GodotSteam.
signal relay_left(code, reason)
## GodotSteam's signals of lobbies. `connect` and `success` are 1 where it worked; `response` and `chat_state` are
## constants.
signal lobby_created(connect, lobby_id)
signal lobby_joined(lobby, permissions, locked, response)
signal lobby_chat_update(lobby_id, changed_id, making_change_id, chat_state)
signal lobby_data_update(success, lobby_id, member_id)
signal lobby_match_list(lobbies)
signal lobby_message(lobby_id, user, message, chat_type)

const Protocol = preload("wire/protocol.gd")
const SteamId = preload("steam_id.gd")
const Link = preload("link/link.gd")
const Dialer = preload("link/dialer.gd")
const WebSocketListener = preload("link/websocket_listener.gd")
const Inbox = preload("session/inbox.gd")
const Session = preload("session/session.gd")
const SessionHost = preload("session/session_host.gd")
const Settings = preload("session/settings.gd")
const Lobbies = preload("relay/lobbies.gd")
const RelayClient = preload("relay/relay_client.gd")
const WebRtcOptions = preload("webrtc/options.gd")

const CHANNEL_MIN = -0x80000000
const CHANNEL_MAX = 0x7FFFFFFF
## What GodotSteam gives for a user whose name is not known.
const UNKNOWN_NAME = "[unknown]"

## Times and sizes. Set them before `connect_to_server` or `listen`.
var settings = Settings.new()
## `token`, `headers`, `tls` and whether and how a lost link is dialled again. Set them before connecting.
var dialer = Dialer.new()
## How direct ways to the peers of a relay are found. Set it before `connect_to_relay`.
var webrtc = WebRtcOptions.new()
## What `getFriendPersonaName` answers, by Steam id. There is no Steam to ask, so the game fills it.
var persona_names := {}
## Whether only the low 32 bits of Steam ids in calls count, as in GodotSteam: an account id is then enough.
var use_account_ids := false

## How many frames and records were dropped, by reason. A copy: changing it changes nothing.
var counters setget , _get_counters

var _host
var _listener
var _relay = null
var _lobbies = Lobbies.new()
var _is_relay_allowed := true
var _flush_is_due := false
# The last Steam id that a call named and that was found valid.
var _last_address := 0


func _init() -> void:
	# Peers would take a paused game for a vanished one.
	pause_mode = Node.PAUSE_MODE_PROCESS


func _process(_delta: float) -> void:
	_poll()


# --- links: not in GodotSteam ---------------------------------------------------------------------

## Connects to a server and speaks as `steam_id` from now on. `link_opened` or `link_closed` follows. A
## link that is lost is dialled again, until `disconnect_from_server`. Answers `ERR_ALREADY_IN_USE`
## while there is a connection, and `ERR_INVALID_PARAMETER` for what is no Steam id.
func connect_to_server(url: String, steam_id: int) -> int:
	if dialer.is_busy():
		return ERR_ALREADY_IN_USE
	var error = _speak_as(steam_id)
	return dialer.start(url, _host) if error == OK else error


## Joins a relay as `steam_id`, with the token that proves it: `relay_joined` or `relay_left` follows. From then on
## every call reaches whoever else is joined. A link that is lost is made anew, until `disconnect_from_relay`; set
## `dialer.token` where a token has grown old. Answers what `connect_to_server` answers: one of both at a time.
func connect_to_relay(url: String, steam_id: int, token: String = "") -> int:
	if dialer.is_busy():
		return ERR_ALREADY_IN_USE
	var error = _speak_as(steam_id)
	if error != OK:
		return error
	if token != "":
		dialer.token = token
	_lobbies.speak_as(steam_id)
	if _relay != null:
		_relay.close_ways()
	_relay = RelayClient.new(_host, _lobbies, webrtc)
	_relay.allow_relay(_is_relay_allowed)
	return dialer.start(url, _host, _relay)


## Leaves the relay and its lobbies. Sessions end 20 s later, or go on with the next `connect_to_relay`.
func disconnect_from_relay() -> void:
	disconnect_from_server()


## Ends the connection. Sessions end 20 s later, or go on with the next `connect_to_server`.
func disconnect_from_server() -> void:
	dialer.stop()
	if dialer.link() != null:
		_host.flush()
		dialer.link().close(Protocol.CLOSE_NORMAL, "")
	if _relay != null:
		_relay.close_ways()


## Lets others dial this game, which speaks as `steam_id`. Port 0 takes a free one: see `get_listen_port`. A Steam
## id is what each end says it is. Not in web exports.
func listen(port: int, steam_id: int, bind_address: String = "*") -> int:
	if _listener != null:
		return ERR_ALREADY_IN_USE
	var error = _speak_as(steam_id)
	if error != OK:
		return error
	var listener = WebSocketListener.new()
	error = listener.start(port, bind_address)
	if error == OK:
		_listener = listener
	return error


## The port that `listen` took; 0 without it.
func get_listen_port() -> int:
	return 0 if _listener == null else _listener.port()


## Takes in nobody any more, and ends the links of those who came.
func stop_listening() -> void:
	if _listener != null:
		_host.flush()
		_host.close_inbound_links(Protocol.CLOSE_NORMAL, "")
		_listener.stop()
		_listener = null


## Moves bytes and emits signals. Call it every frame.
func run_callbacks() -> void:
	_poll()
	if _host != null:
		for event in _host.take_events():
			_emit(event)
	for event in _lobbies.take_events():
		callv("emit_signal", event)


## The Steam id that this end speaks as; 0 before it was given.
func getSteamID() -> int:
	return 0 if _host == null else _host.local_id


## The name that the game noted in `persona_names`.
func getFriendPersonaName(steam_id: int) -> String:
	return persona_names.get(steam_id, UNKNOWN_NAME)


# --- P2P: GodotSteam's Networking class -----------------------------------------------------------

## Accepts the session that this user asked for. True for every valid Steam id, also without a request.
func acceptP2PSessionWithUser(remote_steam_id: int) -> bool:
	var id = _address(remote_steam_id)
	if id == 0:
		return false
	_host.accept(id)
	_flush_soon()
	return true


## Whether the relay and TURN servers may carry packets, for links that come up from now on. With false only direct ways
## do, so that a game without WebRTC reaches nobody by a relay. Always true.
func allowP2PPacketRelay(allow: bool) -> bool:
	_is_relay_allowed = allow
	if _relay != null:
		_relay.allow_relay(allow)
	return true


## Closes one channel and drops what is unread on it. False when nothing was sent or received on it. With its last
## channel the session closes.
func closeP2PChannelWithUser(remote_steam_id: int, channel: int) -> bool:
	var id = _address(remote_steam_id)
	return id != 0 and _host.close_channel(id, channel)


## Ends the session at once, with everything unsent and unread. The other end is not told. False when there was none.
## With `settings.close_linger_ms` what was sent reliably may still arrive.
func closeP2PSessionWithUser(remote_steam_id: int) -> bool:
	var id = _address(remote_steam_id)
	return id != 0 and _host.close_session(id)


## The session's state in eight numbers, or an empty Dictionary when there is no session. One that failed keeps its
## error here until it is closed or tried again.
func getP2PSessionState(remote_steam_id: int) -> Dictionary:
	var id = _address(remote_steam_id)
	if id == 0:
		return {}
	var state = {
		"connection_active": 0,
		"connecting": 0,
		"session_error": _host.failure_with(id),
		"using_relay": 0,
		"bytes_queued_for_send": 0,
		"packets_queued_for_send": 0,
		"remote_ip": 0,
		"remote_port": 0,
	}
	var session = _host.session_with(id)
	if session != null:
		var is_active = session.state == Session.State.ACTIVE
		state["connection_active"] = 1 if is_active else 0
		state["connecting"] = 0 if is_active else 1
		state["bytes_queued_for_send"] = session.unsent_bytes()
		state["packets_queued_for_send"] = session.unsent_messages()
		var link = _host.link_to(id)
		if link != null:
			state["using_relay"] = 1 if link.is_relayed else 0
			state["remote_ip"] = link.remote_ip()
			state["remote_port"] = link.remote_port()
	elif id == _host.local_id and _host.is_self_open():
		state["connection_active"] = 1
	elif state["session_error"] == P2P_SESSION_ERROR_NONE:
		return {}
	return state


## Whether a packet can be read on this channel, also one of no bytes. Steam's own call; GodotSteam leaves it out.
func isP2PPacketAvailable(channel: int = 0) -> bool:
	return _host != null and _host.peek(channel) != null


## Size of the next packet on this channel; 0 when there is none, or when it has no bytes.
func getAvailableP2PPacketSize(channel: int = 0) -> int:
	var packet = _host.peek(channel) if _host != null else null
	return 0 if packet == null else packet.data.size()


## Takes the next packet of this channel: `data`, `remote_steam_id`, and the same under the older name
## `steam_id_remote`. What exceeds `packet` bytes is lost. An empty Dictionary when there is none.
func readP2PPacket(packet: int, channel: int = 0) -> Dictionary:
	var received = _host.read(channel) if _host != null else null
	if received == null:
		return {}
	# The call is declared with an unsigned number: a negative one is a very large buffer.
	var limit = packet & 0xFFFFFFFF
	var data = received.data
	_flush_soon()
	return {
		"data": data if data.size() <= limit else _first(data, limit),
		"remote_steam_id": received.peer,
		"steam_id_remote": received.peer,
	}


## Sends a packet, and asks for a session or accepts one where there is none. True means queued, not delivered. False:
## not connected yet for the first time, not a Steam id, not a send type, not a 32-bit channel, too large for the send
## type (1,200 bytes for 0 and 1, 1,048,576 for 2 and 3), or `settings.send_buffer_size` bytes already wait.
func sendP2PPacket(remote_steam_id: int, data: PoolByteArray, send_type: int, channel: int = 0) -> bool:
	var id = _address(remote_steam_id)
	if id == 0 or channel < CHANNEL_MIN or channel > CHANNEL_MAX:
		return false
	if send_type == P2P_SEND_RELIABLE or send_type == P2P_SEND_RELIABLE_WITH_BUFFERING:
		if data.size() > Protocol.MESSAGE_LIMIT:
			return false
	elif send_type == P2P_SEND_UNRELIABLE or send_type == P2P_SEND_UNRELIABLE_NO_DELAY:
		if data.size() > Protocol.DATAGRAM_LIMIT:
			return false
	else:
		return false
	_flush_soon()
	# Pool arrays are values: what the caller does to its own later does not show.
	return _host.send(id, data, send_type, channel)


# --- GodotSteam's Networking Messages class -------------------------------------------------------

# These calls and those above share sessions and channels, so a game should keep to one of both.

## Accepts the session that this user asked for. True when one was waiting, or is there already.
func acceptSessionWithUser(remote_steam_id: int) -> bool:
	if _host == null or not (_host.has_request(remote_steam_id) or _host.session_with(remote_steam_id) != null):
		return false
	return acceptP2PSessionWithUser(remote_steam_id)


## As `closeP2PChannelWithUser`.
func closeChannelWithUser(remote_steam_id: int, channel: int) -> bool:
	return _host != null and _host.close_channel(remote_steam_id, channel)


## As `closeP2PSessionWithUser`.
func closeSessionWithUser(remote_steam_id: int) -> bool:
	return _host != null and _host.close_session(remote_steam_id)


## How the session stands: `connection_state`, with `get_connection` more about the connection, with `get_status` what
## waits. Numbers that nobody measures here are 0, qualities -1 as in Steam where they are not known.
func getSessionConnectionInfo(remote_steam_id: int, get_connection: bool, get_status: bool) -> Dictionary:
	var session = _host.session_with(remote_steam_id) if _host != null else null
	var failure = _host.failure_with(remote_steam_id) if _host != null else 0
	var state: int = CONNECTION_STATE_NONE
	if session != null:
		state = CONNECTION_STATE_CONNECTED if session.state == Session.State.ACTIVE else CONNECTION_STATE_CONNECTING
	elif failure != 0:
		state = CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY
	elif _host != null and remote_steam_id == _host.local_id and _host.is_self_open():
		state = CONNECTION_STATE_CONNECTED
	var info = {"connection_state": state}
	if get_connection:
		_merge(info, _connection_info(remote_steam_id, failure != 0))
	if get_status:
		_merge(info, _status_info(session, state))
	return info


## Takes up to `max_messages` messages of a channel. Each is a Dictionary of ten keys; `payload` and `identity` (the
## sender) are what a game needs.
func receiveMessagesOnChannel(channel: int, max_messages: int) -> Array:
	var messages: Array = []
	while messages.size() < max_messages and _host != null:
		var packet = _host.read(channel)
		if packet == null:
			break
		messages.append({
			"payload": packet.data,
			"size": packet.data.size(),
			"connection": 0,
			"identity": packet.peer,
			"receiver_user_data": 0,
			"time_received": packet.arrived_at * 1000,
			"message_number": packet.number,
			"channel": channel,
			"flags": NETWORKING_SEND_RELIABLE if packet.is_message else NETWORKING_SEND_UNRELIABLE,
			"sender_user_data": 0,
		})
	if not messages.empty():
		_flush_soon()
	return messages


## Sends up to 524,288 bytes. What is not reliable and has more than 1,200 bytes travels reliably. Answers a Result:
## OK, INVALID_PARAM for a bad id, channel or size, IGNORED for what was to leave at once and could not,
## LIMIT_EXCEEDED when too much waits.
func sendMessageToUser(remote_steam_id: int, data: PoolByteArray, flags: int, channel: int) -> int:
	if _host == null or not SteamId.is_valid(remote_steam_id) or data.size() > MAX_STEAM_PACKET_SIZE:
		return RESULT_INVALID_PARAM
	if channel < CHANNEL_MIN or channel > CHANNEL_MAX:
		return RESULT_INVALID_PARAM
	# Steam's Nagle time is 5 ms here, less than a frame: everything leaves with the frame.
	var send_type: int = P2P_SEND_RELIABLE
	if flags & NETWORKING_SEND_RELIABLE == 0 and data.size() <= Protocol.DATAGRAM_LIMIT:
		send_type = P2P_SEND_UNRELIABLE
		if flags & NETWORKING_SEND_NO_DELAY != 0:
			send_type = P2P_SEND_UNRELIABLE_NO_DELAY
			var session = _host.session_with(remote_steam_id)
			if session == null or session.state != Session.State.ACTIVE:
				_host.send(remote_steam_id, data, send_type, channel)
				return RESULT_IGNORED
	_flush_soon()
	var is_taken = _host.send(remote_steam_id, data, send_type, channel)
	return RESULT_OK if is_taken else RESULT_LIMIT_EXCEEDED


func _connection_info(id: int, has_failed: bool) -> Dictionary:
	var link = _host.link_to(id) if _host != null else null
	var address = ""
	if link != null and link.remote_ip() != 0:
		var ip = link.remote_ip()
		address = "%d.%d.%d.%d:%d" % [ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255, link.remote_port()]
	return {
		"identity": id,
		"user_data": 0,
		"listen_socket": 0,
		"remote_address": address,
		"remote_pop": 0,
		"pop_relay": 0,
		"end_reason": CONNECTION_END_MISC_TIMEOUT if has_failed else CONNECTION_END_INVALID,
		"end_debug": "timed out" if has_failed else "",
		"debug_description": "" if link == null else link.carrier,
		"info_flags": 0,
	}


func _status_info(session, state: int) -> Dictionary:
	return {
		"state": state,
		"ping": 0,
		"local_quality": -1.0,
		"remote_quality": -1.0,
		"packets_out_per_second": 0.0,
		"bytes_out_per_second": 0.0,
		"packets_in_per_second": 0.0,
		"bytes_in_per_second": 0.0,
		"send_rate": 0,
		"pending_unreliable": 0,
		"pending_reliable": 0 if session == null else session.unsent_bytes(),
		"sent_unacknowledged_reliable": 0 if session == null else session.unacknowledged_bytes(),
		"queue_time": 0,
	}


static func _merge(into: Dictionary, more: Dictionary) -> void:
	for key in more:
		into[key] = more[key]


# --- GodotSteam's Matchmaking class: lobbies of the relay ------------------------------------------

## Makes a lobby and joins it: `lobby_created`, and then `lobby_joined`. At most 250 members.
func createLobby(lobby_type: int, max_members: int = 2) -> void:
	_lobbies.create(lobby_type, max_members)


## `lobby_joined` follows.
func joinLobby(steam_lobby_id: int) -> void:
	_lobbies.join(steam_lobby_id)


func leaveLobby(steam_lobby_id: int) -> void:
	_lobbies.leave(steam_lobby_id)


## `lobby_match_list` follows, with the lobbies that can be found and have room.
func requestLobbyList() -> void:
	_lobbies.request_list()


## Does nothing: a relay has no places.
func addRequestLobbyListDistanceFilter(_distance_filter: int) -> void:
	pass


## 0 where this end is not in the lobby.
func getNumLobbyMembers(steam_lobby_id: int) -> int:
	return _lobbies.member_count(steam_lobby_id)


## 0 where there is no such member.
func getLobbyMemberByIndex(steam_lobby_id: int, member: int) -> int:
	return _lobbies.member(steam_lobby_id, member)


func getLobbyOwner(steam_lobby_id: int) -> int:
	return _lobbies.owner(steam_lobby_id)


## Empty where there is none, or where this end is not in the lobby.
func getLobbyData(steam_lobby_id: int, key: String) -> String:
	return _lobbies.data(steam_lobby_id, key)


## Only the owner may; at most 100 keys of 255 characters, and values of 8,192. True when it was sent.
func setLobbyData(steam_lobby_id: int, key: String, value: String) -> bool:
	return _lobbies.set_data(steam_lobby_id, key, value)


## Only the owner may. True when it was sent.
func setLobbyJoinable(steam_lobby_id: int, joinable: bool) -> bool:
	return _lobbies.set_joinable(steam_lobby_id, joinable)


## To all members, this end too: `lobby_message` follows. At most 4,096 characters. True when it was sent.
func sendLobbyChatMsg(steam_lobby_id: int, message_body: String) -> bool:
	return _lobbies.chat(steam_lobby_id, message_body)


# --- inside ---------------------------------------------------------------------------------------

## The Steam id that a call means, or 0 when it is none.
func _address(steam_id: int) -> int:
	# Games talk with the same few peers all the time.
	if steam_id == _last_address and steam_id != 0:
		return steam_id
	if _host == null:
		return 0
	var id = SteamId.of_account(steam_id) if use_account_ids else steam_id
	if not SteamId.is_valid(id):
		return 0
	if id == steam_id:
		_last_address = id
	return id


func _speak_as(steam_id: int) -> int:
	if not SteamId.is_valid(steam_id):
		return ERR_INVALID_PARAMETER
	if _host != null and _host.local_id != steam_id and _host.link_count() > 0:
		return ERR_ALREADY_IN_USE
	if _host == null or _host.local_id != steam_id:
		_host = SessionHost.new(steam_id, settings)
	return OK


func _poll() -> void:
	if _host == null:
		return
	if _listener != null:
		_take_in()
	if _relay != null:
		_relay.poll()
	_host.poll()
	dialer.poll(_host.clock.call_func())


func _take_in() -> void:
	_listener.poll()
	var link = _next_link()
	while link != null:
		_host.attach(link)
		link = _next_link()


func _next_link():
	return _listener.next_link(
		_host.local_id, _host.clock, funcref(self, "_is_linked"), _host.link_count(), _host.pending_count()
	)


func _is_linked(peer: int) -> bool:
	return _host.link_to(peer) != null


func _emit(event: Array) -> void:
	var kind = event[0]
	if kind == SessionHost.Event.SESSION_REQUEST:
		# A packet to the peer may have accepted it in the meantime.
		if _host.has_request(event[1]):
			emit_signal("p2p_session_request", event[1])
			emit_signal("network_messages_session_request", event[1])
	elif kind == SessionHost.Event.CONNECT_FAIL:
		emit_signal("p2p_session_connect_fail", event[1], event[2])
		var reason = CONNECTION_END_REMOTE_TIMEOUT if event[3] else CONNECTION_END_MISC_TIMEOUT
		var state = CONNECTION_STATE_PROBLEM_DETECTED_LOCALLY
		emit_signal("network_messages_session_failed", reason, event[1], state, "timed out")
	elif kind == SessionHost.Event.LINK_OPENED:
		emit_signal("link_opened", event[1])
	elif kind == SessionHost.Event.LINK_CLOSED:
		emit_signal("link_closed", event[1], event[2], event[3])
	elif kind == SessionHost.Event.RECONNECTING:
		emit_signal("reconnecting", event[1])
	elif kind == SessionHost.Event.RELAY_JOINED:
		emit_signal("relay_joined")
	elif kind == SessionHost.Event.RELAY_LEFT:
		emit_signal("relay_left", event[1], event[2])


## Lets everything that the game does in one frame leave together at its end.
func _flush_soon() -> void:
	if not _flush_is_due:
		_flush_is_due = true
		call_deferred("_flush")


func _flush() -> void:
	_flush_is_due = false
	if _relay != null:
		_relay.want_links()
	if _host != null:
		_host.flush()


func _get_counters() -> Dictionary:
	return {} if _host == null else _host.counters.duplicate()


static func _first(data: PoolByteArray, count: int) -> PoolByteArray:
	return data.subarray(0, count - 1) if count > 0 else PoolByteArray()
