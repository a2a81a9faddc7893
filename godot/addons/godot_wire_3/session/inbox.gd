extends Reference
## What arrived and was not read yet: one queue per channel, over all senders, in order of arrival.

const Protocol = preload("../wire/protocol.gd")

## Unread datagrams that one sender may have here.
const DATAGRAM_PACKETS = 1024
const DATAGRAM_BYTES = 1048576


## How much of one sender is unread. It outlives a session, because unread packets do.
class Account:
	extends Reference
	## Cost of the unread messages, which the sender's credit must take into account.
	var message_cost = 0
	var datagrams = 0
	var datagram_bytes = 0
	## Packets that ever came, for numbering them.
	var arrived = 0
	## No session holds it any more: it goes with the last unread packet.
	var is_orphan = false


class Packet:
	extends Reference
	var peer = 0
	var data = PoolByteArray()
	var is_message = false
	## Milliseconds of the host's clock.
	var arrived_at = 0
	## The how many-th packet of its sender, from 1.
	var number = 0


## Packets in order; `head` is the next one, so that reading does not move the rest.
class Queue:
	extends Reference
	var packets: Array = []
	var head = 0


var _queues := {}
var _accounts := {}


func account(peer: int):
	var found = _accounts.get(peer)
	if found == null:
		found = Account.new()
		_accounts[peer] = found
	found.is_orphan = false
	return found


## The last session with `peer` is over: what is unread stays readable, and nothing else is kept.
func release(peer: int) -> void:
	var found = _accounts.get(peer)
	if found != null:
		found.is_orphan = true
		_erase_if_done(peer, found)


## Adds a packet of a reliable stream; what may come is bounded by credit.
func add_message(peer: int, channel: int, data: PoolByteArray, now: int) -> void:
	var of_peer = account(peer)
	of_peer.message_cost += data.size() + Protocol.MESSAGE_COST
	_add(of_peer, peer, channel, data, true, now)


## Adds a datagram, unless too many of this sender's are unread.
func add_datagram(peer: int, channel: int, data: PoolByteArray, now: int) -> bool:
	var of_peer = account(peer)
	if of_peer.datagrams >= DATAGRAM_PACKETS or of_peer.datagram_bytes + data.size() > DATAGRAM_BYTES:
		return false
	of_peer.datagrams += 1
	of_peer.datagram_bytes += data.size()
	_add(of_peer, peer, channel, data, false, now)
	return true


## The next packet of `channel`, which stays; null when there is none.
func peek(channel: int):
	var queue = _queues.get(channel)
	return queue.packets[queue.head] if queue != null else null


## Takes the next packet of `channel` out; null when there is none.
func pop(channel: int):
	var queue = _queues.get(channel)
	if queue == null:
		return null
	var packet = queue.packets[queue.head]
	queue.packets[queue.head] = null
	queue.head += 1
	if queue.head == queue.packets.size():
		_queues.erase(channel)
	elif queue.head >= 256 and queue.head * 2 >= queue.packets.size():
		queue.packets = queue.packets.slice(queue.head, queue.packets.size() - 1)
		queue.head = 0
	_forget(packet)
	return packet


## Throws away what `peer` sent on `channel`.
func drop_channel(peer: int, channel: int) -> void:
	var queue = _queues.get(channel)
	if queue == null:
		return
	var kept: Array = []
	for at in range(queue.head, queue.packets.size()):
		var packet = queue.packets[at]
		if packet.peer == peer:
			_forget(packet)
		else:
			kept.append(packet)
	if kept.empty():
		_queues.erase(channel)
	else:
		queue.packets = kept
		queue.head = 0


## Throws away all that `peer` sent.
func drop_peer(peer: int) -> void:
	for channel in _queues.keys():
		drop_channel(peer, channel)


func _add(of_peer, peer: int, channel: int, data: PoolByteArray, is_message: bool, now: int) -> void:
	var packet = Packet.new()
	of_peer.arrived += 1
	packet.peer = peer
	packet.data = data
	packet.is_message = is_message
	packet.arrived_at = now
	packet.number = of_peer.arrived
	var queue = _queues.get(channel)
	if queue == null:
		queue = Queue.new()
		_queues[channel] = queue
	queue.packets.append(packet)


func _forget(packet) -> void:
	var of_peer = _accounts[packet.peer]
	if packet.is_message:
		of_peer.message_cost -= packet.data.size() + Protocol.MESSAGE_COST
	else:
		of_peer.datagrams -= 1
		of_peer.datagram_bytes -= packet.data.size()
	if of_peer.is_orphan:
		_erase_if_done(packet.peer, of_peer)


func _erase_if_done(peer: int, of_peer) -> void:
	if of_peer.message_cost == 0 and of_peer.datagrams == 0:
		_accounts.erase(peer)
