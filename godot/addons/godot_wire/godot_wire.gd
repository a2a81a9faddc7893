extends Node
## GodotSteam's P2P calls over a WebSocket to a godot-wire server or relay.
##
## Use it as an autoload, or create one by hand. In a scene tree it moves bytes by itself every frame; signals are
## emitted from [method run_callbacks] only, as with GodotSteam. A [SceneTree] script that never adds it to the tree
## calls [method run_callbacks] every frame, and that is enough.
## [codeblock]
## Wire.p2p_session_request.connect(func(id: int) -> void: Wire.acceptP2PSessionWithUser(id))
## Wire.link_opened.connect(func(server: int) -> void:
##     Wire.sendP2PPacket(server, var_to_bytes({"message": "handshake"}), Wire.P2P_SEND_RELIABLE))
## Wire.connect_to_server("ws://127.0.0.1:8080", 76561198000000002)
## [/codeblock]

## A peer wants a session: [method acceptP2PSessionWithUser] or a packet to it accepts.
signal p2p_session_request(remote_steam_id: int)
## A session could not be had, or was lost with packets undelivered.
signal p2p_session_connect_fail(remote_steam_id: int, session_error: int)
## The server answered and speaks as this Steam id. Not in GodotSteam.
signal link_opened(remote_steam_id: int)
## The connection ended, or never came to be. Sessions go on for 20 s, so a new [method connect_to_server] in time loses
## no reliable packet. Not in GodotSteam.
signal link_closed(code: int, reason: String)

enum {
	P2P_SEND_UNRELIABLE = 0,
	P2P_SEND_UNRELIABLE_NO_DELAY = 1,
	P2P_SEND_RELIABLE = 2,
	P2P_SEND_RELIABLE_WITH_BUFFERING = 3,
}

enum {
	P2P_SESSION_ERROR_NONE = 0,
	P2P_SESSION_ERROR_NOT_RUNNING_APP = 1,
	P2P_SESSION_ERROR_NO_RIGHTS_TO_APP = 2,
	P2P_SESSION_ERROR_DESTINATION_NOT_LOGGED_ON = 3,
	P2P_SESSION_ERROR_TIMEOUT = 4,
	P2P_SESSION_ERROR_MAX = 5,
}

enum {
	NET_SOCKET_CONNECTION_TYPE_NOT_CONNECTED = 0,
	NET_SOCKET_CONNECTION_TYPE_UDP = 1,
	NET_SOCKET_CONNECTION_TYPE_UDP_RELAY = 2,
}

enum {
	NET_SOCKET_STATE_INVALID = 0,
	NET_SOCKET_STATE_CONNECTED = 1,
	NET_SOCKET_STATE_INITIATED = 10,
	NET_SOCKET_STATE_LOCAL_CANDIDATE_FOUND = 11,
	NET_SOCKET_STATE_RECEIVED_REMOTE_CANDIDATES = 12,
	NET_SOCKET_STATE_CHALLENGE_HANDSHAKE = 15,
	NET_SOCKET_STATE_DISCONNECTING = 21,
	NET_SOCKET_STATE_LOCAL_DISCONNECT = 22,
	NET_SOCKET_STATE_TIMEOUT_DURING_CONNECT = 23,
	NET_SOCKET_STATE_REMOTE_END_DISCONNECTED = 24,
	NET_SOCKET_STATE_BROKEN = 25,
}

const Protocol := preload("wire/protocol.gd")
const SteamId := preload("steam_id.gd")
const Link := preload("link/link.gd")
const WebSocketLink := preload("link/websocket_link.gd")
const Inbox := preload("session/inbox.gd")
const Session := preload("session/session.gd")
const SessionHost := preload("session/session_host.gd")

const CHANNEL_MIN := -0x80000000
const CHANNEL_MAX := 0x7FFFFFFF

## How many frames and records were dropped, by reason. A copy: changing it changes nothing.
var counters: Dictionary:
	get:
		return {} if _host == null else _host.counters.duplicate()

var _host: SessionHost
var _flush_is_due := false


func _init() -> void:
	# Peers would take a paused game for a vanished one.
	process_mode = Node.PROCESS_MODE_ALWAYS


func _process(_delta: float) -> void:
	if _host != null:
		_host.poll()


## Connects to a server and speaks as `steam_id` from now on. [signal link_opened] or [signal link_closed] follows.
## Answers [constant ERR_ALREADY_IN_USE] while there is a connection.
func connect_to_server(url: String, steam_id: int) -> int:
	if not SteamId.is_valid(steam_id):
		return ERR_INVALID_PARAMETER
	if _host != null and _host.current_link() != null:
		return ERR_ALREADY_IN_USE
	var host := _host
	if host == null or host.local_id != steam_id:
		host = SessionHost.new(steam_id)
	var link := WebSocketLink.new()
	var error := link.start(url, steam_id, host.clock)
	if error == OK:
		host.attach(link)
		_host = host
	return error


## Ends the connection. Sessions end 20 s later, or go on with the next [method connect_to_server].
func disconnect_from_server() -> void:
	if _host != null and _host.current_link() != null:
		_host.flush()
		_host.current_link().close(Protocol.CLOSE_NORMAL, "")


## Moves bytes and emits signals. Call it every frame.
func run_callbacks() -> void:
	if _host == null:
		return
	_host.poll()
	for event in _host.take_events():
		_emit(event)


