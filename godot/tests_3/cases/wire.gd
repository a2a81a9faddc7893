extends "../test_case.gd"
## Frames, records and numbers, whole and broken.

const Protocol = preload("../../addons/godot_wire_3/wire/protocol.gd")
const Serial = preload("../../addons/godot_wire_3/wire/serial.gd")
const FrameReader = preload("../../addons/godot_wire_3/wire/frame_reader.gd")
const FrameWriter = preload("../../addons/godot_wire_3/wire/frame_writer.gd")
const SteamId = preload("../../addons/godot_wire_3/steam_id.gd")


func test_serial_arithmetic_wraps() -> bool:
	same(Serial.add(0xFFFFFFFF, 1), 0, "add")
	same(Serial.is_before(0xFFFFFFFF, 0), true, "last before first")
	same(Serial.is_before(0, 0xFFFFFFFF), false, "first before last")
	same(Serial.is_before(5, 5), false, "equal")
	same(Serial.is_before(0, 0x80000000), true, "half way")
	same(Serial.ahead(0xFFFFFFF0, 0x10), 0x20, "ahead")
	same(Serial.ahead(0x10, 0xFFFFFFF0), -0x20, "behind")
	return true


func test_steam_ids() -> bool:
	for id in [76561198000000002, 0x0110000100000001, 0x01400001_00000000, 0x0180000000000005, 0x0170000000000007]:
		same(SteamId.is_valid(id), true, "%x" % id)
	for id in [
		0,
		1,
		-1,
		0x0110000100000000, # account 0
		0x0110000200000001, # instance 2
		0x01B0000100000001, # type 11
		0x0510000100000001, # universe 5
		0x0010000100000001, # universe 0
		0x0130000100000000, # a game server without account
	]:
		same(SteamId.is_valid(id), false, "%x" % id)
	return true


func test_channels_and_lengths_round_trip() -> bool:
	var reader = FrameReader.new()
	for channel in [0, 1, -1, 63, -64, 64, 8191, -8193, 0x7FFFFFFF, -0x80000000]:
		for size in [0, 1, 127, 128, 16383, 16384]:
			var writer = FrameWriter.new()
			var payload = bytes(size)
			writer.begin(7, 8)
			writer.datagram(channel, payload)
			check(reader.open(writer.take()) and reader.next(), "reads %d/%d" % [channel, size])
			same(reader.channel, channel, "channel")
			same(reader.payload, payload, "payload of %d" % size)
			check(not reader.next() and not reader.broken, "ends")
	return true


func test_every_record_round_trips() -> bool:
	var writer = FrameWriter.new()
	writer.begin(0xFEDCBA98, 0xFFFFFFFE)
	writer.open(0x80000000, 0xFFFFFFFD, 0xFFFFFFFF)
	writer.accept(1, 2, 3)
	writer.unknown(0, 0xFFFFFFFC, 4)
	writer.ping(3)
	writer.pong(4)
	writer.ack(5, 1048575, 0xFFFFFFFE)
	writer.datagram(-2, bytes(9))
	writer.message(6, 300, bytes(10))
	writer.fragment(7, -300, 1048576, 1048000, bytes(11))
	var reader = FrameReader.new()
	check(reader.open(writer.take()), "opens")
	same([reader.destination, reader.source], [0xFEDCBA98, 0xFFFFFFFE], "destination and source")
	var types: Array = []
	while reader.next():
		types.append(reader.type)
		match reader.type:
			Protocol.OPEN:
				same(
					[reader.credit, reader.received_session, reader.received_sequence],
					[0x80000000, 0xFFFFFFFD, 0xFFFFFFFF],
					"OPEN"
				)
			Protocol.ACCEPT:
				same([reader.credit, reader.received_session, reader.received_sequence], [1, 2, 3], "ACCEPT")
			Protocol.UNKNOWN:
				same(
					[reader.session, reader.received_session, reader.received_sequence], [0, 0xFFFFFFFC, 4], "UNKNOWN"
				)
			Protocol.ACK:
				same([reader.sequence, reader.held, reader.credit], [5, 1048575, 0xFFFFFFFE], "ACK")
			Protocol.FRAGMENT:
				same(
					[reader.sequence, reader.channel, reader.total, reader.offset, reader.payload.size()],
					[7, -300, 1048576, 1048000, 11],
					"FRAGMENT"
				)
	same(reader.broken, false, "whole")
	same(types, [1, 2, 3, 4, 5, 6, 0x10, 0x20, 0x21], "types")
	return true


func test_known_bytes() -> bool:
	var writer = FrameWriter.new()
	writer.begin(0x04030201, 0x08070605)
	writer.ack(1, 300, 0x200000)
	writer.message(2, -3, PoolByteArray([0xAA, 0xBB]))
	same(hex(writer.take()), "010102030405060708" + "0601000000ac0200002000" + "20020000000502aabb", "frame")
	return true


func test_known_bytes_of_received() -> bool:
	var writer = FrameWriter.new()
	writer.begin(0, 0x08070605)
	writer.open(0x200000, 0x14131211, 0x24232221)
	same(hex(writer.take()), "010000000005060708" + "01000020001112131421222324", "OPEN")
	writer.begin(0x04030201, 0x08070605)
	writer.accept(0x200000, 0x14131211, 0x24232221)
	same(hex(writer.take()), "010102030405060708" + "02000020001112131421222324", "ACCEPT")
	writer.begin(0, 0)
	writer.unknown(0x04030201, 0x14131211, 0x24232221)
	same(hex(writer.take()), "010000000000000000" + "03010203041112131421222324", "UNKNOWN")
	return true


func test_bad_frames() -> bool:
	var reader = FrameReader.new()
	for hex in [
		"",
		"01",
		"0100000000",
		"010000000004000000",
		"010000000000000000",
		"020000000000000000",
		"02000000000000000004000000ff",
		"00010203040506070804000000ff",
		"0001020304040000000",
	]:
		same(
			reader.open(unhex(hex) if hex.length() % 2 == 0 else PoolByteArray([0])),
			false,
			"head of " + hex
		)
	for hex in [
		"04", # cut fields
		"04000000",
		"0600000000",
		"060000000080",
		"2000000000",
		"02ffffff0f00",
		"07", # unknown types
		"ff",
		"100001", # a length beyond the end
		"10ffffffffff0f00", # a varint of six bytes
		"10ffffffff1f00", # varints above 2^32 - 1
		"10008080808010",
		"01ffffffff0000000000000000", # from session 0
		"02ffffffff00000000000000",
		"03ffffffff00000000000000",
	]:
		check(reader.open(unhex("010100000000000000" + hex)), "opens " + hex)
		same(reader.next(), false, "record " + hex)
		same(reader.broken, true, "broken " + hex)
	return true


func test_a_cut_frame_keeps_its_first_records() -> bool:
	var writer = FrameWriter.new()
	writer.begin(1, 2)
	writer.ping(1)
	var first_end = writer.size()
	writer.fragment(3, -70, 100000, 5000, bytes(40))
	var second_end = writer.size()
	writer.ack(9, 70000, 12)
	var whole = writer.take()
	var reader = FrameReader.new()
	for size in whole.size():
		var records = 0
		if reader.open(part(whole, 0, size)):
			while reader.next():
				records += 1
		var wanted = 0 if size < first_end else (1 if size < second_end else 2)
		same(records, wanted, "records in %d bytes" % size)
		same(reader.broken, not size in [first_end, second_end], "broken at %d" % size)
	return true
