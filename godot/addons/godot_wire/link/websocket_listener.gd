extends RefCounted
## Takes in whoever dials this game, so that a game can be the server. Not in web exports, which cannot listen.

const WebSocketLink := preload("websocket_link.gd")

## Links, those that have not said hello included, above which nobody is taken in.
const LINKS := 256
## Those that have not said hello.
const PENDING := 32

var _server := TCPServer.new()


func start(port: int, bind_address: String) -> Error:
	return ERR_UNAVAILABLE if OS.has_feature("web") else _server.listen(port, bind_address)


## The port that it listens on.
func port() -> int:
	return _server.get_local_port()


func stop() -> void:
	_server.stop()


## The next link that wants to come up, or null. `link_count` and `pending_count` are those that there are.
func next_link(
	steam_id: int, clock: Callable, is_taken: Callable, link_count: int, pending_count: int
) -> WebSocketLink:
	while _server.is_connection_available():
		var stream := _server.take_connection()
		if link_count >= LINKS or pending_count >= PENDING:
			stream.disconnect_from_host()
			continue
		var link := WebSocketLink.new()
		if link.start_accepted(stream, steam_id, clock, is_taken) == OK:
			return link
	return null
