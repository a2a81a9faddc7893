extends "../test_case.gd"
## Whole nodes over real sockets in one process: one listens, others dial, lose the link and find back.

const Dialer := preload("../../addons/godot_wire/link/dialer.gd")
const GodotWire := preload("../../addons/godot_wire/godot_wire.gd")

const PATIENCE_MS := 5000

var _nodes: Array = []
var _told := {}


func test_connecting_asks_in_urls_that_the_engine_takes() -> bool:
	for row in [
		["ws://host", "ws://host/?token=1"],
		["wss://host:80", "wss://host:80/?token=1"],
		["ws://host/", "ws://host/?token=1"],
		["ws://host/a/b", "ws://host/a/b?token=1"],
		["ws://host/a?b=/c", "ws://host/a?b=/c&token=1"],
		["ws://host?b=/c", "ws://host/?b=/c&token=1"],
	]:
		same(Dialer.with_question(row[0], "token=1"), row[1], row[0])
	return true


func test_connecting_to_a_game_that_listens() -> bool:
	var server := listening(A)
	var client := dialling(B, server)
	pump(func() -> bool: return told(client, "opened") == [A] and told(server, "opened") == [B])
	var request := var_to_bytes({"message": "handshake", "from": B})
	client.sendP2PPacket(A, request, GodotWire.P2P_SEND_RELIABLE)
	pump(func() -> bool: return told(server, "request") == [B])
	server.acceptP2PSessionWithUser(B)
	server.sendP2PPacket(B, bytes(200000), GodotWire.P2P_SEND_RELIABLE, 3)
	pump(func() -> bool: return server.isP2PPacketAvailable() and client.isP2PPacketAvailable(3))
	same(server.readP2PPacket(1000)["data"], request, "there")
	same(client.getAvailableP2PPacketSize(3), 200000, "and back")
	var state := client.getP2PSessionState(A)
	same([state["remote_ip"], state["remote_port"]], [0x7F000001, server.get_listen_port()], "address")
	client.disconnect_from_server()
	pump(func() -> bool: return told(client, "closed") == [1000] and told(server, "closed") == [1000])
	same(told(client, "again"), [], "who leaves does not come back")
	end()
	return true


func test_connecting_is_refused_while_the_id_is_in_use() -> bool:
	var server := listening(A)
	var first := dialling(B, server)
	pump(func() -> bool: return told(server, "opened") == [B])
	var second := dialling(B, server)
	pump(func() -> bool: return told(second, "closed") == [4003])
	check(told(second, "again").size() == 1, "it tries again: the first may be gone soon")
	check(told(first, "closed").is_empty(), "the first stays")
	var impostor := dialling(A, server)
	pump(func() -> bool: return told(impostor, "closed") == [4002])
	same(told(impostor, "again"), [], "an id that is refused is refused again")
	same(impostor.dialer.is_busy(), false, "so it is free for another")
	end()
	return true


func test_connecting_again_loses_nothing() -> bool:
	var server := listening(A)
	var client := dialling(B, server)
	client.dialer.min_ms = 10
	pump(func() -> bool: return told(client, "opened") == [A])
	var sent: Array = []
	var got: Array = []
	for cut in 3:
		for at in 40:
			sent.append(bytes(10000))
			client.sendP2PPacket(A, sent.back(), GodotWire.P2P_SEND_RELIABLE)
		client.run_callbacks()
		server.run_callbacks()
		# The socket breaks without a word: nothing of what is in it arrives.
		client.dialer.link()._socket = WebSocketPeer.new()
		pump(func() -> bool: return told(client, "opened").size() == cut + 2 and server.sendP2PPacket(B, bytes(1), 2))
		pump(func() -> bool: return read_all(server, got) == sent.size())
	check(got == sent, "%d of %d packets" % [got.size(), sent.size()])
	same(told(client, "again").size(), 3, "dials")
	end()
	return true


func test_connecting_pauses_longer_and_longer() -> bool:
	var client := node(B)
	var clock := Clock.new()
	client.dialer.min_ms = 1000
	client.dialer.max_ms = 5000
	same(client.connect_to_server("ws://127.0.0.1:1", B), OK, "dials")
	client._host.clock = clock.time
	for dial in 6:
		pump(func() -> bool: return told(client, "again").size() == dial + 1)
		var pause: int = told(client, "again").back()
		var wanted := mini(1000 << dial, 5000)
		check(pause >= wanted * 0.75 and pause <= wanted * 1.25, "pause %d of %d ms" % [pause, wanted])
		clock.now += pause - 1
		client.run_callbacks()
		same(client.dialer.link(), null, "not before it is over")
		clock.now += 1
		client.run_callbacks()
		check(client.dialer.link() != null, "dial %d" % dial)
	same(client.connect_to_server("ws://127.0.0.1:1", B), ERR_ALREADY_IN_USE, "it is at it already")
	client.disconnect_from_server()
	pump(func() -> bool: return not client.dialer.is_busy())
	same(client.listen(0, B + 1), OK, "and free for another id")
	end()
	return true


func test_connecting_without_coming_back() -> bool:
	var client := node(B)
	client.dialer.reconnect = false
	same(client.connect_to_server("ws://127.0.0.1:1", B), OK, "dials")
	pump(func() -> bool: return told(client, "closed") == [-1])
	same([told(client, "again"), client.dialer.is_busy()], [[], false], "once")
	end()
	return true


func test_connecting_stops_with_the_listener() -> bool:
	var server := listening(A)
	var client := dialling(B, server)
	pump(func() -> bool: return told(client, "opened") == [A])
	same(server.listen(0, A), ERR_ALREADY_IN_USE, "twice")
	server.stop_listening()
	pump(func() -> bool: return told(client, "again").size() > 0)
	same([server.get_listen_port(), told(client, "closed")], [0, [1000]], "over")
	end()
	return true


class Clock:
	extends RefCounted
	var now := 1000

	func time() -> int:
		return now


func node(_id: int) -> GodotWire:
	var wire := GodotWire.new()
	_nodes.append(wire)
	var log := {"opened": [], "closed": [], "request": [], "again": []}
	_told[wire] = log
	wire.link_opened.connect(func(id: int) -> void: log["opened"].append(id))
	wire.link_closed.connect(func(_peer: int, code: int, _reason: String) -> void: log["closed"].append(code))
	wire.p2p_session_request.connect(func(id: int) -> void: log["request"].append(id))
	wire.reconnecting.connect(func(ms: int) -> void: log["again"].append(ms))
	return wire


func told(wire: GodotWire, what: String) -> Array:
	return _told[wire][what]


func listening(id: int) -> GodotWire:
	var wire := node(id)
	same(wire.listen(0, id, "127.0.0.1"), OK, "listens")
	return wire


func dialling(id: int, server: GodotWire) -> GodotWire:
	var wire := node(id)
	same(wire.connect_to_server("ws://127.0.0.1:%d/game" % server.get_listen_port(), id), OK, "dials")
	return wire


func read_all(wire: GodotWire, into: Array) -> int:
	while wire.isP2PPacketAvailable():
		into.append(wire.readP2PPacket(1 << 20)["data"])
	return into.size()


## Runs all nodes until the condition holds.
func pump(until: Callable) -> void:
	var patience := Time.get_ticks_msec() + PATIENCE_MS
	while not until.call():
		for wire in _nodes:
			wire.run_callbacks()
		if Time.get_ticks_msec() >= patience:
			problems.append("waited in vain")
			return
		OS.delay_usec(200)


func end() -> void:
	for wire in _nodes:
		wire.free()
	_nodes.clear()
	_told.clear()
