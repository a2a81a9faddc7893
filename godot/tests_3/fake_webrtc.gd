extends Reference
## Looks like a WebRTCPeerConnection and joins two ends of one process. As with the real one, descriptions and candidates
## are told by signals from within `poll`, and both ends need both before anything opens.

signal session_description_created(type, sdp)
signal ice_candidate_created(media, index, name)

enum { NEW, CONNECTING, CONNECTED, DISCONNECTED, FAILED, CLOSED }


class Channel:
	extends Reference
	enum { CONNECTING, OPEN, CLOSING, CLOSED }
	var options := {}
	var state = CONNECTING
	var backlog := 0
	## How many of the next packets get lost.
	var lose := 0
	var sent := 0
	## Packets that arrived, and whether each is text.
	var arrived: Array = []
	var other = null
	var _was_text := false

	func poll() -> void:
		pass

	func get_ready_state() -> int:
		return state

	func get_available_packet_count() -> int:
		return arrived.size()

	func get_packet() -> PoolByteArray:
		var packet: Array = arrived.pop_front()
		_was_text = packet[1]
		return packet[0]

	func was_string_packet() -> bool:
		return _was_text

	func get_buffered_amount() -> int:
		return backlog

	func put_packet(packet: PoolByteArray, is_text: bool = false) -> int:
		if state != OPEN:
			return ERR_UNCONFIGURED
		sent += 1
		if lose > 0:
			lose -= 1
		else:
			other.get_ref().arrived.append([packet, is_text])
		return OK


## What `initialize` was given.
var configuration := {}
## Both channels, by their numbers.
var channels: Array = []
## While true nothing ever opens.
var is_deaf := false
## What `initialize` answers.
var answer = OK
## What its reliable channel finds in front of all else: a packet, and whether it is text.
var greeting: Array = []

var _state = NEW
var _told: Array = []
var _other = null
var _has_candidate := false


func initialize(with: Dictionary) -> int:
	configuration = with
	return answer


func create_data_channel(_label: String, options: Dictionary):
	var channel = Channel.new()
	channel.options = options
	channels.append(channel)
	return channel


func create_offer() -> int:
	_describe("offer")
	return OK


func set_local_description(_type: String, _sdp: String) -> int:
	_told.append(["ice_candidate_created", "0", 0, "candidate:%d" % get_instance_id()])
	return OK


func set_remote_description(type: String, sdp: String) -> int:
	if not sdp.begins_with("fake "):
		return ERR_INVALID_PARAMETER
	_other = weakref(instance_from_id(int(sdp.substr(5, sdp.length()))))
	if type == "offer":
		_describe("answer")
	return OK


func add_ice_candidate(_media: String, _index: int, name: String) -> int:
	if _other == null:
		return ERR_UNCONFIGURED
	_has_candidate = name.begins_with("candidate:")
	return OK


func poll() -> void:
	var told = _told
	_told = []
	for each in told:
		callv("emit_signal", each)
	var other = null if _other == null else _other.get_ref()
	if _state < CONNECTED and other != null and _has_candidate and other._has_candidate and not is_deaf:
		_open(other)
		other._open(self)


func get_connection_state() -> int:
	return _state


func close() -> void:
	if _state != CLOSED:
		_state = CLOSED
		_close_channels()
		var other = null if _other == null else _other.get_ref()
		if other != null:
			other._close_channels()


## The way there is no more, and nobody says so: each end finds out by itself.
func fail() -> void:
	_state = FAILED


func _describe(type: String) -> void:
	_told.append(["session_description_created", type, "fake %d" % get_instance_id()])


func _open(other) -> void:
	_state = CONNECTED
	for at in channels.size():
		channels[at].state = Channel.OPEN
		channels[at].other = weakref(other.channels[at])
	if not greeting.empty():
		channels[0].arrived.append(greeting)


func _close_channels() -> void:
	for channel in channels:
		channel.state = Channel.CLOSED
