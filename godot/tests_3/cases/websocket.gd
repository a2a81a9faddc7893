extends "../test_case.gd"
## The WebSocket link against a server that the test plays itself, over a real socket.

const Protocol = preload("../../addons/godot_wire_3/wire/protocol.gd")
const WebSocketLink = preload("../../addons/godot_wire_3/link/websocket_link.gd")

const PATIENCE_MS = 3000

var _server
var _now := 0
var _patience := 0


## A server with one peer, whom it greets with nothing.
class Server:
	extends Reference
	var port := 0
	var peer = null
	var _server = WebSocketServer.new()
	var _code := -1

	func start() -> void:
		_server.bind_ip = "127.0.0.1"
		_server.set_buffers(8192, 1024, 8192, 1024)
		_server.connect("client_connected", self, "_on_connected")
		_server.connect("client_close_request", self, "_on_close_request")
		for attempt in 50:
			port = 20000 + randi() % 12000
			if _server.listen(port) == OK:
				return

	func poll() -> void:
		_server.poll()

	func send(data: PoolByteArray) -> void:
		peer.set_write_mode(WebSocketPeer.WRITE_MODE_BINARY)
		peer.put_packet(data)

	func send_text(text: String) -> void:
		peer.set_write_mode(WebSocketPeer.WRITE_MODE_TEXT)
		peer.put_packet(text.to_utf8())

	func get_available_packet_count() -> int:
		return peer.get_available_packet_count()

	func get_packet() -> PoolByteArray:
		return peer.get_packet()

	func get_close_code() -> int:
		return _code

	func _on_connected(number: int, _protocol: String) -> void:
		peer = _server.get_peer(number)

	func _on_close_request(_number: int, code: int, _reason: String) -> void:
		_code = code



func test_websocket_hello() -> bool:
	var link = dial()
	var hello = receive(link)
	same(hex(hello), "47574952" + "01000000" + "024c5e0201001001" + "00000100", "the client's hello")
	same(link.state, WebSocketLink.State.CONNECTING, "not up before the answer")
	_server.send(hello_of(A))
	while pumping(link, link.state != WebSocketLink.State.CONNECTING):
		pass
	same([link.state, link.peer_id, link.max_frame_size], [WebSocketLink.State.UP, A, 65536], "up")
	same(link.remote_ip(), 0x7F000001, "address")
	same(link.remote_port(), _server.port, "port")
	_server.send(PoolByteArray([1, 2, 3]))
	_server.send(PoolByteArray([4]))
	while pumping(link, link._peer.get_available_packet_count() == 2):
		pass
	same(
		[link.next_frame(), link.next_frame(), link.next_frame()],
		[PoolByteArray([1, 2, 3]), PoolByteArray([4]), PoolByteArray()],
		"frames"
	)
	same(link.send(PoolByteArray([5, 6])), true, "send")
	same(receive(link), PoolByteArray([5, 6]), "arrives")
	link.close(1000, "bye")
	same(link.send(PoolByteArray([7])), false, "nothing is taken after a close")
	same(end_of(link), [1000, "bye"], "closed")
	return true


func test_websocket_refuses_bad_hellos() -> bool:
	for row in [
		["short", part(hello_of(A), 0, 19), 4000],
		["long", hello_of(A) + PoolByteArray([0]), 4000],
		["magic", hello_of(A, "GWIS"), 4000],
		["version", hello_of(A, "GWIR", 2), 4000],
		["frame limit", hello_of(A, "GWIR", 1, 1279), 4000],
		["own id", hello_of(B), 4002],
		["no id", hello_of(0), 4002],
		["no Steam id", hello_of(-1), 4002],
	]:
		var link = dial()
		receive(link)
		_server.send(row[1])
		same(end_of(link)[0], row[2], row[0])
		same(_server.get_close_code(), row[2], row[0] + ", as the server sees it")
	return true


func test_websocket_takes_the_other_ends_limit() -> bool:
	var link = dial()
	receive(link)
	_server.send(hello_of(A, "GWIR", 1, 1280))
	while pumping(link, link.state == WebSocketLink.State.UP):
		pass
	same(link.max_frame_size, 1280, "smaller")
	return true


