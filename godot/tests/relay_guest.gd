extends SceneTree
## Joins a relay again and again and tells how it went, for relays that do not behave. It ends when the dialer gives up,
## or with `--joins=N` once it was let in so often. Prints lines `GODOT_WIRE {json}`.

const GodotWire := preload("../addons/godot_wire/godot_wire.gd")
const Arguments := preload("arguments.gd")

var _wire := GodotWire.new()
var _joins := 0


func _initialize() -> void:
	OS.low_processor_usage_mode_sleep_usec = 1000
	var arguments := Arguments.read({"token": "", "joins": "0"})
	_joins = int(arguments["joins"])
	_wire.dialer.min_ms = 5
	_wire.dialer.max_ms = 20
	_wire.relay_joined.connect(func() -> void: _joins -= 1)
	_wire.relay_left.connect(func(code: int, reason: String) -> void: _say({"code": code, "reason": reason}))
	_wire.lobby_created.connect(func(code: int, _lobby: int) -> void: _say({"created": code}))
	_wire.createLobby(GodotWire.LOBBY_TYPE_PUBLIC)
	var error := _wire.connect_to_relay(arguments["url"], int(arguments["id"]), arguments["token"])
	var again := _wire.connect_to_relay(arguments["url"], int(arguments["id"]))
	_say({"started": error, "again": again})


func _process(_delta: float) -> bool:
	_wire.run_callbacks()
	if not _wire.dialer.is_busy() or _joins == 0 and _wire.dialer.link() == null:
		_say({"over": _wire.dialer.is_busy()})
		quit()
	return false


func _finalize() -> void:
	_wire.free()


func _say(what: Dictionary) -> void:
	print("GODOT_WIRE ", JSON.stringify(what))
