extends "../test_case.gd"
## GodotSteam's calls, on hosts that an in-memory link joins.

const GodotWire = preload("../../addons/godot_wire_3/godot_wire.gd")


## The node on one end of a rig.
func wire_on(host):
	var wire = GodotWire.new()
	wire._host = host
	return wire


func test_api_before_connecting() -> bool:
	var wire = GodotWire.new()
	same(wire.getSteamID(), 0, "id")
	same(wire.sendP2PPacket(B, PoolByteArray([1]), 2), false, "send")
	same(
		[wire.readP2PPacket(10), wire.getAvailableP2PPacketSize(), wire.isP2PPacketAvailable()],
		[{}, 0, false],
		"read"
	)
	same(
		[wire.acceptP2PSessionWithUser(B), wire.closeP2PSessionWithUser(B), wire.closeP2PChannelWithUser(B, 0)],
		[false, false, false],
		"sessions"
	)
	same([wire.getP2PSessionState(B), wire.allowP2PPacketRelay(true)], [{}, true], "state")
	same(wire.connect_to_server("ws://127.0.0.1:1", 5), ERR_INVALID_PARAMETER, "no Steam id")
	wire.run_callbacks()
	wire.disconnect_from_server()
	wire.free()
	return true


func test_api_limits() -> bool:
	var rig = Rig.new()
	rig.activate()
	var wire = wire_on(rig.a)
	for row in [[0, 1200, 1201], [1, 1200, 1201], [2, 1048576, 1048577], [3, 1048576, 1048577]]:
		same(wire.sendP2PPacket(B, bytes(row[1]), row[0]), true, "type %d, %d bytes" % [row[0], row[1]])
		same(wire.sendP2PPacket(B, bytes(row[2]), row[0]), false, "type %d, %d bytes" % [row[0], row[2]])
	for type in [-1, 4, 100]:
		same(wire.sendP2PPacket(B, PoolByteArray([1]), type), false, "type %d" % type)
	same(wire.sendP2PPacket(B, PoolByteArray([1]), 0, 0x80000000), false, "channel above int32")
	same(wire.sendP2PPacket(B, PoolByteArray([1]), 0, -0x80000000), true, "lowest channel")
	same(wire.sendP2PPacket(1234, PoolByteArray([1]), 0), false, "not a Steam id")
	wire.free()
	return true


func test_api_reading() -> bool:
	var rig = Rig.new()
	rig.activate()
	var sender = wire_on(rig.a)
	var wire = wire_on(rig.b)
	var mine = PoolByteArray([1, 2, 3, 4])
	sender.sendP2PPacket(B, mine, 2, 5)
	mine[0] = 99
	mine.append(5)
	sender.sendP2PPacket(B, PoolByteArray(), 2, 5)
	sender.sendP2PPacket(B, PoolByteArray(), 0, 6)
	sender.sendP2PPacket(B, PoolByteArray([7, 8, 9]), 2, 5)
	sender.sendP2PPacket(B, PoolByteArray([7, 8, 9]), 2, 5)
	rig.settle()
	same(wire.getAvailableP2PPacketSize(5), 4, "size")
	var packet = wire.readP2PPacket(100, 5)
	same(packet.keys(), ["data", "remote_steam_id", "steam_id_remote"], "keys")
	same(
		packet["data"],
		PoolByteArray([1, 2, 3, 4]),
		"what the caller did to its array later does not show"
	)
	same([packet["remote_steam_id"], packet["steam_id_remote"]], [A, A], "sender")
	same(
		[wire.getAvailableP2PPacketSize(5), wire.isP2PPacketAvailable(5)],
		[0, true],
		"an empty packet is there"
	)
	same(wire.readP2PPacket(0, 5)["data"], PoolByteArray(), "and can be read")
	same(
		[wire.isP2PPacketAvailable(6), wire.readP2PPacket(0, 6)["data"]],
		[true, PoolByteArray()],
		"an empty datagram too"
	)
	same(wire.readP2PPacket(2, 5)["data"], PoolByteArray([7, 8]), "a small buffer truncates")
	same(wire.readP2PPacket(0, 5)["data"], PoolByteArray(), "to nothing, if need be")
	same(wire.readP2PPacket(1, 5), {}, "and the rest of it is lost")
	wire.free()
	sender.free()
	return true


