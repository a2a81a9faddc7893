extends Reference
## The reliable half of a session on its way in: takes the next message and of a message the next byte, and nothing
## else.

const Protocol = preload("../wire/protocol.gd")
const Serial = preload("../wire/serial.gd")

enum Outcome {
	## Bytes of a message that is not complete.
	PART,
	## A message is complete: see `channel` and `data`.
	COMPLETE,
	## All of it was here already.
	DUPLICATE,
	## It would leave a gap.
	GAP,
	## It exceeds the credit that was given.
	BEYOND_CREDIT,
	## It contradicts itself or what came before.
	BAD,
}

## Number of the next message that is not complete.
var sequence := 0
## Cost of all complete messages of this stream.
var cost := 0
## The credit that the peer was given last.
var credit := 0

## The message that `take` completed.
var channel := 0
var data := PoolByteArray()

# In pieces, joined once at the end: an array that grows by each would be copied by each.
var _part: Array = []
var _part_size := 0
# -1 when nothing of the next message is here.
var _part_total := -1
var _part_channel := 0


## How many bytes of the next message are here.
func held() -> int:
	return _part_size


## Begins a new stream; what was received in part is forgotten.
func restart() -> void:
	sequence = 0
	cost = 0
	credit = 0
	_forget_part()


## Takes `piece`, which stands at `offset` in message `number` of `total` bytes. A MESSAGE is its own whole piece.
func take(number: int, on_channel: int, total: int, offset: int, piece: PoolByteArray) -> int:
	var end = offset + piece.size()
	if total > Protocol.MESSAGE_LIMIT or end > total:
		return Outcome.BAD
	if number != sequence:
		return Outcome.DUPLICATE if Serial.is_before(number, sequence) else Outcome.GAP
	if _part_total >= 0 and (total != _part_total or on_channel != _part_channel):
		return Outcome.BAD
	var have = _part_size
	if offset > have:
		return Outcome.GAP
	if end <= have and end < total:
		return Outcome.DUPLICATE
	if Serial.is_before(credit, Serial.add(cost, Protocol.MESSAGE_COST + end)):
		return Outcome.BEYOND_CREDIT
	if have == 0 and end == total:
		return _complete(on_channel, piece)
	_part.append(piece if offset == have else piece.subarray(have - offset, -1))
	_part_size = end
	if end == total:
		return _complete(on_channel, _joined())
	_part_total = total
	_part_channel = on_channel
	return Outcome.PART


func _complete(on_channel: int, whole: PoolByteArray) -> int:
	channel = on_channel
	data = whole
	sequence = Serial.add(sequence, 1)
	cost = Serial.add(cost, whole.size() + Protocol.MESSAGE_COST)
	_forget_part()
	return Outcome.COMPLETE


func _forget_part() -> void:
	_part = []
	_part_size = 0
	_part_total = -1


func _joined() -> PoolByteArray:
	var whole = StreamPeerBuffer.new()
	whole.resize(_part_size)
	for piece in _part:
		whole.put_data(piece)
	return whole.data_array
