# Reads each line of a file (`--lines=`), which is hex, as a stream of values until less than a length is left, and prints
# what StreamPeer.get_var gave and where the stream stood then; null is what it gives for a bad value too:
#
#   index|hex of the value at position, hex at position ...
extends SceneTree

const Hex = preload("res://hex.gd")
const Options = preload("res://options.gd")


func _init():
	var lines = Options.lines(Options.read()["lines"])
	print("begin")
	for i in range(lines.size()):
		var stream = StreamPeerBuffer.new()
		stream.data_array = Hex.to_bytes(lines[i])
		var got = PoolStringArray()
		while stream.get_available_bytes() >= 4:
			var value = stream.get_var()
			got.append("%s at %d" % [var2bytes(value).hex_encode(), stream.get_position()])
		print(i, "|", got.join(", "))
	print("end")
	quit()