## The Steam id given to [method connect_to_server]; 0 before.
func getSteamID() -> int:
	return 0 if _host == null else _host.local_id


## Accepts the session that this user asked for. True for every valid Steam id, also without a request.
func acceptP2PSessionWithUser(remote_steam_id: int) -> bool:
	if _host == null or not SteamId.is_valid(remote_steam_id):
		return false
	_host.accept(remote_steam_id)
	_flush_soon()
	return true


## Does nothing: the server alone decides how packets travel. Always true.
func allowP2PPacketRelay(_allow: bool) -> bool:
	return true


## Closes one channel and drops what is unread on it. False when nothing was sent or received on it. With its last
## channel the session closes.
func closeP2PChannelWithUser(remote_steam_id: int, channel: int) -> bool:
	return _host != null and _host.close_channel(remote_steam_id, channel)


## Ends the session at once, with everything unsent and unread. The other end is not told. False when there was none.
func closeP2PSessionWithUser(remote_steam_id: int) -> bool:
	return _host != null and _host.close_session(remote_steam_id)


## The session's state in eight numbers, or an empty Dictionary when there is no session. One that failed keeps its
## error here until it is closed or tried again.
func getP2PSessionState(remote_steam_id: int) -> Dictionary:
	if _host == null:
		return {}
	var state := {
		"connection_active": 0,
		"connecting": 0,
		"session_error": _host.failure_with(remote_steam_id),
		"using_relay": 0,
		"bytes_queued_for_send": 0,
		"packets_queued_for_send": 0,
		"remote_ip": 0,
		"remote_port": 0,
	}
	var session := _host.session_with(remote_steam_id)
	if session != null:
		var is_active := session.state == Session.State.ACTIVE
		state["connection_active"] = 1 if is_active else 0
		state["connecting"] = 0 if is_active else 1
		state["bytes_queued_for_send"] = session.unsent_bytes()
		state["packets_queued_for_send"] = session.unsent_messages()
		var link := _host.current_link()
		if link != null and link.state == Link.State.UP and link.peer_id == remote_steam_id:
			state["remote_ip"] = link.remote_ip()
			state["remote_port"] = link.remote_port()
	elif remote_steam_id == _host.local_id and _host.is_self_open():
		state["connection_active"] = 1
	elif state["session_error"] == P2P_SESSION_ERROR_NONE:
		return {}
	return state


## Whether a packet can be read on this channel, also one of no bytes. Steam's own call; GodotSteam leaves it out.
func isP2PPacketAvailable(channel: int = 0) -> bool:
	return _host != null and _host.peek(channel) != null


## Size of the next packet on this channel; 0 when there is none, or when it has no bytes.
func getAvailableP2PPacketSize(channel: int = 0) -> int:
	var packet := _host.peek(channel) if _host != null else null
	return 0 if packet == null else packet.data.size()


## Takes the next packet of this channel: `data`, `remote_steam_id`, and the same under the older name
## `steam_id_remote`. What exceeds `packet` bytes is lost. An empty Dictionary when there is none.
func readP2PPacket(packet: int, channel: int = 0) -> Dictionary:
	var received := _host.read(channel) if _host != null else null
	if received == null:
		return {}
	# The call is declared with an unsigned number: a negative one is a very large buffer.
	var limit := packet & 0xFFFFFFFF
	var data := received.data
	_flush_soon()
	return {
		"data": data if data.size() <= limit else data.slice(0, limit),
		"remote_steam_id": received.peer,
		"steam_id_remote": received.peer,
	}


## Sends a packet, and asks for a session or accepts one where there is none. True means queued, not delivered. False:
## not connected yet for the first time, not a Steam id, not a send type, not a 32-bit channel, too large for the send
## type (1,200 bytes for 0 and 1, 1,048,576 for 2 and 3), or 4 MiB already wait.
func sendP2PPacket(remote_steam_id: int, data: PackedByteArray, send_type: int, channel: int = 0) -> bool:
	if _host == null or not SteamId.is_valid(remote_steam_id):
		return false
	if channel < CHANNEL_MIN or channel > CHANNEL_MAX:
		return false
	match send_type:
		P2P_SEND_UNRELIABLE, P2P_SEND_UNRELIABLE_NO_DELAY:
			if data.size() > Protocol.DATAGRAM_LIMIT:
				return false
		P2P_SEND_RELIABLE, P2P_SEND_RELIABLE_WITH_BUFFERING:
			if data.size() > Protocol.MESSAGE_LIMIT:
				return false
		_:
			return false
	_flush_soon()
	# Packed arrays are shared between variables; the copy is made only if the caller changes its own.
	return _host.send(remote_steam_id, data.duplicate(), send_type, channel)


func _emit(event: Array) -> void:
	match event[0]:
		SessionHost.Event.SESSION_REQUEST:
			# A packet to the peer may have accepted it in the meantime.
			if _host.has_request(event[1]):
				p2p_session_request.emit(event[1])
		SessionHost.Event.CONNECT_FAIL:
			p2p_session_connect_fail.emit(event[1], event[2])
		SessionHost.Event.LINK_OPENED:
			link_opened.emit(event[1])
		SessionHost.Event.LINK_CLOSED:
			link_closed.emit(event[1], event[2])


## Lets everything that the game does in one frame leave together at its end.
func _flush_soon() -> void:
	if not _flush_is_due:
		_flush_is_due = true
		_flush.call_deferred()


func _flush() -> void:
	_flush_is_due = false
	if _host != null:
		_host.flush()
