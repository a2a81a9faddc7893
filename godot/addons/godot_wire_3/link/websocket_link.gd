extends "link.gd"
## A link over Godot's WebSocketClient, or over one peer of a WebSocketServer. One binary message is one frame; before
## the first, each end says hello: the one that dialled first.

const Protocol = preload("../wire/protocol.gd")
const SteamId = preload("../steam_id.gd")

## Largest frame that this end accepts, and the largest it sends.
const FRAME_LIMIT = 65536
## Kilobytes: the socket must hold what the sessions' credit lets arrive between two polls.
const BUFFER_KB = 4096
const BUFFER_PACKETS = 16384
## Above this many unsent bytes the link takes no more; the sessions keep the rest.
const BACK_PRESSURE = 1024 * 1024
## The same for engines that do not tell, such as 3.2: bytes that were sent since the other end was heard of.
const BLIND_BACK_PRESSURE = 4 * 1024 * 1024
const HELLO_TIMEOUT = 5000
const CONNECT_TIMEOUT = 10000
## How long the other end may take to answer a close.
const CLOSE_TIMEOUT = 3000
## The close code for a connection that broke or never came to be.
const CLOSE_ABNORMAL = -1

# Either this end dialled and owns the client, or the listener's server owns the peer with this number.
var _client = null
var _server = null
var _number := 0
var _peer = null
var _tells_buffered := false

## Whether the other end is a relay, whose id is any number but this end's own.
var is_to_relay := false

var _steam_id := 0
var _clock
# Only where the other end dialled: answers whether a Steam id has a link already.
var _is_taken = null
var _started_at := 0
var _opened_at := -1
# Set when this end gave up; the other end's answer to the close handshake does not change it.
var _own_code := 0
var _own_reason := ""
var _closed_at := 0
# What the socket told.
var _is_over := false
var _other_code := CLOSE_ABNORMAL
var _other_reason := ""
var _remote_ip := 0
var _remote_port := 0
var _blind_bytes := 0


## Dials `url` as `steam_id`. `clock` answers milliseconds; `headers` go into the request, which browsers do not allow;
## `tls` is the X509Certificate to trust, or null for those of the engine.
func start(url: String, steam_id: int, clock, headers: PoolStringArray = PoolStringArray(), tls = null) -> int:
	_begin(steam_id, clock)
	_client = WebSocketClient.new()
	if tls != null:
		_client.trusted_ssl_certificate = tls
	_client.set_buffers(BUFFER_KB, BUFFER_PACKETS, BUFFER_KB, BUFFER_PACKETS)
	_client.connect("connection_established", self, "_on_established")
	_client.connect("connection_error", self, "_on_over")
	_client.connect("connection_closed", self, "_on_over")
	_client.connect("server_close_request", self, "on_close_request")
	return _client.connect_to_url(url, PoolStringArray(), false, headers)


## Takes the peer with this number, which a listener's server accepted. `is_taken` is asked whether a Steam id has a
## link already.
func start_accepted(server, number: int, steam_id: int, clock, is_taken) -> void:
	_begin(steam_id, clock)
	_server = server
	_number = number
	_is_taken = is_taken
	is_inbound = true
	_open(server.get_peer(number))


func poll() -> void:
	if state == State.DOWN:
		return
	if _client != null:
		_client.poll()
	if _is_over or (_peer != null and not _peer.is_connected_to_host()):
		_go_down()
	elif _own_code != 0:
		if _clock.call_func() - _closed_at >= CLOSE_TIMEOUT:
			_go_down()
	elif _peer != null:
		if state == State.CONNECTING:
			_await_hello()
	elif _clock.call_func() - _started_at >= CONNECT_TIMEOUT:
		close(CLOSE_ABNORMAL, "no connection within %d ms" % CONNECT_TIMEOUT)
		_go_down()


func next_frame() -> PoolByteArray:
	while state == State.UP and _own_code == 0 and _peer.get_available_packet_count() > 0:
		var frame = _peer.get_packet()
		_blind_bytes = 0
		if _peer.was_string_packet():
			close(Protocol.CLOSE_TEXT, "text message")
		elif frame.size() > FRAME_LIMIT:
			close(Protocol.CLOSE_TOO_LARGE, "frame of %d bytes" % frame.size())
		elif not frame.empty():
			return frame
	return PoolByteArray()


