# Reads each line of a file (`--lines=`), which is hex, as a stream of values until less than a length is left, and prints
# what StreamPeer.get_var gave and where the stream stood then; null is what it gives for a bad value too:
#
#   index|hex of the value at position, hex at position ...
extends SceneTree

const Options := preload("res://options.gd")


func _init() -> void:
	var lines := FileAccess.get_file_as_string(Options.read()["lines"]).split("\n", false)
	print("begin")
	for i in lines.size():
		var stream := StreamPeerBuffer.new()
		stream.data_array = lines[i].hex_decode()
		var got := PackedStringArray()
		while stream.get_available_bytes() >= 4:
			var value: Variant = stream.get_var()
			got.append("%s at %d" % [var_to_bytes(value).hex_encode(), stream.get_position()])
		print(i, "|", ", ".join(got))
	print("end")
	quit()
