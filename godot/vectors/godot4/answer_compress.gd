# Compresses bytes and decompresses what somebody else made of them, for the live tests. The file (`--file=`) has lines of
# `mode|base64 of the bytes|base64 of them compressed`. The levels are those of project.godot.
#
#   index|`same` when the engine compresses them to the same, else base64 of its own|`ok`, or which call does not open them
extends SceneTree

const Options := preload("res://options.gd")


func _init() -> void:
	var lines := FileAccess.get_file_as_string(Options.read()["file"]).split("\n", false)
	print("begin")
	for i in lines.size():
		print(i, "|", answer(lines[i].split("|")))
	print("end")
	quit()


func answer(fields: PackedStringArray) -> String:
	var mode := int(fields[0])
	var plain := Marshalls.base64_to_raw(fields[1])
	var theirs := Marshalls.base64_to_raw(fields[2])
	var own := fields[2]
	# The engine does not compress Brotli.
	if mode != FileAccess.COMPRESSION_BROTLI:
		own = Marshalls.raw_to_base64(plain.compress(mode))
	return ("same" if own == fields[2] else own) + "|" + opened(theirs, plain, mode)


func opened(theirs: PackedByteArray, plain: PackedByteArray, mode: int) -> String:
	if theirs.decompress(plain.size(), mode) != plain:
		return "decompress"
	var is_dynamic := mode != FileAccess.COMPRESSION_FASTLZ and mode != FileAccess.COMPRESSION_ZSTD
	if is_dynamic and theirs.decompress_dynamic(plain.size(), mode) != plain:
		return "decompress_dynamic"
	return "ok"