func test_websocket_closes_on_text_and_on_large_frames() -> bool:
	var link = dial()
	receive(link)
	_server.send_text("hello")
	same(end_of(link)[0], 1003, "text for a hello")
	for turn in 2:
		link = dial()
		receive(link)
		_server.send(hello_of(A))
		while pumping(link, link.state == WebSocketLink.State.UP):
			pass
		if turn == 0:
			_server.send_text("text")
		else:
			_server.send(bytes(65537))
		_server.send(PoolByteArray([1]))
		while pumping(link, link._peer.get_available_packet_count() == 2):
			pass
		same(link.next_frame(), PoolByteArray(), "nothing is read from then on")
		same(end_of(link)[0], 1003 if turn == 0 else 1009, "close code")
	return true


func test_websocket_waits_five_seconds_for_a_hello() -> bool:
	var link = dial()
	receive(link)
	_now += 4900
	link.poll()
	same(link.state, WebSocketLink.State.CONNECTING, "not yet")
	_now += 200
	same(end_of(link)[0], 4001, "then")
	return true


func test_websocket_tells_when_there_is_nobody() -> bool:
	var link = WebSocketLink.new()
	same(link.start("ws://127.0.0.1:1", B, funcref(self, "time")), OK, "start")
	same(end_of(link, false)[0], -1, "refused")
	# A host that never answers.
	var deaf = TCP_Server.new()
	var port = 20000 + randi() % 12000
	while deaf.listen(port, "127.0.0.1") != OK:
		port += 1
	link = WebSocketLink.new()
	link.start("ws://127.0.0.1:%d" % port, B, funcref(self, "time"))
	for turn in 20:
		link.poll()
		OS.delay_msec(1)
	_now += 10000
	link.poll()
	same(link.state, WebSocketLink.State.DOWN, "given up")
	return true


func test_websocket_takes_no_more_than_it_can_hold() -> bool:
	var link = dial()
	receive(link)
	_server.send(hello_of(A))
	while pumping(link, link.state == WebSocketLink.State.UP):
		pass
	var frame = bytes(65536)
	var taken = 0
	# The server does not read meanwhile.
	while taken < 1000 and link.send(frame):
		taken += 1
	check(taken >= 16 and taken < 1000, "%d frames taken" % taken)
	same(link.can_send(), false, "full")
	var arrived = 0
	var end = OS.get_ticks_msec() + PATIENCE_MS
	while arrived < taken and OS.get_ticks_msec() < end:
		link.poll()
		_server.poll()
		while _server.get_available_packet_count() > 0:
			check(_server.get_packet() == frame, "frame %d" % arrived)
			arrived += 1
	same(arrived, taken, "what was taken arrives")
	# Engines that do not tell how much waits go by what comes back.
	_server.send(PoolByteArray([1]))
	while pumping(link, link.next_frame() == PoolByteArray([1])):
		pass
	same(link.can_send(), true, "and there is room again")
	return true


func time() -> int:
	return _now


## A link that dials a server of ours, whose end of the socket is `_server` and open.
func dial():
	_server = Server.new()
	_server.start()
	var link = WebSocketLink.new()
	link.start("ws://127.0.0.1:%d" % _server.port, B, funcref(self, "time"))
	while pumping(link, _server.peer != null):
		pass
	return link


## `while pumping(link, condition): pass` polls both ends until the condition holds, or patience ends.
func pumping(link, is_done: bool, with_server: bool = true) -> bool:
	if is_done:
		_patience = 0
		return false
	var now = OS.get_ticks_msec()
	if _patience == 0:
		_patience = now + PATIENCE_MS
	link.poll()
	if with_server:
		_server.poll()
	if now >= _patience:
		problems.append("waited in vain")
		_patience = 0
		return false
	OS.delay_usec(200)
	return true


## The next message that the server gets.
func receive(link) -> PoolByteArray:
	while pumping(link, _server.get_available_packet_count() > 0):
		pass
	return _server.get_packet() if _server.get_available_packet_count() > 0 else PoolByteArray()


## Waits for the end of a link: its code and reason.
func end_of(link, with_server: bool = true) -> Array:
	while pumping(link, link.state == WebSocketLink.State.DOWN, with_server):
		pass
	return [link.close_code, link.close_reason]


func hello_of(id: int, magic: String = "GWIR", version: int = 1, limit: int = 65536) -> PoolByteArray:
	var hello = StreamPeerBuffer.new()
	hello.put_data(magic.to_ascii())
	hello.put_u32(version)
	hello.put_64(id)
	hello.put_u32(limit)
	return hello.data_array
