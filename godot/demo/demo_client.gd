extends SceneTree
## The Godot end of `npm run demo`: says hello to a server as the GodotSteam tutorial does, sends it a few hundred
## packets and checks that each comes back as it left.
## [codeblock]
## godot --headless --path godot -s res://demo/demo_client.gd -- --url ws://127.0.0.1:8080 --id 76561198000000002
## [/codeblock]
## More arguments: `--packets 240`, `--seed 7`, `--window 8` (packets on their way at the same time). Lines that begin
## with GODOT_WIRE carry JSON for the program that runs this. Exit code 0 when every packet came back the same.

const GodotWire := preload("../addons/godot_wire/godot_wire.gd")
const VariedValues := preload("varied_values.gd")
const Compare := preload("compare.gd")

## Bytes on their way at the same time.
const WINDOW_BYTES := 512 * 1024
const CHANNELS := 3
const RAW_LARGE := 200000
const UNRELIABLE_LIMIT := 1200
const DECOMPRESSED_LIMIT := 4 * 1024 * 1024
const TOTAL_MS := 60000
## An unreliable packet that is not back by then is lost; the window must not wait for it.
const UNRELIABLE_MS := 2000
const SHOWN_MISMATCHES := 5


class Packet:
	extends RefCounted
	var number := 0
	## Null for the two packets that are no Variant.
	var value: Variant = null
	var is_raw := false
	var is_gzip := false
	var raw := PackedByteArray()
	var wire := PackedByteArray()
	var channel := 0
	var send_type := 0
	var sent_at := 0
	var rtt := -1
	var echo := PackedByteArray()


var _wire := GodotWire.new()
var _arguments := {
	"url": "ws://127.0.0.1:8080",
	"id": "76561198000000002",
	"packets": "240",
	"seed": "7",
	"window": "8",
}
var _steam_id := 0
var _window := 0
var _server_id := 0
var _step: Callable = _wait
var _deadline := 0
var _idle_polls := 0

var _packets: Array = []
var _next := 0
var _done := 0
var _in_flight: Array = []
var _bytes_in_flight := 0
# Number of the last reliable packet that came back, by channel: they may not overtake each other.
var _last_reliable := {}
var _out_of_order := 0
var _unexpected := 0
var _mismatches := 0


func _initialize() -> void:
	# Without a window Godot sleeps 6.9 ms after every frame, as if nobody looked.
	OS.low_processor_usage_mode_sleep_usec = 1
	_read_arguments()
	_steam_id = int(_arguments["id"])
	_window = int(_arguments["window"])
	_deadline = Time.get_ticks_msec() + TOTAL_MS
	_make_packets(int(_arguments["packets"]), int(_arguments["seed"]))
	_wire.link_opened.connect(_on_link_opened)
	_wire.link_closed.connect(_on_link_closed)
	_wire.p2p_session_request.connect(func(id: int) -> void: _wire.acceptP2PSessionWithUser(id))
	_wire.p2p_session_connect_fail.connect(_on_connect_fail)
	_wire.dialer.reconnect = false
	var error := _wire.connect_to_server(_arguments["url"], _steam_id)
	if error != OK:
		_fail("connect_to_server: %s" % error_string(error))


func _process(_delta: float) -> bool:
	# Many rounds in one frame: what is measured is the wire, not the frame rate.
	var frame_end := Time.get_ticks_usec() + 5000
	while Time.get_ticks_usec() < frame_end and _step.is_valid():
		_wire.run_callbacks()
		if _step.is_valid():
			_step.call()
		if Time.get_ticks_msec() >= _deadline and _step.is_valid():
			_finish()
	return false


func _finalize() -> void:
	_wire.free()


func _read_arguments() -> void:
	var words := OS.get_cmdline_user_args()
	for at in range(0, words.size() - 1, 2):
		_arguments[words[at].trim_prefix("--")] = words[at + 1]


func _say(event: Dictionary) -> void:
	print("GODOT_WIRE ", JSON.stringify(event, "", false, true))


# --- the tutorial's way to a session --------------------------------------------------------------

func _on_link_opened(server_id: int) -> void:
	_server_id = server_id
	# Ids stand in JSON as text: they do not fit a JavaScript number.
	_say({
		"phase": "connected",
		"engine": Engine.get_version_info()["string"],
		"steam_id": str(_steam_id),
		"server_id": str(server_id),
	})
	var handshake := var_to_bytes({"message": "handshake", "from": _steam_id})
	_wire.sendP2PPacket(server_id, handshake, GodotWire.P2P_SEND_RELIABLE, 0)
	_say({"phase": "request_sent"})
	_step = _await_handshake


func _on_link_closed(_id: int, code: int, reason: String) -> void:
	if _step.is_valid():
		_fail("link closed: %d %s" % [code, reason])


func _on_connect_fail(id: int, error: int) -> void:
	_fail("session with %d failed: error %d" % [id, error])


func _wait() -> void:
	OS.delay_usec(500)


