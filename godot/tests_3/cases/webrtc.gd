extends "../test_case.gd"
## Direct ways between two peers of a relay, which the test plays itself, over connections that are not real, and with a
## clock that the test moves.

const FakeWebRtc = preload("../fake_webrtc.gd")
const MemoryLink = preload("../memory_link.gd")
const Attempt = preload("../../addons/godot_wire_3/webrtc/attempt.gd")
const DirectLink = preload("../../addons/godot_wire_3/webrtc/direct_link.gd")
const Options = preload("../../addons/godot_wire_3/webrtc/options.gd")
const Signals = preload("../../addons/godot_wire_3/webrtc/signals.gd")
const Ways = preload("../../addons/godot_wire_3/webrtc/ways.gd")
const Lobbies = preload("../../addons/godot_wire_3/relay/lobbies.gd")
const Messages = preload("../../addons/godot_wire_3/relay/relay_messages.gd")
const RelayClient = preload("../../addons/godot_wire_3/relay/relay_client.gd")

const RELAY = 1
const FRAME_LIMIT = 65531
const OFFER_WAIT = 150
const DIRECT = ["direct", "direct"]
const RELAYED = ["relay", "relay"]

## One of the two ends.
class End:
	extends Reference
	var host
	var client
	var options = Options.new()
	## The link to the relay, and the relay's end of it.
	var link
	var relay
	## Connections that it made, oldest first.
	var made: Array = []
	var is_deaf := false
	var answer = OK
	var greeting: Array = []
	## Types of the messages that it sent by the relay.
	var said: Array = []
	## What its signals said.
	var signals: Array = []
	var events: Array = []

	func make():
		var connection = FakeWebRtc.new()
		connection.is_deaf = is_deaf
		connection.answer = answer
		connection.greeting = greeting
		made.append(connection)
		return connection

	func newest():
		return made.back()


var _now := 0
var _a
var _b
var _number := 0
## While true the relay keeps what is said by SIGNAL.
var _holds_signals := false
var _held: Array = []


func test_webrtc_moves_to_the_direct_way() -> bool:
	_join()
	_talk()
	same(_ways(), DIRECT, "direct at both ends")
	same(_b.newest().configuration, {"iceServers": []}, "configuration")
	same(
		[_b.newest().channels[0].options, _b.newest().channels[1].options],
		[
			{"negotiated": true, "id": 0, "ordered": true},
			{"negotiated": true, "id": 1, "ordered": false, "maxRetransmits": 0},
		],
		"channels"
	)
	_a.said.clear()
	_b.said.clear()
	var sent: Array = [_b.newest().channels[0].sent, _b.newest().channels[1].sent]
	_b.host.send(A, bytes(50000), 2, 0)
	_run(60)
	_b.host.send(A, bytes(10), 1, 0)
	_run(5)
	check(_b.newest().channels[0].sent >= sent[0] + 4, "frames of the web's size on the reliable channel")
	same(_b.newest().channels[1].sent, sent[1] + 1, "a datagram on the other")
	same(max(_a.host.read(0).data.size(), _a.host.read(0).data.size()), 50000, "arrived")
	same([_a.said, _b.said], [[], []], "nothing by the relay")
	var late = _b.client.late_frames
	_b.relay.outgoing.append(_numbered(Messages.DATA, 1, "late"))
	_run(5)
	same(_b.client.late_frames, late + 1, "what still comes by it is late")
	return true


func test_webrtc_goes_back_when_it_breaks_and_loses_nothing() -> bool:
	_join()
	_talk()
	var got: Array = []
	var sent := 0
	for turn in 4:
		for each in 50:
			_b.host.send(A, PoolByteArray([sent & 0xFF]), 2, 0)
			sent += 1
			if each == 25 and turn % 2 == 0:
				_b.host.flush()
				_b.newest().fail()
			elif each == 25:
				_b.host.flush()
				_a.newest().close()
		_run(20)
		same(_ways(), RELAYED, "by the relay")
		_run(300)
		same(_ways(), DIRECT, "and direct again")
		while _a.host.peek(0) != null:
			got.append(_a.host.read(0).data[0])
	var wanted: Array = []
	for number in sent:
		wanted.append(number & 0xFF)
	same(got, wanted, "all, once, in order")
	return true


