extends "../test_case.gd"
## What a peer need not send again, and frames of sessions that are not known.

const Protocol = preload("../../addons/godot_wire_3/wire/protocol.gd")
const FrameReader = preload("../../addons/godot_wire_3/wire/frame_reader.gd")
const FrameWriter = preload("../../addons/godot_wire_3/wire/frame_writer.gd")
const Received = preload("../../addons/godot_wire_3/session/received.gd")
const Session = preload("../../addons/godot_wire_3/session/session.gd")
const MemoryLink = preload("../memory_link.gd")


## Joins both by a new link of which neither end has heard yet. What both send is recorded.
func join_later(rig) -> void:
	var ends = MemoryLink.pair(A, B)
	rig.link_a = ends[0]
	rig.link_b = ends[1]
	rig.link_a.record = true
	rig.link_b.record = true
	rig.a.attach(rig.link_a)
	rig.b.attach(rig.link_b)


## `received` of every record of a type in recorded frames.
func told(link, type: int) -> Array:
	var found: Array = []
	var reader = FrameReader.new()
	for frame in link.sent:
		reader.open(frame)
		while reader.next():
			if reader.type == type:
				found.append([reader.received_session, reader.received_sequence])
	return found


## Joined and active; a's first message was read, "once" was read too, but the link broke before the acknowledgement.
func lose_last_ack():
	var rig = Rig.new()
	rig.activate()
	rig.a.send(B, "once".to_utf8(), 2, 0)
	rig.settle()
	same(read_texts(rig.b, 0), ["once"], "read")
	rig.cut()
	same(rig.session_a()._out.queued_messages(), 1, "a does not know")
	return rig


func test_received_with_unknown_ends_a_session_that_is_delivered() -> bool:
	var rig = lose_last_ack()
	var id = rig.session_a().local_id
	same(rig.b.close_session(A), true, "b closes")
	join_later(rig)
	rig.settle()
	same(told(rig.link_b, Protocol.UNKNOWN), [[id, 2]], "UNKNOWN tells")
	same(rig.session_a(), null, "nothing is left to say")
	rig.advance(2000)
	for kind in [REQUEST, FAIL]:
		same([Rig.count(rig.told_a, kind), Rig.count(rig.told_b, kind)], [0, 0], "nobody is asked or told")
	return true


func test_received_with_unknown_is_not_sent_again() -> bool:
	var rig = lose_last_ack()
	rig.b.close_session(A)
	rig.a.send(B, "later".to_utf8(), 2, 0)
	join_later(rig)
	rig.settle()
	same(told(rig.link_b, Protocol.UNKNOWN).size(), 1, "b says UNKNOWN")
	same(rig.told_b.back(), [REQUEST, A], "b is asked anew")
	rig.b.accept(A)
	rig.advance(100)
	same(read_texts(rig.b, 0), ["later"], "what b had read does not come twice")
	same(rig.session_a().is_delivered(), true, "all acknowledged")
	return true


func test_received_with_open_is_not_sent_again() -> bool:
	var rig = lose_last_ack()
	var id = rig.session_a().local_id
	rig.b.close_session(A)
	rig.b.send(A, "new".to_utf8(), 2, 0)
	rig.a.send(B, "later".to_utf8(), 2, 0)
	join_later(rig)
	# OPEN of b goes before anything of a.
	rig.b.poll()
	rig.settle()
	same(told(rig.link_b, Protocol.OPEN), [[id, 2]], "OPEN tells")
	same(told(rig.link_b, Protocol.UNKNOWN), [], "there was no need for UNKNOWN")
	same(read_texts(rig.b, 0), ["later"], "what b had read does not come twice")
	same(read_texts(rig.a, 0), ["new"], "at a")
	rig.advance(100)
	same([rig.session_a().is_delivered(), rig.session_b().is_delivered()], [true, true], "all acknowledged")
	return true


func test_received_of_a_vanished_session() -> bool:
	var rig = lose_last_ack()
	var id = rig.session_a().local_id
	# Only b lives through the silence.
	rig.now += Protocol.VANISH_AFTER
	rig.b.poll()
	same(rig.session_b(), null, "b has given up")
	join_later(rig)
	rig.b.send(A, "new".to_utf8(), 2, 0)
	rig.b.poll()
	same(told(rig.link_b, Protocol.OPEN), [[id, 2]], "OPEN tells")
	return true


