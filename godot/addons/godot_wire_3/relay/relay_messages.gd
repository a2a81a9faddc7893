extends Reference
## What a peer and a relay say to each other: docs/protocol.md, 1.4. No byte that is read is trusted.

const WELCOME = 0x00
const CONNECT = 0x01
const CLOSE = 0x02
const UP = 0x03
const DOWN = 0x04
const FULL = 0x05
const DRAIN = 0x06
const DATA = 0x10
const DATAGRAM = 0x11
const SIGNAL = 0x12
const REQUEST = 0x20
const REPLY = 0x21
const EVENT = 0x22

const VERSION = 1
## Type and link number, in front of what is passed on.
const HEADER = 5
const UP_SIZE = 17
const REASON_LIMIT = 200
## The most that may be asked in JSON, in bytes.
const JSON_LIMIT = 16384
## What a relay tells has lists and texts in an object, no more.
const DEPTH_LIMIT = 8

const _BACKSLASH = 0x5C
const _QUOTE = 0x22
## The smallest code of a character of so many bytes.
const _LEAST = [0, 1, 0x80, 0x800, 0x10000]


## A message about a link, or with the number of a request.
static func numbered(type: int, number: int, payload: PoolByteArray) -> PoolByteArray:
	var message = StreamPeerBuffer.new()
	message.put_u8(type)
	message.put_u32(number)
	if payload.size() > 0:
		message.put_data(payload)
	return message.data_array


static func connect_to(peer: int) -> PoolByteArray:
	var message = StreamPeerBuffer.new()
	message.put_u8(CONNECT)
	message.put_64(peer)
	return message.data_array


static func close_link(number: int, reason: String) -> PoolByteArray:
	return numbered(CLOSE, number, _part(reason.to_utf8(), 0, REASON_LIMIT))


## An empty array where it would be more than a relay takes.
static func request(number: int, value: Dictionary) -> PoolByteArray:
	var text = to_json(value).to_utf8()
	return PoolByteArray() if text.size() > JSON_LIMIT else numbered(REQUEST, number, text)


static func number_of(message: PoolByteArray) -> int:
	return message[1] | message[2] << 8 | message[3] << 16 | message[4] << 24


## The peer and the largest frame that UP tells.
static func up_of(message: PoolByteArray) -> Array:
	var fields = StreamPeerBuffer.new()
	fields.data_array = message
	fields.seek(HEADER)
	return [fields.get_64(), fields.get_u32()]


static func payload_of(message: PoolByteArray) -> PoolByteArray:
	return _part(message, HEADER, message.size())


## The reason of DOWN, as far as it is text.
static func reason_of(message: PoolByteArray) -> String:
	var end = _text_end(message, min(message.size(), HEADER + REASON_LIMIT))
	return _part(message, HEADER, end).get_string_from_utf8()


## The object that REPLY or EVENT tells; null where it is none. What is no text, or nests too deeply, does not get to
## the engine; of JSON that is broken, it writes a line to its log.
static func object_of(message: PoolByteArray):
	if message.size() == HEADER or _text_end(message, message.size()) < message.size() or _is_deep(message):
		return null
	var json = JSON.parse(_without_bad_escapes(payload_of(message).get_string_from_utf8()))
	return json.result if json.error == OK and json.result is Dictionary else null


## A Steam id that stands in JSON as a decimal text; 0 where it is none.
static func id_of(value) -> int:
	if not value is String or value.length() == 0 or value.length() > 20:
		return 0
	var text = value
	for at in text.length():
		if text.ord_at(at) < 48 or text.ord_at(at) > 57:
			return 0
	# What does not fit 63 bits is no Steam id, and would be an error to the engine.
	return int(text) if text.length() < 19 else 0


## Where UTF-8 ends that begins behind the header: `end`, or the first byte of what is none. NUL counts as none.
static func _text_end(bytes: PoolByteArray, end: int) -> int:
	var at = HEADER
	while at < end:
		var first = bytes[at]
		if first > 0 and first < 0x80:
			at += 1
			continue
		var size = 2 if first >> 5 == 6 else (3 if first >> 4 == 14 else (4 if first >> 3 == 30 else 0))
		if size == 0 or at + size > end:
			return at
		var code = first & (0x7F >> size)
		for next in range(at + 1, at + size):
			if bytes[next] >> 6 != 2:
				return at
			code = (code << 6) | (bytes[next] & 0x3F)
		if code < _LEAST[size] or code >> 11 == 0x1B or code > 0x10FFFF:
			return at
		at += size
	return at


## Whether brackets nest deeper than anything that a relay tells: the engine reads JSON by recursion.
static func _is_deep(bytes: PoolByteArray) -> bool:
	var depth = 0
	var is_text = false
	var at = HEADER
	while at < bytes.size():
		var byte = bytes[at]
		if byte == _QUOTE:
			is_text = not is_text
		elif is_text:
			at += 1 if byte == _BACKSLASH else 0
		elif byte == 0x5B or byte == 0x7B:
			depth += 1
			if depth > DEPTH_LIMIT:
				return true
		elif byte == 0x5D or byte == 0x7D:
			depth -= 1
		at += 1
	return false


## JSON may write halves of characters and NUL, which a text in JavaScript can hold and one of the engine cannot. Other
## peers choose such texts: they must not cost this one its relay.
static func _without_bad_escapes(text: String) -> String:
	var at = text.find("\\")
	while at >= 0:
		if text.substr(at + 1, 1) != "u":
			at = text.find("\\", at + 2)
			continue
		var code = _escaped(text, at)
		if code >= 0xD800 and code < 0xDC00 and _escaped(text, at + 6) >> 10 == 0x37:
			at += 6
		elif code == 0 or code >> 11 == 0x1B:
			text = text.left(at) + "\\ufffd" + text.substr(at + 6, text.length())
		at = text.find("\\", at + 6)
	return text


## The number of an escape such as \u00e4 at that place; -1 where there is none.
static func _escaped(text: String, at: int) -> int:
	var digits = text.substr(at + 2, 4)
	if text.substr(at, 2) != "\\u" or digits.length() < 4 or not digits.is_valid_hex_number():
		return -1
	return ("0x" + digits).hex_to_int()


## The bytes from `from` up to, but not including, `to`, or to the end.
static func _part(data: PoolByteArray, from: int, to: int) -> PoolByteArray:
	var end = int(min(to, data.size()))
	return data.subarray(from, end - 1) if end > from else PoolByteArray()
