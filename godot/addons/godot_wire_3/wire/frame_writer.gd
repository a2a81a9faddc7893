extends Reference
## Builds one frame after another, record by record, in one buffer that stays.

const Protocol = preload("protocol.gd")

var _bytes = StreamPeerBuffer.new()


## Starts a frame to the session `destination` from this end's session `source` (0: none) and forgets an unfinished one.
func begin(destination: int, source: int) -> void:
	_bytes.seek(0)
	_bytes.put_u8(Protocol.FRAME_KIND)
	_bytes.put_u32(destination)
	_bytes.put_u32(source)


func size() -> int:
	return _bytes.get_position()


## Whether anything stands behind the head. A frame without a record must not be sent.
func has_records() -> bool:
	return _bytes.get_position() > Protocol.FRAME_HEADER_SIZE


## The finished frame, which belongs to the caller from now on.
func take() -> PoolByteArray:
	return _bytes.data_array.subarray(0, _bytes.get_position() - 1)


func open(credit: int, received_session: int, received_sequence: int) -> void:
	_record_u32(Protocol.OPEN, credit)
	_bytes.put_u32(received_session)
	_bytes.put_u32(received_sequence)


func accept(credit: int, received_session: int, received_sequence: int) -> void:
	_record_u32(Protocol.ACCEPT, credit)
	_bytes.put_u32(received_session)
	_bytes.put_u32(received_sequence)


func unknown(session: int, received_session: int, received_sequence: int) -> void:
	_record_u32(Protocol.UNKNOWN, session)
	_bytes.put_u32(received_session)
	_bytes.put_u32(received_sequence)


func ping(token: int) -> void:
	_record_u32(Protocol.PING, token)


func pong(token: int) -> void:
	_record_u32(Protocol.PONG, token)


func ack(sequence: int, held: int, credit: int) -> void:
	_record_u32(Protocol.ACK, sequence)
	_varint(held)
	_bytes.put_u32(credit)


func datagram(channel: int, payload: PoolByteArray) -> void:
	_bytes.put_u8(Protocol.DATAGRAM)
	_zigzag(channel)
	_payload(payload)


func message(sequence: int, channel: int, payload: PoolByteArray) -> void:
	_record_u32(Protocol.MESSAGE, sequence)
	_zigzag(channel)
	_payload(payload)


func fragment(sequence: int, channel: int, total: int, offset: int, payload: PoolByteArray) -> void:
	_record_u32(Protocol.FRAGMENT, sequence)
	_zigzag(channel)
	_varint(total)
	_varint(offset)
	_payload(payload)


func _record_u32(type: int, value: int) -> void:
	_bytes.put_u8(type)
	_bytes.put_u32(value)


func _varint(value: int) -> void:
	while value >= 0x80:
		_bytes.put_u8((value & 0x7F) | 0x80)
		value >>= 7
	_bytes.put_u8(value)


func _zigzag(value: int) -> void:
	_varint(((value * 2) ^ (-1 if value < 0 else 0)) & 0xFFFFFFFF)


func _payload(payload: PoolByteArray) -> void:
	_varint(payload.size())
	if payload.size() > 0:
		_bytes.put_data(payload)