func test_webrtc_without_an_implementation_answers_nothing() -> bool:
	_join(false)
	_a.options.connection_factory = null
	_a.options.is_enabled = not ClassDB.class_exists("WebRTCPeerConnection") or not OS.has_feature("web")
	_talk()
	same(_a.options.is_available(), false, "none here")
	same(_ways(), RELAYED, "by the relay")
	same([_a.signals, _b.signals.size()], [[], 2], "an offer and a candidate, and no answer")
	_run(_b.options.timeout_ms)
	same(_b.signals.back()["kind"], "relay", "given up")
	same(_ways(), RELAYED, "still by the relay")
	same(Rig.count(_b.events, SessionHost.Event.LINK_CLOSED), 0, "which nobody noticed")
	return true


func test_webrtc_of_a_gdnative_library_is_found_in_the_settings() -> bool:
	var setting = "gdnative/singletons"
	same(Options.new().is_available(), OS.has_feature("web"), "none in this project")
	ProjectSettings.set_setting(setting, ["res://other.gdnlib"])
	same(Options.new().is_available(), OS.has_feature("web"), "another library")
	ProjectSettings.set_setting(setting, ["res://other.gdnlib", "res://webrtc/webrtc.gdnlib"])
	var options = Options.new()
	same(options.is_available(), true, "that of WebRTC")
	options.is_enabled = false
	same(options.is_available(), false, "which the game does not want")
	ProjectSettings.set_setting(setting, null)
	return true


func test_webrtc_refused_by_the_engine_is_not_asked_for_again() -> bool:
	_join(false)
	_b.answer = ERR_UNCONFIGURED
	_talk()
	_run(2 * _b.options.retry_ms)
	same([_b.made.size(), _b.signals, _ways()], [1, [], RELAYED], "once, and nothing said")
	return true


func test_webrtc_only_where_the_relay_may_not_carry() -> bool:
	_join(false)
	var turn = {"urls": ["turn:turn.example.com"], "username": "u", "credential": "c"}
	var stun = {"urls": "stun:stun.example.com"}
	_b.options.ice_servers = [turn, stun]
	for end in [_a, _b]:
		end.client.allow_relay(false)
		end.is_deaf = true
	_b.host.send(A, bytes(10), 2, 0)
	_run(50)
	same(_ways(), ["none", "none"], "no link at first")
	same(_b.newest().configuration, {"iceServers": [stun]}, "no TURN")
	same(_b.said.count(Messages.DATA), 0, "no frame by the relay")
	_a.is_deaf = false
	_b.is_deaf = false
	_run(_b.options.timeout_ms + 2000)
	same(_ways(), DIRECT, "direct in the next try")
	same(Rig.count(_a.events, REQUEST) > 0, true, "the request arrived")
	return true


func test_webrtc_tries_again_and_leaves_the_relay_alone_meanwhile() -> bool:
	_join(false)
	_a.is_deaf = true
	_b.is_deaf = true
	_talk()
	_run(_b.options.timeout_ms)
	same([_b.made.size(), _a.made.size(), _ways()], [1, 1, RELAYED], "one try")
	_a.is_deaf = false
	_b.is_deaf = false
	_run(_b.options.retry_ms + 1000)
	same([_b.made.size(), _ways()], [2, DIRECT], "the second")
	same(Rig.count(_b.events, SessionHost.Event.LINK_CLOSED), 1, "one change")
	return true


func test_webrtc_takes_candidates_that_come_early() -> bool:
	_join(false)
	_holds_signals = true
	_talk()
	# The offer gets through, and then the answer comes last.
	_release(_held)
	_run(20)
	var answers = _held
	_held = []
	same([answers[0][1]["kind"], answers[1][1]["kind"]], ["answer", "candidate"], "as it was said")
	answers.invert()
	_holds_signals = false
	_release(answers)
	_run(50)
	same(_ways(), DIRECT, "direct")
	return true


