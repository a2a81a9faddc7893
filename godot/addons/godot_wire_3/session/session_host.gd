extends Reference
## All sessions of one Steam id: brings links, sessions and what the game wants together. It never calls back; what the
## game must be told waits in a list until it asks.

const Protocol = preload("../wire/protocol.gd")
const FrameReader = preload("../wire/frame_reader.gd")
const FrameWriter = preload("../wire/frame_writer.gd")
const Link = preload("../link/link.gd")
const Inbox = preload("inbox.gd")
const Received = preload("received.gd")
const Session = preload("session.gd")
const Settings = preload("settings.gd")

## What the game must be told: an array whose first element is one of these.
enum Event {
	## [SESSION_REQUEST, peer]
	SESSION_REQUEST,
	## [CONNECT_FAIL, peer, error, was_active]
	CONNECT_FAIL,
	## [LINK_OPENED, peer]
	LINK_OPENED,
	## [LINK_CLOSED, peer, code, reason]; the peer is 0 when the link never came up.
	LINK_CLOSED,
	## [RECONNECTING, delay_ms]
	RECONNECTING,
	## [RELAY_JOINED]
	RELAY_JOINED,
	## [RELAY_LEFT, code, reason]
	RELAY_LEFT,
}

const ERROR_TIMEOUT = 4
## Unread bytes that the game may have sent to itself.
const SELF_BUFFER = 4 * 1024 * 1024
## How many failed sessions are remembered for the game to ask.
const FAILURES = 256
## What the game was not told yet; beyond it the oldest is forgotten. Only a game that never asks comes near.
const EVENTS = 4096

## A peer that wants a session and was not accepted yet.
class Request:
	extends Reference
	var remote_id = 0
	var credit = 0
	var told_at = 0
	var heard_at = 0


var local_id := 0
var settings
## Answers milliseconds that never go back.
var clock = funcref(OS, "get_ticks_msec")
## Picks session ids.
var random = RandomNumberGenerator.new()
## What was dropped, by reason.
var counters = {
	"broken_frames": 0,
	"bad_records": 0,
	"misplaced_records": 0,
	"bad_acks": 0,
	"duplicate_records": 0,
	"gap_records": 0,
	"beyond_credit_records": 0,
	"unknown_sessions": 0,
	"unread_datagrams_dropped": 0,
	"datagrams_not_sent": 0,
	"requests_ignored": 0,
	"links_refused": 0,
	"broken_signals": 0,
}

# Links that both ends have greeted on, by peer; and those that may become such.
var _links := {}
var _pending: Array = []
var _sessions := {}
var _requests := {}
# Error of the last session with a peer, until there is a new one or the game closes it; the oldest first.
var _failures := {}
var _events: Array = []
var _inbox = Inbox.new()
var _received = Received.new()
var _reader = FrameReader.new()
var _writer = FrameWriter.new()
# The game's packets to itself: unread bytes, and channels in use.
var _self_channels := {}


func _init(steam_id: int, with_settings = null) -> void:
	local_id = steam_id
	settings = with_settings if with_settings != null else Settings.new()
	random.randomize()


## A link that frames travel on as soon as it is up.
func attach(link) -> void:
	_pending.append(link)


## How many links are up, and how many may become so.
func link_count() -> int:
	return _links.size() + _pending.size()


func pending_count() -> int:
	return _pending.size()


## The link to `peer`, or null when there is none that is up.
func link_to(peer: int):
	var link = _links.get(peer)
	return link if link != null and link.state == Link.State.UP else null


## Peers that have a session and no link.
func unlinked_peers() -> Array:
	var peers: Array = []
	for peer in _sessions:
		if link_to(peer) == null:
			peers.append(peer)
	return peers


