# Times the engine's own calls, for bench/compression.ts. The file (`--file=`) has lines of `mode|base64 of the bytes`.
#
#   index|microseconds to compress|to decompress|to decompress_dynamic, or -1 where the engine does not
#
# Each number is the best of several rounds: what disturbs a round makes it slower, never faster.
extends SceneTree

const Options := preload("res://options.gd")

const ROUNDS := 100
const ROUND_USEC := 5_000


func _init() -> void:
	var lines := FileAccess.get_file_as_string(Options.read()["file"]).split("\n", false)
	print("begin")
	for i in lines.size():
		print(i, "|", times(lines[i].split("|")))
	print("end")
	quit()


func times(fields: PackedStringArray) -> String:
	var mode := int(fields[0])
	var plain := Marshalls.base64_to_raw(fields[1])
	var packed := plain.compress(mode)
	var size := plain.size()
	var dynamic := -1.0
	if mode == FileAccess.COMPRESSION_DEFLATE or mode == FileAccess.COMPRESSION_GZIP:
		dynamic = best(func(count: int) -> void:
			for i in count:
				packed.decompress_dynamic(-1, mode))
	var compressing := best(func(count: int) -> void:
		for i in count:
			plain.compress(mode))
	var decompressing := best(func(count: int) -> void:
		for i in count:
			packed.decompress(size, mode))
	return "%.4f|%.4f|%.4f" % [compressing, decompressing, dynamic]


# Microseconds for one of many, in the best round; a round has as many as fit into its time.
func best(loop: Callable) -> float:
	var count := 1
	while usec(loop, count) < ROUND_USEC / 2.0:
		count *= 2
	var found := INF
	for round in ROUNDS:
		found = minf(found, usec(loop, count) / float(count))
	return found


func usec(loop: Callable, count: int) -> int:
	var start := Time.get_ticks_usec()
	loop.call(count)
	return Time.get_ticks_usec() - start
