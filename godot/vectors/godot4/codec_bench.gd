# Times var_to_bytes and bytes_to_var, for bench/codec.ts. The file (`--file=`) has lines of base64, one value each. For each
# line of standard input there is one round, and then an answer: the best nanoseconds of all rounds so far.
#
#   nanoseconds to encode the first|to decode it|to encode the second|...
#
# An empty line, or the end of the input, ends it.
extends SceneTree

const Options := preload("res://options.gd")

const TURN_USEC := 1_500

var loops: Array[Callable] = []
var counts: Array[int] = []
var best: Array[float] = []


func _init() -> void:
	for line in FileAccess.get_file_as_string(Options.read()["file"]).split("\n", false):
		var bytes := Marshalls.base64_to_raw(line)
		var value: Variant = bytes_to_var(bytes)
		if var_to_bytes(value) != bytes:
			printerr("these bytes are not the engine's own")
			quit(1)
			return
		add(func(count: int) -> void:
			for i in count:
				var_to_bytes(value))
		add(func(count: int) -> void:
			for i in count:
				bytes_to_var(bytes))
	print("ready")
	while OS.read_string_from_stdin(64).strip_edges() != "":
		for i in loops.size():
			best[i] = minf(best[i], usec(loops[i], counts[i]) * 1000.0 / counts[i])
		print("|".join(best.map(func(ns: float) -> String: return "%.2f" % ns)))
	quit()


func add(loop: Callable) -> void:
	var count := 1
	while usec(loop, count) < TURN_USEC:
		count *= 2
	loops.append(loop)
	counts.append(count)
	best.append(INF)


func usec(loop: Callable, count: int) -> int:
	var start := Time.get_ticks_usec()
	loop.call(count)
	return Time.get_ticks_usec() - start