func _await_handshake() -> void:
	var size := _wire.getAvailableP2PPacketSize(0)
	if size == 0:
		_wait()
		return
	var packet := _wire.readP2PPacket(size, 0)
	var greeting: Variant = bytes_to_var(packet["data"])
	if not greeting is Dictionary or greeting.get("message") != "handshake":
		_fail("no handshake: %s" % str(greeting).left(200))
		return
	_say({"phase": "handshake", "from": str(packet["remote_steam_id"])})
	_say_types()
	_step = _exchange


# --- packets --------------------------------------------------------------------------------------

func _make_packets(count: int, random_seed: int) -> void:
	var values := VariedValues.new(random_seed, self)
	# Two packets are no Variant: the server must pass them on as they are.
	var raw := {int(count / 3.0): 1, int(count * 2 / 3.0): RAW_LARGE}
	# One Dictionary fills the largest size that a raw packet has.
	var filled := count >> 1
	for n in count:
		var packet := Packet.new()
		packet.number = n
		packet.channel = n % CHANNELS
		if raw.has(n):
			packet.is_raw = true
			packet.raw = values.noise(raw[n])
			packet.raw[0] = 0xFF # Neither the head of a Variant nor of gzip.
		else:
			packet.value = values.dictionary(n)
			if n == filled:
				packet.value = {"n": n, "blob": PackedByteArray()}
			packet.is_gzip = (n / 12) % 2 == 1
		packet.send_type = n % 4
		_pack(packet)
		if n == filled:
			packet.value["blob"] = values.blob(RAW_LARGE - packet.raw.size())
			_pack(packet)
		if packet.send_type < GodotWire.P2P_SEND_RELIABLE and packet.wire.size() > UNRELIABLE_LIMIT:
			packet.send_type += 2
			_pack(packet)
		_packets.append(packet)


## Writes the bytes of a packet. Its Dictionary says how it is sent, so that the server can answer in the same way: the
## receiver of a P2P packet is not told.
func _pack(packet: Packet) -> void:
	if not packet.is_raw:
		packet.value["send_type"] = packet.send_type
		packet.raw = var_to_bytes(packet.value)
	packet.wire = packet.raw.compress(FileAccess.COMPRESSION_GZIP) if packet.is_gzip else packet.raw


func _say_types() -> void:
	var types := {}
	for packet in _packets:
		if not packet.is_raw:
			Compare.collect_types(packet.value, types)
	var names := PackedStringArray()
	var missing := PackedStringArray()
	for type in TYPE_MAX:
		(names if types.has(type) else missing).append(type_string(type))
	_say({"phase": "types", "covered": types.size(), "of": TYPE_MAX, "names": names, "missing": missing})


func _exchange() -> void:
	var moved := _receive() + _send()
	if _done == _packets.size():
		_finish()
		return
	if moved > 0:
		_idle_polls = 0
		return
	_idle_polls += 1
	if _idle_polls % 64 == 0:
		_give_up_late_ones()
	# A round trip takes a fraction of a millisecond, so the first polls do not sleep.
	if _idle_polls > 500:
		OS.delay_usec(100)


func _send() -> int:
	var sent := 0
	while _next < _packets.size() and _in_flight.size() < _window:
		var packet: Packet = _packets[_next]
		if not _in_flight.is_empty() and _bytes_in_flight + packet.wire.size() > WINDOW_BYTES:
			break
		packet.sent_at = Time.get_ticks_usec()
		if not _wire.sendP2PPacket(_server_id, packet.wire, packet.send_type, packet.channel):
			break
		_next += 1
		_in_flight.append(packet)
		_bytes_in_flight += packet.wire.size()
		sent += 1
	return sent


func _receive() -> int:
	var received := 0
	for channel in CHANNELS:
		while _wire.isP2PPacketAvailable(channel):
			var data: PackedByteArray = _wire.readP2PPacket(_wire.getAvailableP2PPacketSize(channel), channel)["data"]
			_take_echo(data, channel, Time.get_ticks_usec())
			received += 1
	return received


func _take_echo(data: PackedByteArray, channel: int, at: int) -> void:
	var packet := _packet_of(data, channel)
	if packet == null:
		_unexpected += 1
		return
	packet.rtt = at - packet.sent_at
	packet.echo = data
	_land(packet)
	if packet.send_type >= GodotWire.P2P_SEND_RELIABLE:
		if packet.number < _last_reliable.get(channel, -1):
			_out_of_order += 1
		_last_reliable[channel] = packet.number


## Which packet an echo belongs to. Nearly always its bytes tell, which costs next to nothing; what is in it is examined
## after the run, so that the check of one packet does not count as the round trip of another.
func _packet_of(data: PackedByteArray, channel: int) -> Packet:
	for packet in _in_flight:
		if packet.channel == channel and packet.wire == data:
			return packet
	var value: Variant = _decode(data)
	if value is Dictionary:
		for packet in _in_flight:
			if packet.channel == channel and not packet.is_raw and packet.number == value.get("n"):
				return packet
	for packet in _in_flight:
		if packet.channel == channel and packet.is_raw and packet.wire.size() == data.size():
			return packet
	return null


