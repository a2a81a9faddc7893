extends Reference
## This end of the link to a relay, and the links to other peers that go through it (docs/protocol.md, 1.4). The dialer
## makes the link, and makes it anew; sessions outlive it.

const Protocol = preload("../wire/protocol.gd")
const SteamId = preload("../steam_id.gd")
const Link = preload("../link/link.gd")
const SessionHost = preload("../session/session_host.gd")
const Lobbies = preload("lobbies.gd")
const Messages = preload("relay_messages.gd")
const RelayLink = preload("relay_link.gd")
const Options = preload("../webrtc/options.gd")
const Ways = preload("../webrtc/ways.gd")

## How long the relay may take to say WELCOME.
const WELCOME_TIMEOUT = 5000
## How often a link to a peer is asked for that is not joined.
const CONNECT_PERIOD = 1000
## A relay that was silent for that long is asked whether it is there, and has so long to answer: both together less
## than what a session lives without a link.
const ASK_AFTER = 5000
const ANSWER_TIMEOUT = 8000
## Links to peers, above which no more are taken.
const LINKS = 1024
## Messages that wait because the socket takes nothing; far more than a sane game makes.
const CONTROL = 10000
const NEVER = -1

## Whether the relay has ever let this end in.
var has_joined := false
## Messages of the relay that made no sense, and frames for links that are over.
var broken_messages := 0
var late_frames := 0

var _host = null
var _lobbies = null
var _ways = null
var _link = null
var _is_joined := false
var _up_at := NEVER
var _heard_at := 0
var _asked_at := NEVER
# By the relay's number, and by peer.
var _links := {}
var _peers := {}
var _last_number := 0
var _control: Array = []
# When a link was asked for last, by peer.
var _wanted := {}


func _init(host, lobbies, webrtc = null) -> void:
	_host = host
	_lobbies = lobbies
	_ways = Ways.new(self, host, webrtc if webrtc != null else Options.new())
	_lobbies.use(self)


## The dialer's new link.
func attach(link) -> void:
	_link = link
	_up_at = NEVER


func is_joined() -> bool:
	return _is_joined


## Moves everything forward. The host reads what came for its links after that.
func poll() -> void:
	var now = _host.clock.call_func()
	if _link != null:
		_poll_relay(now)
	_ways.poll(now)


## Asks for a link to each peer that has a session and no link.
func want_links() -> void:
	if not _is_joined:
		return
	var now = _host.clock.call_func()
	var wanted = {}
	for peer in _host.unlinked_peers():
		if _peers.has(peer):
			_ways.want(peer, now)
			continue
		var asked_at = _wanted.get(peer, now - CONNECT_PERIOD)
		if now - asked_at >= CONNECT_PERIOD:
			asked_at = now
			put_control(Messages.connect_to(peer))
		wanted[peer] = asked_at
	_wanted = wanted


## Whether `put` would take a message now.
func can_put() -> bool:
	return _is_joined and _control.empty() and _link.can_send()


func put(message: PoolByteArray) -> bool:
	return can_put() and _link.send(message)


## Sends, or keeps until the socket takes it. False where there is no relay to tell.
func put_control(message: PoolByteArray) -> bool:
	if not _is_joined:
		return false
	if put(message):
		return true
	_control.append(message)
	if _control.size() > CONTROL:
		_link.close(Protocol.CLOSE_NORMAL, "the relay reads too slowly")
	return true


## A link was closed at this end.
func close_link(link, reason: String) -> void:
	put_control(Messages.close_link(link.number, reason))
	_drop(link)


## Puts the way of a link in use, or in use again: each time it is another link for the host.
func renew(link):
	var renewed = RelayLink.new(self, link.number, link.peer_id, link.max_frame_size)
	renewed.is_full = link.is_full
	renewed.may_lose = link.may_lose
	renewed.state = Link.State.UP
	_links[link.number] = renewed
	_peers[link.peer_id] = renewed
	return renewed


## Whether the relay may carry frames, for links that come up from now on.
func allow_relay(allow: bool) -> void:
	_ways.is_relay_allowed = allow


## Ends every direct way.
func close_ways() -> void:
	_ways.close()


func _poll_relay(now: int) -> void:
	_link.poll()
	_read(now)
	if _link.state == Link.State.DOWN:
		_leave()
	elif _link.state == Link.State.UP:
		_flush_control()
		_watch(now)
		want_links()


func _read(now: int) -> void:
	var message = _link.next_frame()
	while not message.empty():
		_heard_at = now
		_asked_at = NEVER
		if not _take(message) and not _link.is_closing():
			broken_messages += 1
			_link.close(Protocol.CLOSE_BAD_MESSAGE, "a message of the relay that makes no sense")
		message = _link.next_frame()


