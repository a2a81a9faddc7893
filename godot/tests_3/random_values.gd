extends Reference
## Values of every type that travels, drawn from a seeded generator. All are such as Godot 4 knows too, but for RIDs.

const TYPES = [
	TYPE_NIL,
	TYPE_BOOL,
	TYPE_INT,
	TYPE_REAL,
	TYPE_STRING,
	TYPE_VECTOR2,
	TYPE_RECT2,
	TYPE_VECTOR3,
	TYPE_TRANSFORM2D,
	TYPE_PLANE,
	TYPE_QUAT,
	TYPE_AABB,
	TYPE_BASIS,
	TYPE_TRANSFORM,
	TYPE_COLOR,
	TYPE_NODE_PATH,
	TYPE_DICTIONARY,
	TYPE_ARRAY,
	TYPE_RAW_ARRAY,
	TYPE_INT_ARRAY,
	TYPE_REAL_ARRAY,
	TYPE_STRING_ARRAY,
	TYPE_VECTOR2_ARRAY,
	TYPE_VECTOR3_ARRAY,
	TYPE_COLOR_ARRAY,
]
const INTS = [0, 1, -1, 255, 2147483647, -2147483648, 2147483648, -2147483649, 9007199254740993, 76561198000000002]
const WORDS = ["", "a", "four", "Grüße", "こんにちは", "tab\tnew\nline", "five5"]
# Of names whose bytes come in fours: what these engines write behind others differs from run to run.
const PATHS = ["", "node", "node/node/Main", "/root/Main:prop", ":prop:more"]

# Not a constant: Godot 3 would fold the signs away.
var _zero := 0.0
var _floats: Array = [_zero, -_zero, 1.0, -2.5, 0.1, INF, -INF, NAN, 1e300, 5e-324]
var _random = RandomNumberGenerator.new()


func _init(random_seed: int, _common: bool) -> void:
	_random.seed = random_seed


## A value that holds others up to `depth` levels deep.
func value(depth: int):
	var type: int = _pick(TYPES)
	match type:
		TYPE_NIL: return null
		TYPE_BOOL: return _random.randi() % 2 == 0
		TYPE_INT: return _int()
		TYPE_REAL: return _pick(_floats) if _random.randi() % 2 == 0 else _random.randf() * 1000.0
		TYPE_STRING: return _text()
		TYPE_VECTOR2: return _v2()
		TYPE_RECT2: return Rect2(_v2(), _v2())
		TYPE_VECTOR3: return _v3()
		TYPE_TRANSFORM2D: return Transform2D(_v2(), _v2(), _v2())
		TYPE_PLANE: return Plane(_real(), _real(), _real(), _real())
		TYPE_QUAT: return Quat(_real(), _real(), _real(), _real())
		TYPE_AABB: return AABB(_v3(), _v3())
		TYPE_BASIS: return Basis(_v3(), _v3(), _v3())
		TYPE_TRANSFORM: return Transform(_v3(), _v3(), _v3(), _v3())
		TYPE_COLOR: return _color()
		TYPE_NODE_PATH: return NodePath(_pick(PATHS))
		TYPE_DICTIONARY: return _dictionary(depth)
		TYPE_ARRAY: return _array(depth)
	return _pool(type)


func _array(depth: int) -> Array:
	var made: Array = []
	for at in _random.randi() % 6 if depth > 0 else 0:
		made.append(value(depth - 1))
	return made


func _dictionary(depth: int) -> Dictionary:
	var made := {}
	for at in _random.randi() % 6 if depth > 0 else 0:
		made[_int() if at == 3 else _text() + str(at)] = value(depth - 1)
	return made


func _pool(type: int):
	var made: Array = []
	# Now and then one that does not fit a frame.
	var count = _random.randi() % 12 if _random.randi() % 50 > 0 else 3000 + _random.randi() % 3000
	for at in count:
		match type:
			TYPE_RAW_ARRAY, TYPE_INT_ARRAY: made.append(_random.randi() & 0xFF)
			TYPE_REAL_ARRAY: made.append(_real())
			TYPE_STRING_ARRAY: made.append(_text())
			TYPE_VECTOR2_ARRAY: made.append(_v2())
			TYPE_VECTOR3_ARRAY: made.append(_v3())
			TYPE_COLOR_ARRAY: made.append(_color())
	return convert(made, type)


func _int() -> int:
	return _pick(INTS) if _random.randi() % 2 == 0 else _random.randi_range(-1000000, 1000000)


func _text() -> String:
	return _pick(WORDS) + (str(_random.randi() % 1000) if _random.randi() % 2 == 0 else "")


# Halves and quarters, so that a float32 holds them.
func _real() -> float:
	return _random.randi_range(-4000, 4000) / 4.0


func _v2() -> Vector2:
	return Vector2(_real(), _real())


func _v3() -> Vector3:
	return Vector3(_real(), _real(), _real())


func _color() -> Color:
	return Color(_real(), _real(), _real(), 1.0)


func _pick(from: Array):
	return from[_random.randi() % from.size()]
