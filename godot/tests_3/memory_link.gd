extends "../addons/godot_wire_3/link/link.gd"
## A link within one process, for tests: what one end sends, the other finds in its next poll. The test can hold frames
## back, look at them, put its own in, and cut the link.

const FRAME_LIMIT = 65536

## Frames sent by this end that the other has not taken.
var outgoing: Array = []
## Every frame this end ever sent, when `record` is on.
var record := false
var sent: Array = []
## While true this end takes no frames: back-pressure.
var is_full := false
## While true, what arrives stays on the way.
var is_held := false

var _other = null


## Two ends that are up with the next poll.
static func pair(id_a: int, id_b: int, frame_limit: int = FRAME_LIMIT) -> Array:
	var maker = load("res://tests_3/memory_link.gd")
	var a = maker.new()
	var b = maker.new()
	a.peer_id = id_b
	b.peer_id = id_a
	a.max_frame_size = frame_limit
	b.max_frame_size = frame_limit
	a._other = weakref(b)
	b._other = weakref(a)
	return [a, b]


func poll() -> void:
	if state == State.CONNECTING:
		state = State.UP


func next_frame() -> PoolByteArray:
	var other = _other.get_ref()
	if other == null or is_held or other.outgoing.empty():
		return PoolByteArray()
	return other.outgoing.pop_front()


func can_send() -> bool:
	return state == State.UP and not is_full


func send(frame: PoolByteArray) -> bool:
	if not can_send() or frame.empty() or frame.size() > max_frame_size:
		return false
	outgoing.append(frame)
	if record:
		sent.append(frame)
	return true


func close(code: int, reason: String) -> void:
	cut(code, reason)
	var other = _other.get_ref()
	if other != null:
		other.cut(code, reason)


## The link breaks at this end; frames on the way are lost.
func cut(code: int = 1006, reason: String = "cut") -> void:
	outgoing.clear()
	state = State.DOWN
	close_code = code
	close_reason = reason