func _land(packet: Packet) -> void:
	_in_flight.erase(packet)
	_bytes_in_flight -= packet.wire.size()
	_done += 1
	if _done % 40 == 0 and _done < _packets.size():
		_say({"phase": "progress", "done": _done, "of": _packets.size()})


func _give_up_late_ones() -> void:
	var now := Time.get_ticks_usec()
	for packet in _in_flight.duplicate():
		if packet.send_type < GodotWire.P2P_SEND_RELIABLE and now - packet.sent_at > UNRELIABLE_MS * 1000:
			_land(packet)


func _decode(data: PackedByteArray) -> Variant:
	var raw := _raw_of(data)
	# bytes_to_var reports an error for what is no Variant; a Dictionary starts with its type.
	return bytes_to_var(raw) if raw.size() >= 8 and raw[0] == TYPE_DICTIONARY else null


func _raw_of(data: PackedByteArray) -> PackedByteArray:
	if data.size() > 2 and data[0] == 0x1F and data[1] == 0x8B:
		return data.decompress_dynamic(DECOMPRESSED_LIMIT, FileAccess.COMPRESSION_GZIP)
	return data


# --- the result -----------------------------------------------------------------------------------

func _fail(why: String) -> void:
	_say({"phase": "error", "message": why})
	_finish()


func _finish() -> void:
	if not _step.is_valid():
		return
	_step = Callable()
	var result := _result()
	_say(result)
	_wire.disconnect_from_server()
	for turn in 20:
		_wire.run_callbacks()
		OS.delay_usec(2000)
	var is_clean: bool = (
		result["lost"] == 0
		and result["mismatch_value"] == 0
		and result["mismatch_bytes"] == 0
		and result["out_of_order"] == 0
		and result["unexpected"] == 0
		and result["packets"] > 0
	)
	quit(0 if is_clean else 1)


func _result() -> Dictionary:
	var result := {
		"phase": "result",
		"packets": _packets.size(),
		"bytes_raw": 0,
		"bytes_wire": 0,
		"gzip_packets": 0,
		"bytes_gzip": 0,
		"raw_of_gzip": 0,
		# How many gzip packets came back with the very bytes that this engine's gzip had made.
		"gzip_identical": 0,
		"smallest": RAW_LARGE,
		"largest": 0,
		"rtt_us": PackedInt64Array(),
		"rtt_us_by_send_type": {"0": [], "1": [], "2": [], "3": []},
		"mismatch_value": 0,
		"mismatch_bytes": 0,
		"lost": 0,
		"out_of_order": _out_of_order,
		"unexpected": _unexpected,
		"channels": {"0": 0, "1": 0, "2": 0},
		"send_types": {"0": 0, "1": 0, "2": 0, "3": 0},
		"counters": _wire.counters,
	}
	for packet in _packets:
		_count_sent(packet, result)
		if packet.rtt < 0:
			result["lost"] += 1
		else:
			_count_echo(packet, result)
	return result


func _count_sent(packet: Packet, result: Dictionary) -> void:
	result["channels"][str(packet.channel)] += 1
	result["send_types"][str(packet.send_type)] += 1
	result["smallest"] = mini(result["smallest"], packet.raw.size())
	result["largest"] = maxi(result["largest"], packet.raw.size())
	result["bytes_raw"] += packet.raw.size()
	result["bytes_wire"] += packet.wire.size()
	if packet.is_gzip:
		result["gzip_packets"] += 1
		result["bytes_gzip"] += packet.wire.size()
		result["raw_of_gzip"] += packet.raw.size()


func _count_echo(packet: Packet, result: Dictionary) -> void:
	result["rtt_us"].append(packet.rtt)
	result["rtt_us_by_send_type"][str(packet.send_type)].append(packet.rtt)
	if packet.is_gzip and packet.echo == packet.wire:
		result["gzip_identical"] += 1
	var echo_raw := _raw_of(packet.echo) if packet.is_gzip else packet.echo
	var value_difference := "" if packet.is_raw else Compare.difference(packet.value, _decode(packet.echo))
	var has_same_bytes := echo_raw == packet.raw
	if not has_same_bytes:
		result["mismatch_bytes"] += 1
	if value_difference != "":
		result["mismatch_value"] += 1
	if not has_same_bytes or value_difference != "":
		_mismatches += 1
		if _mismatches <= SHOWN_MISMATCHES:
			_say_mismatch(packet, echo_raw, value_difference)


func _say_mismatch(packet: Packet, echo_raw: PackedByteArray, value_difference: String) -> void:
	var at := 0
	while at < mini(packet.raw.size(), echo_raw.size()) and packet.raw[at] == echo_raw[at]:
		at += 1
	_say({
		"phase": "mismatch",
		"number": packet.number,
		"gzip": packet.is_gzip,
		"send_type": packet.send_type,
		"channel": packet.channel,
		"value": value_difference,
		"size_sent": packet.raw.size(),
		"size_got": echo_raw.size(),
		"first_byte": at,
		"sent": packet.raw.slice(maxi(0, at - 16), at + 16).hex_encode(),
		"got": echo_raw.slice(maxi(0, at - 16), at + 16).hex_encode(),
	})