func _watch(now: int) -> void:
	if _up_at == NEVER:
		_up_at = now
		_heard_at = now
		_asked_at = NEVER
	if not _is_joined:
		if now - _up_at >= WELCOME_TIMEOUT:
			_link.close(Protocol.CLOSE_NO_HELLO, "no welcome within %d ms" % WELCOME_TIMEOUT)
	elif _asked_at != NEVER:
		if now - _asked_at >= ANSWER_TIMEOUT:
			_link.close(Protocol.CLOSE_NORMAL, "the relay is silent")
	elif now - _heard_at >= ASK_AFTER:
		_asked_at = now
		_lobbies.ask_for_life()


func _leave() -> void:
	var code = _link.close_code
	var reason = _link.close_reason
	_link = null
	_is_joined = false
	_control.clear()
	_wanted.clear()
	for link in _links.values():
		link.end(code, "the relay is gone: " + reason)
		_ways.relay_down(link)
	_links.clear()
	_peers.clear()
	_last_number = 0
	_lobbies.lost()
	_host.tell([SessionHost.Event.RELAY_LEFT, code, reason])


func _flush_control() -> void:
	var sent = 0
	while sent < _control.size() and _link.can_send() and _link.send(_control[sent]):
		sent += 1
	if sent > 0:
		_control = _control.slice(sent, _control.size() - 1) if sent < _control.size() else []


# --- what the relay says --------------------------------------------------------------------------

## False where the message makes no sense.
func _take(message: PoolByteArray) -> bool:
	var type = message[0]
	if type == Messages.WELCOME:
		return _welcome(message)
	if not _is_joined or message.size() < Messages.HEADER:
		return false
	match type:
		Messages.DATA, Messages.DATAGRAM:
			return _data(message)
		Messages.UP:
			return _up(message)
		Messages.DOWN:
			return _down(message)
		Messages.FULL, Messages.DRAIN:
			return _set_full(message, type == Messages.FULL)
		Messages.SIGNAL:
			return _signal(message)
		Messages.REPLY:
			return _lobbies.reply(Messages.number_of(message), Messages.object_of(message))
		Messages.EVENT:
			return _lobbies.event(Messages.object_of(message))
	return false


func _welcome(message: PoolByteArray) -> bool:
	if _is_joined or message.size() < 2:
		return false
	if message[1] != Messages.VERSION:
		_link.close(Protocol.CLOSE_BAD_HELLO, "the relay speaks version %d" % message[1])
		return true
	_is_joined = true
	has_joined = true
	_host.tell([SessionHost.Event.RELAY_JOINED])
	return true


func _data(message: PoolByteArray) -> bool:
	if message.size() == Messages.HEADER or not _is_known(message):
		return false
	var link = _links.get(Messages.number_of(message))
	if link == null or link.state != Link.State.UP:
		late_frames += 1
	else:
		link.take(Messages.payload_of(message))
	return true


func _up(message: PoolByteArray) -> bool:
	if message.size() != Messages.UP_SIZE:
		return false
	var number = Messages.number_of(message)
	var told = Messages.up_of(message)
	var peer = told[0]
	var limit = min(told[1], _link.max_frame_size - Messages.HEADER)
	if number <= _last_number or peer == 0 or peer == _host.local_id or _peers.has(peer):
		return false
	if limit < Protocol.FRAME_LIMIT_MIN - Messages.HEADER:
		return false
	_last_number = number
	var link = RelayLink.new(self, number, peer, limit)
	link.may_lose = _link.may_lose
	if _links.size() >= LINKS or not SteamId.is_valid(peer):
		# The relay may know peers that are no Steam users; this end cannot speak of them.
		return put_control(Messages.close_link(number, "no room for this link"))
	_links[number] = link
	_peers[peer] = link
	_ways.relay_up(link, _heard_at)
	return true


func _down(message: PoolByteArray) -> bool:
	var link = _links.get(Messages.number_of(message))
	if link != null:
		link.end(Protocol.CLOSE_NORMAL, Messages.reason_of(message))
		_drop(link)
	return _is_known(message)


func _set_full(message: PoolByteArray, is_full: bool) -> bool:
	var link = _links.get(Messages.number_of(message))
	if link != null:
		link.is_full = is_full
	return _is_known(message)


func _signal(message: PoolByteArray) -> bool:
	var link = _links.get(Messages.number_of(message))
	if link != null:
		_ways.hear(link.peer_id, message, _heard_at)
	return _is_known(message)


## Whether the link was ever told of. One that was not means a lost UP, too: beginning anew helps.
func _is_known(message: PoolByteArray) -> bool:
	var number = Messages.number_of(message)
	return number > 0 and number <= _last_number


func _drop(link) -> void:
	_links.erase(link.number)
	if _peers.get(link.peer_id) == link:
		_peers.erase(link.peer_id)
	_ways.relay_down(link)
