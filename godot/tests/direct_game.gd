extends SceneTree
## Joins a relay and sends numbered packets to `--peers=id,id`: reliable ones on channel 1, unreliable ones on channel 2,
## as many as the peer `--leader=id` has asked for on channel 0. Its WebRTC is that of the test's process (`--bridge=port`)
## or that of the engine; `--room=bytes` makes it as forgetful as that of a web export. Prints `GODOT_WIRE {json}` about
## every peer whenever something has changed.

const GodotWire := preload("../addons/godot_wire/godot_wire.gd")
const Arguments := preload("arguments.gd")
const BridgedWebRtc := preload("bridged_webrtc.gd")
const Pieces := preload("pieces.gd")

const ORDERS := 0
const RELIABLE := 1
const UNRELIABLE := 2
const TELL_EVERY := 20


class Peer:
	extends RefCounted
	var sent := 0
	var sent_unreliable := 0
	## What came: the next reliable packet, and packets that were lost, doubled or not as they should be.
	var next := 0
	var wrong := 0
	var unreliable := {}
	var again := 0
	## How often a link came up that leads straight to it.
	var direct := 0


var _wire := GodotWire.new()
var _bridge := 0
var _room := 0
var _leader := 0
var _peers := {}
var _goal := 0
var _frame := 0
var _told := ""
var _is_over := false


func _initialize() -> void:
	OS.low_processor_usage_mode_sleep_usec = 1000
	var arguments := Arguments.read({"bridge": "0", "room": "0", "allow": "1"})
	_bridge = int(arguments["bridge"])
	_room = int(arguments["room"])
	_leader = int(arguments["leader"])
	for id in str(arguments["peers"]).split(","):
		_peers[int(id)] = Peer.new()
	if _bridge > 0:
		_wire.webrtc.connection_factory = make_connection
	_wire.webrtc.retry_ms = 200
	_wire.allowP2PPacketRelay(arguments["allow"] == "1")
	_wire.link_opened.connect(_on_link_opened)
	_wire.p2p_session_request.connect(func(id: int) -> void: _wire.acceptP2PSessionWithUser(id))
	_wire.connect_to_relay(arguments["url"], int(arguments["id"]), arguments["token"])


func make_connection() -> Object:
	return BridgedWebRtc.new(_bridge, _room)


func _process(_delta: float) -> bool:
	_wire.run_callbacks()
	while _wire.isP2PPacketAvailable(ORDERS):
		_take_order(_wire.readP2PPacket(1 << 20, ORDERS))
	while _wire.isP2PPacketAvailable(RELIABLE):
		_take_reliable(_wire.readP2PPacket(1 << 20, RELIABLE))
	while _wire.isP2PPacketAvailable(UNRELIABLE):
		_take_unreliable(_wire.readP2PPacket(1 << 20, UNRELIABLE))
	for id in _peers:
		_send(id, _peers[id])
	_frame += 1
	if _frame % TELL_EVERY == 0:
		_tell()
	if _is_over:
		quit()
	return false


func _finalize() -> void:
	_wire.disconnect_from_relay()
	_wire.free()


func _on_link_opened(id: int) -> void:
	if _peers.has(id) and _wire.getSessionConnectionInfo(id, true, false)["debug_description"] == "WebRTC":
		_peers[id].direct += 1


func _take_order(packet: Dictionary) -> void:
	if packet["remote_steam_id"] != _leader:
		return
	var order: Dictionary = JSON.parse_string(packet["data"].get_string_from_utf8())
	_goal = int(order.get("goal", _goal))
	_is_over = order.has("quit")


func _send(id: int, peer: Peer) -> void:
	if peer.sent < _goal and _wire.sendP2PPacket(id, Pieces.piece(peer.sent), GodotWire.P2P_SEND_RELIABLE, RELIABLE):
		peer.sent += 1
	if peer.sent_unreliable < _goal and _wire.getP2PSessionState(id).get("connection_active", 0) == 1:
		var data := PackedByteArray()
		data.resize(Pieces.HEAD)
		data.encode_u32(0, peer.sent_unreliable)
		_wire.sendP2PPacket(id, data, GodotWire.P2P_SEND_UNRELIABLE, UNRELIABLE)
		peer.sent_unreliable += 1


func _take_reliable(packet: Dictionary) -> void:
	var peer: Peer = _peers[packet["remote_steam_id"]]
	if packet["data"] != Pieces.piece(peer.next):
		peer.wrong += 1
	peer.next += 1


func _take_unreliable(packet: Dictionary) -> void:
	var peer: Peer = _peers[packet["remote_steam_id"]]
	var number: int = packet["data"].decode_u32(0)
	if peer.unreliable.has(number):
		peer.again += 1
	peer.unreliable[number] = true


func _tell() -> void:
	var all := {}
	for id in _peers:
		var peer: Peer = _peers[id]
		all[str(id)] = {
			"sent": peer.sent,
			"reliable": peer.next,
			"wrong": peer.wrong,
			"unreliable": peer.unreliable.size(),
			"again": peer.again,
			"direct": peer.direct,
			"using_relay": _wire.getP2PSessionState(id).get("using_relay", -1),
		}
	var told := JSON.stringify({"peers": all})
	if told != _told:
		_told = told
		print("GODOT_WIRE ", told)
