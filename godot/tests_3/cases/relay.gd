extends "../test_case.gd"
## The client of a relay, over a link whose other end the test holds, and with a clock that it moves.

const MemoryLink = preload("../memory_link.gd")
const Lobbies = preload("../../addons/godot_wire_3/relay/lobbies.gd")
const Messages = preload("../../addons/godot_wire_3/relay/relay_messages.gd")
const RelayClient = preload("../../addons/godot_wire_3/relay/relay_client.gd")

const RELAY = 1
const FRAME_LIMIT = 65531

var _now := 0
var _host
var _lobbies
var _client
var _link
var _relay


func test_relay_asks_for_peers_until_they_are_there() -> bool:
	_join()
	_host.send(B, bytes(10), 2, 0)
	_client.want_links()
	same(_said(), [Messages.connect_to(B)], "at once")
	_poll(900)
	same(_said(), [], "not again yet")
	_poll(100)
	same(_said(), [Messages.connect_to(B)], "again after a second")
	_up(1)
	same(_said().size(), 1, "OPEN")
	_poll(1000)
	same(_types(_said()), [Messages.DATA], "and again, but no CONNECT")
	_tell(Messages.numbered(Messages.DOWN, 1, "gone".to_utf8()))
	_poll(0)
	same(_types(_said()), [Messages.CONNECT], "CONNECT when it is down")
	same(_host.take_events().back(), [SessionHost.Event.LINK_CLOSED, B, 1000, "gone"], "and the game is told")
	return true


func test_relay_sends_nothing_to_who_is_full() -> bool:
	_join()
	_activate()
	_tell(Messages.numbered(Messages.FULL, 1, PoolByteArray()))
	_poll(0)
	_host.send(B, bytes(10), 2, 0)
	_host.flush()
	same(_said(), [], "FULL")
	_tell(Messages.numbered(Messages.DRAIN, 1, PoolByteArray()))
	_poll(0)
	same(_types(_said()), [Messages.DATA], "DRAIN")
	return true


func test_relay_may_drop_what_is_only_datagrams() -> bool:
	_join()
	_activate()
	_host.send(B, bytes(10), 1, 0)
	same(_types(_said()), [Messages.DATAGRAM], "a datagram")
	_host.send(B, bytes(10), 0, 0)
	_host.send(B, bytes(10), 2, 0)
	_host.flush()
	same(_types(_said()), [Messages.DATA], "with a message")
	return true


func test_relay_is_asked_whether_it_is_there() -> bool:
	_join()
	_poll(4900)
	same(_said(), [], "not yet")
	_poll(100)
	var asked = _said()
	same(_types(asked), [Messages.REQUEST], "after five seconds of silence")
	_tell(Messages.numbered(Messages.REPLY, Messages.number_of(asked[0]), "{}".to_utf8()))
	_poll(7900)
	same(_link.state, MemoryLink.State.UP, "it answered")
	_poll(5000)
	_poll(8000)
	same([_link.state, _link.close_reason], [MemoryLink.State.DOWN, "the relay is silent"], "it did not")
	return true


func test_relay_keeps_what_must_not_get_lost() -> bool:
	_join()
	_activate()
	_link.is_full = true
	_lobbies.create(2, 4)
	_lobbies.request_list()
	_host.send(B, bytes(10), 2, 0)
	_poll(0)
	same(_said(), [], "nothing is taken")
	_link.is_full = false
	_host.flush()
	same(_said(), [], "nothing goes in front of it")
	_poll(0)
	same(_types(_said()), [Messages.REQUEST, Messages.REQUEST, Messages.DATA], "then all, in order")
	return true


func test_relay_lobbies_refuse_what_a_relay_would() -> bool:
	same(_alone(), [["lobby_created", 3, 0]], "no relay")
	_join()
	_lobbies.create(2, 4)
	var lobby = 109775240917155841
	var number = Messages.number_of(_said()[0])
	var told = {"lobby": str(lobby), "owner": str(A), "members": [str(A)], "data": {}, "locked": false}
	_tell(Messages.numbered(Messages.REPLY, number, to_json(told).to_utf8()))
	_poll(0)
	same(_lobbies.take_events(), [["lobby_created", 1, lobby], ["lobby_joined", lobby, 0, false, 1]], "made")
	same([_lobbies.member_count(lobby), _lobbies.member(lobby, 0), _lobbies.member(lobby, 1)], [1, A, 0], "members")
	same(_lobbies.chat(lobby, _repeat("x", 4096)), true, "4,096 characters")
	same(_lobbies.chat(lobby, _repeat("x", 4097)), false, "one more")
	same(_lobbies.chat(lobby, _repeat(char(0x1F600), 2048)), true, "2,048 that count twice")
	same(_lobbies.chat(lobby, _repeat(char(0x1F600), 2049)), false, "one more of them")
	same(_lobbies.set_data(lobby, "key", _repeat("y", 16384)), false, "more than a relay reads")
	same(_lobbies.chat(lobby + 1, "x"), false, "another lobby")
	_link.cut()
	_poll(0)
	same([_lobbies.member_count(lobby), _lobbies.owner(lobby)], [0, 0], "the relay took them along")
	return true


func _alone() -> Array:
	var lobbies = Lobbies.new()
	lobbies.create(2, 4)
	return lobbies.take_events()


func _join() -> void:
	_now = 1000
	_host = SessionHost.new(A)
	_host.clock = funcref(self, "_time")
	_lobbies = Lobbies.new()
	_lobbies.speak_as(A)
	_client = RelayClient.new(_host, _lobbies)
	var both = MemoryLink.pair(A, RELAY)
	_link = both[0]
	_relay = both[1]
	_relay.poll()
	_client.attach(_link)
	_tell(PoolByteArray([Messages.WELCOME, 1]))
	_poll(0)
	same(_client.is_joined(), true, "joined")


## A session with B that is active.
func _activate() -> void:
	_host.send(B, bytes(10), 2, 0)
	_up(1)
	var open = _said().back()
	var writer = Rig.FrameWriter.new()
	# The session that OPEN offers stands behind kind and destination of the frame.
	var fields = StreamPeerBuffer.new()
	fields.data_array = open
	fields.seek(10)
	writer.begin(fields.get_u32(), 77)
	writer.accept(1 << 20, 0, 0)
	_tell(Messages.numbered(Messages.DATA, 1, writer.take()))
	_poll(0)
	_said()


func _up(number: int) -> void:
	var payload = StreamPeerBuffer.new()
	payload.put_64(B)
	payload.put_u32(FRAME_LIMIT)
	_tell(Messages.numbered(Messages.UP, number, payload.data_array))
	_poll(0)


func _tell(message: PoolByteArray) -> void:
	_relay.outgoing.append(message)


func _poll(ms: int) -> void:
	_now += ms
	_client.poll()
	_host.poll()


## What the client said since the last call.
func _said() -> Array:
	var messages = _link.outgoing
	_link.outgoing = []
	return messages


func _types(messages: Array) -> Array:
	var types: Array = []
	for message in messages:
		types.append(message[0])
	return types


func _time() -> int:
	return _now


static func _repeat(text: String, count: int) -> String:
	var whole := ""
	for _turn in count:
		whole += text
	return whole
