extends SceneTree
## What the addon costs a game: sends `--packets=100` packets of `--size=64` bytes in every frame to a server that sends
## them all back, half of them reliable, and measures the time spent in the addon's calls. With `--peer=id` it is a peer by
## way of a relay. `--frames=600` after `--warm=120` that do not count, at `--fps=60` (0: as fast as it goes). Prints
## `GODOT_WIRE {json}`: microseconds a frame, objects before and after, and memory before and after each of ten parts.

const GodotWire := preload("../addons/godot_wire/godot_wire.gd")
const Arguments := preload("arguments.gd")

const MOST_FRAMES_AHEAD := 8
const PARTS := 10

var _wire := GodotWire.new()
var _server := 0
var _packets := 0
var _size := 0
var _frames := 0
var _warm := 0
var _frame := 0
var _received := 0
# Those of the reliable ones: whoever sends a packet back sends it as it came.
var _reliable := 0
var _costs := PackedInt32Array()
var _objects := 0
var _memory: Array = []


func _initialize() -> void:
	var arguments := Arguments.read({"packets": "100", "size": "64", "frames": "600", "warm": "120", "fps": "60"})
	OS.low_processor_usage_mode_sleep_usec = 1
	Engine.max_fps = int(arguments["fps"])
	_packets = int(arguments["packets"])
	_size = int(arguments["size"])
	_frames = int(arguments["frames"])
	_warm = int(arguments["warm"])
	_costs.resize(_frames)
	_wire.p2p_session_request.connect(func(id: int) -> void: _wire.acceptP2PSessionWithUser(id))
	if arguments.has("peer"):
		_wire.relay_joined.connect(func() -> void: _server = int(arguments["peer"]))
		_wire.connect_to_relay(arguments["url"], int(arguments["id"]), arguments["token"])
	else:
		_wire.link_opened.connect(func(id: int) -> void: _server = id)
		_wire.connect_to_server(arguments["url"], int(arguments["id"]))


func _process(_delta: float) -> bool:
	var started := Time.get_ticks_usec()
	_wire.run_callbacks()
	if _server == 0:
		return false
	while _wire.isP2PPacketAvailable():
		var packet: Dictionary = _wire.readP2PPacket(_wire.getAvailableP2PPacketSize())
		_received += 1
		_reliable += packet["data"][0]
	# At full speed the other end may fall behind: then the frame does not count.
	if _frame * _packets / 2 - _reliable > MOST_FRAMES_AHEAD * _packets / 2:
		return false
	# A game makes its packets anew; that is not what is measured here.
	var made := Time.get_ticks_usec()
	var data: Array = [PackedByteArray(), PackedByteArray()]
	for at in 2:
		data[at].resize(_size)
		data[at][0] = at
	made = Time.get_ticks_usec() - made
	for at in _packets:
		_wire.sendP2PPacket(_server, data[at % 2], at % 2 * 2)
	# What otherwise happens by itself at the end of the frame.
	_wire._host.flush()
	var cost := Time.get_ticks_usec() - started - made
	if _frame >= _warm:
		_costs[_frame - _warm] = cost
	_frame += 1
	if _frame == _warm:
		_objects = int(Performance.get_monitor(Performance.OBJECT_COUNT))
	if _frame >= _warm and (_frame - _warm) % (_frames / PARTS) == 0:
		_memory.append(int(Performance.get_monitor(Performance.MEMORY_STATIC)))
	if _frame == _warm + _frames:
		_finish()
	return false


func _finalize() -> void:
	_wire.free()


func _finish() -> void:
	var objects := int(Performance.get_monitor(Performance.OBJECT_COUNT))
	var sum := 0
	for cost in _costs:
		sum += cost
	_costs.sort()
	print("GODOT_WIRE ", JSON.stringify({
		"frames": _frames,
		"sent": _frame * _packets,
		"received": _received,
		"reliable": _reliable,
		"mean": sum / float(_frames),
		"median": _costs[_frames / 2],
		"p99": _costs[_frames * 99 / 100],
		"worst": _costs[_frames - 1],
		"objects": [_objects, objects],
		"memory": _memory,
	}))
	quit()
