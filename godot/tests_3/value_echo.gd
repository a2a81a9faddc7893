extends SceneTree
## Reads values on channel `--channel=0`, and sends each back as this engine writes it, until a value is "quit".

const GodotWire = preload("../addons/godot_wire_3/godot_wire.gd")
const Arguments = preload("arguments.gd")

var _wire = GodotWire.new()
var _channel := 0
var _waiting: Array = []


func _initialize() -> void:
	OS.low_processor_usage_mode_sleep_usec = 1
	var arguments = Arguments.read({"channel": "0"})
	_channel = int(arguments["channel"])
	_wire.connect("p2p_session_request", _wire, "acceptP2PSessionWithUser")
	_wire.connect("link_opened", self, "_on_link_opened")
	_wire.connect_to_server(arguments["url"], int(arguments["id"]))


func _idle(_delta: float) -> bool:
	_wire.run_callbacks()
	while not _waiting.empty() or _wire.isP2PPacketAvailable(_channel):
		if _waiting.empty():
			var packet = _wire.readP2PPacket(1 << 20, _channel)
			var value = bytes2var(packet["data"])
			if value is String and value == "quit":
				quit()
				return false
			_waiting = [packet["remote_steam_id"], var2bytes(value)]
		if not _wire.sendP2PPacket(_waiting[0], _waiting[1], GodotWire.P2P_SEND_RELIABLE, _channel):
			return false
		_waiting = []
	return false


func _finalize() -> void:
	_wire.free()


func _on_link_opened(id: int) -> void:
	print("GODOT_WIRE ", to_json({"opened": str(id)}))
