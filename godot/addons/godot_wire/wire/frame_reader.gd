extends RefCounted
## Walks over the records of one frame, of which no byte is trusted.
##
## [codeblock]
## if reader.open(frame):
##     while reader.next():
##         match reader.type: ...
## if reader.broken: ...
## [/codeblock]
## After a `next()` that answered true, the fields that the record type has are set; the others keep old values.

const Protocol := preload("protocol.gd")

const U32_MAX := 0xFFFFFFFF
## A varint that ends too late, is too large, or is cut off.
const BAD := -1

## Session id of the receiver, 0 when the sender did not know one.
var destination := 0
## Session id of the sender, 0 when it has none.
var source := 0
## Whether the frame stopped making sense. Records read until then were whole.
var broken := false

var type := 0
var session := 0
var credit := 0
var received_session := 0
var received_sequence := 0
var token := 0
var sequence := 0
var held := 0
var channel := 0
var total := 0
var offset := 0
var payload := PackedByteArray()

var _frame := PackedByteArray()
var _at := 0
var _end := 0


## Begins with `frame`. False when already its head is broken.
func open(frame: PackedByteArray) -> bool:
	_frame = frame
	_end = frame.size()
	_at = Protocol.FRAME_HEADER_SIZE
	# A frame has at least one record, so nothing may end where the head does.
	broken = _end <= Protocol.FRAME_HEADER_SIZE or frame[0] != Protocol.FRAME_KIND
	destination = 0 if broken else frame.decode_u32(1)
	source = 0 if broken else frame.decode_u32(5)
	return not broken


## Reads the next record. False at the end of the frame, or where it is broken.
func next() -> bool:
	if broken or _at >= _end:
		return false
	type = _frame[_at]
	_at += 1
	broken = not _read_fields()
	return not broken


func _read_fields() -> bool:
	match type:
		Protocol.MESSAGE:
			if not _has(4):
				return false
			sequence = _u32()
			return _read_channel() and _read_payload()
		Protocol.DATAGRAM:
			return _read_channel() and _read_payload()
		Protocol.FRAGMENT:
			if not _has(4):
				return false
			sequence = _u32()
			if not _read_channel():
				return false
			total = _varint()
			offset = _varint() if total != BAD else BAD
			return offset != BAD and _read_payload()
		Protocol.ACK:
			if not _has(4):
				return false
			sequence = _u32()
			held = _varint()
			if held == BAD or not _has(4):
				return false
			credit = _u32()
			return true
		Protocol.OPEN, Protocol.ACCEPT:
			if not _has(12):
				return false
			credit = _u32()
			_read_received()
			# OPEN asks for a session with its source.
			return type != Protocol.OPEN or source != 0
		Protocol.UNKNOWN:
			if not _has(12):
				return false
			session = _u32()
			_read_received()
			return true
		Protocol.PING, Protocol.PONG:
			if not _has(4):
				return false
			token = _u32()
			return true
	return false


func _has(count: int) -> bool:
	return _end - _at >= count


func _u32() -> int:
	var value := _frame.decode_u32(_at)
	_at += 4
	return value


func _varint() -> int:
	var value := 0
	var shift := 0
	while _at < _end and shift < 35:
		var byte := _frame[_at]
		_at += 1
		value |= (byte & 0x7F) << shift
		if byte < 0x80:
			return value if value <= U32_MAX else BAD
		shift += 7
	return BAD


func _read_received() -> void:
	received_session = _u32()
	received_sequence = _u32()


func _read_channel() -> bool:
	var folded := _varint()
	if folded == BAD:
		return false
	channel = (folded >> 1) ^ -(folded & 1)
	return true


func _read_payload() -> bool:
	var length := _varint()
	if length == BAD or not _has(length):
		return false
	payload = _frame.slice(_at, _at + length)
	_at += length
	return true
