# Packets of the sizes around the limits of a PacketPeerStream with its usual buffers, `--sizes=1,2`:
#
#   size|error of put_packet|bytes it put|packets that another one gets from such a frame
extends SceneTree

const Options = preload("res://options.gd")


func _init():
	print("begin")
	for text in Options.read()["sizes"].split(","):
		var packet = PoolByteArray()
		packet.resize(int(text))
		var out = StreamPeerBuffer.new()
		var sender = PacketPeerStream.new()
		sender.stream_peer = out
		var error = sender.put_packet(packet)
		var framed = StreamPeerBuffer.new()
		framed.put_u32(packet.size())
		framed.put_data(packet)
		framed.seek(0)
		var receiver = PacketPeerStream.new()
		receiver.stream_peer = framed
		print("%s|%d|%d|%d" % [text, error, out.get_size(), receiver.get_available_packet_count()])
	print("end")
	quit()
