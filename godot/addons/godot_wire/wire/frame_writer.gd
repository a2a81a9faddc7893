extends RefCounted
## Builds one frame after another, record by record.

const Protocol := preload("protocol.gd")

var _bytes := PackedByteArray()


## Starts a frame to the session `destination` from this end's session `source` (0: none) and forgets an unfinished one.
func begin(destination: int, source: int) -> void:
	_bytes = PackedByteArray()
	_bytes.resize(Protocol.FRAME_HEADER_SIZE)
	_bytes[0] = Protocol.FRAME_KIND
	_bytes.encode_u32(1, destination)
	_bytes.encode_u32(5, source)


func size() -> int:
	return _bytes.size()


## Whether anything stands behind the head. A frame without a record must not be sent.
func has_records() -> bool:
	return _bytes.size() > Protocol.FRAME_HEADER_SIZE


## The finished frame, which belongs to the caller from now on.
func take() -> PackedByteArray:
	var frame := _bytes
	_bytes = PackedByteArray()
	return frame


func open(credit: int, received_session: int, received_sequence: int) -> void:
	_record_u32(Protocol.OPEN, credit)
	_u32(received_session)
	_u32(received_sequence)


func accept(credit: int, received_session: int, received_sequence: int) -> void:
	_record_u32(Protocol.ACCEPT, credit)
	_u32(received_session)
	_u32(received_sequence)


func unknown(session: int, received_session: int, received_sequence: int) -> void:
	_record_u32(Protocol.UNKNOWN, session)
	_u32(received_session)
	_u32(received_sequence)


func ping(token: int) -> void:
	_record_u32(Protocol.PING, token)


func pong(token: int) -> void:
	_record_u32(Protocol.PONG, token)


func ack(sequence: int, held: int, credit: int) -> void:
	_record_u32(Protocol.ACK, sequence)
	_varint(held)
	_u32(credit)


func datagram(channel: int, payload: PackedByteArray) -> void:
	_bytes.append(Protocol.DATAGRAM)
	_zigzag(channel)
	_payload(payload)


func message(sequence: int, channel: int, payload: PackedByteArray) -> void:
	_record_u32(Protocol.MESSAGE, sequence)
	_zigzag(channel)
	_payload(payload)


func fragment(sequence: int, channel: int, total: int, offset: int, payload: PackedByteArray) -> void:
	_record_u32(Protocol.FRAGMENT, sequence)
	_zigzag(channel)
	_varint(total)
	_varint(offset)
	_payload(payload)


func _record_u32(type: int, value: int) -> void:
	var at := _bytes.size()
	_bytes.resize(at + 5)
	_bytes[at] = type
	_bytes.encode_u32(at + 1, value)


func _u32(value: int) -> void:
	var at := _bytes.size()
	_bytes.resize(at + 4)
	_bytes.encode_u32(at, value)


func _varint(value: int) -> void:
	while value >= 0x80:
		_bytes.append((value & 0x7F) | 0x80)
		value >>= 7
	_bytes.append(value)


func _zigzag(value: int) -> void:
	_varint(((value * 2) ^ (-1 if value < 0 else 0)) & 0xFFFFFFFF)


func _payload(payload: PackedByteArray) -> void:
	_varint(payload.size())
	_bytes.append_array(payload)
