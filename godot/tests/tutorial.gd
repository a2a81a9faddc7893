extends "tutorial_lobby.gd"
## The functions of the GodotSteam P2P tutorial, statement by statement, with `Steam` replaced by `GodotWire`.


func _ready() -> void:
	GodotWire.p2p_session_request.connect(_on_p2p_session_request)
	GodotWire.p2p_session_connect_fail.connect(_on_p2p_session_connect_fail)
	join()


func _process(_delta: float) -> void:
	GodotWire.run_callbacks()
	if lobby_id > 0:
		read_all_p2p_packets()


func read_all_p2p_packets(read_count: int = 0):
	if read_count >= PACKET_READ_LIMIT:
		return
	if GodotWire.getAvailableP2PPacketSize(0) > 0:
		read_p2p_packet()
		read_all_p2p_packets(read_count + 1)


func _on_p2p_session_request(remote_id: int) -> void:
	var this_requester: String = GodotWire.getFriendPersonaName(remote_id)
	print("%s is requesting a P2P session" % this_requester)
	GodotWire.acceptP2PSessionWithUser(remote_id)
	make_p2p_handshake()


func read_p2p_packet() -> void:
	var packet_size: int = GodotWire.getAvailableP2PPacketSize(0)
	if packet_size > 0:
		var this_packet: Dictionary = GodotWire.readP2PPacket(packet_size, 0)
		if this_packet.is_empty() or this_packet == null:
			print("WARNING: read an empty packet with non-zero size!")
		var packet_sender: int = this_packet['steam_id_remote']
		var packet_code: PackedByteArray = this_packet['data']
		var readable_data: Dictionary = bytes_to_var(packet_code)
		print("Packet: %s" % readable_data)
		take(packet_sender, readable_data)


func send_p2p_packet(this_target: int, packet_data: Dictionary) -> void:
	var send_type: int = GodotWire.P2P_SEND_RELIABLE
	var channel: int = 0
	var this_data: PackedByteArray
	this_data.append_array(var_to_bytes(packet_data))
	if this_target == 0:
		if lobby_members.size() > 1:
			for this_member in lobby_members:
				if this_member['steam_id'] != steam_id:
					GodotWire.sendP2PPacket(this_member['steam_id'], this_data, send_type, channel)
	else:
		GodotWire.sendP2PPacket(this_target, this_data, send_type, channel)


func _on_p2p_session_connect_fail(steam_id: int, session_error: int) -> void:
	if session_error == 0:
		print("WARNING: Session failure with %s: no error given" % steam_id)
	elif session_error == 1:
		print("WARNING: Session failure with %s: target user not running the same game" % steam_id)
	elif session_error == 2:
		print("WARNING: Session failure with %s: local user doesn't own app / game" % steam_id)
	elif session_error == 3:
		print("WARNING: Session failure with %s: target user isn't connected to Steam" % steam_id)
	elif session_error == 4:
		print("WARNING: Session failure with %s: connection timed out" % steam_id)
	elif session_error == 5:
		print("WARNING: Session failure with %s: unused" % steam_id)
	else:
		print("WARNING: Session failure with %s: unknown error %s" % [steam_id, session_error])
