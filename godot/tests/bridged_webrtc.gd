extends RefCounted
## Looks like a WebRTCPeerConnection: each call goes over TCP to the process of the test, which has a real connection
## (test/live/rtc-bridge.ts). A message is u32 length, u8 kind and bytes; kind 0 is JSON, 1 and 2 a packet of a channel.

signal session_description_created(type: String, sdp: String)
signal ice_candidate_created(media: String, index: int, name: String)
## As an extension has it; channels that both ends create are not told by it.
@warning_ignore("unused_signal")
signal data_channel_received(channel: Object)

const JSON_KIND := 0
const HEAD := 5
const PATIENCE_MS := 3000
const CONNECTION_CLOSED := 5


class Channel:
	extends RefCounted
	enum { CONNECTING, OPEN, CLOSING, CLOSED }
	var id := 0
	var state := CONNECTING
	var backlog := 0
	## Bytes that may wait here; what is more is dropped, as in web exports. 0 for any number.
	var room := 0
	var arrived: Array = []
	var _waiting := 0
	var connection: WeakRef = null

	func poll() -> int:
		return OK

	func get_ready_state() -> int:
		return state

	func get_available_packet_count() -> int:
		return arrived.size()

	func get_packet() -> PackedByteArray:
		var packet: PackedByteArray = arrived.pop_front()
		_waiting -= packet.size() + HEAD
		return packet

	func take(packet: PackedByteArray) -> void:
		if room == 0 or _waiting + packet.size() + HEAD <= room:
			_waiting += packet.size() + HEAD
			arrived.append(packet)

	func was_string_packet() -> bool:
		return false

	func get_buffered_amount() -> int:
		return backlog

	func put_packet(packet: PackedByteArray) -> int:
		var owner: Object = connection.get_ref()
		if state != OPEN or owner == null:
			return ERR_UNCONFIGURED
		return owner.put(id + 1, packet)


var _tcp := StreamPeerTCP.new()
var _state := 0
var _room := 0
var _channels: Array = []
var _incoming := PackedByteArray()


func _init(port: int, room: int) -> void:
	_room = room
	_tcp.connect_to_host("127.0.0.1", port)
	var ends_at := Time.get_ticks_msec() + PATIENCE_MS
	while _tcp.get_status() == StreamPeerTCP.STATUS_CONNECTING and Time.get_ticks_msec() < ends_at:
		_tcp.poll()
	_tcp.set_no_delay(true)


func initialize(configuration: Dictionary) -> int:
	return _say({"do": "initialize", "configuration": configuration})


func create_data_channel(label: String, options: Dictionary) -> Object:
	var channel := Channel.new()
	channel.id = options["id"]
	channel.room = _room
	channel.connection = weakref(self)
	_channels.append(channel)
	_say({"do": "channel", "label": label, "options": options})
	return channel


func create_offer() -> int:
	return _say({"do": "offer"})


func set_local_description(type: String, sdp: String) -> int:
	return _say({"do": "local", "type": type, "sdp": sdp})


func set_remote_description(type: String, sdp: String) -> int:
	return _say({"do": "remote", "type": type, "sdp": sdp})


func add_ice_candidate(media: String, index: int, name: String) -> int:
	return _say({"do": "candidate", "media": media, "index": index, "name": name})


func get_connection_state() -> int:
	return _state


func close() -> void:
	_tcp.disconnect_from_host()
	_end()


func poll() -> int:
	_tcp.poll()
	if _tcp.get_status() != StreamPeerTCP.STATUS_CONNECTED:
		_end()
		return OK
	var count := _tcp.get_available_bytes()
	if count > 0:
		_incoming.append_array(_tcp.get_data(count)[1])
	var at := 0
	while _incoming.size() - at >= HEAD and _incoming.size() - at >= HEAD - 1 + _incoming.decode_u32(at):
		var end := at + HEAD - 1 + _incoming.decode_u32(at)
		_take(_incoming[at + HEAD - 1], _incoming.slice(at + HEAD, end))
		at = end
	if at > 0:
		_incoming = _incoming.slice(at)
	return OK


func put(kind: int, bytes: PackedByteArray) -> int:
	var message := PackedByteArray()
	message.resize(HEAD)
	message.encode_u32(0, bytes.size() + 1)
	message[HEAD - 1] = kind
	message.append_array(bytes)
	return _tcp.put_data(message)


func _say(what: Dictionary) -> int:
	return put(JSON_KIND, JSON.stringify(what).to_utf8_buffer())


func _take(kind: int, bytes: PackedByteArray) -> void:
	if kind != JSON_KIND:
		_channels[kind - 1].take(bytes)
		return
	var told: Dictionary = JSON.parse_string(bytes.get_string_from_utf8())
	match told["event"]:
		"description":
			session_description_created.emit(told["type"], told["sdp"])
		"candidate":
			ice_candidate_created.emit(told["media"], int(told["index"]), told["name"])
		"state":
			_state = int(told["state"])
		"channel":
			_channels[int(told["id"])].state = int(told["state"])
		"backlog":
			_channels[int(told["id"])].backlog = int(told["bytes"])


func _end() -> void:
	_state = CONNECTION_CLOSED
	for channel in _channels:
		channel.state = Channel.CLOSED
