# Compresses samples and decompresses what somebody else made of them, for the live tests. The file (`--file=`) has lines
# of `kind|seed|size|mode|base64 of compressed bytes`.
#
#   index|base64 of the compressed sample|whether those bytes give the sample: `ok`, or what does not
extends SceneTree

const Options = preload("res://options.gd")
const Samples = preload("res://samples.gd")


func _init():
	var file = File.new()
	file.open(Options.read()["file"], File.READ)
	var lines = file.get_as_text().split("\n", false)
	print("begin")
	for i in range(lines.size()):
		print(i, "|", answer(lines[i].split("|")))
	print("end")
	quit()


func answer(fields):
	var sample = Samples.make(fields[0], int(fields[1]), int(fields[2]))
	var mode = int(fields[3])
	var theirs = Marshalls.base64_to_raw(fields[4]).decompress(sample.size(), mode)
	var same = Marshalls.raw_to_base64(theirs) == Marshalls.raw_to_base64(sample)
	return Marshalls.raw_to_base64(sample.compress(mode)) + "|" + ("ok" if same else "decompress")
