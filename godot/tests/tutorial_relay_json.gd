extends "tutorial_relay.gd"
## The two functions that know how values become bytes, for games of Godot 3 and 4 in one lobby: each version has its own
## numbers of types, JSON is the same.


func read_p2p_packet() -> void:
	var packet_size: int = GodotWire.getAvailableP2PPacketSize(0)
	if packet_size > 0:
		var this_packet: Dictionary = GodotWire.readP2PPacket(packet_size, 0)
		if this_packet.is_empty() or this_packet == null:
			print("WARNING: read an empty packet with non-zero size!")
		var packet_sender: int = this_packet['steam_id_remote']
		var packet_code: PackedByteArray = this_packet['data']
		var readable_data: Dictionary = JSON.parse_string(packet_code.get_string_from_utf8())
		print("Packet: %s" % readable_data)
		take(packet_sender, readable_data)


func send_p2p_packet(this_target: int, packet_data: Dictionary) -> void:
	var send_type: int = GodotWire.P2P_SEND_RELIABLE
	var channel: int = 0
	var this_data: PackedByteArray
	this_data.append_array(JSON.stringify(packet_data).to_utf8_buffer())
	if this_target == 0:
		if lobby_members.size() > 1:
			for this_member in lobby_members:
				if this_member['steam_id'] != steam_id:
					GodotWire.sendP2PPacket(this_member['steam_id'], this_data, send_type, channel)
	else:
		GodotWire.sendP2PPacket(this_target, this_data, send_type, channel)