## Moves everything forward: reads the links, looks at the clock, writes what is due.
func poll() -> void:
	var now: int = clock.call_func()
	if not _pending.empty():
		_poll_pending(now)
	for peer in _links.keys():
		_poll_link(_links[peer], now)
	for peer in _sessions.keys():
		_poll_session(_sessions[peer], now)
	for peer in _requests.keys():
		if now - _requests[peer].heard_at >= settings.connect_timeout_ms:
			_requests.erase(peer)


## Writes what waits, without reading.
func flush() -> void:
	var now: int = clock.call_func()
	for peer in _sessions:
		_sessions[peer].flush(link_to(peer), now)


## What the game must be told since the last call.
func take_events() -> Array:
	var events = _events
	_events = []
	return events


## Adds to what the game must be told.
func tell(event: Array) -> void:
	if _events.size() >= EVENTS:
		_events.pop_front()
	_events.append(event)


## Ends every link that the other end dialled.
func close_inbound_links(code: int, reason: String) -> void:
	for link in _pending + _links.values():
		if link.is_inbound:
			link.close(code, reason)


## Whether `peer` still waits to be accepted.
func has_request(peer: int) -> bool:
	return _requests.has(peer)


## The session with `peer`, unless the game has closed it.
func session_with(peer: int):
	var session = _sessions.get(peer)
	return session if session != null and session.closing_until == Session.NEVER else null


## Why the last session with `peer` failed; 0 when it did not, or when there is a new one.
func failure_with(peer: int) -> int:
	return _failures.get(peer, 0)


## Whether the game has sent to itself and not closed that.
func is_self_open() -> bool:
	return not _self_channels.empty()


## Accepts the session that `peer` asked for; without a request there is nothing to do.
func accept(peer: int) -> void:
	var request = _requests.get(peer)
	if request == null:
		return
	_requests.erase(peer)
	var now: int = clock.call_func()
	_new_session(peer, now).activate(request.remote_id, request.credit, true, now)


## Ends the session with `peer` and drops what waits in both directions; with `close_linger_ms`, what was sent reliably
## may still arrive. False when there was none. A request of the peer stays, and is told again only when it would have
## been.
func close_session(peer: int) -> bool:
	if peer == local_id:
		var was_open = not _self_channels.empty()
		_self_channels.clear()
		_inbox.drop_peer(peer)
		return was_open
	_failures.erase(peer)
	_inbox.drop_peer(peer)
	var session = session_with(peer)
	if session == null:
		return false
	if settings.close_linger_ms > 0 and not session.is_delivered():
		session.linger(clock.call_func() + settings.close_linger_ms)
	else:
		_end_closed(session)
	return true


## Closes one channel of the session with `peer`, and with the last one the session. False when it was not open.
func close_channel(peer: int, channel: int) -> bool:
	var channels = _self_channels
	if peer != local_id:
		var session = session_with(peer)
		if session == null:
			return false
		channels = session.channels
	if not channels.erase(channel):
		return false
	_inbox.drop_channel(peer, channel)
	if channels.empty():
		close_session(peer)
	return true


## Sends a packet of at most the size that its kind allows. False when nothing more fits in the send buffer.
func send(peer: int, data: PoolByteArray, send_type: int, channel: int) -> bool:
	if peer == local_id:
		return _send_to_self(data, channel)
	var now: int = clock.call_func()
	var session = _sessions.get(peer)
	if session == null:
		accept(peer)
		session = _sessions.get(peer)
		if session == null:
			session = _new_session(peer, now)
	elif session.closing_until != Session.NEVER:
		session.revive()
	var is_active = session.state == Session.State.ACTIVE
	if send_type >= 2 or (send_type == 0 and not is_active):
		return session.send_message(channel, data, send_type == 3, now)
	if is_active:
		session.send_datagram(channel, data, now)
		if send_type == 1 or session.wants_flush():
			session.flush(link_to(peer), now)
	return true


## The next packet of `channel`, which stays; null when there is none.
func peek(channel: int):
	return _inbox.peek(channel)


## Takes the next packet of `channel` out; null when there is none.
func read(channel: int):
	return _inbox.pop(channel)


