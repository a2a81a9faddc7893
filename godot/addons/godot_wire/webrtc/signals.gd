extends RefCounted
## What two peers say to each other by SIGNAL while they look for a direct way: docs/protocol.md, 1.5. Nothing that is
## read is trusted.

const Messages := preload("../relay/relay_messages.gd")

const LIMIT := 65000
## The largest number that JSON carries exactly.
const NUMBER_MAX := 9007199254740991


static func write(link_number: int, told: Dictionary) -> PackedByteArray:
	return Messages.numbered(Messages.SIGNAL, link_number, JSON.stringify(told).to_utf8_buffer())


## The signal that a SIGNAL carries, with members of the right types; empty where it makes no sense.
static func read(message: PackedByteArray) -> Dictionary:
	if message.size() - Messages.HEADER > LIMIT:
		return {}
	var found: Variant = Messages.object_of(message)
	if found == null or not _is_number(found.get("attempt"), NUMBER_MAX):
		return {}
	var kind: Variant = found.get("kind")
	var told := {"kind": kind, "attempt": int(found["attempt"])}
	match kind:
		"relay":
			return told
		"offer", "answer":
			told["sdp"] = found.get("sdp")
			return told if told["sdp"] is String else {}
		"candidate":
			told["candidate"] = _candidate(found.get("candidate"))
			return {} if told["candidate"].is_empty() else told
	return {}


static func _candidate(value: Variant) -> Dictionary:
	if not value is Dictionary or not value.get("candidate") is String:
		return {}
	var media: Variant = value.get("sdpMid")
	var index: Variant = value.get("sdpMLineIndex")
	return {
		"candidate": value["candidate"],
		"sdpMid": media if media is String else "0",
		"sdpMLineIndex": int(index) if _is_number(index, 0xFFFF) else 0,
	}


static func _is_number(value: Variant, most: int) -> bool:
	return value is float and value >= 0 and value <= most and value == floorf(value)
