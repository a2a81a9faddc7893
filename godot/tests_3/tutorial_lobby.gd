extends Node
## What stands around the tutorial's functions: without Steam there is no lobby, so whoever has a link is a member. Lines
## `GODOT_WIRE {json}` tell the live test what the game saw.

const Arguments = preload("arguments.gd")
const PACKET_READ_LIMIT = 32

var steam_id := 0
var lobby_id := 0
var lobby_members: Array = []

var _frame := -1
var _reads := 0


func join() -> void:
	var arguments = Arguments.read({})
	steam_id = int(arguments["id"])
	GodotWire.settings.connect_timeout_ms = 1000
	GodotWire.persona_names[76561198000000003] = "Dora"
	GodotWire.connect("link_opened", self, "_on_link_opened")
	lobby_members = [{"steam_id": steam_id, "steam_name": "player"}]
	GodotWire.connect_to_server(arguments["url"], steam_id)
	GodotWire.listen(0, steam_id, "127.0.0.1")
	say({"port": GodotWire.get_listen_port()})


func make_p2p_handshake() -> void:
	call("send_p2p_packet", 0, {"message": "handshake", "from": steam_id})


func say(what: Dictionary) -> void:
	print("GODOT_WIRE ", to_json(what))


func _on_link_opened(id: int) -> void:
	lobby_members.append({"steam_id": id, "steam_name": "someone"})
	if lobby_id == 0:
		lobby_id = 1
		make_p2p_handshake()
	say({"member": str(id)})


## Where the tutorial says that logic is to be appended.
func take(from: int, data: Dictionary) -> void:
	if Engine.get_idle_frames() != _frame:
		_frame = Engine.get_idle_frames()
		_reads = 0
	_reads += 1
	say({"from": str(from), "data": var2str(data), "read_in_this_frame": _reads})
	match data.get("message"):
		"say it again":
			call("send_p2p_packet", from, data["what"])
		"tell all":
			call("send_p2p_packet", 0, data["what"])
		"call":
			call("send_p2p_packet", data["whom"], data)
		"fail":
			GodotWire.emit_signal("p2p_session_connect_fail", data["whom"], data["error"])
		"quit":
			GodotWire.disconnect_from_server()
			get_tree().quit()