func test_api_state() -> bool:
	var rig = Rig.new()
	var wire = wire_on(rig.a)
	same(wire.getP2PSessionState(B), {}, "none")
	wire.sendP2PPacket(B, bytes(100), 2)
	var state = wire.getP2PSessionState(B)
	same(
		state.keys(),
		[
			"connection_active",
			"connecting",
			"session_error",
			"using_relay",
			"bytes_queued_for_send",
			"packets_queued_for_send",
			"remote_ip",
			"remote_port",
		],
		"keys"
	)
	same(state.values(), [0, 1, 0, 0, 100, 1, 0, 0], "connecting")
	rig.settle()
	rig.b.accept(A)
	rig.advance(100)
	same(wire.getP2PSessionState(B).values(), [1, 0, 0, 0, 0, 0, 0, 0], "active")
	rig.link_a.is_full = true
	wire.sendP2PPacket(B, bytes(1000), 2)
	wire.sendP2PPacket(B, bytes(500), 3)
	rig.settle()
	same(wire.getP2PSessionState(B).values(), [1, 0, 0, 0, 1500, 2, 0, 0], "waiting")
	rig.link_a.is_full = false
	rig.advance(300)
	same(wire.getP2PSessionState(B).values(), [1, 0, 0, 0, 0, 0, 0, 0], "sent")
	var nobody = 76561198000000077
	wire.sendP2PPacket(nobody, bytes(1), 2)
	rig.advance(20000, 500)
	same(wire.getP2PSessionState(nobody).values(), [0, 0, 4, 0, 0, 0, 0, 0], "failed")
	same(wire.closeP2PSessionWithUser(nobody), false, "nothing to close")
	same(wire.getP2PSessionState(nobody), {}, "but the error is gone")
	same(wire.getP2PSessionState(A), {}, "self, unused")
	wire.sendP2PPacket(A, bytes(1), 2)
	same(wire.getP2PSessionState(A).values(), [1, 0, 0, 0, 0, 0, 0, 0], "self")
	wire.free()
	return true


func test_api_self_send() -> bool:
	var rig = Rig.new()
	var wire = wire_on(rig.a)
	for type in 4:
		same(wire.sendP2PPacket(A, PoolByteArray([type]), type, 8), true, "send %d" % type)
	for type in 4:
		same(
			wire.readP2PPacket(10, 8),
			{"data": PoolByteArray([type]), "remote_steam_id": A, "steam_id_remote": A},
			"read %d" % type
		)
	same(wire.readP2PPacket(10, 8), {}, "no more")
	same(wire.closeP2PSessionWithUser(A), true, "close")
	same(wire.closeP2PSessionWithUser(A), false, "close again")
	wire.run_callbacks()
	wire.free()
	return true


func test_api_channels_close() -> bool:
	var rig = Rig.new()
	rig.activate()
	var wire = wire_on(rig.b)
	for channel in [1, 2]:
		rig.a.send(B, bytes(5), 2, channel)
		rig.a.send(B, bytes(5), 0, channel)
	rig.settle()
	same(wire.closeP2PChannelWithUser(A, 9), false, "never used")
	same(wire.closeP2PChannelWithUser(A, 1), true, "close 1")
	same(
		[wire.isP2PPacketAvailable(1), wire.isP2PPacketAvailable(2)],
		[false, true],
		"only its packets are gone"
	)
	same(wire.closeP2PChannelWithUser(A, 1), false, "close 1 again")
	same(wire.closeP2PChannelWithUser(A, 2), true, "close 2")
	check(not wire.getP2PSessionState(A).empty(), "channel 0 was used before")
	same(wire.closeP2PChannelWithUser(A, 0), true, "close 0")
	same(wire.getP2PSessionState(A), {}, "the last one closes the session")
	wire.free()
	return true


func test_api_signals_come_from_run_callbacks() -> bool:
	var rig = Rig.new()
	var wire = wire_on(rig.b)
	var told: Array = []
	wire.connect("p2p_session_request", self, "_note_1", [told, "request"])
	wire.connect("p2p_session_connect_fail", self, "_note_2", [told, "fail"])
	wire.connect("link_opened", self, "_note_1", [told, "opened"])
	wire.connect("link_closed", self, "_note_3", [told, "closed"])
	rig.a.send(B, bytes(5), 2, 0)
	rig.a.poll()
	rig.b.poll()
	same(told, [], "nothing yet")
	wire.run_callbacks()
	same(told, [["request", A]], "now")
	wire.sendP2PPacket(76561198000000077, bytes(5), 2)
	rig.now += 20000
	wire.run_callbacks()
	same(told.back(), ["fail", 76561198000000077, 4], "failure")
	rig.cut()
	rig.b._events += [rig.told_b.back()]
	wire.run_callbacks()
	same(told.back(), ["closed", A, 1006, "cut"], "link")
	wire.free()
	return true


