extends "../test_case.gd"
## Packets in an active session: order, cuts, credit, acknowledgement.

const Protocol = preload("../../addons/godot_wire_3/wire/protocol.gd")
const FrameReader = preload("../../addons/godot_wire_3/wire/frame_reader.gd")
const FrameWriter = preload("../../addons/godot_wire_3/wire/frame_writer.gd")


func test_datagrams_when_active() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.a.send(B, "d0".to_utf8(), 0, -5)
	rig.a.send(B, "d1".to_utf8(), 1, -5)
	same(rig.session_a()._out.queued_messages(), 0, "not queued")
	rig.settle()
	same(read_texts(rig.b, -5), ["d0", "d1"], "arrived")
	rig.link_a.is_full = true
	same(rig.a.send(B, "d2".to_utf8(), 1, -5), true, "send under back-pressure")
	rig.settle()
	same(rig.a.counters["datagrams_not_sent"], 1, "dropped and counted")
	rig.link_a.is_full = false
	rig.settle()
	same(read_texts(rig.b, -5), [], "not sent later")
	for at in 200:
		rig.a.send(B, bytes(1200), 0, 4)
	rig.settle()
	var found = 0
	while rig.b.read(4) != null:
		found += 1
	same(found, 200, "a burst arrives whole")
	return true


func test_unread_datagrams_are_bounded() -> bool:
	var rig = Rig.new()
	rig.activate()
	for at in 1500:
		rig.a.send(B, PoolByteArray([at & 0xFF]), 0, 0)
	rig.settle()
	same(rig.b.counters["unread_datagrams_dropped"], 1500 - 1024, "by number")
	while rig.b.read(0) != null:
		pass
	for at in 1000:
		rig.a.send(B, bytes(1200), 0, 0)
	rig.settle()
	same(rig.b.counters["unread_datagrams_dropped"], 1500 - 1024 + 1000 - 873, "by bytes")
	return true


func test_messages_keep_their_order_over_channels_and_types() -> bool:
	var rig = Rig.new()
	rig.activate()
	var wanted: Array = []
	for at in 300:
		wanted.append(str(at))
		rig.a.send(B, str(at).to_utf8(), 2 + at % 2, 0)
	rig.advance(200)
	same(read_texts(rig.b, 0), wanted, "order")
	same(rig.b.counters["gap_records"] + rig.b.counters["duplicate_records"], 0, "none dropped")
	return true


func test_large_messages_are_cut() -> bool:
	for limit in [1280, 4096, 65536]:
		var rig = Rig.new(limit)
		rig.activate()
		rig.link_a.record = true
		var sent: Array = []
		for size in [1048576, 0, 1, limit - 24, limit - 23, limit, 100000, limit - 600, 2 * limit]:
			sent.append(bytes(size))
			rig.a.send(B, sent.back(), 2, 2)
		rig.advance(100)
		for data in sent:
			var packet = rig.b.read(2)
			check(
				packet != null and packet.data == data,
				"message of %d over frames of %d" % [data.size(), limit]
			)
		rig.advance(100)
		same(rig.session_a()._out.queued_messages(), 0, "acknowledged")
		var reader = FrameReader.new()
		for frame in rig.link_a.sent:
			check(frame.size() <= limit, "frame of %d" % frame.size())
			reader.open(frame)
			while reader.next():
				if reader.type == Protocol.FRAGMENT and reader.offset + reader.payload.size() < reader.total:
					check(reader.payload.size() >= 1024, "fragment of %d" % reader.payload.size())
	return true


func test_credit_stalls_and_resumes() -> bool:
	var rig = Rig.new()
	rig.activate()
	var sent: Array = []
	for at in 8:
		sent.append(bytes(500000 + at))
		same(rig.a.send(B, sent[at], 2, 0), true, "send %d" % at)
	rig.advance(500)
	var arrived = 0
	while rig.b.peek(0) != null and arrived < 2:
		same(rig.b.read(0).data, sent[arrived], "packet %d" % arrived)
		arrived += 1
	check(
		rig.session_a()._out.queued_messages() == 4,
		"stalled behind four: %d" % rig.session_a()._out.queued_messages()
	)
	same(rig.b.counters["beyond_credit_records"], 0, "a kept to the credit")
	rig.advance(500)
	check(rig.session_a()._out.queued_messages() < 4, "resumes when the game reads")
	while rig.b.peek(0) != null:
		same(rig.b.read(0).data, sent[arrived], "packet %d" % arrived)
		arrived += 1
		rig.advance(50)
	same(arrived, 8, "all arrive")
	same(rig.session_a()._out.queued_bytes, 0, "all acknowledged")
	return true


