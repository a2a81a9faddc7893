extends "../test_case.gd"
## What a peer can send that it should not.


func test_mutated_frames_do_no_harm() -> bool:
	var rig = Rig.new()
	rig.activate()
	rig.link_b.record = true
	for size in [0, 1, 40, 1200, 5000, 200000]:
		rig.b.send(A, bytes(size), 2, size % 5 - 2)
		rig.b.send(A, bytes(min(size, 1200)), 0, 1)
	rig.settle()
	rig.advance(100)
	var frames = rig.link_b.sent
	rig.link_b.record = false
	check(frames.size() >= 3, "has frames to spoil")
	for turn in 4000:
		var frame: PoolByteArray = frames[random.randi() % frames.size()]
		if frame.size() > 4096:
			frame = part(frame, 0, 1 + random.randi() % 4096)
		for hit in 1 + random.randi() % 6:
			# The head of the frame holds most of its fields.
			frame[random.randi() % (min(frame.size(), 40) if hit % 2 == 0 else frame.size())] = random.randi() & 0xFF
		if frame.size() > 9 and random.randi() % 3 != 0:
			frame[0] = 1
			var session = rig.session_a()
			var head = StreamPeerBuffer.new()
			head.data_array = frame
			head.seek(1)
			head.put_u32(session.local_id if session != null else 0)
			head.put_u32(session.remote_id if session != null else 0)
			frame = head.data_array
		rig.put_to_a(frame)
	for turn in 1000:
		var noise = bytes(1 + random.randi() % 64)
		noise[0] = 1
		rig.put_to_a(noise)
	check(rig.a.counters["broken_frames"] > 1000, "counts broken frames: %s" % rig.a.counters)
	# Whatever state that left: closing and beginning anew must work.
	rig.a.close_session(B)
	rig.b.close_session(A)
	rig.told_b.clear()
	rig.advance(100)
	rig.a.send(B, "after".to_utf8(), 2, 9)
	rig.advance(1100)
	rig.b.accept(A)
	rig.advance(1100)
	check("after" in read_texts(rig.b, 9), "a new session works")
	return true
