extends "../test_case.gd"
## GodotSteam's Networking Messages calls, on hosts that an in-memory link joins.

const GodotWire = preload("../../addons/godot_wire_3/godot_wire.gd")

const KEYS = [
	"payload",
	"size",
	"connection",
	"identity",
	"receiver_user_data",
	"time_received",
	"message_number",
	"channel",
	"flags",
	"sender_user_data",
]


func wire_on(host):
	var wire = GodotWire.new()
	wire._host = host
	return wire


func test_messages_before_connecting() -> bool:
	var wire = GodotWire.new()
	same(wire.sendMessageToUser(B, PoolByteArray([1]), 8, 0), 8, "send")
	same(wire.receiveMessagesOnChannel(0, 10), [], "receive")
	same(
		[wire.acceptSessionWithUser(B), wire.closeSessionWithUser(B), wire.closeChannelWithUser(B, 0)],
		[false, false, false],
		"sessions"
	)
	same(wire.getSessionConnectionInfo(B, false, false), {"connection_state": 0}, "info")
	wire.free()
	return true


func test_messages_there_and_back() -> bool:
	var rig = Rig.new()
	var wire_a = wire_on(rig.a)
	var wire_b = wire_on(rig.b)
	var asked: Array = []
	wire_b.connect("network_messages_session_request", self, "_note_1", [asked, "asked"])
	same(wire_b.acceptSessionWithUser(A), false, "nobody asked")
	same(wire_a.sendMessageToUser(B, PoolByteArray([1, 2]), GodotWire.NETWORKING_SEND_RELIABLE, 5), 1, "send")
	rig.a.poll()
	wire_b.run_callbacks()
	same(asked, [["asked", A]], "request")
	same(wire_b.acceptSessionWithUser(A), true, "accepted")
	same(wire_b.acceptSessionWithUser(A), true, "again: it is there")
	rig.settle()
	same(wire_a.sendMessageToUser(B, PoolByteArray([3]), GodotWire.NETWORKING_SEND_UNRELIABLE, 5), 1, "datagram")
	same(wire_a.sendMessageToUser(B, bytes(5000), GodotWire.NETWORKING_SEND_UNRELIABLE, 6), 1, "a large one")
	rig.settle()
	same(wire_b.receiveMessagesOnChannel(5, 1).size(), 1, "no more than asked for")
	wire_a.sendMessageToUser(B, PoolByteArray(), GodotWire.NETWORKING_SEND_RELIABLE_NO_NAGLE, 5)
	rig.settle()
	var messages = wire_b.receiveMessagesOnChannel(5, 10)
	same(messages.size(), 2, "the rest")
	same(messages[0].keys(), KEYS, "keys")
	same(
		[messages[0]["payload"], messages[0]["size"], messages[0]["identity"], messages[0]["channel"]],
		[PoolByteArray([3]), 1, A, 5],
		"values"
	)
	same([messages[0]["flags"], messages[1]["flags"]], [0, 8], "flags")
	same([messages[0]["message_number"], messages[1]["message_number"]], [2, 4], "numbers")
	same([messages[1]["payload"], messages[1]["size"]], [PoolByteArray(), 0], "an empty message")
	same(wire_b.receiveMessagesOnChannel(6, 10)[0]["size"], 5000, "came, reliably")
	same(wire_b.closeChannelWithUser(A, 5), true, "close a channel")
	same(wire_b.closeChannelWithUser(A, 5), false, "that is not open")
	same(wire_b.closeSessionWithUser(A), true, "close")
	same(wire_b.closeSessionWithUser(A), false, "what is not open")
	wire_a.free()
	wire_b.free()
	return true


func test_messages_results() -> bool:
	var rig = Rig.new()
	var wire = wire_on(rig.a)
	same(wire.sendMessageToUser(B, bytes(524289), 8, 0), GodotWire.RESULT_INVALID_PARAM, "too large")
	same(wire.sendMessageToUser(5, bytes(1), 8, 0), GodotWire.RESULT_INVALID_PARAM, "no id")
	same(wire.sendMessageToUser(B, bytes(1), 8, 0x80000000), GodotWire.RESULT_INVALID_PARAM, "no channel")
	same(
		wire.sendMessageToUser(B, bytes(1), GodotWire.NETWORKING_SEND_UNRELIABLE_NO_DELAY, 0),
		GodotWire.RESULT_IGNORED,
		"not up yet"
	)
	for at in 8:
		same(wire.sendMessageToUser(B, bytes(524288), 8, 0), GodotWire.RESULT_OK, "number %d" % at)
	same(wire.sendMessageToUser(B, bytes(1), 8, 0), GodotWire.RESULT_LIMIT_EXCEEDED, "4 MiB wait")
	wire.free()
	return true


func test_messages_info_and_failure() -> bool:
	var rig = Rig.new()
	var wire = wire_on(rig.a)
	var told: Array = []
	wire.connect("network_messages_session_failed", self, "_note_4", [told, "failed"])
	var nobody = 76561198000000077
	wire.sendMessageToUser(nobody, bytes(70), 8, 0)
	var info = wire.getSessionConnectionInfo(nobody, true, true)
	same([info["connection_state"], info["state"], info["pending_reliable"]], [1, 1, 70], "connecting")
	same([info["identity"], info["end_reason"], info.size()], [nobody, 0, 24], "keys of both")
	same(wire.getSessionConnectionInfo(nobody, true, false).size(), 11, "keys of the connection")
	same(wire.getSessionConnectionInfo(nobody, false, true).size(), 14, "keys of the status")
	rig.now += 20000
	wire.run_callbacks()
	same(told, [["failed", 5003, nobody, 5, "timed out"]], "failed")
	info = wire.getSessionConnectionInfo(nobody, true, false)
	same([info["connection_state"], info["end_reason"]], [5, 5003], "and remembered")
	rig = Rig.new()
	rig.activate()
	wire._host = rig.a
	same(wire.getSessionConnectionInfo(B, false, false), {"connection_state": 3}, "connected")
	rig.link_a.is_held = true
	wire.sendMessageToUser(B, bytes(9), 8, 0)
	rig.settle()
	info = wire.getSessionConnectionInfo(B, false, true)
	same([info["pending_reliable"], info["sent_unacknowledged_reliable"]], [0, 9], "on the way")
	wire.free()
	return true