func test_webrtc_drops_signals_that_make_no_sense() -> bool:
	_join()
	_talk()
	# Without broken JSON, of which Godot 3 writes a line to its log.
	var rows = [
		"", "[]", "null", "{}", '{"kind":"relay"}', '{"kind":"relay","attempt":"1"}',
		'{"kind":"relay","attempt":-1}', '{"kind":"relay","attempt":1.5}', '{"kind":"relay","attempt":1e300}',
		'{"kind":"offer","attempt":2}', '{"kind":"answer","attempt":1,"sdp":5}', '{"kind":"candidate","attempt":1}',
		'{"kind":"candidate","attempt":1,"candidate":{"candidate":7}}', '{"kind":5,"attempt":1}',
		'{"kind":"other","attempt":1}', '{"kind":"relay","attempt":1,"x":"' + _repeat("x", Signals.LIMIT) + '"}',
	]
	for row in rows:
		_b.relay.outgoing.append(_numbered(Messages.SIGNAL, 1, row))
	_run(20)
	same(_b.host.counters["broken_signals"], rows.size(), "all are counted")
	# Of another attempt, and an offer to the end that makes the offers.
	for told in [{"kind": "relay", "attempt": 7}, {"kind": "answer", "attempt": 7, "sdp": "x"}]:
		_b.relay.outgoing.append(Signals.write(1, told))
	_b.relay.outgoing.append(Signals.write(1, {"kind": "offer", "attempt": 9, "sdp": "x"}))
	_run(20)
	same(_b.host.counters["broken_signals"], rows.size() + 1, "and the offer")
	same([_ways(), _b.made.size()], [DIRECT, 1], "nothing has changed")
	return true


func test_webrtc_does_not_make_connections_as_fast_as_it_is_asked() -> bool:
	_join()
	_talk()
	for number in 50:
		_a.relay.outgoing.append(Signals.write(1, {"kind": "offer", "attempt": 100 + number, "sdp": "fake 1"}))
	_run(OFFER_WAIT)
	same(_a.made.size(), Ways.OFFERS, "as many as may be in a second")
	_a.relay.outgoing.append(Signals.write(1, {"kind": "offer", "attempt": 200, "sdp": "fake 1"}))
	_run(1000)
	_a.relay.outgoing.append(Signals.write(1, {"kind": "offer", "attempt": 201, "sdp": "fake 1"}))
	_run(20)
	check(_a.made.size() > Ways.OFFERS, "and more in the next")
	return true


func test_webrtc_ends_a_way_that_begins_with_nonsense() -> bool:
	for word in [[PoolByteArray([1]), true], [PoolByteArray([2]), false], [PoolByteArray([1, 1]), false]]:
		_join(false)
		_b.greeting = word
		_talk()
		same(_b.signals.back()["kind"], "relay", "said")
		same(_ways(), RELAYED, "by the relay")
	return true


func test_webrtc_goes_back_when_a_frame_is_lost_or_none() -> bool:
	_join()
	_talk()
	_b.newest().channels[0].lose = 1
	_b.host.send(A, PoolByteArray([1]), 2, 0)
	_b.host.flush()
	_b.host.send(A, PoolByteArray([2]), 2, 0)
	_run(20)
	same(_ways(), RELAYED, "a gap")
	same([_a.host.read(0).data[0], _a.host.read(0).data[0]], [1, 2], "both arrived")
	_run(300)
	_b.newest().channels[1].put_packet(PoolByteArray([65]), true)
	_run(20)
	same(_ways(), RELAYED, "a text")
	_run(300)
	_b.newest().channels[1].put_packet(bytes(DirectLink.FRAME_LIMIT + 1))
	_run(20)
	same(_ways(), RELAYED, "a frame that is too large")
	return true


