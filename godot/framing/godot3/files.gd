# Writes and reads files of values: `--lines= --out= --in= --big=0 or 1 --objects=0 or 1`.
#
# The value of each line, which is hex of var2bytes, goes to `out` with store_var. What stands in `in` is read with
# get_var to its end and printed:
#
#   index|hex of the value written again
extends SceneTree

const Hex = preload("res://hex.gd")
const Options = preload("res://options.gd")


func _init():
	var options = Options.read()
	var objects = options["objects"] == "1"
	var out = File.new()
	out.open(options["out"], File.WRITE)
	out.endian_swap = options["big"] == "1"
	for line in Options.lines(options["lines"]):
		out.store_var(bytes2var(Hex.to_bytes(line), objects), objects)
	out.close()
	print("begin")
	var file = File.new()
	file.open(options["in"], File.READ)
	file.endian_swap = options["big"] == "1"
	var index = 0
	while file.get_position() < file.get_len():
		print(index, "|", var2bytes(file.get_var(objects), objects).hex_encode())
		index += 1
	print("end")
	quit()
