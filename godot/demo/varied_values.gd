extends RefCounted
## Dictionaries as games send them, drawn from a seeded generator: over a dozen of them every Variant type appears.
## Needs Godot 4.4 for its typed Dictionaries.

## Where Objects, Callables and Signals point; it must outlive the values.
var target: Object

var _random := RandomNumberGenerator.new()


func _init(random_seed: int, of_target: Object) -> void:
	_random.seed = random_seed
	target = of_target


## The Dictionary of packet number `n`: what is in it goes round by `n`, how much of it is drawn.
func dictionary(n: int) -> Dictionary:
	var value := {"n": n}
	match n % 12:
		0:
			value["state"] = _player()
		1:
			value.merge(_chat())
		2:
			value.merge(_scalars())
		3:
			value.merge(_flat())
		4:
			value.merge(_space())
		5:
			value.merge(_names())
		6:
			value["packed"] = _packed()
		7:
			value["nested"] = _nested(3)
		8:
			value["typed"] = _typed()
		9:
			pass # The smallest packet: its number.
		10:
			value["blob"] = blob(_log_uniform(16, 199000))
			value["at"] = Vector3(_real(), _real(), _real())
		11:
			value["world"] = _world()
	return value


## `size` bytes, of which about half compress well.
func blob(size: int) -> PackedByteArray:
	var data := noise(size)
	var quiet := _random.randi_range(0, size)
	for at in range(quiet, size):
		data[at] = at & 0x0F
	return data


## `size` bytes that no compression makes smaller.
func noise(size: int) -> PackedByteArray:
	var data := PackedByteArray()
	data.resize(size)
	for at in range(0, size - 3, 4):
		data.encode_u32(at, _random.randi())
	for at in range(size & ~3, size):
		data[at] = _random.randi() & 0xFF
	return data


func _player() -> Dictionary:
	return {
		"name": _word(),
		"health": _random.randi_range(0, 100),
		"alive": _random.randi() % 2 == 0,
		"position": Vector3(_real(), _real(), _real()),
		"aim": Quaternion.from_euler(Vector3(_real(), _real(), 0.0)),
		"team": Color(_random.randf(), _random.randf(), _random.randf()),
		"weapon": null,
		&"ammo": [_random.randi_range(0, 30), _random.randi_range(0, 200)],
	}


func _chat() -> Dictionary:
	var lines := ["", "gg", "Grüße aus Köln", "こんにちは", "Привет 👋🏽", "tab\tnew\nline", "𝄞 café"]
	return {
		"from": _word(),
		"text": lines[_random.randi() % lines.size()],
		"empty": "",
		"all": " ".join(PackedStringArray(lines)),
		"long": _word().repeat(_random.randi_range(1, 200)),
	}


func _scalars() -> Dictionary:
	return {
		"null": null,
		"true": true,
		"false": false,
		"int": _random.randi_range(-100, 100),
		"int32": [0, -1, 0x7FFFFFFF, -0x80000000],
		"int64": [0x80000000, -0x80000001, 9223372036854775807, -9223372036854775807 - 1, 76561198000000002],
		"single": [0.0, 1.0, 0.5, -2.25, 16777216.0, 3.4028234663852886e38],
		"double": [0.1, PI, 1e300, 5e-324, -1.0 / 3.0],
		"negative zero": -0.0,
		"infinite": [INF, -INF],
		"nan": NAN,
	}


func _flat() -> Dictionary:
	return {
		"v2": Vector2(_real(), -0.0),
		"v2i": Vector2i(_random.randi_range(-1000, 1000), -0x80000000),
		"rect": Rect2(_real(), _real(), _real(), _real()),
		"recti": Rect2i(1, -2, 3, 0x7FFFFFFF),
		"t2": Transform2D(_real(), Vector2(_real(), _real())),
		"limits": Vector2(INF, -INF),
	}


func _space() -> Dictionary:
	return {
		"v3": Vector3(_real(), _real(), _real()),
		"v3i": Vector3i(_random.randi_range(-9, 9), 0, -1),
		"v4": Vector4(_real(), _real(), _real(), _real()),
		"v4i": Vector4i(1, 2, 3, -4),
		"plane": Plane(Vector3.UP, _real()),
		"quat": Quaternion(Vector3(1, 2, 3).normalized(), _real()),
		"aabb": AABB(Vector3(_real(), _real(), _real()), Vector3(1, 2, 3)),
		"basis": Basis.from_euler(Vector3(_real(), _real(), _real())),
		"t3": Transform3D(Basis.from_euler(Vector3(_real(), 0, 0)), Vector3(_real(), _real(), _real())),
		"projection": Projection.create_perspective(60.0 + _random.randf(), 1.5, 0.1, 4000.0),
		"color": Color(2.5, -0.5, _random.randf(), 0.25),
	}


