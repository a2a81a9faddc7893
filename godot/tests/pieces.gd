extends RefCounted
## Numbered packets that the other side can make as well: the twin of `piece` in test/live/addon-relay-setup.ts.

const HEAD := 8


## Packet `number` of a stream; each 50th is larger than a frame.
static func piece(number: int) -> PackedByteArray:
	var data := PackedByteArray()
	data.resize(HEAD + (70000 if number % 50 == 49 else number * 37 % 900))
	data.fill(number & 0xFF)
	data.encode_u32(0, number)
	data.encode_u32(4, data.size())
	return data