func test_api_constants() -> bool:
	same(
		[
			GodotWire.P2P_SEND_UNRELIABLE,
			GodotWire.P2P_SEND_UNRELIABLE_NO_DELAY,
			GodotWire.P2P_SEND_RELIABLE,
			GodotWire.P2P_SEND_RELIABLE_WITH_BUFFERING,
		],
		[0, 1, 2, 3],
		"send types"
	)
	same(
		[
			GodotWire.P2P_SESSION_ERROR_NONE,
			GodotWire.P2P_SESSION_ERROR_NOT_RUNNING_APP,
			GodotWire.P2P_SESSION_ERROR_NO_RIGHTS_TO_APP,
			GodotWire.P2P_SESSION_ERROR_DESTINATION_NOT_LOGGED_ON,
			GodotWire.P2P_SESSION_ERROR_TIMEOUT,
			GodotWire.P2P_SESSION_ERROR_MAX,
		],
		[0, 1, 2, 3, 4, 5],
		"errors"
	)
	same(
		[
			GodotWire.NET_SOCKET_CONNECTION_TYPE_NOT_CONNECTED,
			GodotWire.NET_SOCKET_CONNECTION_TYPE_UDP,
			GodotWire.NET_SOCKET_CONNECTION_TYPE_UDP_RELAY,
		],
		[0, 1, 2],
		"connection types"
	)
	same(
		[
			GodotWire.NET_SOCKET_STATE_INVALID,
			GodotWire.NET_SOCKET_STATE_CONNECTED,
			GodotWire.NET_SOCKET_STATE_INITIATED,
			GodotWire.NET_SOCKET_STATE_LOCAL_CANDIDATE_FOUND,
			GodotWire.NET_SOCKET_STATE_RECEIVED_REMOTE_CANDIDATES,
			GodotWire.NET_SOCKET_STATE_CHALLENGE_HANDSHAKE,
			GodotWire.NET_SOCKET_STATE_DISCONNECTING,
			GodotWire.NET_SOCKET_STATE_LOCAL_DISCONNECT,
			GodotWire.NET_SOCKET_STATE_TIMEOUT_DURING_CONNECT,
			GodotWire.NET_SOCKET_STATE_REMOTE_END_DISCONNECTED,
			GodotWire.NET_SOCKET_STATE_BROKEN,
		],
		[0, 1, 10, 11, 12, 15, 21, 22, 23, 24, 25],
		"socket states"
	)
	same(
		[GodotWire.P2PSend.P2P_SEND_RELIABLE, GodotWire.SocketState.NET_SOCKET_STATE_BROKEN],
		[2, 25],
		"in their enums"
	)
	return true


func test_api_account_ids() -> bool:
	var rig = Rig.new()
	rig.activate()
	var wire = wire_on(rig.a)
	var account = B & 0xFFFFFFFF
	same(wire.sendP2PPacket(account, PoolByteArray([1]), 2), false, "no Steam id")
	wire.use_account_ids = true
	same(wire.sendP2PPacket(account, PoolByteArray([1]), 2), true, "enough, as in GodotSteam")
	same(wire.sendP2PPacket(1 << 32, PoolByteArray([1]), 2), false, "no account")
	same(wire.getP2PSessionState(account), wire.getP2PSessionState(B), "the same session")
	rig.settle()
	same(rig.b.read(0).data, PoolByteArray([1]), "arrives")
	wire.free()
	return true


func test_api_names() -> bool:
	var wire = GodotWire.new()
	same(wire.getFriendPersonaName(A), "[unknown]", "nobody said")
	wire.persona_names[A] = "Alice"
	same(wire.getFriendPersonaName(A), "Alice", "noted")
	wire.free()
	return true


func test_api_close_may_linger() -> bool:
	for is_slow in [false, true]:
		var rig = Rig.new()
		rig.activate()
		rig.a.settings.close_linger_ms = 1000
		var wire = wire_on(rig.a)
		rig.link_a.is_full = true
		wire.sendP2PPacket(B, "goodbye".to_utf8(), 3)
		rig.b.send(A, "unread".to_utf8(), 2, 0)
		rig.settle()
		same(wire.closeP2PSessionWithUser(B), true, "close")
		same(wire.getP2PSessionState(B), {}, "closed for the game")
		same(wire.isP2PPacketAvailable(), false, "what was unread is gone")
		same(wire.closeP2PSessionWithUser(B), false, "there is nothing to close")
		rig.b.send(A, "too late".to_utf8(), 2, 0)
		rig.advance(1100 if is_slow else 100)
		rig.link_a.is_full = false
		rig.advance(200)
		same(read_texts(rig.b, 0), [] if is_slow else ["goodbye"], "slow: %s" % is_slow)
		same([wire.isP2PPacketAvailable(), rig.told_a], [false, []], "nothing comes in")
		same(rig.a._sessions.size(), 0, "gone in the end")
		wire.free()
	return true


func test_api_a_lingering_session_revives() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.a.settings.close_linger_ms = 1000
	rig.link_a.is_full = true
	rig.a.send(B, "one".to_utf8(), 2, 0)
	rig.a.close_session(B)
	rig.a.send(B, "two".to_utf8(), 2, 0)
	rig.link_a.is_full = false
	rig.advance(2000)
	same(read_texts(rig.b, 0), ["one", "two"], "in order")
	check(rig.session_a() != null, "open again")
	return true
