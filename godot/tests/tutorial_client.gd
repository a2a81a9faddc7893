extends SceneTree
## The functions of the GodotSteam P2P tutorial as a port would have them, with `Steam` replaced: what a game that was
## written along it does, once a lobby is there. Driven by a TypeScript server in the live tests.
## [codeblock]
## godot --headless --path godot -s res://tests/tutorial_client.gd -- --url ws://127.0.0.1:8080 --id 76561198000000002
## [/codeblock]
## With `--gzip 1` packets are compressed. Every line `GODOT_WIRE {json}` is something that the game saw.

const PACKET_READ_LIMIT := 32

var Steam := preload("../addons/godot_wire/godot_wire.gd").new()

var steam_id := 0
var lobby_id := 0
var lobby_members: Array = []
var use_gzip := false
var seconds := 60.0

var _reads_of_this_frame := 0


func _initialize() -> void:
	OS.low_processor_usage_mode_sleep_usec = 1
	var arguments := {}
	var words := OS.get_cmdline_user_args()
	for at in range(0, words.size() - 1, 2):
		arguments[words[at]] = words[at + 1]
	steam_id = int(arguments["--id"])
	use_gzip = arguments.get("--gzip", "0") == "1"
	Steam.p2p_session_request.connect(_on_p2p_session_request)
	Steam.p2p_session_connect_fail.connect(_on_p2p_session_connect_fail)
	Steam.link_opened.connect(_on_link_opened)
	Steam.connect_to_server(arguments["--url"], steam_id)


func _process(delta: float) -> bool:
	Steam.run_callbacks()
	if lobby_id > 0:
		_reads_of_this_frame = 0
		read_all_p2p_packets()
		if _reads_of_this_frame > 0:
			_say({"read_in_one_frame": _reads_of_this_frame})
	seconds -= delta
	if seconds < 0:
		quit(1)
	return false


func _finalize() -> void:
	Steam.free()


## Without Steam there is no lobby to join: the server and this game are its members.
func _on_link_opened(server_id: int) -> void:
	lobby_id = 1
	lobby_members = [{"steam_id": server_id, "steam_name": "server"}, {"steam_id": steam_id, "steam_name": "player"}]
	make_p2p_handshake()


func make_p2p_handshake() -> void:
	send_p2p_packet(0, {"message": "handshake", "from": steam_id})


func _on_p2p_session_request(remote_id: int) -> void:
	_say({"request_from": str(remote_id)})
	Steam.acceptP2PSessionWithUser(remote_id)
	make_p2p_handshake()


func _on_p2p_session_connect_fail(remote_id: int, session_error: int) -> void:
	_say({"connect_fail": str(remote_id), "error": session_error})


func read_all_p2p_packets(read_count: int = 0) -> void:
	if read_count >= PACKET_READ_LIMIT:
		return
	if Steam.getAvailableP2PPacketSize(0) > 0:
		read_p2p_packet()
		read_all_p2p_packets(read_count + 1)


func read_p2p_packet() -> void:
	var packet_size: int = Steam.getAvailableP2PPacketSize(0)
	if packet_size == 0:
		return
	var this_packet: Dictionary = Steam.readP2PPacket(packet_size, 0)
	if this_packet.is_empty():
		_say({"warning": "an empty packet with a size"})
		return
	_reads_of_this_frame += 1
	var packet_code: PackedByteArray = this_packet["data"]
	if use_gzip:
		packet_code = packet_code.decompress_dynamic(-1, FileAccess.COMPRESSION_GZIP)
	var readable_data: Dictionary = bytes_to_var(packet_code)
	_say({"from": str(this_packet["steam_id_remote"]), "data": var_to_str(readable_data)})
	if readable_data.get("message") == "say it again":
		send_p2p_packet(this_packet["remote_steam_id"], readable_data["what"])
	elif readable_data.get("message") == "quit":
		Steam.disconnect_from_server()
		quit()


func send_p2p_packet(this_target: int, packet_data: Dictionary) -> void:
	var send_type: int = Steam.P2P_SEND_RELIABLE
	var channel: int = 0
	var this_data: PackedByteArray = var_to_bytes(packet_data)
	if use_gzip:
		this_data = this_data.compress(FileAccess.COMPRESSION_GZIP)
	if this_target == 0:
		if lobby_members.size() > 1:
			for this_member in lobby_members:
				if this_member["steam_id"] != steam_id:
					Steam.sendP2PPacket(this_member["steam_id"], this_data, send_type, channel)
	else:
		Steam.sendP2PPacket(this_target, this_data, send_type, channel)


func _say(event: Dictionary) -> void:
	print("GODOT_WIRE ", JSON.stringify(event))
