extends SceneTree
## Reads values on channel `--channel=0`, and sends each back as this engine writes it, until a value is "quit".

const GodotWire := preload("../addons/godot_wire/godot_wire.gd")
const Arguments := preload("arguments.gd")

var _wire := GodotWire.new()
var _channel := 0
var _waiting: Array = []


func _initialize() -> void:
	OS.low_processor_usage_mode_sleep_usec = 1
	var arguments := Arguments.read({"channel": "0"})
	_channel = int(arguments["channel"])
	_wire.p2p_session_request.connect(func(id: int) -> void: _wire.acceptP2PSessionWithUser(id))
	_wire.link_opened.connect(func(id: int) -> void: print("GODOT_WIRE ", JSON.stringify({"opened": str(id)})))
	_wire.connect_to_server(arguments["url"], int(arguments["id"]))


func _process(_delta: float) -> bool:
	_wire.run_callbacks()
	while not _waiting.is_empty() or _wire.isP2PPacketAvailable(_channel):
		if _waiting.is_empty():
			var packet := _wire.readP2PPacket(1 << 20, _channel)
			var value: Variant = bytes_to_var(packet["data"])
			if value is String and value == "quit":
				quit()
				return false
			_waiting = [packet["remote_steam_id"], var_to_bytes(value)]
		if not _wire.sendP2PPacket(_waiting[0], _waiting[1], GodotWire.P2P_SEND_RELIABLE, _channel):
			return false
		_waiting = []
	return false


func _finalize() -> void:
	_wire.free()
