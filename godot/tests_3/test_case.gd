extends Reference
## What test cases share. A case is a file in `cases/`; each of its functions `test_...` is one test and ends with
## `return true`, which a script error prevents.

const SessionHost = preload("../addons/godot_wire_3/session/session_host.gd")
const Rig = preload("rig.gd")

const A = Rig.ID_A
const B = Rig.ID_B
const REQUEST = SessionHost.Event.SESSION_REQUEST
const FAIL = SessionHost.Event.CONNECT_FAIL
const CLOSED = SessionHost.Event.LINK_CLOSED
const SEED = 20260501

## What went wrong in the test that runs.
var problems: Array = []
## The same numbers in every run.
var random = RandomNumberGenerator.new()


func begin() -> void:
	problems.clear()
	random.seed = SEED


func check(condition: bool, what: String) -> void:
	if not condition:
		problems.append(what)


func same(got, wanted, what: String) -> void:
	if typeof(got) != typeof(wanted) or not equal(got, wanted):
		problems.append("%s: got %s, wanted %s" % [what, str(got).left(200), str(wanted).left(200)])


## By value, as `==` compares Dictionaries by reference in Godot 3.
func equal(a, b) -> bool:
	if typeof(a) != typeof(b):
		return false
	if a is Dictionary:
		return var2bytes(a) == var2bytes(b)
	if a is Array:
		if a.size() != b.size():
			return false
		for at in a.size():
			if not equal(a[at], b[at]):
				return false
		return true
	return a == b


func bytes(size: int) -> PoolByteArray:
	var data = StreamPeerBuffer.new()
	for at in range(0, size - 3, 4):
		data.put_u32(random.randi())
	var filled = data.data_array
	filled.resize(size)
	return filled


## The bytes from `from` up to, but not including, `to`.
func part(data: PoolByteArray, from: int, to: int) -> PoolByteArray:
	return data.subarray(from, to - 1) if to > from else PoolByteArray()


func hex(data: PoolByteArray) -> String:
	var text := ""
	for byte in data:
		text += "%02x" % byte
	return text


func unhex(text: String) -> PoolByteArray:
	var data := PoolByteArray()
	for at in range(0, text.length(), 2):
		data.append(("0x" + text.substr(at, 2)).hex_to_int())
	return data


func text(data: PoolByteArray) -> String:
	return data.get_string_from_utf8()


## Reads everything on a channel as text.
func read_texts(host, channel: int) -> Array:
	var found: Array = []
	while host.peek(channel) != null:
		found.append(text(host.read(channel).data))
	return found


# What signals carry, noted in an array.

func _note_1(a, told: Array, what: String) -> void:
	told.append([what, a])


func _note_2(a, b, told: Array, what: String) -> void:
	told.append([what, a, b])


func _note_3(a, b, c, told: Array, what: String) -> void:
	told.append([what, a, b, c])


func _note_4(a, b, c, d, told: Array, what: String) -> void:
	told.append([what, a, b, c, d])
