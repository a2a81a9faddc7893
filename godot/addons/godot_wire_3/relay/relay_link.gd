extends "../link/link.gd"
## A way to a peer through a relay. What arrives for it, the relay's client puts in. It is CONNECTING while it is not in
## use, as frames go another way or may not go this one.

const Messages = preload("relay_messages.gd")

## What the relay calls this link.
var number := 0
## The other end reads too slowly: nothing may be sent.
var is_full := false

var _client = null
# Frames that were not taken; those before _next are gone.
var _frames: Array = []
var _next := 0


func _init(client, link_number: int, peer: int, frame_limit: int) -> void:
	_client = weakref(client)
	number = link_number
	peer_id = peer
	max_frame_size = frame_limit
	is_relayed = true
	carrier = "relay"


func next_frame() -> PoolByteArray:
	if _next == _frames.size():
		_frames.clear()
		_next = 0
		return PoolByteArray()
	_next += 1
	return _frames[_next - 1]


func can_send() -> bool:
	var client = _client.get_ref()
	return state == State.UP and not is_full and client != null and client.can_put()


func send(frame: PoolByteArray) -> bool:
	return _put(Messages.DATA, frame)


func send_datagrams(frame: PoolByteArray) -> bool:
	return _put(Messages.DATAGRAM, frame)


func close(code: int, reason: String) -> void:
	if state == State.DOWN:
		return
	end(code, reason)
	_frames.clear()
	_next = 0
	var client = _client.get_ref()
	if client != null:
		client.close_link(self, reason)


## A frame of the other end.
func take(frame: PoolByteArray) -> void:
	_frames.append(frame)


## It is down. What arrived can still be read.
func end(code: int, reason: String) -> void:
	state = State.DOWN
	close_code = code
	close_reason = reason


func _put(type: int, frame: PoolByteArray) -> bool:
	return can_send() and _client.get_ref().put(Messages.numbered(type, number, frame))
