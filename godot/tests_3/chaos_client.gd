extends SceneTree
## Sends `--packets=10000` random values reliably to a server that sends each back, over links that break again and
## again, and compares what comes with what it sent: number, value and bytes.
##
## More arguments: `--url`, `--id`, `--seed=1`, `--channel=0`, `--common=1` for values that Godot 3 and 4 both know,
## `--bytes=0` where the bytes come from another version. Prints `GODOT_WIRE {json}` in the end.

const GodotWire = preload("../addons/godot_wire_3/godot_wire.gd")
const Arguments = preload("arguments.gd")
const RandomValues = preload("random_values.gd")
const Compare = preload("compare.gd")

const SHOWN = 5

var _wire = GodotWire.new()
var _values
var _server := 0
var _channel := 0
var _packets := 0
var _compares_bytes := true
var _made := 0
var _expected := 0
# What is on its way: number to [value, bytes].
var _waiting := {}
var _next: Array = []
var _is_over := false
var _result = {"lost": 0, "doubled": 0, "values": 0, "bytes": 0, "reconnects": 0, "failures": 0, "differences": []}


func _initialize() -> void:
	OS.low_processor_usage_mode_sleep_usec = 1
	var arguments = Arguments.read({"packets": "10000", "seed": "1", "channel": "0", "bytes": "1"})
	_packets = int(arguments["packets"])
	_channel = int(arguments["channel"])
	_compares_bytes = arguments["bytes"] == "1"
	_values = RandomValues.new(int(arguments["seed"]), arguments.has("common"))
	_wire.dialer.min_ms = 5
	_wire.dialer.max_ms = 100
	_wire.connect("link_opened", self, "_on_link_opened")
	_wire.connect("link_closed", self, "_on_link_closed")
	_wire.connect("p2p_session_request", _wire, "acceptP2PSessionWithUser")
	_wire.connect("p2p_session_connect_fail", self, "_on_connect_fail")
	_wire.connect_to_server(arguments["url"], int(arguments["id"]))


func _idle(_delta: float) -> bool:
	_wire.run_callbacks()
	if _server != 0 and not _is_over:
		_send()
		_receive()
		if _expected >= _packets:
			_finish()
	return false


func _finalize() -> void:
	_wire.free()


func _send() -> void:
	for turn in 100:
		if _next.empty():
			if _made == _packets:
				return
			var value = [_made, _values.value(3)]
			_next = [value, var2bytes(value)]
			_waiting[_made] = _next
			_made += 1
		if not _wire.sendP2PPacket(_server, _next[1], GodotWire.P2P_SEND_RELIABLE, _channel):
			return
		_next = []


func _receive() -> void:
	while _wire.isP2PPacketAvailable(_channel):
		var data: PoolByteArray = _wire.readP2PPacket(1 << 20, _channel)["data"]
		var value = bytes2var(data)
		var number: int = value[0]
		if number < _expected:
			_result["doubled"] += 1
			continue
		_result["lost"] += number - _expected
		_expected = number + 1
		var sent: Array = _waiting[number]
		_waiting.erase(number)
		var difference = Compare.difference(sent[0], value)
		if difference != "":
			_result["values"] += 1
			if _result["differences"].size() < SHOWN:
				_result["differences"].append("%d: %s" % [number, difference])
		if _compares_bytes and sent[1] != data:
			_result["bytes"] += 1


func _on_link_opened(id: int) -> void:
	_server = id


func _on_link_closed(_id: int, _code: int, _reason: String) -> void:
	_result["reconnects"] += 1


func _on_connect_fail(_id: int, _error: int) -> void:
	_result["failures"] += 1


func _finish() -> void:
	_is_over = true
	_result["packets"] = _expected
	_result["counters"] = _wire.counters
	print("GODOT_WIRE ", to_json(_result))
	_wire.disconnect_from_server()
	for turn in 20:
		_wire.run_callbacks()
		OS.delay_usec(1000)
	quit()
