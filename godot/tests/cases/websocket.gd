extends "../test_case.gd"
## The WebSocket link against a server that the test plays itself, over a real socket.

const Protocol := preload("../../addons/godot_wire/wire/protocol.gd")
const WebSocketLink := preload("../../addons/godot_wire/link/websocket_link.gd")

const PATIENCE_MS := 3000

var _listener: TCPServer
var _server: WebSocketPeer
var _now := 0


func test_websocket_hello() -> bool:
	var link := dial()
	var hello := receive(link)
	same(hello.hex_encode(), "47574952" + "01000000" + "024c5e0201001001" + "00000100", "the client's hello")
	same(link.state, WebSocketLink.State.CONNECTING, "not up before the answer")
	_server.send(hello_of(A))
	pump(link, func() -> bool: return link.state != WebSocketLink.State.CONNECTING)
	same([link.state, link.peer_id, link.max_frame_size], [WebSocketLink.State.UP, A, 65536], "up")
	same(link.remote_ip(), 0x7F000001, "address")
	same(link.remote_port(), _listener.get_local_port(), "port")
	_server.send(PackedByteArray([1, 2, 3]))
	_server.send(PackedByteArray())
	_server.send(PackedByteArray([4]))
	pump(link, func() -> bool: return link._socket.get_available_packet_count() == 3)
	same(
		[link.next_frame(), link.next_frame(), link.next_frame()],
		[PackedByteArray([1, 2, 3]), PackedByteArray([4]), PackedByteArray()],
		"frames, without the empty one"
	)
	same(link.send(PackedByteArray([5, 6])), true, "send")
	same(receive(link), PackedByteArray([5, 6]), "arrives")
	link.close(1000, "bye")
	same(link.send(PackedByteArray([7])), false, "nothing is taken after a close")
	same(end_of(link), [1000, "bye"], "closed")
	return true


func test_websocket_refuses_bad_hellos() -> bool:
	for row in [
		["short", hello_of(A).slice(0, 19), 4000],
		["long", hello_of(A) + PackedByteArray([0]), 4000],
		["empty", PackedByteArray(), 4000],
		["magic", hello_of(A, "GWIS"), 4000],
		["version", hello_of(A, "GWIR", 2), 4000],
		["frame limit", hello_of(A, "GWIR", 1, 1279), 4000],
		["own id", hello_of(B), 4002],
		["no id", hello_of(0), 4002],
		["no Steam id", hello_of(-1), 4002],
	]:
		var link := dial()
		receive(link)
		_server.send(row[1])
		same(end_of(link)[0], row[2], row[0])
		same(_server.get_close_code(), row[2], row[0] + ", as the server sees it")
	return true


func test_websocket_takes_the_other_ends_limit() -> bool:
	var link := dial()
	receive(link)
	_server.send(hello_of(A, "GWIR", 1, 1280))
	pump(link, func() -> bool: return link.state == WebSocketLink.State.UP)
	same(link.max_frame_size, 1280, "smaller")
	return true


func test_websocket_closes_on_text_and_on_large_frames() -> bool:
	var link := dial()
	receive(link)
	_server.send_text("hello")
	same(end_of(link)[0], 1003, "text for a hello")
	for turn in 2:
		link = dial()
		receive(link)
		_server.send(hello_of(A))
		pump(link, func() -> bool: return link.state == WebSocketLink.State.UP)
		if turn == 0:
			_server.send_text("text")
		else:
			_server.send(bytes(65537))
		_server.send(PackedByteArray([1]))
		pump(link, func() -> bool: return link._socket.get_available_packet_count() == 2)
		same(link.next_frame(), PackedByteArray(), "nothing is read from then on")
		same(end_of(link)[0], 1003 if turn == 0 else 1009, "close code")
	return true


func test_websocket_waits_five_seconds_for_a_hello() -> bool:
	var link := dial()
	receive(link)
	_now += 4900
	link.poll()
	same(link.state, WebSocketLink.State.CONNECTING, "not yet")
	_now += 200
	same(end_of(link)[0], 4001, "then")
	return true


func test_websocket_tells_when_there_is_nobody() -> bool:
	var link := WebSocketLink.new()
	same(link.start("ws://127.0.0.1:1", B, time), OK, "start")
	same(end_of(link, false)[0], -1, "refused")
	# A host that never answers.
	var deaf := TCPServer.new()
	deaf.listen(0, "127.0.0.1")
	link = WebSocketLink.new()
	link.start("ws://127.0.0.1:%d" % deaf.get_local_port(), B, time)
	for turn in 20:
		link.poll()
		OS.delay_msec(1)
	_now += 10000
	link.poll()
	same(link.state, WebSocketLink.State.DOWN, "given up")
	return true


func test_websocket_takes_no_more_than_it_can_hold() -> bool:
	var link := dial()
	receive(link)
	_server.send(hello_of(A))
	pump(link, func() -> bool: return link.state == WebSocketLink.State.UP)
	var frame := bytes(65536)
	var taken := 0
	# The server does not read meanwhile.
	while taken < 1000 and link.send(frame):
		taken += 1
	check(taken >= 16 and taken < 1000, "%d frames taken" % taken)
	same(link.can_send(), false, "full")
	var arrived := 0
	var end := Time.get_ticks_msec() + PATIENCE_MS
	while arrived < taken and Time.get_ticks_msec() < end:
		link.poll()
		_server.poll()
		while _server.get_available_packet_count() > 0:
			check(_server.get_packet() == frame, "frame %d" % arrived)
			arrived += 1
	same(arrived, taken, "what was taken arrives")
	same(link.can_send(), true, "and there is room again")
	return true


func time() -> int:
	return _now


## A link that dials a server of ours, whose end of the socket is `_server` and open.
func dial() -> WebSocketLink:
	_listener = TCPServer.new()
	_listener.listen(0, "127.0.0.1")
	_server = WebSocketPeer.new()
	_server.inbound_buffer_size = 1 << 20
	_server.outbound_buffer_size = 1 << 20
	var link := WebSocketLink.new()
	link.start("ws://127.0.0.1:%d" % _listener.get_local_port(), B, time)
	pump(link, func() -> bool: return _listener.is_connection_available(), false)
	_server.accept_stream(_listener.take_connection())
	pump(link, func() -> bool: return _server.get_ready_state() == WebSocketPeer.STATE_OPEN)
	return link


## Polls both ends until the condition holds.
func pump(link: WebSocketLink, until: Callable, with_server: bool = true) -> void:
	var end := Time.get_ticks_msec() + PATIENCE_MS
	while not until.call():
		link.poll()
		if with_server:
			_server.poll()
		if Time.get_ticks_msec() >= end:
			problems.append("waited in vain")
			return
		OS.delay_usec(200)


## The next message that the server gets.
func receive(link: WebSocketLink) -> PackedByteArray:
	pump(link, func() -> bool: return _server.get_available_packet_count() > 0)
	return _server.get_packet() if _server.get_available_packet_count() > 0 else PackedByteArray()


## Waits for the end of a link: its code and reason.
func end_of(link: WebSocketLink, with_server: bool = true) -> Array:
	pump(link, func() -> bool: return link.state == WebSocketLink.State.DOWN, with_server)
	return [link.close_code, link.close_reason]


func hello_of(id: int, magic: String = "GWIR", version: int = 1, limit: int = 65536) -> PackedByteArray:
	var hello := magic.to_ascii_buffer()
	hello.resize(Protocol.HELLO_SIZE)
	hello[4] = version
	hello.encode_u64(8, id)
	hello.encode_u32(16, limit)
	return hello
