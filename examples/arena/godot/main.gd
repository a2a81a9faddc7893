extends Node2D
## A player of the arena. Arrow keys or WASD move, Enter writes. Arguments after `--`: `--url=ws://127.0.0.1:7777`,
## `--id=76561198000000010`, `--name=Ada`, `--bot=1` to play by itself.

const TALK := 0
const MOTION := 1
const RADIUS := 16.0
const FIELD := Vector2(960, 540)
const LINES := 3
const EDGE := 6.0
const NEWS_MS := 250

var _arguments := {"url": "ws://127.0.0.1:7777", "id": "76561198000000010", "name": "Ada", "bot": "0"}
var _server := 0
var _tick := 0
# Name and colour of everybody, where they are, and where they are drawn.
var _players := {}
var _places := {}
var _shown := {}
var _lines: Array[String] = []
var _direction := Vector2.ZERO
var _told_at := 0
var _chat := LineEdit.new()
var _bot_time := 0.0
var _bot_says := ["hello", "catch me", "over here", "nice one"]


func _ready() -> void:
	for word in OS.get_cmdline_user_args():
		var at := word.find("=")
		if word.begins_with("--") and at > 0:
			_arguments[word.substr(2, at - 2)] = word.substr(at + 1)
	_chat.position = Vector2(8, FIELD.y + 22)
	_chat.size = Vector2(FIELD.x - 16, 32)
	_chat.placeholder_text = "Enter to write"
	_chat.text_submitted.connect(_on_chat)
	add_child(_chat)
	GodotWire.link_opened.connect(_on_link_opened)
	GodotWire.p2p_session_request.connect(func(id: int) -> void: GodotWire.acceptP2PSessionWithUser(id))
	GodotWire.p2p_session_connect_fail.connect(func(_id: int, _error: int) -> void: _join())
	GodotWire.connect_to_server(_arguments["url"], int(_arguments["id"]))


func _process(delta: float) -> void:
	GodotWire.run_callbacks()
	_read_talk()
	_read_motion()
	_steer(_bot(delta) if _arguments["bot"] == "1" else _keys())
	for id in _places:
		_shown[id] = _shown.get(id, _places[id]).lerp(_places[id], minf(1.0, delta * 15.0))
	queue_redraw()


func _notification(what: int) -> void:
	if what == NOTIFICATION_WM_CLOSE_REQUEST:
		_send({"leave": true}, GodotWire.P2P_SEND_RELIABLE, TALK)
		GodotWire.disconnect_from_server()


func _on_link_opened(id: int) -> void:
	var is_first := _server == 0
	_server = id
	# A link that comes back brings the session back with it.
	if is_first:
		_join()


func _join() -> void:
	_send({"join": _arguments["name"]}, GodotWire.P2P_SEND_RELIABLE, TALK)


func _send(value: Dictionary, send_type: int, channel: int) -> void:
	if _server != 0:
		GodotWire.sendP2PPacket(_server, var_to_bytes(value), send_type, channel)


func _on_chat(text: String) -> void:
	_chat.clear()
	if text != "":
		_send({"chat": text}, GodotWire.P2P_SEND_RELIABLE, TALK)


func _read_talk() -> void:
	while GodotWire.isP2PPacketAvailable(TALK):
		var value: Variant = bytes_to_var(GodotWire.readP2PPacket(1 << 16, TALK)["data"])
		if not value is Dictionary:
			continue
		if value.has("text"):
			_lines.append("%s: %s" % [value["from"], value["text"]])
			_lines = _lines.slice(-LINES)
		if value.has("roster"):
			_players.clear()
			for row in value["roster"]:
				_players[row[0]] = {"name": row[1], "color": Color.from_hsv(row[2], 0.6, 0.95)}


func _read_motion() -> void:
	while GodotWire.isP2PPacketAvailable(MOTION):
		var value: Variant = bytes_to_var(GodotWire.readP2PPacket(1 << 16, MOTION)["data"])
		# Datagrams may overtake each other.
		if not value is Dictionary or value["tick"] <= _tick:
			continue
		_tick = value["tick"]
		_places.clear()
		for at in value["ids"].size():
			_places[value["ids"][at]] = value["places"][at]
		for id in _shown.keys():
			if not _places.has(id):
				_shown.erase(id)


## Tells the server which way to go: at once when it changes, and now and then in case that was lost.
func _steer(direction: Vector2) -> void:
	var now := Time.get_ticks_msec()
	if direction.is_equal_approx(_direction) and now - _told_at < NEWS_MS:
		return
	_direction = direction
	_told_at = now
	_send({"go": direction}, GodotWire.P2P_SEND_UNRELIABLE, MOTION)


func _keys() -> Vector2:
	if _chat.has_focus():
		return Vector2.ZERO
	var way := Vector2.ZERO
	way.x += int(Input.is_physical_key_pressed(KEY_D) or Input.is_physical_key_pressed(KEY_RIGHT))
	way.x -= int(Input.is_physical_key_pressed(KEY_A) or Input.is_physical_key_pressed(KEY_LEFT))
	way.y += int(Input.is_physical_key_pressed(KEY_S) or Input.is_physical_key_pressed(KEY_DOWN))
	way.y -= int(Input.is_physical_key_pressed(KEY_W) or Input.is_physical_key_pressed(KEY_UP))
	return way.normalized()


## Goes round, towards the middle of the field, and says something every three seconds.
func _bot(delta: float) -> Vector2:
	var before := int(_bot_time / 3.0)
	_bot_time += delta
	if int(_bot_time / 3.0) > before:
		_on_chat(_bot_says[(before + _arguments["name"].length()) % _bot_says.size()])
	var mine: Vector2 = _places.get(int(_arguments["id"]), FIELD / 2)
	var home := (FIELD / 2 - mine) / FIELD.y
	return (Vector2.from_angle(_bot_time * 1.3 + int(_arguments["id"]) % 7) + home).normalized()


func _draw() -> void:
	var font := ThemeDB.fallback_font
	draw_rect(Rect2(Vector2.ZERO, FIELD), Color(0.12, 0.12, 0.17))
	for id in _shown:
		var player: Dictionary = _players.get(id, {"name": "?", "color": Color.GRAY})
		draw_circle(_shown[id], RADIUS, player["color"])
		_draw_name(font, _shown[id], player["name"])
	for at in _lines.size():
		draw_string(font, Vector2(10, FIELD.y - 10 - 20 * (_lines.size() - 1 - at)), _lines[at])


## Above the player, or below where there is no room; never beyond the sides.
func _draw_name(font: Font, place: Vector2, name: String) -> void:
	var half := font.get_string_size(name).x / 2.0
	var left := clampf(place.x - half, EDGE, FIELD.x - EDGE - 2.0 * half)
	draw_string(font, Vector2(left, place.y + (34.0 if place.y < 44.0 else -24.0)), name)
