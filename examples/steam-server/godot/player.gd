extends Node
## A GodotSteam game's side of the example server: it greets, chats, sends something to be echoed, and prints what comes.

## How many packets one frame may cost.
const PACKET_READ_LIMIT := 32

## The Steam id that the server printed.
@export var server_id := 76561198000000001


func _ready() -> void:
	Steam.p2p_session_request.connect(_on_p2p_session_request)
	Steam.p2p_session_connect_fail.connect(_on_p2p_session_connect_fail)
	# The app id is in steam_appid.txt, beside project.godot.
	Steam.steamInit()
	send({"message": "handshake", "from": Steam.getSteamID()})


func _process(_delta: float) -> void:
	Steam.run_callbacks()
	for _i in PACKET_READ_LIMIT:
		var size: int = Steam.getAvailableP2PPacketSize(0)
		if size == 0:
			break
		var packet: Dictionary = Steam.readP2PPacket(size, 0)
		# GodotSteam before 4.8 calls the sender steam_id_remote.
		var sender: int = packet.get("remote_steam_id", packet.get("steam_id_remote", 0))
		if sender == server_id:
			receive(bytes_to_var(packet["data"]))


func receive(what: Dictionary) -> void:
	print("the server says ", what)
	if what["message"] == "handshake":
		send({"message": "chat", "text": "hello, everybody"})
		send({"message": "move", "at": Vector2(1.5, -2.0)})


func send(what: Dictionary) -> void:
	Steam.sendP2PPacket(server_id, var_to_bytes(what), Steam.P2P_SEND_RELIABLE, 0)


func _on_p2p_session_request(remote_id: int) -> void:
	# Only the server is answered; whoever else asks is a stranger.
	if remote_id == server_id:
		Steam.acceptP2PSessionWithUser(remote_id)


func _on_p2p_session_connect_fail(remote_id: int, session_error: int) -> void:
	print("no session with ", remote_id, ": error ", session_error)
