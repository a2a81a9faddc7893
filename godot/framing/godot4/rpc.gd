# Sends and receives RPCs through SceneMultiplayer, line by line of a file (`--lines=`, `--objects=0 or 1`):
#
#   text: GDScript      the packet that carries a call of `take` with this value        index|hex
#   hex: a value        the same for a value in var_to_bytes                            index|hex
#   packet: hex         what the node was called with when it receives this packet      index|hex of each argument, or none
extends SceneTree

const MemoryPeer := preload("res://memory_peer.gd")
const Net := preload("res://net.gd")
const Options := preload("res://options.gd")

var options := Options.read()
var peer := MemoryPeer.new()
var net := Net.new()
var api := SceneMultiplayer.new()


# The first frame: before it the root is not in the tree.
func _process(_delta: float) -> bool:
	net.name = "Net"
	root.add_child(net)
	api.allow_object_decoding = options["objects"] == "1"
	api.root_path = ^"/root"
	api.multiplayer_peer = peer
	set_multiplayer(api)
	peer.emit_signal("peer_connected", MemoryPeer.OTHER)
	api.poll()
	var lines := FileAccess.get_file_as_string(options["lines"]).split("\n", false)
	print("begin")
	for i in lines.size():
		print(i, "|", answer(lines[i].get_slice(": ", 0), lines[i].substr(lines[i].find(": ") + 2)))
	print("end")
	return true


func answer(kind: String, what: String) -> String:
	match kind:
		"text":
			return sent_for(value_of(what))
		"hex":
			return sent_for(bytes_to_var(what.hex_decode()))
	return called_by(what.hex_decode())


func value_of(text: String) -> Variant:
	if text == "freed":
		var object := Object.new()
		object.free()
		return object
	var expression := Expression.new()
	expression.parse(text)
	return expression.execute()


func sent_for(value: Variant) -> String:
	peer.sent.clear()
	api.rpc(MemoryPeer.OTHER, net, &"take", [value])
	return peer.sent[-1].hex_encode()


func called_by(packet: PackedByteArray) -> String:
	net.calls.clear()
	peer.incoming.append(packet)
	api.poll()
	if net.calls.is_empty():
		return "none"
	var hex := []
	for value: Variant in net.calls[0]:
		hex.append((var_to_bytes_with_objects(value) if options["objects"] == "1" else var_to_bytes(value)).hex_encode())
	return " ".join(hex)
