# Prints random values of every type as hex, for the live tests: `--seed=1 --count=2000`.
#
#   index|hex of var_to_bytes
extends SceneTree

const Options := preload("res://options.gd")
const WEIRD: Array[float] = [0.0, -0.0, 1.0, -1.0, 0.1, INF, -INF, NAN, 1e-40, 1e300]
const POINTS: Array[int] = [0x01, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0x20ac, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f600, 0x10ffff]

var dice := RandomNumberGenerator.new()
var kept: Array[Object] = []


func _init() -> void:
	var options := Options.read()
	dice.seed = int(options["seed"])
	print("begin")
	for i in int(options["count"]):
		print(i, "|", var_to_bytes(value(5, 2)).hex_encode())
	print("end")
	quit()


func below(limit: int) -> int:
	return dice.randi() % limit


func one_in(n: int) -> bool:
	return below(n) == 0


func value(depth: int, one_in_containers: int) -> Variant:
	if depth > 0 and one_in(one_in_containers):
		return of_type(TYPE_ARRAY if one_in(2) else TYPE_DICTIONARY, depth)
	return of_type(below(TYPE_MAX), depth)


func of_type(type: int, depth: int) -> Variant:
	match type:
		TYPE_NIL: return null
		TYPE_BOOL: return one_in(2)
		TYPE_INT: return integer()
		TYPE_FLOAT: return number()
		TYPE_STRING: return text()
		TYPE_VECTOR2: return v2()
		TYPE_VECTOR2I: return v2i()
		TYPE_RECT2: return Rect2(v2(), v2())
		TYPE_RECT2I: return Rect2i(v2i(), v2i())
		TYPE_VECTOR3: return v3()
		TYPE_VECTOR3I: return Vector3i(int32(), int32(), int32())
		TYPE_TRANSFORM2D: return Transform2D(v2(), v2(), v2())
		TYPE_VECTOR4: return v4()
		TYPE_VECTOR4I: return Vector4i(int32(), int32(), int32(), int32())
		TYPE_PLANE: return Plane(real(), real(), real(), real())
		TYPE_QUATERNION: return Quaternion(real(), real(), real(), real())
		TYPE_AABB: return AABB(v3(), v3())
		TYPE_BASIS: return Basis(v3(), v3(), v3())
		TYPE_TRANSFORM3D: return Transform3D(v3(), v3(), v3(), v3())
		TYPE_PROJECTION: return Projection(v4(), v4(), v4(), v4())
		TYPE_COLOR: return color()
		TYPE_STRING_NAME: return StringName(text())
		TYPE_NODE_PATH: return NodePath(["", "/", "a", "a/b:c", "/root/X:pos:x", "../..", text().replace(":", "")][below(7)])
		TYPE_RID: return rid_from_int64(dice.randi())
		TYPE_OBJECT: return object()
		TYPE_CALLABLE: return Callable(self, "quit") if one_in(2) else Callable()
		TYPE_SIGNAL: return Signal(object(), "script_changed") if one_in(2) else Signal()
		TYPE_DICTIONARY: return dictionary(depth)
		TYPE_ARRAY: return array(depth)
		_: return packed(type)


func object() -> Object:
	if one_in(5):
		return null
	kept.append(RefCounted.new())
	return kept[-1]


func int32() -> int:
	return dice.randi() - 0x80000000


func integer() -> int:
	match below(4):
		0: return [0, 1, -1, 2147483647, -2147483648, 2147483648, 9007199254740992, -9007199254740993][below(8)]
		1: return below(1000) - 500
		_: return ((dice.randi() << 32) | dice.randi()) >> below(64)


# One third of the usual suspects, one third of any bits at all, the rest plain.
func number() -> float:
	match below(3):
		0: return WEIRD[below(WEIRD.size())]
		1: return bits64()
		_: return int32() / 1024.0


func bits64() -> float:
	var bytes := PackedByteArray()
	bytes.resize(8)
	bytes.encode_u32(0, dice.randi())
	bytes.encode_u32(4, dice.randi())
	return bytes.decode_double(0)