func _names() -> Dictionary:
	return {
		"string name": StringName(_word()),
		"empty name": &"",
		"paths": [^"", ^"Player", ^"../Enemies/Boss:health", ^"/root/Main:position:x", ^":scale", ^"Ünïcode/路径"],
		"rid": [RID(), rid_from_int64(_random.randi_range(1, 1 << 40))],
		"object": target,
		"callable": Callable(target, "quit"),
		"signal": Signal(target, "process_frame"),
	}


func _packed() -> Dictionary:
	var count := _log_uniform(1, 400)
	var ints := PackedInt32Array()
	var longs := PackedInt64Array()
	var singles := PackedFloat32Array([0.0, -0.0, INF, NAN])
	var doubles := PackedFloat64Array([0.1, -0.0, -INF, NAN])
	var strings := PackedStringArray(["", "ä", "four"])
	var flat := PackedVector2Array()
	var space := PackedVector3Array()
	var colors := PackedColorArray()
	var fours := PackedVector4Array()
	for at in count:
		ints.append(_random.randi() - 0x80000000)
		longs.append((_random.randi() << 32) | _random.randi())
		singles.append(_real())
		doubles.append(_real())
		strings.append(_word())
		flat.append(Vector2(_real(), _real()))
		space.append(Vector3(_real(), _real(), _real()))
		colors.append(Color(_random.randf(), _random.randf(), _random.randf(), 1.0))
		fours.append(Vector4(_real(), _real(), _real(), _real()))
	return {
		"bytes": noise(_random.randi_range(0, 9)),
		"none": PackedByteArray(),
		"ints": ints,
		"longs": longs,
		"singles": singles,
		"doubles": doubles,
		"strings": strings,
		"no strings": PackedStringArray(),
		"flat": flat,
		"space": space,
		"colors": colors,
		"fours": fours,
	}


func _nested(depth: int) -> Dictionary:
	var value := {
		_random.randi_range(0, 9): "int key",
		-1099511627776: "long key",
		0.5: "float key",
		Vector2i(_random.randi_range(0, 9), 1): [Vector2i.ZERO, [], {}],
		Color.RED: true,
		^"Path/key:x": &"path key",
		true: null,
		null: [null, [null, [null]]],
		[1, "array key"]: {"deep": [1, 2.5, "three", [4, {"five": 5}]]},
	}
	if depth > 0:
		value["inner"] = _nested(depth - 1)
	return value


func _typed() -> Dictionary:
	var ints: Array[int] = [1, -2, _random.randi()]
	var words: Array[String] = [_word(), ""]
	var places: Array[Vector3] = [Vector3(_real(), 0, 0)]
	var tables: Array[Dictionary] = [{"a": ints}, {}]
	var names: Array[StringName] = [&"x"]
	var none: Array[float] = []
	var scores: Dictionary[String, int] = {_word(): _random.randi_range(0, 999), "b": 2}
	var cells: Dictionary[Vector2i, Array] = {Vector2i(1, 2): [1, "x"], Vector2i(3, 4): []}
	var keyed: Dictionary[int, Variant] = {1: "one", 2: 2.5}
	return {
		"arrays": [ints, words, places, tables, names, none],
		"scores": scores,
		"cells": cells,
		"keyed": keyed,
		"untyped": [ints, scores],
	}


func _world() -> Dictionary:
	var players: Array = []
	for at in _log_uniform(1, 60):
		players.append(_player())
	return {"tick": _random.randi(), "time": _random.randf() * 1000.0, "players": players}


func _word() -> String:
	var letters := "abcdefghijklmnopqrstuvwxyz"
	var word := ""
	for at in _random.randi_range(1, 12):
		word += letters[_random.randi() % 26]
	return word


func _real() -> float:
	return _random.randf_range(-1000.0, 1000.0)


func _log_uniform(from: int, to: int) -> int:
	return int(exp(_random.randf_range(log(from), log(to))))
