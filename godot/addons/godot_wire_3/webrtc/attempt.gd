extends Reference
## One try for a direct way to a peer, and the connection that comes of it (docs/protocol.md, 1.5). It never calls back:
## what the peer must be told waits in a list.

const Protocol = preload("../wire/protocol.gd")
const DirectLink = preload("direct_link.gd")

## The first message of each end on its reliable channel: it has both channels, and hears.
const READY = 1
## Candidates that came before the description they belong to.
const EARLY_CANDIDATES = 100
## WebRTCPeerConnection.STATE_FAILED; STATE_CLOSED follows.
const FAILED_STATE = 4
## WebRTCDataChannel.STATE_OPEN; STATE_CLOSING and STATE_CLOSED follow.
const OPEN = 1

## Among those for the same peer.
var number := 0
## Whether the other end may already take the way as open.
var said_ready := false
## Both ends have said that they are ready: `link` carries frames.
var is_open := false
var link = null
## It failed, or what it made broke.
var is_over := false
var reason := ""

var _connection
var _reliable = null
var _datagram = null
var _ends_at := 0
var _said: Array = []
# Until there is a description of the other end.
var _early: Array = []
var _is_described := false


func _init(connection, peer: int, attempt_number: int, ice_servers: Array, ends_at: int) -> void:
	number = attempt_number
	_connection = connection
	_ends_at = ends_at
	connection.connect("session_description_created", self, "_on_description")
	connection.connect("ice_candidate_created", self, "_on_candidate")
	if connection.initialize({"iceServers": ice_servers}) != OK:
		_end("WebRTC refuses")
		return
	_reliable = connection.create_data_channel("reliable", {"negotiated": true, "id": 0, "ordered": true})
	_datagram = connection.create_data_channel(
		"datagram", {"negotiated": true, "id": 1, "ordered": false, "maxRetransmits": 0}
	)
	if _reliable == null or _datagram == null:
		_end("WebRTC makes no data channels")
		return
	link = DirectLink.new(peer, _reliable, _datagram)


## The end that begins.
func offer() -> void:
	_must(_connection.create_offer(), "an offer")


## What the other end says, as `signals.gd` reads it.
func hear(told: Dictionary) -> void:
	if is_over:
		return
	if told["kind"] == "candidate":
		_take_candidate(told["candidate"])
		return
	# An offer makes the connection answer by itself.
	_must(_connection.set_remote_description(told["kind"], told["sdp"]), "the other end's description")
	_is_described = true
	for candidate in _early:
		_take_candidate(candidate)
	_early.clear()


## Moves it forward; `is_open` and `is_over` tell what came of it.
func poll(now: int) -> void:
	if is_over:
		return
	_connection.poll()
	var state: int = _connection.get_connection_state()
	if state >= FAILED_STATE:
		_end("the connection failed" if state == FAILED_STATE else "the connection closed")
	elif _reliable.get_ready_state() > OPEN or _datagram.get_ready_state() > OPEN:
		_end("the other end closed it")
	elif link.state == DirectLink.State.DOWN:
		_end(link.close_reason)
	elif not is_open:
		_greet()
		if not is_open and now >= _ends_at:
			_end("no direct way was found in time")


## What the other end must be told since the last call.
func take_said() -> Array:
	var said = _said
	_said = []
	return said


## Ends it without a word.
func close() -> void:
	is_over = true
	if link != null:
		link.close(Protocol.CLOSE_NORMAL, reason)
	_connection.close()


func _end(why: String) -> void:
	reason = why
	is_over = true


func _must(error: int, what: String) -> void:
	if error != OK:
		_end("WebRTC refuses %s: %d" % [what, error])


func _greet() -> void:
	_reliable.poll()
	_datagram.poll()
	if _reliable.get_ready_state() != OPEN or _datagram.get_ready_state() != OPEN:
		return
	if not said_ready:
		_must(_reliable.put_packet(PoolByteArray([READY])), "to send")
		said_ready = true
	if _reliable.get_available_packet_count() == 0 or is_over:
		return
	var word: PoolByteArray = _reliable.get_packet()
	if _reliable.was_string_packet() or word != PoolByteArray([READY]):
		_end("a message that makes no sense")
	else:
		is_open = true


func _take_candidate(candidate: Dictionary) -> void:
	if _is_described:
		# One that is not understood is one way less; others may lead there.
		_connection.add_ice_candidate(candidate["sdpMid"], candidate["sdpMLineIndex"], candidate["candidate"])
	elif _early.size() < EARLY_CANDIDATES:
		_early.append(candidate)


func _on_description(type: String, sdp: String) -> void:
	if is_over:
		return
	_said.append({"kind": type, "attempt": number, "sdp": sdp})
	_must(_connection.set_local_description(type, sdp), "its own description")


func _on_candidate(media: String, index: int, name: String) -> void:
	if is_over or name == "":
		return
	var candidate = {"candidate": name, "sdpMid": media, "sdpMLineIndex": index}
	_said.append({"kind": "candidate", "attempt": number, "candidate": candidate})
