# Reads a file of lines (`--file=`) and answers each: `index|hex`.
#
#   b<hex of bytes>   what var_to_str says of the value in the bytes, as UTF-8
#   t<hex of UTF-8>   what var_to_bytes_with_objects makes of the value that str_to_var finds in the text
#
# str_to_var gives null for what it refuses, and so does the answer: 00000000.
extends SceneTree


func _init() -> void:
	var lines := FileAccess.get_file_as_string(file_asked_for()).split("\n", false)
	print("begin")
	for i in lines.size():
		print(i, "|", answer(lines[i].left(1), lines[i].substr(1).hex_decode()))
	print("end")
	quit()


func answer(kind: String, bytes: PackedByteArray) -> String:
	if kind == "b":
		return var_to_str(bytes_to_var_with_objects(bytes)).to_utf8_buffer().hex_encode()
	return var_to_bytes_with_objects(str_to_var(bytes.get_string_from_utf8())).hex_encode()


func file_asked_for() -> String:
	for argument in OS.get_cmdline_user_args():
		if argument.begins_with("--file="):
			return argument.trim_prefix("--file=")
	return ""
