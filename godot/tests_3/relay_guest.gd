extends SceneTree
## Joins a relay again and again and tells how it went, for relays that do not behave. It ends when the dialer gives up,
## or with `--joins=N` once it was let in so often. Prints lines `GODOT_WIRE {json}`.

const GodotWire = preload("../addons/godot_wire_3/godot_wire.gd")
const Arguments = preload("arguments.gd")

var _wire = GodotWire.new()
var _joins := 0


func _initialize() -> void:
	OS.low_processor_usage_mode_sleep_usec = 1000
	var arguments = Arguments.read({"token": "", "joins": "0"})
	_joins = int(arguments["joins"])
	_wire.dialer.min_ms = 5
	_wire.dialer.max_ms = 20
	_wire.connect("relay_joined", self, "_on_joined")
	_wire.connect("relay_left", self, "_on_left")
	_wire.connect("lobby_created", self, "_on_created")
	_wire.createLobby(GodotWire.LOBBY_TYPE_PUBLIC)
	var error = _wire.connect_to_relay(arguments["url"], int(arguments["id"]), arguments["token"])
	var again = _wire.connect_to_relay(arguments["url"], int(arguments["id"]))
	_say({"started": error, "again": again})


func _idle(_delta: float) -> bool:
	_wire.run_callbacks()
	if not _wire.dialer.is_busy() or _joins == 0 and _wire.dialer.link() == null:
		_say({"over": _wire.dialer.is_busy()})
		quit()
	return false


func _finalize() -> void:
	_wire.free()


func _on_joined() -> void:
	_joins -= 1


func _on_left(code: int, reason: String) -> void:
	_say({"code": code, "reason": reason})


func _on_created(code: int, _lobby: int) -> void:
	_say({"created": code})


func _say(what: Dictionary) -> void:
	print("GODOT_WIRE ", to_json(what))
