extends "../test_case.gd"
## How sessions come about and end.

const Protocol := preload("../../addons/godot_wire/wire/protocol.gd")
const FrameReader := preload("../../addons/godot_wire/wire/frame_reader.gd")
const FrameWriter := preload("../../addons/godot_wire/wire/frame_writer.gd")
const Session := preload("../../addons/godot_wire/session/session.gd")


func test_request_and_accept() -> bool:
	var rig := Rig.new()
	same(rig.a.send(B, "hello".to_utf8_buffer(), 2, 3), true, "send")
	rig.settle()
	same(rig.session_a().state, Session.State.CONNECTING, "state of a")
	same(rig.told_b.back(), [REQUEST, A], "b is told")
	check(rig.b.peek(3) == null, "nothing readable before accept")
	same(rig.session_b(), null, "no session at b")
	rig.b.accept(A)
	rig.settle()
	same(rig.session_a().state, Session.State.ACTIVE, "a is active")
	var packet := rig.b.read(3)
	same([packet.peer, text(packet.data)], [A, "hello"], "packet")
	rig.advance(50)
	same(rig.session_a()._out.queued_messages(), 0, "acknowledged")
	return true


func test_sending_accepts() -> bool:
	var rig := Rig.new()
	rig.a.send(B, "one".to_utf8_buffer(), 2, 0)
	rig.settle()
	rig.b.send(A, "two".to_utf8_buffer(), 2, 0)
	rig.settle()
	same(read_texts(rig.b, 0), ["one"], "at b")
	same(read_texts(rig.a, 0), ["two"], "at a")
	same(Rig.count(rig.told_a, REQUEST), 0, "a saw no request")
	return true


func test_both_open_at_once() -> bool:
	var rig := Rig.new()
	rig.a.send(B, "from a".to_utf8_buffer(), 2, 0)
	rig.b.send(A, "from b".to_utf8_buffer(), 3, 0)
	rig.settle()
	same(read_texts(rig.b, 0), ["from a"], "at b")
	rig.advance(200)
	same(read_texts(rig.a, 0), ["from b"], "at a")
	same(Rig.count(rig.told_a, REQUEST) + Rig.count(rig.told_b, REQUEST), 0, "no requests")
	same(
		[rig.session_a().remote_id, rig.session_b().remote_id],
		[rig.session_b().local_id, rig.session_a().local_id],
		"ids"
	)
	return true


func test_request_is_repeated_every_five_seconds() -> bool:
	var rig := Rig.new()
	rig.a.send(B, PackedByteArray(), 2, 0)
	rig.settle()
	same(Rig.count(rig.told_b, REQUEST), 1, "at once")
	rig.advance(4900)
	same(Rig.count(rig.told_b, REQUEST), 1, "before 5 s")
	rig.advance(200)
	same(Rig.count(rig.told_b, REQUEST), 2, "after 5 s")
	rig.advance(5000)
	same(Rig.count(rig.told_b, REQUEST), 3, "after 10 s")
	return true


func test_connect_times_out_once_per_attempt() -> bool:
	var rig := Rig.new()
	rig.a.send(B, "lost".to_utf8_buffer(), 2, 0)
	rig.advance(19900)
	same(Rig.count(rig.told_a, FAIL), 0, "before 20 s")
	rig.advance(200)
	same(rig.told_a.back(), [FAIL, B, 4, false], "told")
	same(rig.session_a(), null, "session gone")
	same(rig.a.failure_with(B), 4, "the error stays")
	rig.advance(21000)
	same(Rig.count(rig.told_a, FAIL), 1, "told once")
	same(rig.b.has_request(A), false, "the request is forgotten too")
	rig.a.send(B, "again".to_utf8_buffer(), 2, 0)
	rig.settle()
	rig.b.accept(A)
	rig.settle()
	same(read_texts(rig.b, 0), ["again"], "the queue was dropped, a new attempt works")
	return true


func test_a_peer_without_link_times_out() -> bool:
	var rig := Rig.new()
	var nobody := 76561198000000077
	same(rig.a.send(nobody, PackedByteArray([1]), 2, 0), true, "send")
	rig.advance(20000)
	same(rig.told_a.back(), [FAIL, nobody, 4, false], "told")
	return true


func test_send_types_before_connect() -> bool:
	var rig := Rig.new()
	for type in 4:
		same(rig.a.send(B, ("type %d" % type).to_utf8_buffer(), type, 0), true, "send %d" % type)
	same(rig.session_a()._out.queued_messages(), 3, "queued")
	rig.settle()
	rig.b.accept(A)
	rig.advance(250)
	same(read_texts(rig.b, 0), ["type 0", "type 2", "type 3"], "arrived")
	same(rig.session_a()._out.queued_messages(), 0, "type 0 was acknowledged, so it went as a message")
	return true


