# A MultiplayerPeer without a network: keeps what is sent, and receives what it is given.
extends MultiplayerPeerExtension

const OTHER := 2

var sent: Array[PackedByteArray] = []
var incoming: Array[PackedByteArray] = []
var target := 0


func _put_packet_script(buffer: PackedByteArray) -> Error:
	sent.append(buffer)
	return OK


func _get_packet_script() -> PackedByteArray:
	return incoming.pop_front()


func _get_available_packet_count() -> int:
	return incoming.size()


func _get_connection_status() -> ConnectionStatus:
	return CONNECTION_CONNECTED


func _get_unique_id() -> int:
	return 1


func _is_server() -> bool:
	return true


func _get_packet_peer() -> int:
	return OTHER


func _get_packet_mode() -> TransferMode:
	return TRANSFER_MODE_RELIABLE


func _get_packet_channel() -> int:
	return 0


func _get_max_packet_size() -> int:
	return 1 << 24


func _set_target_peer(peer: int) -> void:
	target = peer


func _get_transfer_mode() -> TransferMode:
	return TRANSFER_MODE_RELIABLE


func _set_transfer_mode(_mode: TransferMode) -> void:
	pass


func _get_transfer_channel() -> int:
	return 0


func _set_transfer_channel(_channel: int) -> void:
	pass


func _is_server_relay_supported() -> bool:
	return false


func _is_refusing_new_connections() -> bool:
	return false


func _poll() -> void:
	pass


func _close() -> void:
	pass
