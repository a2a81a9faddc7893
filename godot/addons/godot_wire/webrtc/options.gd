extends RefCounted
## How a game finds direct ways to the peers of its relay. Set it before [method connect_to_relay]; the defaults do where
## both ends see each other's addresses.

## Whether direct ways are looked for at all.
var is_enabled := true
## STUN and TURN servers, as WebRTC has them: `{"urls": ["stun:stun.example.com"]}`, with `username` and `credential` for
## TURN.
var ice_servers: Array = []
## How long one try for a direct way may take, and how long after one that failed the next begins.
var timeout_ms := 15000
var retry_ms := 30000
## Peers that may be connected or on their way at a time; more stay on the relay.
var max_connections := 64
## Answers a new object that looks like the engine's WebRTCPeerConnection, or null. For implementations that do not make
## themselves the engine's own, and for tests; without one it is the engine's.
var connection_factory := Callable()

var _has_engine_own := _look_for_engine_own()


## Whether there is WebRTC in this game.
func is_available() -> bool:
	return is_enabled and (connection_factory.is_valid() or _has_engine_own)


## A connection that nothing was done with yet; null where there is none to be had.
func new_connection() -> Object:
	if not is_available():
		return null
	return connection_factory.call() if connection_factory.is_valid() else ClassDB.instantiate("WebRTCPeerConnection")


## Outside of web exports the engine's class is a shell that does nothing and complains, until an extension fills it.
static func _look_for_engine_own() -> bool:
	if not ClassDB.class_exists("WebRTCPeerConnection"):
		return false
	return OS.has_feature("web") or not ClassDB.get_inheriters_from_class("WebRTCPeerConnectionExtension").is_empty()
