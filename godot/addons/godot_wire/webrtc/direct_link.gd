extends "../link/link.gd"
## Two data channels to one peer: one that is reliable and ordered, one that is neither. Each message is one frame.

const Protocol := preload("../wire/protocol.gd")

const FRAME_LIMIT := 65536
## Larger frames than this are taken, and never sent: a web export drops what finds no room in 64 KiB.
const SENT_FRAME_LIMIT := 16384
## Above this many unsent bytes the link takes no more; the sessions keep the rest.
const BACK_PRESSURE := 1024 * 1024
## Datagrams that would wait behind so much are late already: they are dropped.
const DATAGRAM_BACKLOG := 256 * 1024
## WebRTCDataChannel.STATE_OPEN and WRITE_MODE_BINARY.
const OPEN := 1
const BINARY := 1

var dropped_datagrams := 0

var _reliable: Object
var _datagram: Object
var _tells_backlog := false


func _init(peer: int, reliable: Object, datagram: Object) -> void:
	peer_id = peer
	carrier = "WebRTC"
	max_frame_size = SENT_FRAME_LIMIT
	may_lose = true
	has_detour = true
	_reliable = reliable
	_datagram = datagram
	# Godot 3.2 has no such call.
	_tells_backlog = reliable.has_method("get_buffered_amount")
	for channel in [reliable, datagram]:
		if channel.has_method("set_write_mode"):
			channel.set_write_mode(BINARY)
	state = State.UP


func poll() -> void:
	if state == State.UP:
		_reliable.poll()
		_datagram.poll()


func next_frame() -> PackedByteArray:
	var frame := _next_of(_reliable)
	return frame if not frame.is_empty() else _next_of(_datagram)


func can_send() -> bool:
	return state == State.UP and _reliable.get_ready_state() == OPEN and _backlog(_reliable) <= BACK_PRESSURE


func send(frame: PackedByteArray) -> bool:
	return can_send() and _reliable.put_packet(frame) == OK


func send_datagrams(frame: PackedByteArray) -> bool:
	if not can_send() or _datagram.get_ready_state() != OPEN:
		return false
	if _backlog(_datagram) > DATAGRAM_BACKLOG:
		dropped_datagrams += 1
		return true
	return _datagram.put_packet(frame) == OK


## The connection ends with it, and both ends go back to the relay.
func close(code: int, reason: String) -> void:
	if state != State.DOWN:
		state = State.DOWN
		close_code = code
		close_reason = reason


func _next_of(channel: Object) -> PackedByteArray:
	while state == State.UP and channel.get_ready_state() == OPEN and channel.get_available_packet_count() > 0:
		var frame: PackedByteArray = channel.get_packet()
		if channel.was_string_packet():
			close(Protocol.CLOSE_TEXT, "text message")
		elif frame.size() > FRAME_LIMIT:
			close(Protocol.CLOSE_TOO_LARGE, "frame of %d bytes" % frame.size())
		elif not frame.is_empty():
			return frame
	return PackedByteArray()


func _backlog(channel: Object) -> int:
	return channel.get_buffered_amount() if _tells_backlog else 0