func test_close_and_new_request() -> bool:
	var rig := Rig.new()
	rig.activate()
	rig.a.send(B, "unread".to_utf8_buffer(), 2, 0)
	rig.settle()
	rig.b.send(A, "unsent".to_utf8_buffer(), 3, 0)
	same(rig.b.close_session(A), true, "closes")
	same(rig.b.close_session(A), false, "nothing to close")
	check(rig.b.peek(0) == null, "unread is dropped")
	rig.settle()
	same(rig.session_a()._out.queued_messages(), 0, "the last ACK was sent")
	same(rig.told_a, [], "a is not told")
	rig.a.send(B, "next".to_utf8_buffer(), 2, 0)
	rig.settle()
	same(rig.told_b, [[REQUEST, A]], "b gets a request")
	same(rig.session_a().state, Session.State.CONNECTING, "a connects")
	rig.b.accept(A)
	rig.settle()
	same(read_texts(rig.b, 0), ["next"], "arrives")
	rig.advance(300)
	same(read_texts(rig.a, 0), [], "what b had not sent stays unsent")
	return true


func test_a_closed_peer_with_nothing_to_send_is_let_go() -> bool:
	var rig := Rig.new()
	rig.activate()
	rig.b.close_session(A)
	rig.advance(6000)
	same(rig.session_a(), null, "the ping finds out")
	same([rig.told_a, rig.told_b], [[], []], "nobody is told")
	return true


func test_one_side_forgets_and_opens_anew() -> bool:
	var rig := Rig.new()
	rig.activate()
	rig.link_b.is_held = true
	rig.a.send(B, "kept".to_utf8_buffer(), 2, 0)
	rig.settle()
	var old_id := rig.session_a().local_id
	rig.b.close_session(A)
	rig.b.send(A, "new".to_utf8_buffer(), 2, 0)
	rig.settle()
	same(rig.session_a().state, Session.State.ACTIVE, "a accepts again by itself")
	check(rig.session_a().local_id != old_id, "with a new id")
	rig.link_b.is_held = false
	rig.settle()
	same(read_texts(rig.a, 0), ["new"], "at a")
	same(read_texts(rig.b, 0), ["kept"], "at b, sent again from its first byte")
	same([rig.told_a, rig.told_b], [[], []], "no request")
	return true


func test_a_late_accept_of_another_session_starts_again() -> bool:
	var rig := Rig.new()
	rig.activate()
	rig.b.send(A, "first".to_utf8_buffer(), 2, 0)
	rig.settle()
	var id := rig.session_a().local_id
	# b closed, and accepted a late OPEN of a as a request.
	rig.b.close_session(A)
	rig.put_open_to_b(id)
	rig.b.accept(A)
	rig.b.send(A, "second".to_utf8_buffer(), 2, 0)
	rig.settle()
	same(read_texts(rig.a, 0), ["first", "second"], "both arrive")
	check(rig.session_a().local_id != id, "a has a new id")
	same(
		[rig.session_a().remote_id, rig.session_b().remote_id],
		[rig.session_b().local_id, rig.session_a().local_id],
		"ids"
	)
	return true


func test_open_and_accept_can_be_repeated() -> bool:
	var rig := Rig.new()
	rig.activate()
	rig.a.send(B, "x".to_utf8_buffer(), 2, 0)
	rig.settle()
	rig.link_a.record = true
	var writer := FrameWriter.new()
	writer.begin(0, rig.session_b().local_id)
	writer.open(5, 0, 0)
	rig.put_to_a(writer.take())
	var reader := FrameReader.new()
	reader.open(rig.link_a.sent[0])
	same(
		[reader.next(), reader.type, reader.source],
		[true, Protocol.ACCEPT, rig.session_a().local_id],
		"ACCEPT again"
	)
	same(
		[reader.next(), reader.type, reader.payload],
		[true, Protocol.MESSAGE, "x".to_utf8_buffer()],
		"and all that may not have been taken"
	)
	rig.a.send(B, "y".to_utf8_buffer(), 2, 0)
	rig.settle()
	same(read_texts(rig.b, 0), ["x", "y"], "the stream goes on, and credit did not go back")
	return true


func test_unknown_sessions_are_answered() -> bool:
	var rig := Rig.new()
	rig.link_a.record = true
	var writer := FrameWriter.new()
	writer.begin(777, 778)
	writer.ping(1)
	writer.message(0, 0, bytes(10))
	rig.put_to_a(writer.take())
	same(rig.link_a.sent.size(), 1, "one answer a frame")
	same(rig.link_a.sent[0].hex_encode(), "010000000000000000" + "03090300000000000000000000", "UNKNOWN 777")
	return true


func test_misplaced_records_do_nothing() -> bool:
	var rig := Rig.new()
	rig.activate()
	var writer := FrameWriter.new()
	var theirs := rig.session_a().remote_id
	writer.begin(0, theirs)
	writer.message(0, 0, bytes(4))
	rig.put_to_a(writer.take())
	var ours := rig.session_a().local_id
	writer.begin(ours, theirs)
	writer.open(1000, 0, 0)
	writer.unknown(theirs, 0, 0)
	rig.put_to_a(writer.take())
	same(rig.a.counters["misplaced_records"], 3, "counted")
	check(rig.a.peek(0) == null and rig.session_a().local_id == ours, "without effect")
	return true
