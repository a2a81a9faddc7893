# Prints the rows of compress.txt: what the engine makes of the samples in samples.gd.
#
#   name|kind|seed|size|mode|size of the compressed bytes|their hex, or the SHA-256 of many
extends SceneTree

const Samples = preload("res://samples.gd")

const SIZES = [1, 2, 5, 16, 33, 100, 256, 1000, 4096, 16384, 32768, 65535, 65537, 300000]
const MODES = [File.COMPRESSION_FASTLZ, File.COMPRESSION_DEFLATE, File.COMPRESSION_GZIP, File.COMPRESSION_ZSTD]
const COUNTS = [0, 1, 2, 10, 100, 1000]


func _init():
	print("begin")
	for kind in ["noise", "zeros", "repeats", "text", "ramp"]:
		for size in SIZES:
			each_mode(kind, size)
	for count in COUNTS:
		each_mode("players", count)
	print("end")
	quit()


func each_mode(kind, size):
	var seed_value = size * 7 + kind.length()
	var sample = Samples.make(kind, seed_value, size)
	for mode in MODES:
		var packed = sample.compress(mode)
		# ZSTD's bytes are those of the library's version, so its rows are there to be read.
		if mode == File.COMPRESSION_ZSTD and packed.size() > 120:
			continue
		var shown = packed.hex_encode() if packed.size() <= 120 else sha256(packed)
		print(kind, "_", size, "_", mode, "|", kind, "|", seed_value, "|", size, "|", mode, "|", packed.size(), "|", shown)


func sha256(bytes):
	var context = HashingContext.new()
	context.start(HashingContext.HASH_SHA256)
	context.update(bytes)
	return context.finish().hex_encode()
