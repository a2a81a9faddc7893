extends Reference
## One session with one peer: its state, its timers, both reliable streams and the datagrams on their way out. It
## belongs to the two Steam ids and not to a link, and it survives the loss of one.
##
## The host feeds it records and time; it writes frames to the link that the host hands over.

const Protocol = preload("../wire/protocol.gd")
const Serial = preload("../wire/serial.gd")
const FrameWriter = preload("../wire/frame_writer.gd")
const Link = preload("../link/link.gd")
const Inbox = preload("inbox.gd")
const SendStream = preload("send_stream.gd")
const ReceiveStream = preload("receive_stream.gd")
const Received = preload("received.gd")
const Settings = preload("settings.gd")

enum State {
	## This end wants it; the peer has not answered.
	CONNECTING,
	ACTIVE,
}

enum Fate {
	LIVES,
	## Ended, and nobody is told.
	ENDED,
	## Ended, and the game is told.
	FAILED,
}

## Messages that may wait for one peer; this bounds what empty ones can take.
const SEND_MESSAGES = 131072
## Datagrams leave together at the end of a frame, or when this many bytes are there.
const DATAGRAM_BATCH = 32768
const PONGS = 16
const NEVER = -1

## Under which counter a record of the reliable stream is counted that was not taken.
const _REFUSED = {
	ReceiveStream.Outcome.DUPLICATE: "duplicate_records",
	ReceiveStream.Outcome.GAP: "gap_records",
	ReceiveStream.Outcome.BEYOND_CREDIT: "beyond_credit_records",
	ReceiveStream.Outcome.BAD: "bad_records",
}

var peer := 0
var state = State.CONNECTING
## The id that this end gave to the session, and the one that the peer gave (0 while unknown).
var local_id := 0
var remote_id := 0
## Channels on which something was sent or received.
var channels := {}
## A frame was lost: nothing of the stream can be taken until a new link has the peer send again.
var has_gap := false
## Until when a session that the game has closed goes on delivering; NEVER for one that is not closed.
var closing_until = NEVER

var _settings
var _inbox
var _account
var _received
var _counters: Dictionary
var _out
var _in = ReceiveStream.new()
var _writer = FrameWriter.new()
var _datagrams: Array = [] # channel, payload, channel, payload, ...
var _datagram_bytes := 0
var _pongs := []
var _accept_due := false

var _connecting_since := 0
var _open_at := 0
var _heard_at := 0
# When a link came up, and when the peer has acknowledged more or nothing was left to acknowledge.
var _linked_at := 0
var _moved_at := 0
var _pinged_at := 0
var _used_at := 0

# ACK: due at _ack_at at the latest; NEVER when none is due.
var _ack_at = NEVER
var _ack_records := 0
var _ack_bytes := 0


func _init(
	of_peer: int,
	id: int,
	settings,
	inbox,
	received,
	counters: Dictionary,
	now: int
) -> void:
	peer = of_peer
	_settings = settings
	_out = SendStream.new(settings)
	local_id = id
	_inbox = inbox
	_account = inbox.account(of_peer)
	_received = received
	_counters = counters
	_used_at = now
	_connect(now)


## Whether a frame between these two session ids is one of this session. Until it is active, any session of the peer may
## be the one that answers.
func is_between(destination: int, source: int) -> bool:
	if destination != local_id or source == 0:
		return false
	return state == State.CONNECTING or source == remote_id


## Becomes active with the session that the peer announced in OPEN or ACCEPT. `answer`: it waits for ACCEPT.
func activate(their_id: int, credit: int, answer: bool, now: int) -> void:
	state = State.ACTIVE
	remote_id = their_id
	_heard_at = now
	_pinged_at = now
	_used_at = now
	_accept_due = answer
	_out.raise_credit(credit)


## The peer repeats OPEN because it has not seen ACCEPT; what came without that, it has not taken.
func answer_again(credit: int) -> void:
	_accept_due = true
	_out.raise_credit(credit)
	_out.rewind()


## The peer confirms once more what is known; only its credit can be news.
func raise_credit(credit: int) -> void:
	_out.raise_credit(credit)


## What the peer received of its last session that is over is delivered, though its acknowledgement may never have come
## (3.2). Only for the end of an active session.
func take_received(session: int, sequence: int) -> void:
	if session == local_id and not _out.acknowledge(sequence, 0):
		_counters["bad_acks"] += 1


## The session is over: the peer will hear what this end received in it.
func remember() -> void:
	if state == State.ACTIVE:
		_received.remember(peer, remote_id, _in.sequence)


## Starts again (3.1) and waits for the peer to accept under the new id.
func restart_connecting(id: int, now: int) -> void:
	_restart(id)
	_connect(now)


