# Prints the rows of keys.txt: whether two values are one key of a Dictionary.
#
#   name|GDScript source of both|hex of the first|hex of the second|one or two
extends SceneTree

const Sources = preload("res://sources.gd")

var zero = 0.0
var sources = {}


func _init():
	sources = Sources.of("res://keys.gd")
	print("begin")
	values()
	containers()
	print("end")
	quit()


func k(name, pair):
	var keyed = {}
	keyed[pair[0]] = 1
	keyed[pair[1]] = 2
	var answer = "one" if keyed.size() == 1 else "two"
	print(name, "|", sources[name], "|", hex(pair[0]), "|", hex(pair[1]), "|", answer)


func hex(key):
	return var2bytes(key).hex_encode()


func values():
	k("nil_and_nil", [null, null])
	k("nil_and_false", [null, false])
	k("false_and_0", [false, 0])
	k("true_and_1", [true, 1])
	k("int_and_float", [1, 1.0])
	k("int_and_string", [1, "1"])
	k("zeros", [zero, -zero])
	k("nans", [NAN, NAN])
	k("infinities", [INF, -INF])
	k("ints_beyond_2_to_53", [9007199254740992, 9007199254740993])
	k("int_and_float_2_to_53", [9007199254740992, 9007199254740992.0])
	k("strings", ["a", "a"])
	k("string_and_path", ["a", NodePath("a")])
	k("paths", [NodePath("abcd/efgh"), NodePath("abcd/efgh")])
	k("paths_absolute", [NodePath("abcd"), NodePath("/abcd")])
	k("vector2", [Vector2(0.1, 0.2), Vector2(0.1, 0.2)])
	k("vector2_zeros", [Vector2(0, 1), Vector2(-zero, 1)])
	k("vector2_nans", [Vector2(NAN, 0), Vector2(NAN, 0)])
	k("rect2", [Rect2(1, 2, 3, 4), Rect2(1, 2, 3, 4)])
	k("rect2_nans", [Rect2(NAN, 2, 3, 4), Rect2(NAN, 2, 3, 4)])
	k("vector3_nans", [Vector3(NAN, 0, 0), Vector3(NAN, 0, 0)])
	k("planes", [Plane(1, 2, 3, 4), Plane(1, 2, 3, 4)])
	k("plane_nans", [Plane(NAN, 2, 3, 4), Plane(NAN, 2, 3, 4)])
	k("quats", [Quat(1, 2, 3, 4), Quat(1, 2, 3, 4)])
	k("quat_nans", [Quat(NAN, 2, 3, 4), Quat(NAN, 2, 3, 4)])
	k("aabb_nans", [AABB(Vector3(NAN, 0, 0), Vector3()), AABB(Vector3(NAN, 0, 0), Vector3())])
	k("basis", [Basis(), Basis()])
	k("basis_nans", [Basis(Vector3(NAN, 0, 0), Vector3(), Vector3()), Basis(Vector3(NAN, 0, 0), Vector3(), Vector3())])
	k("transforms", [Transform(), Transform()])
	k("colors", [Color(0.1, 0.2, 0.3), Color(0.1, 0.2, 0.3)])
	k("color_nans", [Color(NAN, 0, 0), Color(NAN, 0, 0)])
	k("rids", [RID(), RID()])


func containers():
	k("arrays", [[1, 2], [1, 2]])
	k("arrays_int_and_float", [[1], [1.0]])
	k("arrays_zeros", [[0.0], [-zero]])
	k("arrays_nans", [[NAN], [NAN]])
	k("arrays_nested", [[[1, [2]]], [[1, [2]]]])
	k("arrays_of_dictionaries", [[{}], [{}]])
	k("array_and_pool", [["a"], PoolStringArray(["a"])])
	k("dictionaries", [{1: 2}, {1: 2}])
	k("dictionaries_empty", [{}, {}])
	k("pool_bytes", [PoolByteArray([1, 2]), PoolByteArray([1, 2])])
	k("pool_bytes_and_ints", [PoolByteArray([1]), PoolIntArray([1])])
	k("pool_reals_zeros", [PoolRealArray([0.0]), PoolRealArray([-zero])])
	k("pool_reals_nans", [PoolRealArray([NAN]), PoolRealArray([NAN])])
	k("pool_strings", [PoolStringArray(["a", "b"]), PoolStringArray(["a", "b"])])
	k("pool_vector2s", [PoolVector2Array([Vector2(1, 2)]), PoolVector2Array([Vector2(1, 2)])])
	k("pool_vector2s_nans", [PoolVector2Array([Vector2(NAN, 2)]), PoolVector2Array([Vector2(NAN, 2)])])
	k("pool_vector3s", [PoolVector3Array([Vector3(1, 2, 3)]), PoolVector3Array([Vector3(1, 2, 3)])])
	k("pool_colors", [PoolColorArray([Color(1, 2, 3)]), PoolColorArray([Color(1, 2, 3)])])
