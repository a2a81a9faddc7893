extends Reference
## What this end received in the last session with each peer that is over, so that the peer need not send it again when
## the acknowledgement was lost (docs/protocol.md, 3.2).

const Serial = preload("../wire/serial.gd")

## Of how many peers this is kept; the oldest goes.
const PEERS = 4096

# By peer, the oldest first.
var _entries := {}


## Session id that `peer` had given; 0 when nothing is remembered.
func session_of(peer: int) -> int:
	var entry: Array = _entries.get(peer, [0, 0])
	return entry[0]


## The first message of that session that is not complete.
func sequence_of(peer: int) -> int:
	var entry: Array = _entries.get(peer, [0, 0])
	return entry[1]


## A session with `peer` is over, or starts again.
func remember(peer: int, session: int, sequence: int) -> void:
	# Two sessions of this end may have met the same one of the peer, and only one of them its stream.
	if session == session_of(peer) and Serial.is_before(sequence, sequence_of(peer)):
		sequence = sequence_of(peer)
	_entries.erase(peer)
	_entries[peer] = [session, sequence]
	if _entries.size() > PEERS:
		for oldest in _entries:
			_entries.erase(oldest)
			break
