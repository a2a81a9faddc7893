# Prints the rows of keys.txt: whether two values are one key of a Dictionary.
#
#   name|GDScript source of both|hex of the first|hex of the second|one or two
extends SceneTree

var zero := 0.0
var sources := {}


func _init() -> void:
	sources = preload("res://sources.gd").of("res://keys.gd")
	print("begin")
	numbers()
	texts()
	math()
	containers()
	packed_arrays()
	handles()
	print("end")
	quit()


func k(name: String, pair: Array) -> void:
	var keyed := {}
	keyed[pair[0]] = 1
	keyed[pair[1]] = 2
	var hex: Array = pair.map(func(key: Variant) -> String: return var_to_bytes(key).hex_encode())
	print(name, "|", sources[name], "|", hex[0], "|", hex[1], "|", "one" if keyed.size() == 1 else "two")


func typed(items: Array, type: int) -> Array:
	return Array(items, type, &"", null)


func f64(hex: String) -> float:
	return hex.hex_decode().decode_double(0)


func raw(hex: String) -> Variant:
	return bytes_to_var(hex.hex_decode())


func numbers() -> void:
	k("nil_and_nil", [null, null])
	k("nil_and_false", [null, false])
	k("nil_and_0", [null, 0])
	k("false_and_0", [false, 0])
	k("true_and_1", [true, 1])
	k("int_and_float", [1, 1.0])
	k("int_and_string", [1, "1"])
	k("zeros", [zero, -zero])
	k("nans", [NAN, NAN])
	k("nans_of_different_bits", [NAN, f64("efbeadde0000f8ff")])
	k("infinities", [INF, -INF])
	k("halves", [0.5, 0.5])
	k("tenth_and_f32_tenth", [0.1, f64("000000a09999b93f")])
	k("ints_beyond_2_to_53", [9007199254740992, 9007199254740993])
	k("int_and_float_2_to_53", [9007199254740992, 9007199254740992.0])
	k("ints_64", [9223372036854775807, 9223372036854775807])
	k("floats_2_to_70", [pow(2, 70), pow(2, 70)])


func texts() -> void:
	k("strings", ["a", "a"])
	k("string_case", ["a", "A"])
	k("string_and_name", ["a", &"a"])
	k("name_and_string", [&"a", "a"])
	k("names", [&"a", &"a"])
	k("string_and_path", ["a", ^"a"])
	k("composed", ["\u00e9", "e\u0301"])
	k("paths", [^"a/b", ^"a/b"])
	k("paths_absolute", [^"a/b", ^"/a/b"])
	k("paths_subname", [^"a:b", ^"a/b"])
	k("path_with_slash_in_name", [^"a/b", raw("1600000001000080000000000000000003000000612f6200")])
	k("path_with_colon_in_subname", [^"a:b:c", raw("1600000001000080010000000000000001000000610000000300000062"+"3a6300")])
	k("path_empty_and_empty_name", [^"", raw("1600000001000080000000000000000000000000")])


func math() -> void:
	k("vector2", [Vector2(0.1, 0.2), Vector2(0.1, 0.2)])
	k("vector2_zeros", [Vector2(0, 1), Vector2(-zero, 1)])
	k("vector2_nans", [Vector2(NAN, 0), Vector2(NAN, 0)])
	k("vector2_and_vector2i", [Vector2(1, 2), Vector2i(1, 2)])
	k("vector2_beyond_f32", [Vector2(16777216, 0), Vector2(16777217, 0)])
	k("vector2i", [Vector2i(1, 2), Vector2i(1, 2)])
	k("vector2i_large", [Vector2i(16777216, 0), Vector2i(16777217, 0)])
	k("vector3i_large", [Vector3i(0, 0, 2147483647), Vector3i(0, 0, 2147483646)])
	k("vector4i_large", [Vector4i(0, 0, 0, 2147483647), Vector4i(0, 0, 0, 2147483646)])
	k("rect2", [Rect2(1, 2, 3, 4), Rect2(1, 2, 3, 4)])
	k("rect2_and_rect2i", [Rect2(1, 2, 3, 4), Rect2i(1, 2, 3, 4)])
	k("rect2_nans", [Rect2(NAN, 2, 3, 4), Rect2(NAN, 2, 3, 4)])
	k("rect2i_large", [Rect2i(1, 2, 16777216, 4), Rect2i(1, 2, 16777217, 4)])
	k("vector3", [Vector3(1, 2, 3), Vector3(1, 2, 4)])
	k("vector4_and_quaternion", [Vector4(1, 2, 3, 4), Quaternion(1, 2, 3, 4)])
	k("planes", [Plane(1, 2, 3, 4), Plane(1, 2, 3, 4)])
	k("plane_nans", [Plane(NAN, 2, 3, 4), Plane(NAN, 2, 3, 4)])
	k("quaternion_nans", [Quaternion(NAN, 2, 3, 4), Quaternion(NAN, 2, 3, 4)])
	k("aabb_nans", [AABB(Vector3(NAN, 0, 0), Vector3()), AABB(Vector3(NAN, 0, 0), Vector3())])
	k("transform2d_nans", [Transform2D(Vector2(NAN, 0), Vector2(), Vector2()), Transform2D(Vector2(NAN, 0), Vector2(), Vector2())])
	k("basis", [Basis(), Basis()])
	k("basis_zeros", [Basis(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)), Basis(Vector3(1, -zero, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))])
	k("basis_nans", [Basis(Vector3(NAN, 0, 0), Vector3(), Vector3()), Basis(Vector3(NAN, 0, 0), Vector3(), Vector3())])
	k("transform3d_nans", [Transform3D(Basis(), Vector3(NAN, 0, 0)), Transform3D(Basis(), Vector3(NAN, 0, 0))])
	k("projection_nans", [Projection(Vector4(NAN, 0, 0, 0), Vector4(), Vector4(), Vector4()), Projection(Vector4(NAN, 0, 0, 0), Vector4(), Vector4(), Vector4())])
	k("colors", [Color(0.1, 0.2, 0.3), Color(0.1, 0.2, 0.3)])
	k("color_zeros", [Color(0, 0, 0), Color(-zero, 0, 0)])
	k("color_nans", [Color(NAN, 0, 0), Color(NAN, 0, 0)])
	k("color_and_vector4", [Color(1, 2, 3, 4), Vector4(1, 2, 3, 4)])


