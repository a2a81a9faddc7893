extends SceneTree
## The behaviour suite that TypeScript and GDScript share: plays the steps of a file of scenarios on nodes that in-memory
## links join, on a clock that the steps move.
##
##     godot -s res://tests_3/scenarios.gd --file=scenarios.json
##
## Prints `ok` or `FAIL` and the scenario's name, then what differed; exit code 1 when anything did.

const GodotWire = preload("../addons/godot_wire_3/godot_wire.gd")
const SessionHost = preload("../addons/godot_wire_3/session/session_host.gd")
const MemoryLink = preload("memory_link.gd")
const TestCase = preload("test_case.gd")
const Arguments = preload("arguments.gd")

const IDS = {
	"alice": 76561197960265729,
	"bob": 76561197960265730,
	"carol": 76561197960265731,
	"bobs account": 2,
	"no account": 4294967296,
	"nobody": 0,
}
const SETTINGS = {
	"connectTimeoutMs": "connect_timeout_ms",
	"requestRepeatMs": "request_repeat_ms",
	"sendBufferSize": "send_buffer_size",
}
const STEP_MS = 50

var _now := 1000
var _wires := {}
var _links := {}
var _accepts := {}
var _requests := {}
var _failures := {}
var _problems: Array = []
var _same = TestCase.new()


func _initialize() -> void:
	var file: String = Arguments.read({"file": "res://scenarios.json"})["file"]
	var source = File.new()
	source.open(file, File.READ)
	var scenarios: Array = JSON.parse(source.get_as_text()).result
	source.close()
	var failed = 0
	for scenario in scenarios:
		_begin(scenario["peers"])
		var number = 0
		for step in scenario["steps"]:
			number += 1
			_play(step, number)
		_end()
		print("%s %s" % ["ok  " if _problems.empty() else "FAIL", scenario["name"]])
		for problem in _problems:
			print("       " + problem)
		failed += 0 if _problems.empty() else 1
	print("%d passed, %d failed" % [scenarios.size() - failed, failed])
	quit(0 if failed == 0 and scenarios.size() > 0 else 1)


func time() -> int:
	return _now


func _begin(peers: Dictionary) -> void:
	_problems.clear()
	for name in peers:
		var wire = GodotWire.new()
		wire._host = SessionHost.new(IDS[name], wire.settings)
		wire._host.clock = funcref(self, "time")
		_wires[name] = wire
		_requests[name] = []
		_failures[name] = []
		_accepts[name] = false
		for option in peers[name]:
			var value = peers[name][option]
			if option == "accepts":
				_accepts[name] = value
			elif option == "steamIdRule":
				wire.use_account_ids = value == "godotsteam"
			else:
				wire.settings.set(SETTINGS[option], int(value))
		wire.connect("p2p_session_request", self, "_on_request", [name])
		wire.connect("p2p_session_connect_fail", self, "_on_failure", [name])
	for a in _wires:
		for b in _wires:
			if a < b:
				_join(a, b)


func _end() -> void:
	for name in _wires:
		_wires[name].free()
	_wires.clear()
	_links.clear()


func _join(a: String, b: String) -> void:
	var ends = MemoryLink.pair(IDS[a], IDS[b])
	_wires[a]._host.attach(ends[0])
	_wires[b]._host.attach(ends[1])
	_links[a + b] = ends
	_settle()


func _settle() -> void:
	for turn in 1000:
		for name in _wires:
			_wires[name].run_callbacks()
		var is_quiet = true
		for key in _links:
			is_quiet = is_quiet and _links[key][0].outgoing.empty() and _links[key][1].outgoing.empty()
		if is_quiet:
			return


func _on_request(id: int, name: String) -> void:
	_requests[name].append(_name_of(id))
	if _accepts[name]:
		_wires[name].acceptP2PSessionWithUser(id)


func _on_failure(id: int, error: int, name: String) -> void:
	_failures[name].append([_name_of(id), error])


func _play(step: Array, number: int) -> void:
	var wire = _wires.get(step[1]) if step[1] is String else null
	var got = null
	var wanted = step[step.size() - 1]
	match step[0]:
		"send":
			got = wire.sendP2PPacket(IDS[step[2]], _data(step[3]), int(step[4]), int(step[5]))
		"pass":
			var end = _now + int(step[1])
			while _now < end:
				_now = min(_now + STEP_MS, end)
				_settle()
			return
		"accept":
			got = wire.acceptP2PSessionWithUser(IDS[step[2]])
		"accepting":
			_accepts[step[1]] = step[2]
			return
		"requests":
			got = _requests[step[1]]
			_requests[step[1]] = []
		"failures":
			got = _failures[step[1]]
			_failures[step[1]] = []
			for failure in wanted:
				failure[1] = int(failure[1])
		"read":
			got = _read_all(wire, int(step[2]))
			for at in wanted.size():
				wanted[at] = [wanted[at][0], _data(wanted[at][1])]
		"readOne":
			got = _read(wire, int(step[2]), int(step[3]))
			wanted = null if wanted == null else [wanted[0], _data(wanted[1])]
		"size":
			got = wire.getAvailableP2PPacketSize(int(step[2]))
			wanted = int(wanted)
		"available":
			got = wire.isP2PPacketAvailable(int(step[2]))
		"state":
			got = wire.getP2PSessionState(IDS[step[2]])
			wanted = _state(got, wanted)
		"close":
			got = wire.closeP2PSessionWithUser(IDS[step[2]])
		"closeChannel":
			got = wire.closeP2PChannelWithUser(IDS[step[2]], int(step[3]))
		"cut":
			for link in _links[step[1] + step[2]]:
				link.cut()
			_settle()
			return
		"heal":
			_join(step[1], step[2])
			return
	if not _same.equal(got, wanted):
		_problems.append(
			"step %d, %s: got %s" % [number, to_json(step).left(100), str(got).left(200)]
		)


func _read(wire, channel: int, size: int):
	var packet = wire.readP2PPacket(size, channel)
	return null if packet.empty() else [_name_of(packet["remote_steam_id"]), packet["data"]]


func _read_all(wire, channel: int) -> Array:
	var packets: Array = []
	while wire.isP2PPacketAvailable(channel):
		packets.append(_read(wire, channel, wire.getAvailableP2PPacketSize(channel)))
	return packets


## The whole state that is wanted, of which the scenario names only what it is about.
func _state(got: Dictionary, named) -> Dictionary:
	if named == null:
		return {}
	var whole = got.duplicate()
	for key in named:
		whole[key] = int(named[key])
	return whole


func _name_of(id: int) -> String:
	for name in IDS:
		if IDS[name] == id:
			return name
	return str(id)


## Text, or bytes that differ from place to place.
func _data(of) -> PoolByteArray:
	if of is String:
		return of.to_utf8()
	var data := PoolByteArray()
	data.resize(int(of["size"]))
	for at in data.size():
		data[at] = 0
	for at in range(0, data.size(), 97):
		data[at] = at / 97 % 251
	return data
