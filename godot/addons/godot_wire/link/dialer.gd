extends RefCounted
## Keeps a link to one server or relay: dials, and dials again with growing pauses when the link is lost.

const Protocol := preload("../wire/protocol.gd")
const Link := preload("link.gd")
const WebSocketLink := preload("websocket_link.gd")
const SessionHost := preload("../session/session_host.gd")
const RelayClient := preload("../relay/relay_client.gd")

## Whether a lost link is dialled again.
var reconnect := true
## The first pause, and the longest. Each is twice the last, and a quarter more or less by chance, so that the players of
## a server that was started again do not all come in the same moment.
var min_ms := 250
var max_ms := 10000
## Sent with every dial, as `?token=...` or as a header: see `token_in_header`. It may be renewed at any time.
var token := ""
var token_in_header := false
var headers := PackedStringArray()
var tls: RefCounted = null

var _url := ""
var _host: SessionHost = null
var _relay: RelayClient = null
var _link: Link = null
var _attempt := 0
var _dial_at := 0


## Dials `url` for `host`, or for a client of the relay that is there.
func start(url: String, host: SessionHost, relay: RelayClient = null) -> Error:
	_url = url
	_host = host
	_relay = relay
	_attempt = 0
	var error := _dial()
	if error != OK:
		stop()
	return error


## Whether there is a link, or will be one.
func is_busy() -> bool:
	return _link != null or _host != null


## No further dials; the link that there is stays.
func stop() -> void:
	_host = null


## The link that was dialled last; null when it is gone.
func link() -> Link:
	return _link


## Looks after the link.
func poll(now: int) -> void:
	if _link != null:
		_watch(now)
	elif _host != null and now >= _dial_at and _dial() != OK:
		_pause(now)


func _watch(now: int) -> void:
	if _relay.is_joined() if _relay != null else _link.state == Link.State.UP:
		_attempt = 0
	if _link.state != Link.State.DOWN:
		return
	var code := _link.close_code
	_link = null
	if _host == null:
		return
	if not reconnect or _is_final(code):
		stop()
	else:
		_pause(now)


## Whether asking again would change nothing.
func _is_final(code: int) -> bool:
	if code == Protocol.CLOSE_BAD_ID:
		# A relay that knows this end refuses it while it goes down, or until the game has renewed the token.
		return _relay == null or not _relay.has_joined
	if code == Protocol.CLOSE_ID_IN_USE:
		# A relay closes the older link: whoever joined as this end now would be thrown out in turn.
		return _relay != null
	return code == Protocol.CLOSE_BAD_HELLO


func _pause(now: int) -> void:
	var pause := int(mini(min_ms << mini(_attempt, 20), max_ms) * _host.random.randf_range(0.75, 1.25))
	_attempt += 1
	_dial_at = now + pause
	_host.tell([SessionHost.Event.RECONNECTING, pause])


func _dial() -> Error:
	var url := _url
	var extra := headers
	if token != "":
		if token_in_header:
			extra = headers.duplicate()
			extra.append("Authorization: Bearer " + token)
		else:
			url = with_question(url, "token=" + token.uri_encode())
	var link := WebSocketLink.new()
	link.is_to_relay = _relay != null
	var error := link.start(url, _host.local_id, _host.clock, extra, tls)
	if error == OK:
		_link = link
		if _relay != null:
			_relay.attach(link)
		else:
			_host.attach(link)
	return error


## The URL with one question more. The engine takes none behind a host without a path.
static func with_question(url: String, question: String) -> String:
	var at := url.find("?")
	var path := url if at < 0 else url.left(at)
	if path.find("/", path.find("://") + 3) < 0:
		path += "/"
	return path + ("?" if at < 0 else url.substr(at) + "&") + question
