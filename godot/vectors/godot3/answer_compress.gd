# Compresses bytes and decompresses what somebody else made of them, for the live tests. The file (`--file=`) has lines of
# `mode|base64 of the bytes|base64 of them compressed`. The levels are those of project.godot.
#
#   index|`same` when the engine compresses them to the same, else base64 of its own|`ok`, or which call does not open them
extends SceneTree

const Options = preload("res://options.gd")


func _init():
	var file = File.new()
	file.open(Options.read()["file"], File.READ)
	print("begin")
	var index = 0
	while not file.eof_reached():
		var line = file.get_line()
		if line != "":
			print(index, "|", answer(line.split("|")))
			index += 1
	print("end")
	quit()


func answer(fields):
	var mode = int(fields[0])
	var plain = Marshalls.base64_to_raw(fields[1])
	var theirs = Marshalls.base64_to_raw(fields[2])
	var own = Marshalls.raw_to_base64(plain.compress(mode))
	return ("same" if own == fields[2] else own) + "|" + opened(theirs, fields[1], plain.size(), mode)


func opened(theirs, plain, size, mode):
	var found = theirs.decompress(size, mode)
	# Godot 3 gives 16 bytes of FastLZ when asked for fewer, and what stands behind those asked for is left over from before.
	if mode == File.COMPRESSION_FASTLZ and size < 16:
		found.resize(size)
	return "ok" if Marshalls.raw_to_base64(found) == plain else "decompress"
