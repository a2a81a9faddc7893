# Talks with a server over TCP through a PacketPeerStream: `--port= --lines= --count=`.
#
# First it sends each line, which is hex: every second one as a packet of these bytes, the others as values. Then it takes
# `count` packets, values and raw ones in turn, and sends each back.
extends SceneTree

const Hex = preload("res://hex.gd")
const Options = preload("res://options.gd")

var peer = PacketPeerStream.new()


func _init():
	var options = Options.read()
	var stream = StreamPeerTCP.new()
	stream.connect_to_host("127.0.0.1", int(options["port"]))
	while stream.get_status() == StreamPeerTCP.STATUS_CONNECTING:
		OS.delay_msec(1)
	peer.stream_peer = stream
	var lines = Options.lines(options["lines"])
	for i in range(lines.size()):
		var bytes = Hex.to_bytes(lines[i])
		var error = peer.put_packet(bytes) if i % 2 == 1 else peer.put_var(bytes2var(bytes))
		if error != OK:
			print("put ", i, ": ", error)
	for i in range(int(options["count"])):
		wait_for_packet()
		if i % 2 == 1:
			peer.put_packet(peer.get_packet())
		else:
			peer.put_var(peer.get_var())
	stream.disconnect_from_host()
	print("done")
	quit()


func wait_for_packet():
	for _i in range(20000):
		if peer.get_available_packet_count() > 0:
			return
		OS.delay_msec(1)
	print("no packet came")