func test_webrtc_goes_back_when_it_does_not_get_on() -> bool:
	for lost in [1, 1000000]:
		_join()
		_talk()
		# The last frame, after which no gap shows; and then everything, as where a cable is drawn.
		for end in [_a, _b]:
			for channel in end.newest().channels:
				channel.lose = lost
		_b.host.send(A, PoolByteArray([7]), 2, 0)
		_run(9000)
		same([_ways(), _a.host.peek(0) == null], [DIRECT, true], "nothing arrives")
		_b.events.clear()
		_run(3000)
		same(_a.host.read(0).data[0], 7, "it arrived by the relay")
		same(Rig.count(_b.events, FAIL), 0, "and nobody failed")
	return true


func test_webrtc_notices_a_way_that_is_dead_though_nothing_is_sent() -> bool:
	_join(false)
	_talk()
	for end in [_a, _b]:
		for channel in end.newest().channels:
			channel.lose = 1000000
	_run(12000)
	same(_ways(), RELAYED, "by the relay")
	return true


func test_webrtc_stays_while_it_gets_on() -> bool:
	_join(false)
	_talk()
	_run(15000)
	_b.host.send(A, PoolByteArray([1]), 2, 0)
	_run(1100)
	same([_ways(), _b.made.size()], [DIRECT, 1], "after a pause")
	# Nobody was heard for long when the way is found.
	for end in [_a, _b]:
		end.client.allow_relay(false)
		end.link.cut()
	_b.newest().fail()
	_run(12000)
	_meet()
	_run(2500)
	same([_ways(), _b.made.size()], [DIRECT, 2], "after a silence")
	return true


func test_webrtc_stays_while_something_is_acknowledged() -> bool:
	_join(false)
	_talk()
	# Each hears of the other by the test only.
	for channel in _a.newest().channels:
		channel.lose = 1000000
	var session = _b.host.session_with(A)
	var first: int = session._out._base_sequence
	_b.host.send(A, PoolByteArray([1]), 2, 0)
	_b.host.send(A, PoolByteArray([2]), 2, 0)
	var ways: Array = []
	for second in 20:
		_run(1000)
		session.heard(_now)
		_a.host.session_with(B).heard(_now)
		if second == 8:
			session.take_ack(first + 1, 0, 1 << 21)
		ways.append(_ways()[1])
	same([ways[12], ways[19]], ["direct", "relay"], "ten seconds after the last step")
	return true


func test_webrtc_holds_back_what_the_channel_does_not_take() -> bool:
	_join()
	_talk()
	var link = _b.host.link_to(A)
	var channels = _b.newest().channels
	channels[1].backlog = DirectLink.DATAGRAM_BACKLOG + 1
	var sent: int = channels[1].sent
	same([link.send_datagrams(bytes(10)), link.dropped_datagrams], [true, 1], "a datagram too late")
	channels[0].backlog = DirectLink.BACK_PRESSURE + 1
	same([link.can_send(), link.send(bytes(10))], [false, false], "the reliable channel is full")
	channels[0].backlog = DirectLink.BACK_PRESSURE
	channels[1].backlog = 0
	same([link.can_send(), link.send_datagrams(bytes(10))], [true, true], "there is room")
	same(channels[1].sent, sent + 1, "sent")
	return true


func test_webrtc_needs_no_relay_once_it_is_there() -> bool:
	_join()
	_talk()
	_a.link.cut()
	_b.link.cut()
	_run(20)
	same(_ways(), DIRECT, "the relay is gone")
	_b.host.send(A, PoolByteArray([7]), 2, 0)
	_run(20)
	same(_a.host.read(0).data[0], 7, "and packets arrive")
	# It breaks while there is no relay: one end asks for it as soon as it is back, and the other follows.
	_b.newest().fail()
	_b.host.send(A, PoolByteArray([8]), 2, 0)
	_run(20)
	same(_ways()[1], "none", "no link at all")
	_meet()
	_run(1500)
	same(_a.host.read(0).data[0], 8, "it arrives")
	same(_ways(), DIRECT, "and there is a direct way again")
	return true