func test_received_of_a_session_that_the_peer_closed() -> bool:
	var rig = Rig.new()
	rig.activate()
	var writer = FrameWriter.new()
	writer.begin(0, 78)
	writer.open(1000000, rig.session_a().local_id, 1)
	rig.feed_a(writer.take())
	writer.begin(rig.session_a().local_id, 78)
	writer.message(0, 0, bytes(3))
	rig.feed_a(writer.take())
	writer.begin(0, 0)
	writer.unknown(78, 0, 0)
	rig.feed_a(writer.take())
	same(rig.session_a(), null, "ended")
	rig.link_a.record = true
	rig.a.send(B, bytes(1), 2, 0)
	rig.a.poll()
	same(told(rig.link_a, Protocol.OPEN), [[78, 1]], "OPEN tells")
	return true


func test_received_when_a_session_starts_again() -> bool:
	var rig = Rig.new()
	rig.activate()
	var id = rig.session_b().local_id
	rig.b.send(A, bytes(10), 2, 0)
	rig.settle()
	rig.link_a.record = true
	var writer = FrameWriter.new()
	writer.begin(0, 78)
	writer.open(1000000, 0, 0)
	rig.feed_a(writer.take())
	same(told(rig.link_a, Protocol.ACCEPT), [[id, 1]], "ACCEPT tells")
	rig.a.send(B, bytes(10), 2, 0)
	rig.link_a.sent.clear()
	writer.begin(0, 0)
	writer.unknown(78, 0, 0)
	rig.feed_a(writer.take())
	same(told(rig.link_a, Protocol.OPEN), [[78, 0]], "OPEN tells")
	return true


func test_received_of_another_session_is_not_taken() -> bool:
	for row in [[1, 2, 0], [0, 2, 0], [0, 1, 0], [0, 3, 1]]:
		for by_open in [true, false]:
			var rig = Rig.new()
			rig.activate()
			rig.link_b.is_held = true
			rig.a.send(B, bytes(10), 2, 0)
			rig.settle()
			var writer = FrameWriter.new()
			var session: int = rig.session_a().local_id ^ row[0]
			if by_open:
				writer.begin(0, 78)
				writer.open(0, session, row[1])
			else:
				writer.begin(0, 0)
				writer.unknown(rig.session_a().remote_id, session, row[1])
			rig.feed_a(writer.take())
			var is_taken: bool = row[0] == 0 and row[1] == 2
			var left = 0 if rig.session_a() == null else rig.session_a()._out.queued_messages()
			same(left, 0 if is_taken else 1, "left after %s, OPEN: %s" % [row, by_open])
			same(rig.a.counters["bad_acks"], row[2], "bad after %s, OPEN: %s" % [row, by_open])
	return true


func test_the_larger_received_sequence_is_kept() -> bool:
	var rig = Rig.new()
	rig.link_a.record = true
	var writer = FrameWriter.new()
	# The peer's session, how many of its messages arrive, and what is remembered after.
	for row in [[77, 2, [77, 2]], [77, 0, [77, 2]], [77, 3, [77, 3]], [78, 0, [78, 0]], [77, 1, [77, 1]]]:
		writer.begin(0, row[0])
		writer.open(1000000, 0, 0)
		rig.feed_a(writer.take())
		rig.a.accept(B)
		rig.a.poll()
		for number in row[1]:
			writer.begin(rig.session_a().local_id, row[0])
			writer.message(number, 0, bytes(3))
			rig.feed_a(writer.take())
		rig.a.close_session(B)
		rig.link_a.sent.clear()
		writer.begin(9, row[0])
		writer.ping(1)
		rig.feed_a(writer.take())
		same(told(rig.link_a, Protocol.UNKNOWN), [row[2]], "after %s" % [row])
	var received = Received.new()
	for row in [[0xFFFFFFFE, 0xFFFFFFFE], [1, 1], [0xFFFFFFFF, 1], [0x80000000, 0x80000000]]:
		received.remember(B, 5, row[0])
		same(received.sequence_of(B), row[1], "the larger one, also where numbers wrap: %s" % [row])
	return true


