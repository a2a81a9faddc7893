# Compresses samples and decompresses what somebody else made of them, for the live tests. The file (`--file=`) has lines
# of `kind|seed|size|mode|base64 of compressed bytes`.
#
#   index|base64 of the compressed sample|whether those bytes give the sample: `ok`, or what does not
extends SceneTree

const Options := preload("res://options.gd")
const Samples := preload("res://samples.gd")


func _init() -> void:
	var lines := FileAccess.get_file_as_string(Options.read()["file"]).split("\n", false)
	print("begin")
	for i in lines.size():
		print(i, "|", answer(lines[i].split("|")))
	print("end")
	quit()


func answer(fields: PackedStringArray) -> String:
	var sample := Samples.make(fields[0], int(fields[1]), int(fields[2]))
	var mode := int(fields[3])
	var theirs := Marshalls.base64_to_raw(fields[4])
	var said := "ok"
	if theirs.decompress(sample.size(), mode) != sample:
		said = "decompress"
	elif theirs.decompress_dynamic(sample.size(), mode) != sample:
		said = "decompress_dynamic"
	return Marshalls.raw_to_base64(sample.compress(mode)) + "|" + said
