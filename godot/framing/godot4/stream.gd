# Talks with a server over TCP in StreamPeer.put_var and get_var: `--port= --lines= --count= --big=0 or 1`.
#
# First it sends the value of each line, which is hex of var_to_bytes. Then it takes `count` values and sends each back.
extends SceneTree

const Options := preload("res://options.gd")


func _init() -> void:
	var options := Options.read()
	var stream := StreamPeerTCP.new()
	stream.connect_to_host("127.0.0.1", int(options["port"]))
	while stream.get_status() == StreamPeerTCP.STATUS_CONNECTING:
		OS.delay_msec(1)
		stream.poll()
	stream.big_endian = options["big"] == "1"
	for line in FileAccess.get_file_as_string(options["lines"]).split("\n", false):
		stream.put_var(bytes_to_var(line.hex_decode()))
	for i in int(options["count"]):
		stream.put_var(stream.get_var())
	stream.disconnect_from_host()
	print("done")
	quit()
