extends RefCounted
## Values of every type that travels, drawn from a seeded generator. With `common` only such as Godot 3 and Godot 4 both
## know.

const COMMON := [
	TYPE_NIL,
	TYPE_BOOL,
	TYPE_INT,
	TYPE_FLOAT,
	TYPE_STRING,
	TYPE_VECTOR2,
	TYPE_RECT2,
	TYPE_VECTOR3,
	TYPE_TRANSFORM2D,
	TYPE_PLANE,
	TYPE_QUATERNION,
	TYPE_AABB,
	TYPE_BASIS,
	TYPE_TRANSFORM3D,
	TYPE_COLOR,
	TYPE_NODE_PATH,
	TYPE_DICTIONARY,
	TYPE_ARRAY,
	TYPE_PACKED_BYTE_ARRAY,
	TYPE_PACKED_INT32_ARRAY,
	TYPE_PACKED_FLOAT32_ARRAY,
	TYPE_PACKED_STRING_ARRAY,
	TYPE_PACKED_VECTOR2_ARRAY,
	TYPE_PACKED_VECTOR3_ARRAY,
	TYPE_PACKED_COLOR_ARRAY,
]
const NEWER := [
	TYPE_VECTOR2I,
	TYPE_RECT2I,
	TYPE_VECTOR3I,
	TYPE_VECTOR4,
	TYPE_VECTOR4I,
	TYPE_PROJECTION,
	TYPE_STRING_NAME,
	TYPE_RID,
	TYPE_PACKED_INT64_ARRAY,
	TYPE_PACKED_FLOAT64_ARRAY,
]
const INTS := [0, 1, -1, 255, 2147483647, -2147483648, 2147483648, -2147483649, 9007199254740993, 76561198000000002]
const FLOATS := [0.0, -0.0, 1.0, -2.5, 0.1, INF, -INF, NAN, 1e300, 5e-324]
const WORDS := ["", "a", "four", "Grüße", "こんにちは", "👋🏽 hi", "tab\tnew\nline", "five5"]
# Of names whose bytes come in fours: what engines before 4.6 write behind others differs from run to run.
const PATHS := [^"", ^"node", ^"node/node/Main", ^"/root/Main:prop", ^":prop:more"]

var _types: Array = []
var _random := RandomNumberGenerator.new()


func _init(random_seed: int, common: bool) -> void:
	_random.seed = random_seed
	_types = COMMON if common else COMMON + NEWER


## A value that holds others up to `depth` levels deep.
func value(depth: int) -> Variant:
	var type: int = _types[_random.randi() % _types.size()]
	match type:
		TYPE_NIL: return null
		TYPE_BOOL: return _random.randi() % 2 == 0
		TYPE_INT: return _int()
		TYPE_FLOAT: return _pick(FLOATS) if _random.randi() % 2 == 0 else _random.randf() * 1000.0
		TYPE_STRING: return _text()
		TYPE_VECTOR2: return _v2()
		TYPE_VECTOR2I: return Vector2i(_random.randi(), -1)
		TYPE_RECT2: return Rect2(_v2(), _v2())
		TYPE_RECT2I: return Rect2i(1, 2, _random.randi() % 99, 4)
		TYPE_VECTOR3: return _v3()
		TYPE_VECTOR3I: return Vector3i(1, -2, _random.randi() % 99)
		TYPE_TRANSFORM2D: return Transform2D(_v2(), _v2(), _v2())
		TYPE_VECTOR4: return Vector4(_real(), _real(), _real(), _real())
		TYPE_VECTOR4I: return Vector4i(1, 2, 3, _random.randi() % 99)
		TYPE_PLANE: return Plane(_real(), _real(), _real(), _real())
		TYPE_QUATERNION: return Quaternion(_real(), _real(), _real(), _real())
		TYPE_AABB: return AABB(_v3(), _v3())
		TYPE_BASIS: return Basis(_v3(), _v3(), _v3())
		TYPE_TRANSFORM3D: return Transform3D(_v3(), _v3(), _v3(), _v3())
		TYPE_PROJECTION: return Projection(Vector4(1, 2, 3, _real()), Vector4.ONE, Vector4.ZERO, Vector4.ONE)
		TYPE_COLOR: return _color()
		TYPE_STRING_NAME: return StringName(_text())
		TYPE_NODE_PATH: return _pick(PATHS)
		TYPE_RID: return rid_from_int64(_random.randi())
		TYPE_DICTIONARY: return _dictionary(depth)
		TYPE_ARRAY: return _array(depth)
	return _packed(type)


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


func _packed(type: int) -> Variant:
	var made: Variant = type_convert([], type)
	# Now and then one that does not fit a frame.
	var count := _random.randi() % 12 if _random.randi() % 50 > 0 else 3000 + _random.randi() % 3000
	for at in count:
		match type:
			TYPE_PACKED_BYTE_ARRAY, TYPE_PACKED_INT32_ARRAY: made.append(_random.randi() & 0xFF)
			TYPE_PACKED_INT64_ARRAY: made.append(_int())
			TYPE_PACKED_FLOAT32_ARRAY, TYPE_PACKED_FLOAT64_ARRAY: made.append(_real())
			TYPE_PACKED_STRING_ARRAY: made.append(_text())
			TYPE_PACKED_VECTOR2_ARRAY: made.append(_v2())
			TYPE_PACKED_VECTOR3_ARRAY: made.append(_v3())
			TYPE_PACKED_COLOR_ARRAY: made.append(_color())
	return made


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


func _pick(from: Array) -> Variant:
	return from[_random.randi() % from.size()]
