extends RefCounted
## What test cases share. A case is a file in `cases/`; each of its functions `test_...` is one test and ends with
## `return true`, which a script error prevents.

const SessionHost := preload("../addons/godot_wire/session/session_host.gd")
const Rig := preload("rig.gd")

const A := Rig.ID_A
const B := Rig.ID_B
const REQUEST := SessionHost.Event.SESSION_REQUEST
const FAIL := SessionHost.Event.CONNECT_FAIL
const CLOSED := SessionHost.Event.LINK_CLOSED
const SEED := 20260501

## What went wrong in the test that runs.
var problems: PackedStringArray = []
## The same numbers in every run.
var random := RandomNumberGenerator.new()


func begin() -> void:
	problems.clear()
	random.seed = SEED


func check(condition: bool, what: String) -> void:
	if not condition:
		problems.append(what)


func same(got: Variant, wanted: Variant, what: String) -> void:
	if typeof(got) != typeof(wanted) or got != wanted:
		problems.append("%s: got %s, wanted %s" % [what, str(got).left(200), str(wanted).left(200)])


func bytes(size: int) -> PackedByteArray:
	var data := PackedByteArray()
	data.resize(size)
	for at in range(0, size - 3, 4):
		data.encode_u32(at, random.randi())
	return data


func text(data: PackedByteArray) -> String:
	return data.get_string_from_utf8()


## Reads everything on a channel as text.
func read_texts(host: SessionHost, channel: int) -> Array:
	var found: Array = []
	while host.peek(channel) != null:
		found.append(text(host.read(channel).data))
	return found
