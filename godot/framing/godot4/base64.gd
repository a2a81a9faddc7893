# Answers for each line of a file (`--lines=`):
#
#   a JSON string: base64 to be read      index|hex of the value or `error`
#   hex of var_to_bytes                   index|base64 of the value
extends SceneTree

const Options := preload("res://options.gd")


func _init() -> void:
	var lines := FileAccess.get_file_as_string(Options.read()["lines"]).split("\n", false)
	print("begin")
	for i in lines.size():
		if lines[i].begins_with("\""):
			var value: Variant = Marshalls.base64_to_variant(JSON.parse_string(lines[i]))
			print(i, "|", "error" if value == null else var_to_bytes(value).hex_encode())
		else:
			print(i, "|", Marshalls.variant_to_base64(bytes_to_var(lines[i].hex_decode())))
	print("end")
	quit()
