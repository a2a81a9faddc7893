extends "tutorial.gd"
## The two functions that the tutorial changes for compressed packets.


func read_p2p_packet() -> void:
	var packet_size: int = GodotWire.getAvailableP2PPacketSize(0)
	if packet_size > 0:
		var this_packet: Dictionary = GodotWire.readP2PPacket(packet_size, 0)
		if this_packet.is_empty() or this_packet == null:
			print("WARNING: read an empty packet with non-zero size!")
		var packet_sender: int = this_packet['steam_id_remote']
		var packet_code: PackedByteArray = this_packet['data']
		var readable_data: Dictionary = bytes_to_var(packet_code.decompress_dynamic(-1, FileAccess.COMPRESSION_GZIP))
		print("Packet: %s" % readable_data)
		take(packet_sender, readable_data)


func send_p2p_packet(target: int, packet_data: Dictionary) -> void:
	var send_type: int = GodotWire.P2P_SEND_RELIABLE
	var channel: int = 0
	var this_data: PackedByteArray
	var compressed_data: PackedByteArray = var_to_bytes(packet_data).compress(FileAccess.COMPRESSION_GZIP)
	this_data.append_array(compressed_data)
	if target == 0:
		if lobby_members.size() > 1:
			for this_member in lobby_members:
				if this_member['steam_id'] != steam_id:
					GodotWire.sendP2PPacket(this_member['steam_id'], this_data, send_type, channel)
	else:
		GodotWire.sendP2PPacket(target, this_data, send_type, channel)
