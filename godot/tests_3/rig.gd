extends Reference
## Two session hosts on one in-memory link and one clock that stands still until it is told to move.

const SessionHost = preload("../addons/godot_wire_3/session/session_host.gd")
const Session = preload("../addons/godot_wire_3/session/session.gd")
const FrameWriter = preload("../addons/godot_wire_3/wire/frame_writer.gd")
const MemoryLink = preload("memory_link.gd")

const ID_A = 76561198000000001
const ID_B = 76561198000000002

var now := 1000
var a
var b
var link_a
var link_b
## What each end was told, oldest first.
var told_a: Array = []
var told_b: Array = []


func _init(frame_limit: int = MemoryLink.FRAME_LIMIT) -> void:
	a = SessionHost.new(ID_A)
	b = SessionHost.new(ID_B)
	a.clock = funcref(self, "time")
	b.clock = funcref(self, "time")
	join(frame_limit)


func time() -> int:
	return now


## Joins both by a new link.
func join(frame_limit: int = MemoryLink.FRAME_LIMIT) -> void:
	var ends = MemoryLink.pair(ID_A, ID_B, frame_limit)
	link_a = ends[0]
	link_b = ends[1]
	a.attach(link_a)
	b.attach(link_b)
	settle()


func cut() -> void:
	link_a.cut()
	link_b.cut()
	settle()


## Polls both until nothing is on the way, without moving time.
func settle() -> void:
	for turn in 1000:
		a.poll()
		b.poll()
		told_a += a.take_events()
		told_b += b.take_events()
		if (link_a.outgoing.empty() or link_b.is_held) and (link_b.outgoing.empty() or link_a.is_held):
			return


## Moves time forward in small steps and settles after each.
func advance(ms: int, step: int = 50) -> void:
	var end = now + ms
	while now < end:
		now = min(now + step, end)
		settle()


## Joins both in an active session that carried nothing that still waits.
func activate() -> void:
	a.send(ID_B, PoolByteArray([1]), 2, 0)
	settle()
	b.accept(ID_A)
	settle()
	b.read(0)
	advance(50)
	told_a.clear()
	told_b.clear()


func session_a():
	return a.session_with(ID_B)


func session_b():
	return b.session_with(ID_A)


## Delivers bytes to `a` as if `b` had sent them.
func put_to_a(frame: PoolByteArray) -> void:
	link_b.outgoing.append(frame)
	settle()


## The same, but `b` is somebody who sees nothing of what `a` answers.
func feed_a(frame: PoolByteArray) -> void:
	link_b.outgoing.append(frame)
	a.poll()
	link_a.outgoing.clear()


## Delivers an OPEN of `a` to `b`, from its session `id`.
func put_open_to_b(id: int) -> void:
	var writer = FrameWriter.new()
	writer.begin(0, id)
	writer.open(2097152, 0, 0)
	link_a.outgoing.append(writer.take())
	settle()


## How often an event of this kind is in a list.
static func count(events: Array, kind: int) -> int:
	var found = 0
	for event in events:
		if event[0] == kind:
			found += 1
	return found
