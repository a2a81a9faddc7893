extends RefCounted
## One way to one peer: what the session host asks of a wire. Frames go in and come out whole and in order for as long
## as the link is up. Nothing here calls back: the host polls.

enum State {
	## Not usable yet; becomes UP or DOWN by itself.
	CONNECTING,
	UP,
	## Gone for good. A new link is a new object.
	DOWN,
}

var state := State.CONNECTING
## Steam id of the other end; known once the link is up.
var peer_id := 0
## Largest frame in bytes that `send` takes.
var max_frame_size := 0
## Whether it may lose frames although it is up, and must then be made anew.
var may_lose := false
## Whether there is another way to the peer where this one is closed, so that one which does not get on is better closed.
var has_detour := false
## What carries it, for people.
var carrier := "WebSocket"
## Whether it goes through a relay.
var is_relayed := false
## Whether the other end dialled.
var is_inbound := false
## Why the link went down.
var close_code := 0
var close_reason := ""


## Moves bytes and updates `state`.
func poll() -> void:
	pass


## The next frame that arrived, or an empty array.
func next_frame() -> PackedByteArray:
	return PackedByteArray()


## Whether `send` would take a frame of any permitted size now.
func can_send() -> bool:
	return false


## Takes a frame of at most `max_frame_size` bytes. False when it was not taken.
func send(_frame: PackedByteArray) -> bool:
	return false


## The same for a frame that has only datagrams: it may get lost where the link is short of room.
func send_datagrams(frame: PackedByteArray) -> bool:
	return send(frame)


## Whether this end has ended the link already and only waits for the other.
func is_closing() -> bool:
	return false


## Ends the link from this side. `state` becomes DOWN in a later `poll`.
func close(_code: int, _reason: String) -> void:
	pass


## IPv4 address of the other end as a number, first octet highest; 0 when unknown.
func remote_ip() -> int:
	return 0


func remote_port() -> int:
	return 0
