# Prints random values of every type as hex, for the live tests: `--seed=1 --count=2000`.
#
#   index|hex of var2bytes
extends SceneTree

const Hex = preload("res://hex.gd")
const Options = preload("res://options.gd")
const POINTS = [0x01, 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0x20ac, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f600, 0x10ffff]

var zero = 0.0
var weird = [zero, -zero, 1.0, -1.0, 0.1, INF, -INF, NAN, 1e-40, 1e300]
var ints = [0, 1, -1, 2147483647, -2147483648, 2147483648, 9007199254740992, -9007199254740993]
var dice = RandomNumberGenerator.new()
var kept = []


func _init():
	var options = Options.read()
	dice.seed = int(options["seed"])
	print("begin")
	for i in range(int(options["count"])):
		print(i, "|", var2bytes(value(5, 2)).hex_encode())
	print("end")
	quit()


func below(limit):
	return dice.randi() % limit


func one_in(n):
	return below(n) == 0


func value(depth, one_in_containers):
	if depth > 0 and one_in(one_in_containers):
		return of_type(TYPE_ARRAY if one_in(2) else TYPE_DICTIONARY, depth)
	return of_type(below(TYPE_MAX), depth)


func of_type(type, depth):
	match type:
		TYPE_NIL: return null
		TYPE_BOOL: return one_in(2)
		TYPE_INT: return integer()
		TYPE_REAL: return number()
		TYPE_STRING: return text()
		TYPE_VECTOR2: return v2()
		TYPE_RECT2: return Rect2(v2(), v2())
		TYPE_VECTOR3: return v3()
		TYPE_TRANSFORM2D: return Transform2D(v2(), v2(), v2())
		TYPE_PLANE: return Plane(real(), real(), real(), real())
		TYPE_QUAT: return Quat(real(), real(), real(), real())
		TYPE_AABB: return AABB(v3(), v3())
		TYPE_BASIS: return Basis(v3(), v3(), v3())
		TYPE_TRANSFORM: return Transform(v3(), v3(), v3(), v3())
		TYPE_COLOR: return color()
		TYPE_NODE_PATH: return NodePath(["", "/", "a", "a/b:c", "/root/X:pos:x", "../..", text().replace(":", "")][below(7)])
		TYPE_RID: return RID()
		TYPE_OBJECT: return object()
		TYPE_DICTIONARY: return dictionary(depth)
		TYPE_ARRAY: return array(depth)
	return pool(type)


func object():
	if one_in(5):
		return null
	kept.append(Reference.new())
	return kept[kept.size() - 1]


func integer():
	match below(4):
		0: return ints[below(ints.size())]
		1: return below(1000) - 500
	return ((dice.randi() << 32) | dice.randi()) >> below(64)


func int32():
	return dice.randi() - 0x80000000


# One third of the usual suspects, one third of any bits at all, the rest plain.
func number():
	match below(3):
		0: return weird[below(weird.size())]
		1: return bits(8)
	return int32() / 1024.0


func bits(size):
	var buffer = StreamPeerBuffer.new()
	for _i in range(size / 4):
		buffer.put_u32(dice.randi())
	buffer.seek(0)
	return buffer.get_double() if size == 8 else buffer.get_float()


func real():
	if one_in(3):
		return bits(4)
	return weird[below(weird.size())] if one_in(3) else int32() / 1000.0


func v2():
	return Vector2(real(), real())


func v3():
	return Vector3(real(), real(), real())


func color():
	return Color(real(), real(), real(), real())


# Never with a BOM in front: the reader would drop it.
func text():
	var made = ""
	var plain = one_in(2)
	for _i in range(below(200) if one_in(10) else below(12)):
		var point = 0x61 + below(26)
		if not plain:
			point = POINTS[below(POINTS.size())] if one_in(3) else 1 + below(0xd7ff)
		made += char(point)
	return ("x" + made) if made.begins_with("\ufeff") else made


func length(depth):
	return 0 if depth <= 0 else below(6)


func array(depth):
	var made = []
	for _i in range(length(depth)):
		made.append(value(depth - 1, 4))
	return made


func dictionary(depth):
	var made = {}
	for _i in range(length(depth)):
		made[key()] = value(depth - 1, 4)
	return made


# No containers: this engine finds Dictionaries among its keys by identity, and Pool arrays of -0.0 are not of 0.0.
func key():
	var type = below(TYPE_MAX)
	if one_in(2):
		return text()
	if type == TYPE_ARRAY:
		return [integer(), text(), [integer()]]
	if type == TYPE_DICTIONARY or type == TYPE_REAL_ARRAY or type == TYPE_VECTOR2_ARRAY:
		return integer()
	if type == TYPE_VECTOR3_ARRAY or type == TYPE_COLOR_ARRAY:
		return number()
	return of_type(type, 0)


func pool(type):
	var made = convert([], type)
	for _i in range(0 if one_in(4) else below(9)):
		match type:
			TYPE_RAW_ARRAY: made.append(below(256))
			TYPE_INT_ARRAY: made.append(int32())
			TYPE_REAL_ARRAY: made.append(real())
			TYPE_STRING_ARRAY: made.append(text())
			TYPE_VECTOR2_ARRAY: made.append(v2())
			TYPE_VECTOR3_ARRAY: made.append(v3())
			TYPE_COLOR_ARRAY: made.append(color())
	return made
