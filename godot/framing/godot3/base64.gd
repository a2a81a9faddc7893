# Answers for each line of a file (`--lines=`):
#
#   a JSON string: base64 to be read      index|hex of the value or `error`
#   hex of var2bytes                      index|base64 of the value
extends SceneTree

const Hex = preload("res://hex.gd")
const Options = preload("res://options.gd")


func _init():
	var lines = Options.lines(Options.read()["lines"])
	print("begin")
	for i in range(lines.size()):
		if lines[i].begins_with("\""):
			var value = Marshalls.base64_to_variant(parse_json(lines[i]))
			print(i, "|", "error" if value == null else var2bytes(value).hex_encode())
		else:
			print(i, "|", Marshalls.variant_to_base64(bytes2var(Hex.to_bytes(lines[i]))))
	print("end")
	quit()
