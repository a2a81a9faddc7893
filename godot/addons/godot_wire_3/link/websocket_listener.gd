extends Reference
## Takes in whoever dials this game, so that a game can be the server. Not in web exports, which cannot listen.

const WebSocketLink = preload("websocket_link.gd")

## Links, those that have not said hello included, above which nobody is taken in.
const LINKS = 256
## Those that have not said hello.
const PENDING = 32

var _server = WebSocketServer.new()
var _port := 0
# Links by the server's number for their peer, and the numbers of those that nobody has taken yet.
var _links := {}
var _new: Array = []


func start(port: int, bind_address: String) -> int:
	if OS.get_name() == "HTML5":
		return ERR_UNAVAILABLE
	_server.bind_ip = bind_address
	var kilobytes = WebSocketLink.BUFFER_KB
	var packets = WebSocketLink.BUFFER_PACKETS
	_server.set_buffers(kilobytes, packets, kilobytes, packets)
	_server.connect("client_connected", self, "_on_connected")
	_server.connect("client_disconnected", self, "_on_disconnected")
	_server.connect("client_close_request", self, "_on_close_request")
	var first = port
	# The server does not tell which port it took, so a free one is looked for.
	for attempt in 50:
		if port == 0:
			first = 49152 + randi() % 16000
		var error = _server.listen(first)
		if error == OK:
			_port = first
			return OK
		if port != 0:
			return error
	return ERR_CANT_CREATE


## The port that it listens on.
func port() -> int:
	return _port


func stop() -> void:
	_server.stop()
	for number in _links:
		_links[number].on_over()
	_links.clear()


func poll() -> void:
	_server.poll()


## The next link that wants to come up, or null. `link_count` and `pending_count` are those that there are.
func next_link(steam_id: int, clock, is_taken, link_count: int, pending_count: int):
	while not _new.empty():
		var number = _new.pop_front()
		if not _server.has_peer(number):
			continue
		if link_count >= LINKS or pending_count >= PENDING:
			_server.disconnect_peer(number, 1013, "too many")
			continue
		var link = WebSocketLink.new()
		link.start_accepted(_server, number, steam_id, clock, is_taken)
		_links[number] = link
		return link
	return null


func _on_connected(number: int, _protocol: String) -> void:
	_new.append(number)


func _on_disconnected(number: int, _was_clean: bool) -> void:
	if _links.has(number):
		_links[number].on_over()
		_links.erase(number)


func _on_close_request(number: int, code: int, reason: String) -> void:
	if _links.has(number):
		_links[number].on_close_request(code, reason)