func _send_to_self(data: PoolByteArray, channel: int) -> bool:
	if _inbox.account(local_id).message_cost + data.size() > SELF_BUFFER:
		return false
	_self_channels[channel] = true
	_inbox.add_message(local_id, channel, data, clock.call_func())
	return true


func _new_session(peer: int, now: int):
	var session = Session.new(peer, _new_id(), settings, _inbox, _received, counters, now)
	_sessions[peer] = session
	_failures.erase(peer)
	return session


func _new_id() -> int:
	var id = 0
	while id == 0:
		id = random.randi()
	return id


# --- the end of a session -------------------------------------------------------------------------

func _poll_session(session, now: int) -> void:
	var peer = session.peer
	var is_closing = session.closing_until != Session.NEVER
	if is_closing and (session.is_delivered() or now >= session.closing_until):
		_end_closed(session)
		return
	var was_active = session.state == Session.State.ACTIVE
	var fate = session.tick(now)
	if fate == Session.Fate.LIVES:
		var link = link_to(peer)
		if link != null and link.may_lose and session.has_gap:
			link.close(Protocol.CLOSE_NORMAL, "a frame was lost")
			link = null
		elif link != null and link.has_detour and session.is_stuck(now):
			link.close(Protocol.CLOSE_NORMAL, "it does not get on")
			link = null
		session.flush(link, now)
		return
	_forget_session(session)
	if fate == Session.Fate.FAILED and not is_closing:
		_note_failure(peer)
		tell([Event.CONNECT_FAIL, peer, ERROR_TIMEOUT, was_active])
	if was_active and now - session.heard_at() >= settings.vanish_ms:
		# A link that carries nothing is no link: the peer's next one must not find its place taken.
		var silent = link_to(peer)
		if silent != null:
			silent.close(Protocol.CLOSE_NORMAL, "the peer is silent")


func _end_closed(session) -> void:
	session.flush_last_ack(link_to(session.peer))
	_forget_session(session)


func _forget_session(session) -> void:
	session.remember()
	_sessions.erase(session.peer)
	_inbox.release(session.peer)


func _note_failure(peer: int) -> void:
	_failures.erase(peer)
	_failures[peer] = ERROR_TIMEOUT
	if _failures.size() > FAILURES:
		for oldest in _failures:
			_failures.erase(oldest)
			break


# --- links ----------------------------------------------------------------------------------------

func _poll_pending(now: int) -> void:
	var polled = _pending
	_pending = []
	for link in polled:
		link.poll()
		if link.state == Link.State.DOWN:
			tell([Event.LINK_CLOSED, 0, link.close_code, link.close_reason])
		elif link.state == Link.State.CONNECTING or link.is_closing():
			_pending.append(link)
		else:
			_link_is_up(link, now)


func _link_is_up(link, now: int) -> void:
	var peer = link.peer_id
	var known = _links.get(peer)
	if known != null:
		# Its end may have come in this moment and not have been told yet.
		_poll_link(known, now)
		if _links.has(peer):
			counters["links_refused"] += 1
			link.close(Protocol.CLOSE_ID_IN_USE, "another link speaks as this id already")
			_pending.append(link)
			return
	_links[peer] = link
	tell([Event.LINK_OPENED, peer])
	var session = _sessions.get(peer)
	if session != null:
		session.link_returned(now)


func _link_is_down(link) -> void:
	_links.erase(link.peer_id)
	tell([Event.LINK_CLOSED, link.peer_id, link.close_code, link.close_reason])


func _poll_link(link, now: int) -> void:
	link.poll()
	var frame = link.next_frame()
	while not frame.empty():
		_receive(link, frame, now)
		frame = link.next_frame()
	if link.state == Link.State.DOWN:
		_link_is_down(link)


# --- frames ---------------------------------------------------------------------------------------