func containers() -> void:
	k("arrays", [[1, 2], [1, 2]])
	k("arrays_in_order", [[1, 2], [2, 1]])
	k("arrays_int_and_float", [[1], [1.0]])
	k("arrays_string_and_name", [["x"], [&"x"]])
	k("arrays_zeros", [[0.0], [-zero]])
	k("arrays_nans", [[NAN], [NAN]])
	k("arrays_nested", [[[1, [2]]], [[1, [2]]]])
	k("array_and_typed", [[1, 2], typed([1, 2], TYPE_INT)])
	k("typed_arrays_empty", [typed([], TYPE_INT), typed([], TYPE_STRING)])
	k("array_and_packed", [["a"], PackedStringArray(["a"])])
	k("array_joined_texts", [["a", "b"], ["a,b"]])
	k("dictionaries", [{ 1: 2 }, { 1: 2 }])
	k("dictionaries_empty", [{}, {}])
	k("dictionaries_in_order", [{ 1: 2, 3: 4 }, { 3: 4, 1: 2 }])
	k("dictionaries_value", [{ 1: 2 }, { 1: 3 }])
	k("dictionaries_int_and_float_keys", [{ 1: 2 }, { 1.0: 2 }])
	k("dictionaries_int_and_float_values", [{ 1: 2 }, { 1: 2.0 }])
	k("dictionaries_string_and_name_keys", [{ "a": 1 }, { &"a": 1 }])
	k("dictionaries_string_and_name_values", [{ 1: "a" }, { 1: &"a" }])
	k("dictionaries_nans", [{ 1: NAN }, { 1: NAN }])
	k("dictionaries_nan_keys", [{ NAN: 1 }, { NAN: 1 }])
	k("dictionary_and_typed", [{ 1: 2 }, Dictionary({ 1: 2 }, TYPE_INT, &"", null, TYPE_INT, &"", null)])
	k("dictionary_and_array", [{}, []])


func packed_arrays() -> void:
	k("packed_bytes", [PackedByteArray([1, 2]), PackedByteArray([1, 2])])
	k("packed_bytes_and_int32s", [PackedByteArray([1]), PackedInt32Array([1])])
	k("packed_int32s_and_int64s", [PackedInt32Array([1]), PackedInt64Array([1])])
	k("packed_int64s_large", [PackedInt64Array([9007199254740992]), PackedInt64Array([9007199254740993])])
	k("packed_float32s_zeros", [PackedFloat32Array([0.0]), PackedFloat32Array([-zero])])
	k("packed_float32s_nans", [PackedFloat32Array([NAN]), PackedFloat32Array([NAN])])
	k("packed_float64s_zeros", [PackedFloat64Array([0.0]), PackedFloat64Array([-zero])])
	k("packed_float64s_nans", [PackedFloat64Array([NAN]), PackedFloat64Array([NAN])])
	k("packed_strings", [PackedStringArray(["a", "b"]), PackedStringArray(["a", "b"])])
	k("packed_strings_joined", [PackedStringArray(["a,b"]), PackedStringArray(["a", "b"])])
	k("packed_vector2s", [PackedVector2Array([Vector2(1, 2)]), PackedVector2Array([Vector2(1, 2)])])
	k("packed_vector2s_zeros", [PackedVector2Array([Vector2(0, 2)]), PackedVector2Array([Vector2(-zero, 2)])])
	k("packed_vector2s_nans", [PackedVector2Array([Vector2(NAN, 2)]), PackedVector2Array([Vector2(NAN, 2)])])
	k("packed_vector3s", [PackedVector3Array([Vector3(1, 2, 3)]), PackedVector3Array([Vector3(1, 2, 3)])])
	k("packed_colors_nans", [PackedColorArray([Color(NAN, 0, 0)]), PackedColorArray([Color(NAN, 0, 0)])])
	k("packed_vector4s_and_colors", [PackedVector4Array([Vector4(1, 2, 3, 4)]), PackedColorArray([Color(1, 2, 3, 4)])])
	k("packed_empty", [PackedByteArray(), PackedInt32Array()])


func handles() -> void:
	k("rids", [rid_from_int64(5), rid_from_int64(5)])
	k("rids_apart", [rid_from_int64(5), rid_from_int64(6)])
	k("callables", [Callable(), Callable()])
	k("signals", [raw("1a00000001000000610000000500000000000000"), raw("1a00000001000000610000000500000000000000")])
	k("signals_name", [raw("1a00000001000000610000000500000000000000"), raw("1a00000001000000620000000500000000000000")])
