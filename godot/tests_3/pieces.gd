extends Reference
## Numbered packets that the other side can make as well: the twin of `piece` in test/live/addon-relay-setup.ts.

const HEAD = 8


## Packet `number` of a stream; each 50th is larger than a frame.
static func piece(number: int) -> PoolByteArray:
	var size = HEAD + (70000 if number % 50 == 49 else number * 37 % 900)
	var data = StreamPeerBuffer.new()
	data.put_u32(number)
	data.put_u32(size)
	var filler := PoolByteArray()
	filler.resize(size - HEAD)
	for at in size - HEAD:
		filler[at] = number & 0xFF
	if size > HEAD:
		data.put_data(filler)
	return data.data_array
