extends RefCounted
## All sessions of one Steam id: brings links, sessions and what the game wants together. It never calls back; what the
## game must be told waits in a list until it asks.

const Protocol := preload("../wire/protocol.gd")
const FrameReader := preload("../wire/frame_reader.gd")
const FrameWriter := preload("../wire/frame_writer.gd")
const Link := preload("../link/link.gd")
const Inbox := preload("inbox.gd")
const Received := preload("received.gd")
const Session := preload("session.gd")

## What the game must be told: an array whose first element is one of these.
enum Event {
	## [SESSION_REQUEST, peer]
	SESSION_REQUEST,
	## [CONNECT_FAIL, peer, error]
	CONNECT_FAIL,
	## [LINK_OPENED, peer]
	LINK_OPENED,
	## [LINK_CLOSED, code, reason]
	LINK_CLOSED,
}

const ERROR_TIMEOUT := 4
## Unread bytes that the game may have sent to itself.
const SELF_BUFFER := 4 * 1024 * 1024

## A peer that wants a session and was not accepted yet.
class Request:
	extends RefCounted
	var remote_id := 0
	var credit := 0
	var told_at := 0
	var heard_at := 0


var local_id := 0
## Answers milliseconds that never go back.
var clock: Callable = Time.get_ticks_msec
## Picks session ids.
var random := RandomNumberGenerator.new()
## What was dropped, by reason.
var counters := {
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
}

var _link: Link
var _link_was_up := false
var _sessions := {}
var _requests := {}
# Error of the last session with a peer, until there is a new one or the game closes it.
var _failures := {}
var _events: Array = []
var _inbox := Inbox.new()
var _received := Received.new()
var _reader := FrameReader.new()
var _writer := FrameWriter.new()
# The game's packets to itself: unread bytes, and channels in use.
var _self_channels := {}


func _init(steam_id: int) -> void:
	local_id = steam_id
	random.randomize()


## The link that frames travel on from now on; an earlier one must be down.
func attach(link: Link) -> void:
	_link = link
	_link_was_up = false


## Moves everything forward: reads the link, looks at the clock, writes what is due.
func poll() -> void:
	var now: int = clock.call()
	if _link != null:
		_poll_link(now)
	for peer in _sessions.keys():
		var session: Session = _sessions[peer]
		var fate := session.tick(now)
		if fate != Session.Fate.LIVES:
			session.remember()
			_sessions.erase(peer)
			if fate == Session.Fate.FAILED:
				_failures[peer] = ERROR_TIMEOUT
				_events.append([Event.CONNECT_FAIL, peer, ERROR_TIMEOUT])
		else:
			session.flush(_link_to(peer), now)
	for peer in _requests.keys():
		if now - (_requests[peer] as Request).heard_at >= Protocol.CONNECT_TIMEOUT:
			_requests.erase(peer)


## Writes what waits, without reading.
func flush() -> void:
	var now: int = clock.call()
	for peer in _sessions:
		(_sessions[peer] as Session).flush(_link_to(peer), now)


## What the game must be told since the last call.
func take_events() -> Array:
	var events := _events
	_events = []
	return events


## Whether `peer` still waits to be accepted.
func has_request(peer: int) -> bool:
	return _requests.has(peer)


func session_with(peer: int) -> Session:
	return _sessions.get(peer)


## Why the last session with `peer` failed; 0 when it did not, or when there is a new one.
func failure_with(peer: int) -> int:
	return _failures.get(peer, 0)


## Whether the game has sent to itself and not closed that.
func is_self_open() -> bool:
	return not _self_channels.is_empty()


func current_link() -> Link:
	return _link


## Accepts the session that `peer` asked for; without a request there is nothing to do.
func accept(peer: int) -> void:
	var request: Request = _requests.get(peer)
	if request == null:
		return
	_requests.erase(peer)
	var now: int = clock.call()
	_new_session(peer, now).activate(request.remote_id, request.credit, true, now)


## Ends the session with `peer` and drops what waits in both directions. False when there was none. A request of the
## peer stays, and is told again only when it would have been.
func close_session(peer: int) -> bool:
	if peer == local_id:
		var was_open := not _self_channels.is_empty()
		_self_channels.clear()
		_inbox.drop_peer(peer)
		return was_open
	_failures.erase(peer)
	_inbox.drop_peer(peer)
	var session: Session = _sessions.get(peer)
	if session == null:
		return false
	session.flush_last_ack(_link_to(peer))
	session.remember()
	_sessions.erase(peer)
	return true


## Closes one channel of the session with `peer`, and with the last one the session. False when it was not open.
func close_channel(peer: int, channel: int) -> bool:
	var channels := _self_channels
	if peer != local_id:
		var session: Session = _sessions.get(peer)
		if session == null:
			return false
		channels = session.channels
	if not channels.erase(channel):
		return false
	_inbox.drop_channel(peer, channel)
	if channels.is_empty():
		close_session(peer)
	return true