func test_credit_is_enforced() -> bool:
	var rig = Rig.new()
	rig.activate()
	var writer = FrameWriter.new()
	# activate() used message 0 of a's stream; b's stream to a starts at 0.
	for number in 40:
		writer.begin(rig.session_a().local_id, rig.session_a().remote_id)
		writer.message(number, 0, bytes(60000))
		rig.put_to_a(writer.take())
	same(rig.a.counters["beyond_credit_records"], 1, "the first beyond")
	same(rig.a.counters["gap_records"], 40 - 34 - 1, "the rest leave a gap")
	var unread = 0
	while rig.a.read(0) != null:
		unread += 1
	same(unread, 34, "2 MiB hold 34 messages of 60,032")
	return true


func test_starting_again_gives_no_second_buffer() -> bool:
	var rig = Rig.new()
	rig.activate()
	var writer = FrameWriter.new()
	for turn in 4:
		for number in 40:
			writer.begin(rig.session_a().local_id, rig.session_a().remote_id)
			writer.message(number, 0, bytes(60000))
			rig.feed_a(writer.take())
		writer.begin(0, 100 + turn)
		writer.open(0, 0, 0)
		rig.feed_a(writer.take())
	var unread = 0
	while rig.a.read(0) != null:
		unread += 1
	same(unread, 34, "unread over four sessions")
	return true


func test_stream_refuses_what_does_not_fit() -> bool:
	var rig = Rig.new()
	rig.activate()
	var counters = rig.a.counters
	var writer = FrameWriter.new()
	var to = rig.session_a().local_id
	var from = rig.session_a().remote_id
	for record in [
		["gap_records", 1, 0, 10, 0, 10], # message 1 before message 0
		["gap_records", 0, 0, 4000, 1024, 1024], # byte 1024 before byte 0
		["bad_records", 0, 0, 1048577, 0, 1024],
		["bad_records", 0, 0, 100, 50, 51],
		["", 0, 0, 4000, 0, 1024],
		["duplicate_records", 0, 0, 4000, 0, 1024],
		["bad_records", 0, 0, 4001, 1024, 1024],
		["bad_records", 0, 1, 4000, 1024, 1024],
		["gap_records", 0, 0, 4000, 1025, 1024],
		["", 0, 0, 4000, 512, 1536], # overlaps, and adds 1024
		["", 0, 0, 4000, 1500, 2500],
		["duplicate_records", 0, 0, 4000, 2048, 1952],
	]:
		var before: Dictionary = counters.duplicate()
		writer.begin(to, from)
		writer.fragment(record[1], record[2], record[3], record[4], bytes(record[5]))
		rig.put_to_a(writer.take())
		for key in counters:
			same(counters[key] - before[key], 1 if key == record[0] else 0, "%s after %s" % [key, record])
	same(rig.a.peek(0).data.size(), 4000, "and the message is whole")
	return true


func test_acks_are_checked() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.link_b.is_held = true
	rig.a.send(B, bytes(1000), 2, 0)
	rig.settle()
	var writer = FrameWriter.new()
	for ack in [[3, 0], [2, 1], [1, 1000], [1, 2000]]:
		writer.begin(rig.session_a().local_id, rig.session_a().remote_id)
		writer.ack(ack[0], ack[1], 0x7FFFFFF)
		rig.put_to_a(writer.take())
	same(rig.a.counters["bad_acks"], 4, "refused")
	same(rig.session_a()._out.queued_messages(), 1, "nothing was taken for delivered")
	writer.begin(rig.session_a().local_id, rig.session_a().remote_id)
	writer.ack(0, 0, 0)
	rig.put_to_a(writer.take())
	same(rig.a.counters["bad_acks"], 4, "an old one is no fault")
	return true


func test_acks_leave_in_time() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.a.send(B, bytes(10), 2, 0)
	rig.settle()
	same(rig.session_a()._out.queued_messages(), 1, "not at once")
	rig.advance(40, 10)
	same(rig.session_a()._out.queued_messages(), 1, "not after 40 ms")
	rig.advance(10)
	same(rig.session_a()._out.queued_messages(), 0, "after 50 ms")
	for at in 16:
		rig.a.send(B, bytes(10), 2, 0)
	rig.settle()
	same(rig.session_a()._out.queued_messages(), 0, "at once after 16 records")
	rig.a.send(B, bytes(65536), 2, 0)
	rig.settle()
	same(rig.session_a()._out.queued_messages(), 0, "at once after 65,536 bytes")
	rig.a.send(B, bytes(10), 2, 0)
	rig.settle()
	rig.b.send(A, bytes(10), 0, 0)
	rig.settle()
	same(rig.session_a()._out.queued_messages(), 0, "with the next frame")
	return true


func test_nagle() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.a.send(B, "slow".to_utf8(), 3, 0)
	rig.advance(190, 10)
	check(rig.b.peek(0) == null, "waits")
	rig.advance(10)
	same(read_texts(rig.b, 0), ["slow"], "leaves after 200 ms")
	rig.a.send(B, bytes(700), 3, 0)
	rig.settle()
	check(rig.b.peek(0) == null, "700 bytes wait")
	rig.a.send(B, bytes(500), 3, 0)
	rig.settle()
	same(rig.b.read(0).data.size() + rig.b.read(0).data.size(), 1200, "1,200 bytes leave")
	rig.a.send(B, "held".to_utf8(), 3, 1)
	rig.a.send(B, "go".to_utf8(), 2, 0)
	rig.settle()
	same(read_texts(rig.b, 1) + read_texts(rig.b, 0), ["held", "go"], "type 2 takes it along")
	return true