func test_received_is_bounded() -> bool:
	var received = Received.new()
	for at in 4096:
		received.remember(at, 1 + at, 7)
	received.remember(0, 1, 8)
	received.remember(5000, 9, 9)
	same([received.session_of(0), received.sequence_of(0)], [1, 8], "renewed, so kept")
	same([received.session_of(1), received.sequence_of(1)], [0, 0], "the oldest is gone")
	same([received.session_of(2), received.session_of(5000)], [3, 9], "the others are there")
	return true


func test_a_wrong_source_is_unknown() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.link_a.record = true
	var id = rig.session_a().local_id
	var theirs = rig.session_a().remote_id
	var writer = FrameWriter.new()
	for source in [theirs ^ 1, 0]:
		rig.link_a.sent.clear()
		writer.begin(id, source)
		writer.accept(5000000, 0, 0)
		writer.message(0, 0, bytes(4))
		writer.datagram(0, bytes(4))
		writer.ping(1)
		rig.feed_a(writer.take())
		var wanted = FrameWriter.new()
		wanted.begin(0, 0)
		wanted.unknown(id, 0, 0)
		same(rig.link_a.sent, [wanted.take()], "one UNKNOWN for %d" % source)
		check(rig.a.peek(0) == null, "nothing is read for %d" % source)
		same([rig.session_a().local_id, rig.session_a().remote_id], [id, theirs], "the session stays for %d" % source)
	same(rig.a.counters["unknown_sessions"], 2, "counted")
	writer.begin(id, theirs)
	writer.message(0, 0, "right".to_utf8())
	rig.feed_a(writer.take())
	same(read_texts(rig.a, 0), ["right"], "the right source is read")
	return true


func test_a_wrong_source_is_not_heard() -> bool:
	for is_right in [true, false]:
		var rig = Rig.new()
		rig.activate()
		rig.now += 15000
		var writer = FrameWriter.new()
		writer.begin(rig.session_a().local_id, rig.session_a().remote_id ^ (0 if is_right else 1))
		writer.pong(1)
		rig.feed_a(writer.take())
		rig.now += 5000
		rig.a.poll()
		same(rig.session_a() != null, is_right, "lives on, right source: %s" % is_right)
	return true


func test_accept_gives_the_id_of_the_peer() -> bool:
	var rig = Rig.new()
	rig.a.send(B, "x".to_utf8(), 2, 0)
	rig.settle()
	rig.link_a.record = true
	var id = rig.session_a().local_id
	var writer = FrameWriter.new()
	writer.begin(id, 0)
	writer.accept(1000, 0, 0)
	rig.feed_a(writer.take())
	same(rig.session_a().state, Session.State.CONNECTING, "nobody's ACCEPT is none")
	same(told(rig.link_a, Protocol.UNKNOWN), [[0, 0]], "but answered with UNKNOWN")
	writer.begin(id, 77)
	writer.accept(1000, 0, 0)
	rig.feed_a(writer.take())
	same([rig.session_a().state, rig.session_a().remote_id], [Session.State.ACTIVE, 77], "active")
	rig.link_a.sent.clear()
	writer.begin(id, 77)
	writer.accept(900, 0, 0)
	rig.feed_a(writer.take())
	same([rig.session_a().local_id, rig.session_a().remote_id], [id, 77], "again: the session stays")
	same(rig.link_a.sent, [], "and nothing is said")
	var reader = FrameReader.new()
	rig.a.send(B, "y".to_utf8(), 2, 0)
	rig.a.poll()
	same([reader.open(rig.link_a.sent[0]), reader.destination, reader.source], [true, 77, id], "frames name both")
	return true


func test_open_of_nobody_is_broken() -> bool:
	var rig = Rig.new()
	var writer = FrameWriter.new()
	writer.begin(0, 0)
	writer.open(1000, 0, 0)
	rig.put_to_a(writer.take())
	same(rig.a.counters["broken_frames"], 1, "counted")
	same([Rig.count(rig.told_a, REQUEST), rig.a.has_request(B)], [0, false], "no request")
	return true
