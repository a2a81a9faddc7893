extends SceneTree
## A peer for live tests: accepts whoever asks and sends every packet of the channels 0 to 7 back to its sender, until
## somebody sends "quit" on channel 7.
##
##     godot -s res://tests_3/echo_client.gd --url=ws://127.0.0.1:8080 --id=76561198000000002
##
## More arguments: `--send-type=2`, and `--seconds=120` after which it gives up; `--token=...`, with `--header=1` in the
## header; `--certificate=file` for a server with one of its own. It prints lines `GODOT_WIRE {json}`.

const GodotWire = preload("../addons/godot_wire_3/godot_wire.gd")
const Arguments = preload("arguments.gd")

const CHANNELS = 8
const QUIT_CHANNEL = 7

var _wire = GodotWire.new()
var _arguments := {}
var _send_type := 2
var _echoed := 0
var _refused := 0
var _waiting := {}
var _waiting_channel := 0
var _deadline := 0
var _is_over := false


func _initialize() -> void:
	# Without a window Godot sleeps 6.9 ms after every frame, as if nobody looked.
	OS.low_processor_usage_mode_sleep_usec = 1
	_arguments = Arguments.read({"send-type": "2", "seconds": "120", "token": ""})
	_send_type = int(_arguments["send-type"])
	_deadline = OS.get_ticks_msec() + int(_arguments["seconds"]) * 1000
	_wire.dialer.token = _arguments["token"]
	_wire.dialer.token_in_header = _arguments.has("header")
	if _arguments.has("certificate"):
		_wire.dialer.tls = X509Certificate.new()
		_wire.dialer.tls.load(_arguments["certificate"])
	_wire.connect("link_opened", self, "_on_link_opened")
	_wire.connect("link_closed", self, "_on_link_closed")
	_wire.connect("p2p_session_request", self, "_on_session_request")
	_wire.connect("p2p_session_connect_fail", self, "_on_connect_fail")
	_wire.dialer.reconnect = false
	var error = _wire.connect_to_server(_arguments["url"], int(_arguments["id"]))
	if error != OK:
		_say({"event": "error", "error": error})
		_end(1)


func _idle(_delta: float) -> bool:
	if _is_over:
		return false
	_wire.run_callbacks()
	if not _is_over and _echo_all() == 0:
		OS.delay_usec(200)
	if not _is_over and OS.get_ticks_msec() >= _deadline:
		_say({"event": "timeout", "timeout": true})
		_end(1)
	return false


func _finalize() -> void:
	_wire.free()


## Sends back what is there; how many packets that were. A packet that finds no room waits, and all behind it wait too.
func _echo_all() -> int:
	var found := 0
	if not _waiting.empty() and not _echo(_waiting, _waiting_channel):
		return found
	_waiting = {}
	for channel in CHANNELS:
		while not _is_over and _wire.isP2PPacketAvailable(channel):
			found += 1
			var packet = _wire.readP2PPacket(_wire.getAvailableP2PPacketSize(channel), channel)
			if channel == QUIT_CHANNEL and packet["data"] == "quit".to_utf8():
				_say({"event": "quit", "echoed": _echoed, "refused": _refused, "counters": _wire.counters})
				_end(0)
			elif not _echo(packet, channel):
				_waiting = packet
				_waiting_channel = channel
				return found
	return found


## False when there is no room now. What is too large for the send type is refused for good.
func _echo(packet: Dictionary, channel: int) -> bool:
	if _wire.sendP2PPacket(packet["remote_steam_id"], packet["data"], _send_type, channel):
		_echoed += 1
	elif _send_type < GodotWire.P2P_SEND_RELIABLE:
		_refused += 1
	else:
		return false
	return true


func _on_link_opened(id: int) -> void:
	_say({"event": "link_opened", "server_id": str(id)})


func _on_link_closed(_id: int, code: int, reason: String) -> void:
	_say({"event": "link_closed", "code": code, "reason": reason})
	if not _is_over:
		_end(1)


func _on_session_request(id: int) -> void:
	_say({"event": "p2p_session_request", "remote_steam_id": str(id)})
	_wire.acceptP2PSessionWithUser(id)


func _on_connect_fail(id: int, error: int) -> void:
	_say({"event": "p2p_session_connect_fail", "remote_steam_id": str(id), "session_error": error})


func _end(code: int) -> void:
	_is_over = true
	_wire.disconnect_from_server()
	for turn in 20:
		_wire.run_callbacks()
		OS.delay_usec(2000)
	quit(code)


## Steam ids stand in JSON as text: they do not fit a JavaScript number.
func _say(event: Dictionary) -> void:
	print("GODOT_WIRE ", to_json(event))
