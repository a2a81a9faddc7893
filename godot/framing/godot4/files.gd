# Writes and reads files of values: `--lines= --out= --in= --big=0 or 1 --objects=0 or 1`.
#
# The value of each line, which is hex of var_to_bytes, goes to `out` with store_var. What stands in `in` is read with
# get_var to its end and printed:
#
#   index|hex of the value written again
extends SceneTree

const Options := preload("res://options.gd")


func _init() -> void:
	var options := Options.read()
	var big: bool = options["big"] == "1"
	var objects: bool = options["objects"] == "1"
	var out := FileAccess.open(options["out"], FileAccess.WRITE)
	out.big_endian = big
	for line in FileAccess.get_file_as_string(options["lines"]).split("\n", false):
		var bytes := line.hex_decode()
		out.store_var(bytes_to_var_with_objects(bytes) if objects else bytes_to_var(bytes), objects)
	out.close()
	print("begin")
	var file := FileAccess.open(options["in"], FileAccess.READ)
	file.big_endian = big
	var index := 0
	while file.get_position() < file.get_length():
		var value: Variant = file.get_var(objects)
		var again := var_to_bytes_with_objects(value) if objects else var_to_bytes(value)
		print(index, "|", again.hex_encode())
		index += 1
	print("end")
	quit()
