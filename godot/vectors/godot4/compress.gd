# Prints the rows of compress.txt: what the engine makes of the samples in samples.gd.
#
#   name|kind|seed|size|mode|size of the compressed bytes|their hex, or the SHA-256 of many
extends SceneTree

const Samples := preload("res://samples.gd")

const SIZES: Array[int] = [1, 2, 5, 16, 33, 100, 256, 1000, 4096, 16384, 32768, 65535, 65537, 300000]
const MODES: Array[int] = [
	FileAccess.COMPRESSION_FASTLZ,
	FileAccess.COMPRESSION_DEFLATE,
	FileAccess.COMPRESSION_GZIP,
	FileAccess.COMPRESSION_ZSTD,
]
const COUNTS: Array[int] = [0, 1, 2, 10, 100, 1000]


func _init() -> void:
	print("begin")
	for kind in ["noise", "zeros", "repeats", "text", "ramp"]:
		for size in SIZES:
			each_mode(kind, size)
	for count in COUNTS:
		each_mode("players", count)
	print("end")
	quit()


func each_mode(kind: String, size: int) -> void:
	var seed_value := size * 7 + kind.length()
	var sample := Samples.make(kind, seed_value, size)
	for mode: int in MODES:
		var packed := sample.compress(mode)
		# ZSTD's bytes are those of the library's version, so its rows are there to be read.
		if mode == FileAccess.COMPRESSION_ZSTD and packed.size() > 120:
			continue
		var shown := packed.hex_encode() if packed.size() <= 120 else sha256(packed)
		print(kind, "_", size, "_", mode, "|", kind, "|", seed_value, "|", size, "|", mode, "|", packed.size(), "|", shown)


func sha256(bytes: PackedByteArray) -> String:
	var context := HashingContext.new()
	context.start(HashingContext.HASH_SHA256)
	context.update(bytes)
	return context.finish().hex_encode()
