# Reads a file of hex lines (`--file=`), decodes each and says what it is, for the live tests.
#
#   index|`ok` or `error`|hex of the value written again|hex of the value in the text behind the hex, if there is one
#
# As in forms.gd, an id that was read is the id that is shown.
extends SceneTree

const Hex = preload("res://hex.gd")
const Options = preload("res://options.gd")
# What stands before an id. Ids of this engine are small: alone they turn up in other places as well.
const OBJECT = "11000100"

var held = {}


func _init():
	var file = File.new()
	file.open(Options.read()["file"], File.READ)
	var lines = file.get_as_text().split("\n", false)
	print("begin")
	for i in range(lines.size()):
		print(i, "|", answer(lines[i].split("\t")))
	print("end")
	quit()


func answer(fields):
	var read = read(Hex.to_bytes(fields[0]))
	if read == null:
		return "error||"
	var text = "" if fields.size() < 2 else var2bytes(str2var(fields[1])).hex_encode()
	return "ok|%s|%s" % [with_held_ids(read[0]), text]


# The value in an Array, or null where the engine refuses the bytes: it ends this function then.
func read(bytes):
	return [bytes2var(bytes)]


func with_held_ids(value):
	var hex = var2bytes(value).hex_encode()
	held.clear()
	collect(value)
	for id in held:
		hex = hex.replace(OBJECT + Hex.of_id(id), OBJECT + Hex.of_id(held[id]))
	return hex


func collect(value):
	if value is EncodedObjectAsID:
		held[value.get_instance_id()] = value.object_id
	elif value is Array:
		for item in value:
			collect(item)
	elif value is Dictionary:
		for item in value.keys() + value.values():
			collect(item)
