# Reads a file of hex lines (`--file=`), decodes each and says what it is, for the live tests.
#
#   index|size or `error`|hex of the value written again|hex of the value in the text behind the hex, if there is one
#
extends SceneTree

const Options := preload("res://options.gd")
# What stands before an id: alone it may turn up in other places as well.
const OBJECT := "18000100"

var held := {}


func _init() -> void:
	var options := Options.read()
	var lines := FileAccess.get_file_as_string(options["file"]).split("\n", false)
	print("begin")
	for i in lines.size():
		print(i, "|", answer(lines[i].split("\t")))
	print("end")
	quit()


func answer(fields: PackedStringArray) -> String:
	var bytes := fields[0].hex_decode()
	if not bytes.has_encoded_var(0):
		return "error||"
	var value: Variant = bytes_to_var(bytes)
	var size := bytes.decode_var_size(0)
	var text := "" if fields.size() < 2 else var_to_bytes(str_to_var(fields[1])).hex_encode()
	return "%d|%s|%s" % [size, with_held_ids(value), text]


func with_held_ids(value: Variant) -> String:
	var hex := var_to_bytes(value).hex_encode()
	held.clear()
	collect(value)
	for id: int in held:
		hex = hex.replace(OBJECT + hex_of_id(id), OBJECT + hex_of_id(held[id]))
	return hex


func collect(value: Variant) -> void:
	if value is EncodedObjectAsID:
		held[value.get_instance_id()] = value.object_id
	elif value is Array:
		for item: Variant in value:
			collect(item)
	elif value is Dictionary:
		for item: Variant in value.keys() + value.values():
			collect(item)


func hex_of_id(id: int) -> String:
	var bytes := PackedByteArray()
	bytes.resize(8)
	bytes.encode_s64(0, id)
	return bytes.hex_encode()