## Starts again (3.1) with the new session that the peer announced in OPEN.
func restart_active(id: int, their_id: int, credit: int, now: int) -> void:
	_restart(id)
	activate(their_id, credit, true, now)


## Whether the peer has everything that the game sent reliably.
func is_delivered() -> bool:
	return _out.queued_messages() == 0


## The game closed the session, but what it sent may still arrive until then.
func linger(until: int) -> void:
	closing_until = until
	channels.clear()
	_out.release()


## The game sends again: the session that it had closed goes on.
func revive() -> void:
	closing_until = NEVER


## Payload bytes and messages that have not been handed to the link as a whole.
func unsent_bytes() -> int:
	return _out.unsent_bytes


## Those that were handed over and are not acknowledged.
func unacknowledged_bytes() -> int:
	return _out.queued_bytes - _out.unsent_bytes


func unsent_messages() -> int:
	return _out.unsent_messages()


## Queues a message. False when the send buffer is full.
func send_message(channel: int, data: PoolByteArray, hold: bool, now: int) -> bool:
	if _out.queued_bytes + data.size() > _settings.send_buffer_size or _out.queued_messages() >= SEND_MESSAGES:
		return false
	channels[channel] = true
	_used_at = now
	_out.push(channel, data, hold, now)
	return true


## Queues a datagram for the next flush. Only an active session has datagrams.
func send_datagram(channel: int, data: PoolByteArray, now: int) -> void:
	channels[channel] = true
	_used_at = now
	_datagrams.append(channel)
	_datagrams.append(data)
	_datagram_bytes += data.size()


## Whether enough waits that a flush should not be put off until the end of the frame.
func wants_flush() -> bool:
	return _datagram_bytes >= DATAGRAM_BATCH


## Any record that the peer addressed to this session shows that it is there.
func heard(now: int) -> void:
	_heard_at = now


## When it was heard of last.
func heard_at() -> int:
	return _heard_at


func take_ping(token: int) -> void:
	if _pongs.size() < PONGS:
		_pongs.append(token)


func take_ack(sequence: int, held: int, credit: int) -> void:
	var acknowledged = _out.acknowledged()
	if _out.acknowledge(sequence, held):
		_out.raise_credit(credit)
		if _out.acknowledged() != acknowledged:
			_moved_at = _heard_at
	else:
		_counters["bad_acks"] += 1


func take_datagram(channel: int, data: PoolByteArray, now: int) -> void:
	if data.size() > Protocol.DATAGRAM_LIMIT:
		_counters["bad_records"] += 1
		return
	_used_at = now
	if closing_until != NEVER:
		return
	if _inbox.add_datagram(peer, channel, data, now):
		channels[channel] = true
	else:
		_counters["unread_datagrams_dropped"] += 1


func take_message(sequence: int, channel: int, total: int, offset: int, data: PoolByteArray, now: int) -> void:
	if _ack_at == NEVER:
		_ack_at = now + _settings.ack_delay_ms
	_ack_records += 1
	_ack_bytes += data.size()
	var outcome = _in.take(sequence, channel, total, offset, data)
	if outcome == ReceiveStream.Outcome.COMPLETE:
		_used_at = now
		# The game has closed the session: what still comes is acknowledged, and dropped as what was unread.
		if closing_until == NEVER:
			channels[channel] = true
			_inbox.add_message(peer, channel, _in.data, now)
	elif outcome == ReceiveStream.Outcome.PART:
		_used_at = now
	else:
		has_gap = has_gap or outcome == ReceiveStream.Outcome.GAP
		_counters[_REFUSED[outcome]] += 1


## Looks at the clock: decides whether the session goes on.
func tick(now: int) -> int:
	if state == State.CONNECTING:
		return Fate.FAILED if now - _connecting_since >= _settings.connect_timeout_ms else Fate.LIVES
	if not _out.is_under_way():
		_moved_at = now
	if now - _heard_at >= _settings.vanish_ms:
		return Fate.ENDED if is_delivered() else Fate.FAILED
	# What the peer has not read yet keeps a session in use.
	if now - _used_at >= _settings.idle_timeout_ms and is_delivered():
		return Fate.ENDED
	return Fate.LIVES


## Whether the link does not get on: the peer was asked and is silent, or nothing of what was sent is acknowledged.
func is_stuck(now: int) -> bool:
	if state != State.ACTIVE:
		return false
	var silent_since: int = max(_heard_at, _linked_at)
	return now - min(silent_since, _moved_at) >= 2 * _settings.keep_alive_ms


