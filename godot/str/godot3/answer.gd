# Reads a file of lines (`--file=`) and answers each: `index|hex`, or `index|error` for a text that str2var refuses.
#
#   b<hex of bytes>   what var2str says of the value in the bytes, as UTF-8
#   t<hex of UTF-8>   what var2bytes makes of the value that str2var finds in the text, with full objects
#
extends SceneTree


func _init():
	var file = File.new()
	file.open(file_asked_for(), File.READ)
	var lines = file.get_as_text().split("\n", false)
	print("begin")
	for i in range(lines.size()):
		print(i, "|", answer(lines[i].left(1), bytes_of(lines[i].substr(1))))
	print("end")
	quit()


func answer(kind, bytes):
	if kind == "b":
		return var2str(bytes2var(bytes, true)).to_utf8().hex_encode()
	var found = read(bytes.get_string_from_utf8())
	return "error" if found == null else var2bytes(found[0], true).hex_encode()


# The value in an Array, or null where the engine refuses the text: it ends this function then.
func read(text):
	return [str2var(text)]


func bytes_of(hex):
	var bytes = PoolByteArray()
	for i in range(0, hex.length(), 2):
		bytes.append(("0x" + hex.substr(i, 2)).hex_to_int())
	return bytes


func file_asked_for():
	for argument in OS.get_cmdline_args():
		if argument.begins_with("--file="):
			return argument.trim_prefix("--file=")
	return ""
