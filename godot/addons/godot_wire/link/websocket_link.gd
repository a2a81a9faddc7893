extends "link.gd"
## A link over Godot's WebSocketPeer, dialled or accepted. One binary message is one frame; before the first, each end
## says hello: the one that dialled first.

const Protocol := preload("../wire/protocol.gd")
const SteamId := preload("../steam_id.gd")

## Largest frame that this end accepts, and the largest it sends.
const FRAME_LIMIT := 65536
## The socket must hold what the sessions' credit lets arrive between two polls.
const INBOUND_BUFFER := 4 * 1024 * 1024
const OUTBOUND_BUFFER := 4 * 1024 * 1024
const INBOUND_PACKETS := 16384
## Above this many unsent bytes the link takes no more; the sessions keep the rest.
const BACK_PRESSURE := 1024 * 1024
const HELLO_TIMEOUT := 5000
const CONNECT_TIMEOUT := 10000
## How long the other end may take to answer a close.
const CLOSE_TIMEOUT := 3000
## The close code that Godot reports for a connection that broke or never came to be.
const CLOSE_ABNORMAL := -1

var _socket := WebSocketPeer.new()
## Whether the other end is a relay, whose id is any number but this end's own.
var is_to_relay := false

var _steam_id := 0
var _clock: Callable
# Only where the other end dialled: answers whether a Steam id has a link already.
var _is_taken := Callable()
var _started_at := 0
var _opened_at := -1
## Set when this end gave up; the other end's answer to the close handshake does not change it.
var _own_code := 0
var _own_reason := ""
var _closed_at := 0
# Read while the socket is open: a socket that broke reports an error when it is asked.
var _remote_ip := 0
var _remote_port := 0


## Dials `url` as `steam_id`. `clock` answers milliseconds; `headers` go into the request, which browsers do not allow;
## `tls` is a TLSOptions, or before Godot 4.1 the X509Certificate to trust.
func start(
	url: String, steam_id: int, clock: Callable, headers: PackedStringArray = [], tls: RefCounted = null
) -> Error:
	_begin(steam_id, clock)
	if not headers.is_empty():
		_socket.handshake_headers = headers
	if tls == null:
		return _socket.connect_to_url(url)
	# Called by name, since 4.0 takes other arguments than 4.1: there the certificate is the third.
	return _socket.callv("connect_to_url", [url, true, tls] if tls is X509Certificate else [url, tls])


## Takes a TCP connection that a listener accepted. `is_taken` is asked whether a Steam id has a link already.
func start_accepted(stream: StreamPeer, steam_id: int, clock: Callable, is_taken: Callable) -> Error:
	_begin(steam_id, clock)
	_is_taken = is_taken
	is_inbound = true
	return _socket.accept_stream(stream)


func poll() -> void:
	if state == State.DOWN:
		return
	_socket.poll()
	var ready := _socket.get_ready_state()
	if ready == WebSocketPeer.STATE_CLOSED:
		_go_down()
	elif _own_code != 0:
		if _clock.call() - _closed_at >= CLOSE_TIMEOUT:
			_socket.close(CLOSE_ABNORMAL)
			_go_down()
	elif ready == WebSocketPeer.STATE_OPEN:
		if _opened_at < 0:
			_open()
		if state == State.CONNECTING:
			_await_hello()
	elif ready == WebSocketPeer.STATE_CONNECTING:
		if _clock.call() - _started_at >= CONNECT_TIMEOUT:
			close(CLOSE_ABNORMAL, "no connection within %d ms" % CONNECT_TIMEOUT)
			_go_down()


func next_frame() -> PackedByteArray:
	while state == State.UP and _own_code == 0 and _socket.get_available_packet_count() > 0:
		var frame := _socket.get_packet()
		if _socket.was_string_packet():
			close(Protocol.CLOSE_TEXT, "text message")
		elif frame.size() > FRAME_LIMIT:
			close(Protocol.CLOSE_TOO_LARGE, "frame of %d bytes" % frame.size())
		elif not frame.is_empty():
			return frame
	return PackedByteArray()


func can_send() -> bool:
	return (
		state == State.UP
		and _own_code == 0
		and _socket.get_ready_state() == WebSocketPeer.STATE_OPEN
		and _socket.get_current_outbound_buffered_amount() <= BACK_PRESSURE
	)


func send(frame: PackedByteArray) -> bool:
	return can_send() and _socket.send(frame) == OK


func is_closing() -> bool:
	return _own_code != 0


func close(code: int, reason: String) -> void:
	if state == State.DOWN or _own_code != 0:
		return
	_own_code = code
	_own_reason = reason
	_closed_at = _clock.call()
	_socket.close(code, reason)


func remote_ip() -> int:
	return _remote_ip


func remote_port() -> int:
	return _remote_port


func _begin(steam_id: int, clock: Callable) -> void:
	_steam_id = steam_id
	_clock = clock
	_started_at = clock.call()
	_socket.inbound_buffer_size = INBOUND_BUFFER
	_socket.outbound_buffer_size = OUTBOUND_BUFFER
	_socket.max_queued_packets = INBOUND_PACKETS


func _open() -> void:
	_opened_at = _clock.call()
	if not OS.has_feature("web"):
		_socket.set_no_delay(true)
		_remote_ip = _ip_number(_socket.get_connected_host())
		_remote_port = _socket.get_connected_port()
	if not _is_taken.is_valid():
		_say_hello()


func _say_hello() -> void:
	var hello := PackedByteArray()
	hello.resize(Protocol.HELLO_SIZE)
	hello.encode_u32(0, Protocol.MAGIC)
	hello[4] = Protocol.VERSION
	hello.encode_u64(8, _steam_id)
	hello.encode_u32(16, FRAME_LIMIT)
	_socket.send(hello)


func _await_hello() -> void:
	if _socket.get_available_packet_count() == 0:
		if _clock.call() - _opened_at >= HELLO_TIMEOUT:
			close(Protocol.CLOSE_NO_HELLO, "no hello within %d ms" % HELLO_TIMEOUT)
		return
	var hello := _socket.get_packet()
	if _socket.was_string_packet():
		close(Protocol.CLOSE_TEXT, "text message")
		return
	if (
		hello.size() != Protocol.HELLO_SIZE
		or hello.decode_u32(0) != Protocol.MAGIC
		or hello[4] != Protocol.VERSION
		or hello.decode_u32(16) < Protocol.FRAME_LIMIT_MIN
	):
		close(Protocol.CLOSE_BAD_HELLO, "bad hello")
		return
	var other := hello.decode_u64(8)
	if other == _steam_id or not (SteamId.is_valid(other) or (is_to_relay and other != 0)):
		close(Protocol.CLOSE_BAD_ID, "bad Steam id")
		return
	if _is_taken.is_valid():
		if _is_taken.call(other):
			close(Protocol.CLOSE_ID_IN_USE, "another link speaks as this id already")
			return
		_say_hello()
	peer_id = other
	max_frame_size = mini(hello.decode_u32(16), FRAME_LIMIT)
	state = State.UP


func _go_down() -> void:
	state = State.DOWN
	close_code = _own_code if _own_code != 0 else _socket.get_close_code()
	close_reason = _own_reason if _own_code != 0 else _socket.get_close_reason()


static func _ip_number(address: String) -> int:
	var parts := address.split(".")
	if parts.size() != 4:
		return 0
	var number := 0
	for part in parts:
		if not part.is_valid_int():
			return 0
		number = (number << 8) | (part.to_int() & 0xFF)
	return number