func _receive(link, frame: PoolByteArray, now: int) -> void:
	var peer = link.peer_id
	if not _reader.open(frame):
		counters["broken_frames"] += 1
		return
	if _reader.destination != 0:
		var session = _sessions.get(peer)
		if session == null or not session.is_between(_reader.destination, _reader.source):
			counters["unknown_sessions"] += 1
			_answer_unknown(link, _reader.destination)
			return
	while _reader.next():
		_take_record(peer, now)
	if _reader.broken:
		counters["broken_frames"] += 1


func _take_record(peer: int, now: int) -> void:
	var session = _sessions.get(peer)
	var type = _reader.type
	if (type == Protocol.OPEN or type == Protocol.UNKNOWN) != (_reader.destination == 0):
		counters["misplaced_records"] += 1
		return
	if type == Protocol.OPEN:
		_take_open(peer, session, now)
		return
	if type == Protocol.UNKNOWN:
		if session != null:
			_take_unknown(session, now)
		return
	if type == Protocol.ACCEPT:
		_take_accept(session, now)
		return
	if session.state != Session.State.ACTIVE:
		counters["misplaced_records"] += 1
		return
	session.heard(now)
	if type == Protocol.MESSAGE:
		session.take_message(_reader.sequence, _reader.channel, _reader.payload.size(), 0, _reader.payload, now)
	elif type == Protocol.DATAGRAM:
		session.take_datagram(_reader.channel, _reader.payload, now)
	elif type == Protocol.FRAGMENT:
		session.take_message(
			_reader.sequence, _reader.channel, _reader.total, _reader.offset, _reader.payload, now
		)
	elif type == Protocol.ACK:
		session.take_ack(_reader.sequence, _reader.held, _reader.credit)
	elif type == Protocol.PING:
		session.take_ping(_reader.token)


func _take_open(peer: int, session, now: int) -> void:
	if session != null and session.closing_until != Session.NEVER and session.remote_id != _reader.source:
		# The game is done with the old session, and the peer wants a new one: that is for the game to decide.
		session.take_received(_reader.received_session, _reader.received_sequence)
		_forget_session(session)
		session = null
	if session == null:
		_take_request(peer, now)
		return
	if session.state == Session.State.CONNECTING:
		session.activate(_reader.source, _reader.credit, true, now)
	elif session.remote_id == _reader.source:
		session.heard(now)
		session.answer_again(_reader.credit)
	else:
		session.take_received(_reader.received_session, _reader.received_sequence)
		session.restart_active(_new_id(), _reader.source, _reader.credit, now)


func _take_request(peer: int, now: int) -> void:
	var request = _requests.get(peer)
	if request == null:
		if _requests.size() >= settings.max_requests:
			counters["requests_ignored"] += 1
			return
		request = Request.new()
		request.told_at = now - settings.request_repeat_ms
		_requests[peer] = request
	request.remote_id = _reader.source
	request.credit = _reader.credit
	request.heard_at = now
	if now - request.told_at >= settings.request_repeat_ms:
		request.told_at = now
		tell([Event.SESSION_REQUEST, peer])


func _take_accept(session, now: int) -> void:
	if session.state == Session.State.CONNECTING:
		session.activate(_reader.source, _reader.credit, false, now)
		return
	session.heard(now)
	session.raise_credit(_reader.credit)


func _take_unknown(session, now: int) -> void:
	if session.state != Session.State.ACTIVE or session.remote_id != _reader.session:
		return
	session.take_received(_reader.received_session, _reader.received_sequence)
	if session.is_delivered():
		# Nothing is left to say to a peer that closed its end; asking it again would undo its close.
		_forget_session(session)
	else:
		session.restart_connecting(_new_id(), now)


func _answer_unknown(link, destination: int) -> void:
	if link.can_send():
		_writer.begin(0, 0)
		_writer.unknown(destination, _received.session_of(link.peer_id), _received.sequence_of(link.peer_id))
		link.send(_writer.take())
