extends RefCounted
## The ways to the peers of a relay: by the relay at once, straight to the peer as soon as that is found, and by the relay
## again when it breaks (docs/protocol.md, 1.5). Each change is a new link for the session host, so that both ends send
## again what is not acknowledged.

const Protocol := preload("../wire/protocol.gd")
const Link := preload("../link/link.gd")
const SessionHost := preload("../session/session_host.gd")
const RelayLink := preload("../relay/relay_link.gd")
const Attempt := preload("attempt.gd")
const Options := preload("options.gd")
const Signals := preload("signals.gd")

## How often a peer may make this end begin anew within so many milliseconds: each time costs a connection.
const OFFERS := 10
const OFFER_PERIOD := 1000
## How often a way is looked for to a peer without any.
const WANT_PERIOD := 1000
const NEVER := -1


class Way:
	extends RefCounted
	var peer := 0
	## The link of the relay, where there is one; in use only while it is `current`.
	var relay: RelayLink = null
	## What the host has: the link of the relay or that of `attempt`.
	var current: Link = null
	var attempt: Attempt = null
	## Of the newest attempt.
	var number := 0
	var begun_at := NEVER
	var retry_at := NEVER
	## Offers of the peer, since then.
	var offers := 0
	var offers_since := 0


## Whether the relay and TURN servers may carry frames, for links that come up from now on.
var is_relay_allowed := true

var _client: WeakRef
var _host: SessionHost
var _options: Options
var _ways := {}


func _init(client: RefCounted, host: SessionHost, options: Options) -> void:
	_client = weakref(client)
	_host = host
	_options = options


## There is a way by the relay.
func relay_up(link: RelayLink, now: int) -> void:
	var way: Way = _ways.get(link.peer_id)
	if way == null:
		way = Way.new()
		way.peer = link.peer_id
		_ways[way.peer] = way
	way.relay = link
	if way.attempt != null:
		# The relay is asked for a link only by an end that has none: there the direct way is lost.
		_over(way, "the other end asks for the relay", now)
	_detour(way)
	_begin(way, now)


## The way by the relay is no more.
func relay_down(link: RelayLink) -> void:
	var way: Way = _ways.get(link.peer_id)
	if way == null or way.relay != link:
		return
	way.relay = null
	if way.current == link:
		way.current = null
	# A direct way needs no relay; one that is not there yet does.
	if way.attempt != null and not way.attempt.is_open:
		way.attempt.close()
		way.attempt = null
	_forget(way)


## A SIGNAL of the other end.
func hear(peer: int, message: PackedByteArray, now: int) -> void:
	var way: Way = _ways.get(peer)
	if way == null or not _options.is_available():
		return
	var told := Signals.read(message)
	if told.is_empty():
		_host.counters["broken_signals"] += 1
	elif told["kind"] == "offer":
		_offered(way, told, now)
	elif way.attempt == null or told["attempt"] != way.number:
		pass
	elif told["kind"] == "relay":
		_over(way, "the other end went back to the relay", now)
	else:
		way.attempt.hear(told)
		_tell_said(way)


## The host has nothing that leads to this peer.
func want(peer: int, now: int) -> void:
	var way: Way = _ways.get(peer)
	if way != null and way.current == null and now - way.begun_at >= WANT_PERIOD:
		_begin(way, now)


## Moves everything forward.
func poll(now: int) -> void:
	for peer in _ways.keys():
		_poll_way(_ways[peer], now)


## Ends every direct way.
func close() -> void:
	for way in _ways.values():
		if way.attempt != null:
			way.attempt.close()
			way.attempt = null
	_ways.clear()


func _poll_way(way: Way, now: int) -> void:
	if way.attempt == null:
		if way.retry_at != NEVER and now >= way.retry_at:
			_begin(way, now)
		return
	way.attempt.poll(now)
	_tell_said(way)
	if way.attempt.is_over:
		_over(way, way.attempt.reason, now)
	elif way.attempt.is_open and way.current != way.attempt.link:
		_end_current(way, "a direct way was found")
		_use(way, way.attempt.link)


## Of two ends the one with the higher id begins, so that they do not meet half-way.
func _begin(way: Way, now: int) -> void:
	if _host.local_id < way.peer or way.relay == null or way.attempt != null:
		return
	way.number += 1
	_try(way, now)
	if way.attempt != null:
		way.attempt.offer()
		_tell_said(way)


func _offered(way: Way, told: Dictionary, now: int) -> void:
	# Who has the higher id makes the offers.
	if _host.local_id > way.peer:
		_host.counters["broken_signals"] += 1
		return
	if now - way.offers_since >= OFFER_PERIOD:
		way.offers_since = now
		way.offers = 0
	way.offers += 1
	if way.offers > OFFERS:
		return
	if way.attempt != null:
		_over(way, "the other end began anew", now, told["attempt"] != way.number)
	way.number = told["attempt"]
	_try(way, now)
	if way.attempt != null:
		way.attempt.hear(told)
		_tell_said(way)


func _try(way: Way, now: int) -> void:
	way.retry_at = NEVER
	way.begun_at = now
	if _connections() >= _options.max_connections:
		return
	var connection := _options.new_connection()
	if connection == null:
		return
	var attempt := Attempt.new(connection, way.peer, way.number, _ice_servers(), now + _options.timeout_ms)
	# One that WebRTC refuses at once would be refused again.
	if not attempt.is_over:
		way.attempt = attempt


## The attempt failed, or what it made broke: both ends go back to the relay, with a link of its own.
func _over(way: Way, reason: String, now: int, is_told: bool = true) -> void:
	var attempt := way.attempt
	way.attempt = null
	attempt.reason = reason
	attempt.close()
	# The other end may have changed over: then it must send again, and so must this one.
	if attempt.said_ready:
		_end_current(way, reason)
	if is_told:
		_say(way, {"kind": "relay", "attempt": attempt.number})
	_detour(way)
	way.retry_at = now + _options.retry_ms
	_forget(way)


## Frames go by the relay, where they may.
func _detour(way: Way) -> void:
	var client: RefCounted = _client.get_ref()
	if way.current == null and way.relay != null and is_relay_allowed and client != null:
		way.relay = client.renew(way.relay)
		_use(way, way.relay)


func _use(way: Way, link: Link) -> void:
	way.current = link
	_host.attach(link)


func _end_current(way: Way, reason: String) -> void:
	if way.current == way.relay and way.relay != null:
		way.relay.end(Protocol.CLOSE_NORMAL, reason)
	way.current = null


func _tell_said(way: Way) -> void:
	for told in way.attempt.take_said():
		_say(way, told)


func _say(way: Way, told: Dictionary) -> void:
	var client: RefCounted = _client.get_ref()
	if way.relay != null and client != null:
		client.put_control(Signals.write(way.relay.number, told))


func _forget(way: Way) -> void:
	if way.relay == null and way.attempt == null and way.current == null:
		_ways.erase(way.peer)


func _connections() -> int:
	var count := 0
	for way in _ways.values():
		count += 1 if way.attempt != null else 0
	return count


## Without TURN where nothing may be relayed.
func _ice_servers() -> Array:
	return _options.ice_servers.filter(func(server: Dictionary) -> bool: return is_relay_allowed or not _is_turn(server))


static func _is_turn(server: Dictionary) -> bool:
	var urls: Variant = server.get("urls", [])
	for url in [urls] if urls is String else urls:
		if str(url).to_lower().begins_with("turn"):
			return true
	return false