# A component: NaN comes only in places where no key is made of it.
func real() -> float:
	if one_in(3):
		var bytes := PackedByteArray()
		bytes.resize(4)
		bytes.encode_u32(0, dice.randi())
		return bytes.decode_float(0)
	return WEIRD[below(WEIRD.size())] if one_in(3) else int32() / 1000.0


func v2() -> Vector2:
	return Vector2(real(), real())


func v2i() -> Vector2i:
	return Vector2i(int32(), int32())


func v3() -> Vector3:
	return Vector3(real(), real(), real())


func v4() -> Vector4:
	return Vector4(real(), real(), real(), real())


func color() -> Color:
	return Color(real(), real(), real(), real())


# Never with a BOM in front: the reader would drop it.
func text() -> String:
	var made := ""
	var plain := one_in(2)
	for i in (below(200) if one_in(10) else below(12)):
		var point := 0x61 + below(26)
		if not plain:
			point = POINTS[below(POINTS.size())] if one_in(3) else 1 + below(0xd7ff)
		made += String.chr(point)
	return ("x" + made) if made.begins_with("\ufeff") else made


func array(depth: int) -> Array:
	var made := []
	if one_in(3):
		var type := element_type()
		made = Array([], type, &"", null) if type != TYPE_OBJECT else Array([], type, &"RefCounted", null)
		for i in length(depth):
			made.append(of_type(type, depth - 1))
		return made
	for i in length(depth):
		made.append(value(depth - 1, 4))
	return made


func length(depth: int) -> int:
	return 0 if depth <= 0 else below(6)


func element_type() -> int:
	return 1 + below(TYPE_MAX - 1)


func dictionary(depth: int) -> Dictionary:
	var key_type := 0
	var value_type := 0
	if one_in(3):
		key_type = [TYPE_NIL, TYPE_STRING, TYPE_INT, TYPE_VECTOR2I, TYPE_STRING_NAME, TYPE_FLOAT][below(6)]
		value_type = element_type() if one_in(2) else TYPE_NIL
	var value_class := &"RefCounted" if value_type == TYPE_OBJECT else &""
	var made := Dictionary({}, key_type, &"", null, value_type, value_class, null)
	for i in length(depth):
		var key: Variant = key(depth - 1) if key_type == TYPE_NIL else of_type(key_type, 0)
		made[key] = value(depth - 1, 4) if value_type == TYPE_NIL else of_type(value_type, depth - 1)
	return made


# No containers with anything inside: for a NaN in an Array this engine has rules of its own (keys.txt).
func key(depth: int) -> Variant:
	var type := below(TYPE_MAX)
	if one_in(2):
		return text()
	if type == TYPE_ARRAY:
		return [integer(), text(), [integer()]]
	if type == TYPE_DICTIONARY:
		return { integer(): text(), text(): integer() }
	# Two of them are one key for whoever reads them.
	if type == TYPE_CALLABLE:
		return Callable()
	return of_type(type, depth)


func packed(type: int) -> Variant:
	var made: Variant = type_convert([], type)
	for i in (0 if one_in(4) else below(9)):
		match type:
			TYPE_PACKED_BYTE_ARRAY: made.append(below(256))
			TYPE_PACKED_INT32_ARRAY: made.append(int32())
			TYPE_PACKED_INT64_ARRAY: made.append(integer())
			TYPE_PACKED_FLOAT32_ARRAY: made.append(real())
			TYPE_PACKED_FLOAT64_ARRAY: made.append(number())
			TYPE_PACKED_STRING_ARRAY: made.append(text())
			TYPE_PACKED_VECTOR2_ARRAY: made.append(v2())
			TYPE_PACKED_VECTOR3_ARRAY: made.append(v3())
			TYPE_PACKED_COLOR_ARRAY: made.append(color())
			TYPE_PACKED_VECTOR4_ARRAY: made.append(v4())
	return made
