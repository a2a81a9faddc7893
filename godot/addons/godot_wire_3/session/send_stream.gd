extends Reference
## The reliable half of a session on its way out: numbered messages that stay here until the peer has acknowledged them,
## cut to what a frame has room for and the peer has given credit for.

const Protocol = preload("../wire/protocol.gd")
const Serial = preload("../wire/serial.gd")
const FrameWriter = preload("../wire/frame_writer.gd")
const Settings = preload("settings.gd")

const NEVER = -1


class Message:
	extends Reference
	var channel = 0
	var data = PoolByteArray()


## Payload bytes of all messages that are not acknowledged.
var queued_bytes := 0
## Those of them that were not written to a frame, or must be written again.
var unsent_bytes := 0

# Messages in order. Those before _head are acknowledged and gone; indexes run up to _queue.size().
var _queue: Array = []
var _head := 0
# The stream as the peer knows it: number and cost so far of the message at _head, and how much of it the peer holds.
var _base_sequence := 0
var _base_cost := 0
var _base_held := 0
# Where sending goes on: a message, the byte in it, and the cost of all messages before it.
var _cursor := 0
var _cursor_offset := 0
var _cursor_cost := 0
# The furthest that sending came since the stream started: what an ACK may speak of.
var _sent := 0
var _sent_offset := 0
# Messages before _released may leave; those behind wait for company until _release_at.
var _released := 0
var _waiting_bytes := 0
var _release_at = NEVER
var _credit := 0
var _settings


func _init(settings) -> void:
	_settings = settings


func queued_messages() -> int:
	return _queue.size() - _head


## Messages that were not written to frames as a whole.
func unsent_messages() -> int:
	return _queue.size() - _cursor


## How far the peer has acknowledged the stream: it only matters whether that has changed.
func acknowledged() -> int:
	return Serial.add(_base_cost, _base_held)


## Whether something was sent that the peer has not acknowledged.
func is_under_way() -> bool:
	return _cursor > _head or _cursor_offset > _base_held


## Adds a message. With `hold` it waits for company, else it takes all that wait along.
func push(channel: int, data: PoolByteArray, hold: bool, now: int) -> void:
	var message = Message.new()
	message.channel = channel
	message.data = data
	_queue.append(message)
	queued_bytes += data.size()
	unsent_bytes += data.size()
	if hold:
		_waiting_bytes += data.size()
		if _release_at == NEVER:
			_release_at = now + _settings.nagle_ms
	if not hold or _waiting_bytes >= _settings.nagle_bytes:
		release()


## Lets everything leave that waits for company.
func release() -> void:
	_released = _queue.size()
	_waiting_bytes = 0
	_release_at = NEVER


func release_due(now: int) -> void:
	if _release_at != NEVER and now >= _release_at:
		release()


## Takes what the peer lets us send, unless it would be less than before.
func raise_credit(credit: int) -> void:
	if Serial.is_before(_credit, credit):
		_credit = credit


## Whether a record could leave now.
func is_ready() -> bool:
	if _cursor >= _released:
		return false
	var message = _queue[_cursor]
	var remaining = message.data.size() - _cursor_offset
	return _allowance() >= min(remaining, Protocol.FRAGMENT_MIN)


## Writes records until the frame would exceed `limit` bytes, nothing is left, or the credit is used up.
func write(writer, limit: int) -> void:
	while _cursor < _released:
		var message = _queue[_cursor]
		var size = message.data.size()
		var remaining = size - _cursor_offset
		var allowance = _allowance()
		var room = limit - writer.size()
		var sequence = Serial.add(_base_sequence, _cursor - _head)
		if _cursor_offset == 0 and remaining <= allowance and remaining + Protocol.MESSAGE_OVERHEAD <= room:
			writer.message(sequence, message.channel, message.data)
			_advance(remaining, size)
			continue
		# A message that an empty frame can hold is not cut just because this frame is nearly full.
		if writer.has_records() and remaining + Protocol.MESSAGE_OVERHEAD <= limit - Protocol.FRAME_HEADER_SIZE:
			return
		var piece = min(min(remaining, allowance), room - Protocol.FRAGMENT_OVERHEAD)
		if piece < 0 or (piece < remaining and piece < Protocol.FRAGMENT_MIN):
			return
		var end = _cursor_offset + piece
		writer.fragment(sequence, message.channel, size, _cursor_offset, _piece(message.data, _cursor_offset, end))
		_advance(piece, size)


## Takes the peer's word that all messages before `sequence` arrived, and `held` bytes of that one. False when it speaks
## of what was never sent.
func acknowledge(sequence: int, held: int) -> bool:
	var steps = Serial.ahead(_base_sequence, sequence)
	if steps < 0:
		return true
	var target = _head + steps
	if target > _sent or (target == _sent and held > _sent_offset):
		return false
	if target < _sent and held > 0 and held >= _queue[target].data.size():
		return false
	for at in range(_head, target):
		var size = _queue[at].data.size()
		_queue[at] = null
		queued_bytes -= size
		_base_cost = Serial.add(_base_cost, size + Protocol.MESSAGE_COST)
	if steps > 0:
		_base_held = 0
	_head = target
	_base_sequence = sequence
	_base_held = max(_base_held, held)
	if _cursor < _head or (_cursor == _head and _cursor_offset < _base_held):
		_to_base()
	_compact()
	return true


## Goes back to the first byte that the peer is not known to have.
func rewind() -> void:
	_to_base()


## Begins a new stream with the messages that the old one did not deliver, from their first byte.
func restart() -> void:
	_base_sequence = 0
	_base_cost = 0
	_base_held = 0
	_credit = 0
	_to_base()
	_sent = _head
	_sent_offset = 0


func _to_base() -> void:
	_cursor = _head
	_cursor_offset = _base_held
	_cursor_cost = _base_cost
	unsent_bytes = queued_bytes - _base_held


## How many more payload bytes of the message at the cursor the credit covers; negative when not even its head.
func _allowance() -> int:
	return Serial.ahead(Serial.add(_cursor_cost, Protocol.MESSAGE_COST + _cursor_offset), _credit)


func _advance(count: int, size: int) -> void:
	unsent_bytes -= count
	_cursor_offset += count
	if _cursor_offset == size:
		_cursor += 1
		_cursor_offset = 0
		_cursor_cost = Serial.add(_cursor_cost, size + Protocol.MESSAGE_COST)
	if _cursor > _sent or (_cursor == _sent and _cursor_offset > _sent_offset):
		_sent = _cursor
		_sent_offset = _cursor_offset


func _compact() -> void:
	if _head < 256 and _head < _queue.size():
		return
	if _head * 2 < _queue.size():
		return
	_queue = _queue.slice(_head, _queue.size() - 1) if _head < _queue.size() else []
	_cursor -= _head
	_sent -= _head
	_released -= _head
	_head = 0


## The bytes from `from` up to, but not including, `to`. `subarray` takes the last byte, and no empty range.
static func _piece(data: PoolByteArray, from: int, to: int) -> PoolByteArray:
	return data.subarray(from, to - 1) if to > from else PoolByteArray()