func test_webrtc_ends_with_the_game_s_wish() -> bool:
	_join()
	_talk()
	_b.client.close_ways()
	_run(20)
	same(_b.newest().get_connection_state(), FakeWebRtc.CLOSED, "for good")
	same(_ways(), ["relay", "none"], "the other end is back on the relay")
	return true


## B has the higher id, so it makes the offers. Tries follow each other fast, unless `is_fast` is false.
func _join(is_fast: bool = true) -> void:
	_now = 1000
	_number = 0
	_held = []
	_a = _end(A)
	_b = _end(B)
	for end in [_a, _b]:
		if is_fast:
			end.options.retry_ms = 200
	_meet()


func _end(id: int):
	var end = End.new()
	end.host = SessionHost.new(id)
	end.host.clock = funcref(self, "_time")
	end.options.connection_factory = funcref(end, "make")
	var lobbies = Lobbies.new()
	lobbies.speak_as(id)
	end.client = RelayClient.new(end.host, lobbies, end.options)
	return end


## Both join the relay.
func _meet() -> void:
	_number = 0
	for end in [_a, _b]:
		var both = MemoryLink.pair(end.host.local_id, RELAY)
		end.link = both[0]
		end.relay = both[1]
		end.relay.poll()
		end.client.attach(end.link)
		end.relay.outgoing.append(PoolByteArray([Messages.WELCOME, 1]))
	_run(1)


## An active session from B to A.
func _talk(ms: int = 60) -> void:
	_b.host.send(A, bytes(10), 2, 0)
	_run(5)
	_a.host.accept(B)
	_run(5)
	_a.host.read(0)
	_run(ms)


## Which way packets take between the two, as each end sees it.
func _ways() -> Array:
	var ways: Array = []
	for link in [_a.host.link_to(B), _b.host.link_to(A)]:
		ways.append("none" if link == null else ("relay" if link.is_relayed else "direct"))
	return ways


func _run(ms: int) -> void:
	var until = _now + ms
	var step := 50 if ms > 1000 else 1
	while _now < until:
		_now += step
		for end in [_a, _b]:
			end.client.poll()
			end.host.poll()
			end.events += end.host.take_events()
		_pass_on(_a, _b)
		_pass_on(_b, _a)


## What the relay does with what one end says.
func _pass_on(from, to) -> void:
	var messages = from.link.outgoing
	from.link.outgoing = []
	for message in messages:
		var type: int = message[0]
		from.said.append(type)
		if type == Messages.CONNECT:
			if _number == 0:
				_number = 1
				_tell_up(from, to.host.local_id)
				_tell_up(to, from.host.local_id)
		elif type == Messages.SIGNAL:
			from.signals.append(Signals.read(message))
			if _holds_signals:
				_held.append([to, from.signals.back(), message])
			else:
				to.relay.outgoing.append(message)
		elif type == Messages.REQUEST:
			from.relay.outgoing.append(_numbered(Messages.REPLY, Messages.number_of(message), "{}"))
		elif type == Messages.DATA or type == Messages.DATAGRAM:
			to.relay.outgoing.append(message)


func _tell_up(end, peer: int) -> void:
	var payload = StreamPeerBuffer.new()
	payload.put_64(peer)
	payload.put_u32(FRAME_LIMIT)
	end.relay.outgoing.append(Messages.numbered(Messages.UP, _number, payload.data_array))


func _numbered(type: int, number: int, text: String) -> PoolByteArray:
	return Messages.numbered(type, number, text.to_utf8())


func _release(held: Array) -> void:
	var all = held.duplicate()
	held.clear()
	for each in all:
		each[0].relay.outgoing.append(each[2])


func _time() -> int:
	return _now


static func _repeat(text: String, count: int) -> String:
	var whole := ""
	for _turn in count:
		whole += text
	return whole