func test_little_credit_makes_no_little_fragments() -> bool:
	var rig = Rig.new()
	rig.link_a.record = true
	var writer = FrameWriter.new()
	writer.begin(0, 9)
	writer.open(Protocol.MESSAGE_COST + 1023, 0, 0)
	rig.feed_a(writer.take())
	rig.a.send(B, bytes(2500), 2, 0)
	rig.a.poll()
	for row in [
		# Credit, and the offset and size of the fragment that it lets out.
		[Protocol.MESSAGE_COST + 1024, 0, 1024],
		[Protocol.MESSAGE_COST + 2047, 0, 0],
		[Protocol.MESSAGE_COST + 2100, 1024, 1076],
		[Protocol.MESSAGE_COST + 2499, 0, 0],
		[Protocol.MESSAGE_COST + 2500, 2100, 400],
	]:
		rig.link_a.sent.clear()
		writer.begin(rig.session_a().local_id, rig.session_a().remote_id)
		writer.ack(0, 0, row[0])
		rig.feed_a(writer.take())
		var reader = FrameReader.new()
		var cuts: Array = []
		for frame in rig.link_a.sent:
			reader.open(frame)
			while reader.next():
				if reader.type == Protocol.FRAGMENT:
					cuts.append([reader.offset, reader.payload.size()])
		same(cuts, [[row[1], row[2]]] if row[2] > 0 else [], "with credit %d" % row[0])
	return true


func test_sequence_numbers_wrap() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.session_a()._out._base_sequence = 0xFFFFFFFD
	rig.session_b()._in.sequence = 0xFFFFFFFD
	rig.session_a()._out._base_cost = 0xFFFFFF00
	rig.session_a()._out._cursor_cost = 0xFFFFFF00
	rig.session_b()._in.cost = 0xFFFFFF00
	rig.session_a()._out._credit = 0x001FFF00
	rig.session_b()._in.credit = 0x001FFF00
	for at in 50:
		rig.a.send(B, str(at).to_utf8(), 2, 0)
		rig.advance(50)
	same(read_texts(rig.b, 0).size(), 50, "all arrive")
	same(rig.session_a()._out.queued_messages(), 0, "all acknowledged")
	return true


func test_send_buffer_is_bounded() -> bool:
	var rig = Rig.new()
	var data = bytes(1048576)
	for at in 4:
		same(rig.a.send(B, data, 2, 0), true, "MiB %d" % at)
	same(rig.a.send(B, PoolByteArray([1]), 2, 0), false, "one byte more")
	rig.settle()
	rig.b.accept(A)
	var arrived = 0
	for turn in 20:
		rig.advance(50)
		while rig.b.read(0) != null:
			arrived += 1
	same(arrived, 4, "what was taken arrives")
	same(rig.a.send(B, PoolByteArray([1]), 2, 0), true, "there is room again")
	return true


func test_many_small_packets_all_arrive() -> bool:
	var rig = Rig.new()
	rig.activate()
	var data = bytes(60)
	var frames = 100
	var started = OS.get_ticks_usec()
	var read = 0
	for frame in frames:
		rig.now += 16
		for at in 100:
			rig.a.send(B, data, 2 if at % 2 == 0 else 0, at % 3)
		rig.a.poll()
		rig.b.poll()
		for channel in 3:
			while rig.b.read(channel) != null:
				read += 1
	var per_frame = int((OS.get_ticks_usec() - started) / float(frames))
	same(read, 100 * frames, "all arrive")
	print("       100 packets sent and read: %d us" % per_frame)
	return true


func test_a_long_queue_does_not_slow_down() -> bool:
	var rig = Rig.new()
	rig.activate()
	# A ratio, and of the best of three rounds each: the machine may be busy with something else at any moment. A queue that
	# moves all of its elements for each would be eight times as slow.
	var costs: Array = [INF, INF]
	for turn in 3:
		for at in 2:
			costs[at] = min(costs[at], _cost_per_packet(rig, [2000, 16000][at]))
	print("       per packet: %.1f us of 2,000, %.1f us of 16,000" % costs)
	check(costs[1] < costs[0] * 4, "costs %s" % [costs])
	return true


## Microseconds for each of so many packets that are queued at once.
func _cost_per_packet(rig, count: int) -> float:
	for at in count:
		rig.a.send(B, PoolByteArray([at & 0xFF]), 2, 0)
	var started = OS.get_ticks_usec()
	var read = 0
	while read < count:
		rig.now += 1
		rig.a.poll()
		rig.b.poll()
		while rig.b.read(0) != null:
			read += 1
	return (OS.get_ticks_usec() - started) / float(count)
