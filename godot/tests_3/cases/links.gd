extends "../test_case.gd"
## Links and peers that go away and come back.

const Protocol = preload("../../addons/godot_wire_3/wire/protocol.gd")
const FrameReader = preload("../../addons/godot_wire_3/wire/frame_reader.gd")
const FrameWriter = preload("../../addons/godot_wire_3/wire/frame_writer.gd")
const Session = preload("../../addons/godot_wire_3/session/session.gd")
const MemoryLink = preload("../memory_link.gd")


func test_a_lost_accept_loses_nothing() -> bool:
	for b_speaks_first in [true, false]:
		var rig = Rig.new()
		rig.a.send(B, "one".to_utf8(), 2, 0)
		rig.settle()
		# b accepts and sends, but the link breaks before a hears of it.
		rig.link_a.is_held = true
		rig.b.accept(A)
		rig.b.send(A, "two".to_utf8(), 2, 0)
		rig.settle()
		rig.cut()
		var ends = MemoryLink.pair(A, B)
		rig.link_a = ends[0]
		rig.link_b = ends[1]
		rig.a.attach(rig.link_a)
		rig.b.attach(rig.link_b)
		if b_speaks_first:
			rig.b.poll()
		rig.advance(1500)
		rig.b.send(A, "three".to_utf8(), 2, 0)
		rig.advance(100)
		same(read_texts(rig.a, 0), ["two", "three"], "at a, b first: %s" % b_speaks_first)
		same(read_texts(rig.b, 0), ["one"], "at b, b first: %s" % b_speaks_first)
		same(rig.session_a().is_delivered() and rig.session_b().is_delivered(), true, "all acknowledged")
	return true


func test_a_message_before_accept_comes_again() -> bool:
	var rig = Rig.new()
	rig.a.send(B, "x".to_utf8(), 2, 0)
	rig.settle()
	var writer = FrameWriter.new()
	writer.begin(rig.session_a().local_id, 5)
	writer.ack(0, 0, 1000)
	writer.message(0, 0, PoolByteArray([1]))
	rig.feed_a(writer.take())
	same(rig.a.counters["misplaced_records"], 2, "ignored and counted")
	same(rig.session_a().state, Session.State.CONNECTING, "still connecting")
	rig.b.accept(A)
	rig.b.send(A, "y".to_utf8(), 2, 0)
	rig.settle()
	same(read_texts(rig.a, 0), ["y"], "the stream starts with ACCEPT")
	return true


func test_a_random_life_loses_nothing() -> bool:
	for life in 12:
		random.seed = SEED + life
		var rig = Rig.new(1280 if life % 3 == 0 else 65536)
		var sent = {A: [], B: []}
		var got = {A: [], B: []}
		var hosts = {A: rig.a, B: rig.b}
		var others = {A: B, B: A}
		for step in 120:
			var id = A if random.randi() % 2 == 0 else B
			var host = hosts[id]
			match random.randi() % 8:
				0, 1, 2:
					for repeat in random.randi() % 6:
						var data = bytes(random.randi_range(0, 3000) if random.randi() % 8 > 0 else 150000)
						if host.send(others[id], data, 2 + random.randi() % 2, 0):
							sent[id].append(data)
				3:
					host.send(others[id], bytes(50), random.randi() % 2, 1)
				4:
					while host.peek(0) != null:
						got[id].append(host.read(0).data)
				5:
					if random.randi() % 4 == 0:
						rig.cut()
						rig.now += random.randi() % 2000
						rig.join()
				6:
					# Only one end gets to move, so that things cross on the way.
					host.poll()
				7:
					rig.link_a.is_full = random.randi() % 3 == 0
					rig.link_b.is_full = random.randi() % 3 == 0
			if random.randi() % 2 == 0:
				rig.now += random.randi() % 120
				rig.settle()
			for of in [A, B]:
				if hosts[of].has_request(others[of]):
					hosts[of].accept(others[of])
		rig.link_a.is_full = false
		rig.link_b.is_full = false
		for turn in 40:
			rig.advance(100)
			for id in [A, B]:
				if hosts[id].has_request(others[id]):
					hosts[id].accept(others[id])
				while hosts[id].peek(0) != null:
					got[id].append(hosts[id].read(0).data)
		check(got[B] == sent[A], "life %d: %d sent by a, %d arrived" % [life, sent[A].size(), got[B].size()])
		check(got[A] == sent[B], "life %d: %d sent by b, %d arrived" % [life, sent[B].size(), got[A].size()])
		for session in [rig.session_a(), rig.session_b()]:
			if session != null:
				same(
					[session._out.queued_bytes, session._out.unsent_bytes, session.unsent_messages()],
					[0, 0, 0],
					"life %d: queues" % life
				)
		same(Rig.count(rig.told_a, FAIL) + Rig.count(rig.told_b, FAIL), 0, "life %d: failures" % life)
	return true


