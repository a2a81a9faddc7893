extends Reference
## Walks over the records of one frame, of which no byte is trusted.
##
##     if reader.open(frame):
##         while reader.next():
##             match reader.type: ...
##     if reader.broken: ...
##
## After a `next()` that answered true, the fields that the record type has are set; the others keep old values.

const Protocol = preload("protocol.gd")

const U32_MAX = 0xFFFFFFFF
## A varint that ends too late, is too large, or is cut off.
const BAD = -1

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
var payload := PoolByteArray()

var _frame := PoolByteArray()
# The same bytes, for numbers of more than one byte; it stands at _at.
var _bytes = StreamPeerBuffer.new()
var _at := 0
var _end := 0


## Begins with `frame`. False when already its head is broken.
func open(frame: PoolByteArray) -> bool:
	_frame = frame
	_bytes.data_array = frame
	_end = frame.size()
	# A frame has at least one record, so nothing may end where the head does.
	broken = _end <= Protocol.FRAME_HEADER_SIZE or frame[0] != Protocol.FRAME_KIND
	destination = 0
	source = 0
	if not broken:
		_bytes.seek(1)
		destination = _bytes.get_u32()
		source = _bytes.get_u32()
	_at = Protocol.FRAME_HEADER_SIZE
	return not broken


## Reads the next record. False at the end of the frame, or where it is broken.
func next() -> bool:
	if broken or _at >= _end:
		return false
	type = _bytes.get_u8()
	_at += 1
	broken = not _read_fields()
	return not broken


func _read_fields() -> bool:
	if type == Protocol.DATAGRAM:
		return _read_channel() and _read_payload()
	# Every other record begins with a u32.
	if _end - _at < 4:
		return false
	var first = _u32()
	if type == Protocol.MESSAGE:
		sequence = first
		return _read_channel() and _read_payload()
	if type == Protocol.ACK:
		sequence = first
		held = _varint()
		if held == BAD or _end - _at < 4:
			return false
		credit = _u32()
		return true
	if type == Protocol.FRAGMENT:
		sequence = first
		if not _read_channel():
			return false
		total = _varint()
		offset = _varint() if total != BAD else BAD
		return offset != BAD and _read_payload()
	if type == Protocol.PING or type == Protocol.PONG:
		token = first
		return true
	if type != Protocol.OPEN and type != Protocol.ACCEPT and type != Protocol.UNKNOWN:
		return false
	if _end - _at < 8:
		return false
	if type == Protocol.UNKNOWN:
		session = first
	else:
		credit = first
	received_session = _u32()
	received_sequence = _u32()
	# OPEN asks for a session with its source.
	return type != Protocol.OPEN or source != 0


func _u32() -> int:
	_at += 4
	return _bytes.get_u32()


func _varint() -> int:
	var value := 0
	var shift := 0
	while _at < _end and shift < 35:
		var byte = _bytes.get_u8()
		_at += 1
		value |= (byte & 0x7F) << shift
		if byte < 0x80:
			return value if value <= U32_MAX else BAD
		shift += 7
	return BAD


func _read_channel() -> bool:
	var folded = _varint()
	if folded == BAD:
		return false
	channel = (folded >> 1) ^ -(folded & 1)
	return true


func _read_payload() -> bool:
	var length = _varint()
	if length == BAD or _end - _at < length:
		return false
	if length == 0:
		payload = PoolByteArray()
		return true
	payload = _frame.subarray(_at, _at + length - 1)
	_at += length
	_bytes.seek(_at)
	return true