## A link to the peer is there again: tells the peer what arrived, and sends again what it may not have.
func link_returned(now: int) -> void:
	_open_at = now
	_linked_at = now
	_moved_at = now
	has_gap = false
	if state == State.ACTIVE:
		_ack_at = now
		_out.rewind()


## Writes everything to `link` that may leave now. Without a link (null), or when it takes no more, datagrams are lost.
func flush(link, now: int) -> void:
	if state == State.CONNECTING:
		_flush_open(link, now)
		return
	_out.release_due(now)
	if link != null:
		_flush_frames(link, now)
	if not _datagrams.empty():
		_counters["datagrams_not_sent"] += _datagrams.size() >> 1
		_datagrams.clear()
		_datagram_bytes = 0


## Sends the last ACK, if one is due, before the game closes the session.
func flush_last_ack(link) -> void:
	if state == State.ACTIVE and _ack_at != NEVER and link != null and link.can_send():
		_writer.begin(remote_id, local_id)
		_write_ack()
		link.send(_writer.take())


func _connect(now: int) -> void:
	state = State.CONNECTING
	_connecting_since = now
	_open_at = now


func _restart(id: int) -> void:
	remember()
	local_id = id
	remote_id = 0
	_out.restart()
	_in.restart()
	_pongs.clear()
	_accept_due = false
	_ack_at = NEVER
	_ack_records = 0
	_ack_bytes = 0


func _flush_open(link, now: int) -> void:
	if link == null or now < _open_at or not link.can_send():
		return
	_open_at = now + _settings.open_retry_ms
	_writer.begin(0, local_id)
	_writer.open(_give_credit(), _received.session_of(peer), _received.sequence_of(peer))
	link.send(_writer.take())


func _flush_frames(link, now: int) -> void:
	var next_datagram = 0
	while link.can_send() and _has_frame(next_datagram, now):
		_writer.begin(remote_id, local_id)
		if _accept_due:
			_accept_due = false
			_writer.accept(_give_credit(), _received.session_of(peer), _received.sequence_of(peer))
		if _ack_at != NEVER or _owes_credit():
			_write_ack()
		for token in _pongs:
			_writer.pong(token)
		_pongs.clear()
		if _owes_ping(now):
			_pinged_at = now
			_writer.ping(now & 0xFFFFFFFF)
		var may_be_lost = not _writer.has_records()
		while next_datagram < _datagrams.size():
			var data: PoolByteArray = _datagrams[next_datagram + 1]
			if _writer.size() + data.size() + Protocol.DATAGRAM_OVERHEAD > link.max_frame_size:
				break
			_writer.datagram(_datagrams[next_datagram], data)
			next_datagram += 2
		var size = _writer.size()
		if next_datagram >= _datagrams.size():
			_out.write(_writer, link.max_frame_size)
		may_be_lost = may_be_lost and _writer.size() == size
		var frame = _writer.take()
		if not (link.send_datagrams(frame) if may_be_lost else link.send(frame)):
			link.close(Protocol.CLOSE_NORMAL, "a frame was not taken")
			break
	if next_datagram >= _datagrams.size():
		_datagrams.clear()
		_datagram_bytes = 0
	elif next_datagram > 0:
		_datagrams = _datagrams.slice(next_datagram, _datagrams.size() - 1)
		_datagram_bytes = 0


func _has_frame(next_datagram: int, now: int) -> bool:
	return (
		_accept_due
		or next_datagram < _datagrams.size()
		or _out.is_ready()
		or not _pongs.empty()
		or _owes_ack(now)
		or _owes_ping(now)
	)


func _owes_ack(now: int) -> bool:
	if _ack_at != NEVER:
		if now >= _ack_at or _ack_records >= Protocol.ACK_RECORDS or _ack_bytes >= Protocol.ACK_BYTES:
			return true
	return _owes_credit()


## Whether the game has read so much that the peer should know.
func _owes_credit() -> bool:
	return Serial.ahead(_in.credit, _credit_now()) >= _settings.receive_buffer_size >> 2


func _owes_ping(now: int) -> bool:
	return now - _heard_at >= _settings.keep_alive_ms and now - _pinged_at >= _settings.keep_alive_ms


## Credit is the cost of what was read plus the buffer. What was read is what came less what is unread; unread messages
## of an earlier session count too, so that starting again gives nobody a second buffer.
func _credit_now() -> int:
	return Serial.add(_in.cost, max(0, _settings.receive_buffer_size - _account.message_cost))


func _give_credit() -> int:
	_in.credit = _credit_now()
	return _in.credit


func _write_ack() -> void:
	_ack_at = NEVER
	_ack_records = 0
	_ack_bytes = 0
	_writer.ack(_in.sequence, _in.held(), _give_credit())