## Sends a packet of at most the size that its kind allows. False when nothing more fits in the send buffer.
func send(peer: int, data: PackedByteArray, send_type: int, channel: int) -> bool:
	if peer == local_id:
		return _send_to_self(data, channel)
	var now: int = clock.call()
	var session: Session = _sessions.get(peer)
	if session == null:
		accept(peer)
		session = _sessions.get(peer)
		if session == null:
			session = _new_session(peer, now)
	var is_active := session.state == Session.State.ACTIVE
	match send_type:
		0:
			if not is_active:
				return session.send_message(channel, data, false, now)
			session.send_datagram(channel, data, now)
			if session.wants_flush():
				session.flush(_link_to(peer), now)
		1:
			if is_active:
				session.send_datagram(channel, data, now)
				session.flush(_link_to(peer), now)
		2:
			return session.send_message(channel, data, false, now)
		3:
			return session.send_message(channel, data, true, now)
	return true


## The next packet of `channel`, which stays; null when there is none.
func peek(channel: int) -> Inbox.Packet:
	return _inbox.peek(channel)


## Takes the next packet of `channel` out; null when there is none.
func read(channel: int) -> Inbox.Packet:
	return _inbox.pop(channel)


func _send_to_self(data: PackedByteArray, channel: int) -> bool:
	if _inbox.account(local_id).message_cost + data.size() > SELF_BUFFER:
		return false
	_self_channels[channel] = true
	_inbox.add_message(local_id, channel, data)
	return true


func _new_session(peer: int, now: int) -> Session:
	var session := Session.new(peer, _new_id(), _inbox, _received, counters, now)
	_sessions[peer] = session
	_failures.erase(peer)
	return session


func _new_id() -> int:
	var id := 0
	while id == 0:
		id = random.randi()
	return id


func _link_to(peer: int) -> Link:
	return _link if _link != null and _link.state == Link.State.UP and _link.peer_id == peer else null


func _poll_link(now: int) -> void:
	_link.poll()
	if _link.state == Link.State.UP and not _link_was_up:
		_link_was_up = true
		_events.append([Event.LINK_OPENED, _link.peer_id])
		var session: Session = _sessions.get(_link.peer_id)
		if session != null:
			session.link_returned(now)
	if _link_was_up:
		var frame := _link.next_frame()
		while not frame.is_empty():
			_receive(frame, now)
			frame = _link.next_frame()
	if _link.state == Link.State.DOWN:
		_events.append([Event.LINK_CLOSED, _link.close_code, _link.close_reason])
		_link = null


func _receive(frame: PackedByteArray, now: int) -> void:
	var peer := _link.peer_id
	if not _reader.open(frame):
		counters["broken_frames"] += 1
		return
	if _reader.destination != 0:
		var session: Session = _sessions.get(peer)
		if session == null or not session.is_between(_reader.destination, _reader.source):
			counters["unknown_sessions"] += 1
			_answer_unknown(peer, _reader.destination)
			return
	while _reader.next():
		_take_record(peer, now)
	if _reader.broken:
		counters["broken_frames"] += 1


func _take_record(peer: int, now: int) -> void:
	var session: Session = _sessions.get(peer)
	var type := _reader.type
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
	match type:
		Protocol.MESSAGE:
			session.take_message(
				_reader.sequence, _reader.channel, _reader.payload.size(), 0, _reader.payload, now
			)
		Protocol.FRAGMENT:
			session.take_message(
				_reader.sequence, _reader.channel, _reader.total, _reader.offset, _reader.payload, now
			)
		Protocol.DATAGRAM:
			session.take_datagram(_reader.channel, _reader.payload, now)
		Protocol.ACK:
			session.take_ack(_reader.sequence, _reader.held, _reader.credit)
		Protocol.PING:
			session.take_ping(_reader.token)


func _take_open(peer: int, session: Session, now: int) -> void:
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
	var request: Request = _requests.get(peer)
	if request == null:
		request = Request.new()
		request.told_at = now - Protocol.REQUEST_PERIOD
		_requests[peer] = request
	request.remote_id = _reader.source
	request.credit = _reader.credit
	request.heard_at = now
	if now - request.told_at >= Protocol.REQUEST_PERIOD:
		request.told_at = now
		_events.append([Event.SESSION_REQUEST, peer])


func _take_accept(session: Session, now: int) -> void:
	if session.state == Session.State.CONNECTING:
		session.activate(_reader.source, _reader.credit, false, now)
		return
	session.heard(now)
	session.raise_credit(_reader.credit)


func _take_unknown(session: Session, now: int) -> void:
	if session.state != Session.State.ACTIVE or session.remote_id != _reader.session:
		return
	session.take_received(_reader.received_session, _reader.received_sequence)
	if session.is_delivered():
		# Nothing is left to say to a peer that closed its end; asking it again would undo its close.
		session.remember()
		_sessions.erase(session.peer)
	else:
		session.restart_connecting(_new_id(), now)


func _answer_unknown(peer: int, destination: int) -> void:
	if _link.can_send():
		_writer.begin(0, 0)
		_writer.unknown(destination, _received.session_of(peer), _received.sequence_of(peer))
		_link.send(_writer.take())