func can_send() -> bool:
	if state != State.UP or _own_code != 0 or _is_over or not _peer.is_connected_to_host():
		return false
	if _tells_buffered:
		return _peer.get_current_outbound_buffered_amount() <= BACK_PRESSURE
	return _blind_bytes <= BLIND_BACK_PRESSURE


func send(frame: PoolByteArray) -> bool:
	if not can_send():
		return false
	_blind_bytes += frame.size()
	# A socket that breaks here ends without a signal.
	_is_over = _peer.put_packet(frame) != OK or not _peer.is_connected_to_host()
	return not _is_over


func is_closing() -> bool:
	return _own_code != 0


func close(code: int, reason: String) -> void:
	if state == State.DOWN or _own_code != 0:
		return
	_own_code = code
	_own_reason = reason
	_closed_at = _clock.call_func()
	if _peer == null or _is_over:
		_is_over = true
	elif _client != null:
		_client.disconnect_from_host(code, reason)
	else:
		_server.disconnect_peer(_number, code, reason)


func remote_ip() -> int:
	return _remote_ip


func remote_port() -> int:
	return _remote_port


## The other end wants to close, and says why. The listener calls it for its peers.
func on_close_request(code: int, reason: String) -> void:
	_other_code = code
	_other_reason = reason


## The socket is gone. The listener calls it for its peers.
func on_over() -> void:
	_is_over = true


func _on_over(_was_clean: bool = false) -> void:
	_is_over = true


func _on_established(_protocol: String) -> void:
	_open(_client.get_peer(1))
	_say_hello()


func _begin(steam_id: int, clock) -> void:
	_steam_id = steam_id
	_clock = clock
	# The sockets of Godot 3 drop what finds no room in their buffer.
	may_lose = true
	_started_at = clock.call_func()


func _open(peer) -> void:
	_peer = peer
	_opened_at = _clock.call_func()
	_tells_buffered = peer.has_method("get_current_outbound_buffered_amount")
	peer.set_write_mode(WebSocketPeer.WRITE_MODE_BINARY)
	if OS.get_name() == "HTML5":
		return
	if peer.has_method("set_no_delay"):
		peer.set_no_delay(true)
	_remote_ip = _ip_number(peer.get_connected_host())
	_remote_port = peer.get_connected_port()


func _say_hello() -> void:
	var hello = StreamPeerBuffer.new()
	hello.put_u32(Protocol.MAGIC)
	hello.put_u32(Protocol.VERSION)
	hello.put_u64(_steam_id)
	hello.put_u32(FRAME_LIMIT)
	_peer.put_packet(hello.data_array)


func _await_hello() -> void:
	if _peer.get_available_packet_count() == 0:
		if _clock.call_func() - _opened_at >= HELLO_TIMEOUT:
			close(Protocol.CLOSE_NO_HELLO, "no hello within %d ms" % HELLO_TIMEOUT)
		return
	var message = _peer.get_packet()
	if _peer.was_string_packet():
		close(Protocol.CLOSE_TEXT, "text message")
		return
	var hello = StreamPeerBuffer.new()
	hello.data_array = message
	if message.size() != Protocol.HELLO_SIZE or hello.get_u32() != Protocol.MAGIC or message[4] != Protocol.VERSION:
		close(Protocol.CLOSE_BAD_HELLO, "bad hello")
		return
	hello.seek(8)
	var other = hello.get_64()
	var limit = hello.get_u32()
	if limit < Protocol.FRAME_LIMIT_MIN:
		close(Protocol.CLOSE_BAD_HELLO, "bad hello")
		return
	if other == _steam_id or not (SteamId.is_valid(other) or (is_to_relay and other != 0)):
		close(Protocol.CLOSE_BAD_ID, "bad Steam id")
		return
	if _is_taken != null:
		if _is_taken.call_func(other):
			close(Protocol.CLOSE_ID_IN_USE, "another link speaks as this id already")
			return
		_say_hello()
	peer_id = other
	max_frame_size = min(limit, FRAME_LIMIT)
	state = State.UP


func _go_down() -> void:
	state = State.DOWN
	close_code = _own_code if _own_code != 0 else _other_code
	close_reason = _own_reason if _own_code != 0 else _other_reason
	_peer = null
	# Its last word closes the socket, also one that never opened.
	_client = null


static func _ip_number(address: String) -> int:
	var parts = address.split(".")
	if parts.size() != 4:
		return 0
	var number := 0
	for part in parts:
		if not part.is_valid_integer():
			return 0
		number = (number << 8) | (int(part) & 0xFF)
	return number