func test_ping_keeps_a_quiet_session() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.link_a.record = true
	rig.advance(4900)
	same(rig.link_a.sent.size(), 0, "quiet before 5 s")
	rig.advance(60000)
	check(rig.link_a.sent.size() >= 10, "pings and pongs: %d" % rig.link_a.sent.size())
	check(rig.session_a() != null and rig.session_b() != null, "still there")
	rig.advance(120000)
	same([rig.session_a(), rig.session_b()], [null, null], "idle for 180 s ends it")
	same([rig.told_a, rig.told_b], [[], []], "silently")
	return true


func test_a_vanished_peer() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.link_a.is_held = true
	rig.link_b.is_held = true
	rig.advance(19000)
	check(rig.session_a() != null, "not before 20 s")
	rig.advance(1500)
	same(rig.session_a(), null, "gone")
	same(rig.told_a, [[CLOSED, B, 1000, "the peer is silent"]], "the link is given up, and nothing else told")
	rig = Rig.new()
	rig.activate()
	rig.link_a.is_held = true
	rig.link_b.is_held = true
	rig.a.send(B, PoolByteArray([1]), 2, 0)
	rig.advance(20500)
	same(rig.told_a[1], [FAIL, B, 4, true], "told")
	return true


func test_a_link_that_comes_back_loses_nothing() -> bool:
	var rig = Rig.new()
	rig.activate()
	var sent: Array = []
	for at in 12:
		sent.append(bytes(150000))
		rig.a.send(B, sent[at], 2, 0)
		rig.a.flush()
		if at % 4 == 3:
			# Some of it arrived, some is on the way, and then the link breaks.
			for frame in 3:
				rig.b.poll()
				rig.link_b.is_held = true
			rig.cut()
			rig.b.send(A, ("back %d" % at).to_utf8(), 2, 0)
			rig.b.send(A, "lost".to_utf8(), 0, 0)
			rig.advance(3000)
			rig.join()
			rig.settle()
	rig.advance(100)
	for data in sent:
		var packet = rig.b.read(0)
		check(packet != null and packet.data == data, "packet")
	check(rig.b.read(0) == null, "none twice")
	same(read_texts(rig.a, 0), ["back 3", "back 7", "back 11"], "the other way")
	same(rig.b.counters["gap_records"], 0, "no gaps")
	rig.advance(100)
	same(rig.session_a()._out.queued_messages(), 0, "acknowledged")
	return true


func test_half_a_message_goes_on_where_it_stopped() -> bool:
	var rig = Rig.new()
	rig.activate()
	var data = bytes(1000000)
	rig.link_b.is_held = true
	rig.a.send(B, data, 2, 0)
	rig.a.flush()
	# Five frames arrive and are acknowledged; the rest is lost with the link.
	var frames = rig.link_a.outgoing.duplicate()
	rig.link_a.outgoing = frames.slice(0, 5)
	rig.link_b.is_held = false
	rig.settle()
	rig.cut()
	rig.link_a.record = true
	var ends = MemoryLink.pair(A, B)
	rig.link_a = ends[0]
	rig.link_b = ends[1]
	rig.link_a.record = true
	rig.a.attach(rig.link_a)
	rig.b.attach(rig.link_b)
	rig.settle()
	var reader = FrameReader.new()
	reader.open(rig.link_a.sent[0])
	same([reader.next(), reader.type], [true, Protocol.ACK], "ACK comes first")
	same([reader.next(), reader.type], [true, Protocol.FRAGMENT], "then the rest")
	check(reader.offset > 300000, "from byte %d" % reader.offset)
	same(rig.b.read(0).data, data, "whole")
	return true


func test_a_restarted_peer_gets_what_it_missed() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.link_b.is_held = true
	rig.a.send(B, bytes(300000), 2, 0)
	rig.a.send(B, "second".to_utf8(), 2, 0)
	rig.settle()
	rig.cut()
	# A new process speaks as b.
	rig.b = SessionHost.new(B)
	rig.b.clock = funcref(rig, "time")
	rig.join()
	rig.advance(100)
	same(rig.told_b.back(), [REQUEST, A], "asks anew")
	rig.b.accept(A)
	rig.advance(100)
	same(rig.b.read(0).data.size(), 300000, "first")
	same(read_texts(rig.b, 0), ["second"], "second")
	return true


func test_a_link_that_lost_a_frame_is_made_anew() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.link_b.may_lose = true
	rig.a.send(B, bytes(300000), 2, 0)
	rig.a.flush()
	rig.link_a.outgoing.remove(2)
	rig.advance(100)
	same(rig.told_b, [[CLOSED, A, 1000, "a frame was lost"]], "given up")
	same(rig.b.peek(0), null, "nothing is readable yet")
	rig.join()
	rig.advance(100)
	same(rig.b.read(0).data.size(), 300000, "comes again over the next")
	return true
