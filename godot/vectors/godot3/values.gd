# Prints the rows of values.txt: `name|GDScript source|hex of var2bytes`.
#
# Names that start with `full_` are written with full_objects. The instance ids of the objects below differ from run to
# run, so they are replaced in the hex by 0x8000000000000001, 2, ... in the order of `objects`.
#
# The engine leaves the padding of the names in a NodePath uninitialised: whoever reads this output zeroes it.
extends SceneTree

const Hex = preload("res://hex.gd")
const Thing = preload("res://thing.gd")
const Sources = preload("res://sources.gd")

var zero = 0.0
var no_object = null
var a_ref = Reference.new()
var a_node = Node.new()
var an_id = EncodedObjectAsID.new()
var a_resource = StyleBoxFlat.new()
var objects = [a_ref, a_node, an_id]
var sources = {}


func _init():
	sources = Sources.of("res://values.gd")
	an_id.object_id = 1234
	print("begin")
	scalars()
	floats()
	strings()
	names()
	handles()
	math()
	containers()
	packed_arrays()
	full_objects()
	print("end")
	a_node.free()
	quit()


func v(name, value):
	row(name, var2bytes(value))


func o(name, value):
	row(name, var2bytes(value, true))


func row(name, bytes):
	var hex = bytes.hex_encode()
	for i in range(objects.size()):
		hex = hex.replace(Hex.of_id(objects[i].get_instance_id()), Hex.of_id((1 << 63) + i + 1))
	print(name, "|", sources[name], "|", hex)


# A float from the bytes of its 64 bits: the parser of literals rounds the smallest and the largest ones.
func f64(hex):
	var buffer = StreamPeerBuffer.new()
	buffer.data_array = Hex.to_bytes(hex)
	return buffer.get_double()


func repeated(text, count):
	var all = ""
	for _i in range(count):
		all += text
	return all


# A Dictionary from keys and values in turn: the parser takes 1 and 1.0 for one key in a literal.
func paired(items):
	var all = {}
	for i in range(0, items.size(), 2):
		all[items[i]] = items[i + 1]
	return all


func freed():
	var gone = Node.new()
	gone.free()
	return gone


func scalars():
	v("nil", null)
	v("bool_false", false)
	v("bool_true", true)
	v("int_0", 0)
	v("int_1", 1)
	v("int_minus_1", -1)
	v("int_127", 127)
	v("int_128", 128)
	v("int_minus_128", -128)
	v("int_minus_129", -129)
	v("int_255", 255)
	v("int_256", 256)
	v("int_32767", 32767)
	v("int_32768", 32768)
	v("int_minus_32768", -32768)
	v("int_minus_32769", -32769)
	v("int_65535", 65535)
	v("int_65536", 65536)
	v("int_16777217", 16777217)
	v("int_2147483646", 2147483646)
	v("int_2147483647", 2147483647)
	v("int_2147483648", 2147483648)
	v("int_minus_2147483647", -2147483647)
	v("int_minus_2147483648", -2147483648)
	v("int_minus_2147483649", -2147483649)
	v("int_4294967295", 4294967295)
	v("int_4294967296", 4294967296)
	v("int_minus_4294967296", -4294967296)
	v("int_9007199254740991", 9007199254740991)
	v("int_9007199254740992", 9007199254740992)
	v("int_9007199254740993", 9007199254740993)
	v("int_minus_9007199254740991", -9007199254740991)
	v("int_minus_9007199254740992", -9007199254740992)
	v("int_minus_9007199254740993", -9007199254740993)
	v("int_steam_id", 76561197960287930)
	v("int_2_to_62", 1 << 62)
	v("int_largest_but_1", 9223372036854775806)
	v("int_largest", 9223372036854775807)
	v("int_smallest", -9223372036854775807 - 1)


func floats():
	v("float_0", zero)
	v("float_minus_0", -zero)
	v("float_1", 1.0)
	v("float_minus_1", -1.0)
	v("float_2", 2.0)
	v("float_half", 0.5)
	v("float_minus_half", -0.5)
	v("float_tenth", 0.1)
	v("float_minus_tenth", -0.1)
	v("float_third", 1.0 / 3.0)
	v("float_pi", PI)
	v("float_16777215", 16777215.0)
	v("float_16777216", 16777216.0)
	v("float_16777217", 16777217.0)
	v("float_2147483647", 2147483647.0)
	v("float_2147483648", 2147483648.0)
	v("float_minus_2147483648", -2147483648.0)
	v("float_9007199254740991", f64("ffffffffffff3f43"))
	v("float_9007199254740992", 9007199254740992.0)
	v("float_2_to_63", 9223372036854775808.0)
	v("float_1e10", 1e10)
	v("float_1e11", 1e11)
	v("float_1e40", 1e40)
	v("float_minus_1e40", -1e40)
	v("float_1e_minus_46", 1e-46)
	v("float_largest_f32", f64("000000e0ffffef47"))
	v("float_above_largest_f32", f64("010000e0ffffef47"))
	v("float_rounds_to_f32_infinity", f64("000000f0ffffef47"))
	v("float_smallest_normal_f32", f64("0000000000001038"))
	v("float_largest_f32_denormal", f64("000000c0ffff0f38"))
	v("float_smallest_f32_denormal", f64("000000000000a036"))
	v("float_half_of_smallest_f32", f64("0000000000009036"))
	v("float_largest_f64", f64("ffffffffffffef7f"))
	v("float_minus_largest_f64", f64("ffffffffffffefff"))
	v("float_smallest_normal_f64", f64("0000000000001000"))
	v("float_smallest_f64", f64("0100000000000000"))
	v("float_one_and_a_bit", f64("010000000000f03f"))
	v("float_infinity", INF)
	v("float_minus_infinity", -INF)
	v("float_nan", NAN)
	v("float_minus_nan", f64("000000000000f8ff"))
	v("float_nan_with_payload", f64("efbeadde0000f87f"))


func strings():
	v("string_empty", "")
	v("string_1", "a")
	v("string_2", "ab")
	v("string_3", "abc")
	v("string_4", "abcd")
	v("string_5", "abcde")
	v("string_6", "abcdef")
	v("string_7", "abcdefg")
	v("string_8", "abcdefgh")
	v("string_9", "abcdefghi")
	v("string_32", repeated("x", 32))
	v("string_33", repeated("x", 33))
	v("string_255", repeated("y", 255))
	v("string_256", repeated("y", 256))
	v("string_1000", repeated("z", 1000))
	v("string_two_byte", "\u00e9")
	v("string_three_byte", "\u20ac")
	v("string_four_byte", char(0x1f600))
	v("string_mixed", "h\u00e9llo\u20ac" + char(0x1f600))
	v("string_long_mixed", repeated("h\u00e9llo \u20ac " + char(0x1f600) + " ", 20))
	v("string_32_two_byte", repeated("\u00e9", 32))
	v("string_11_three_byte", repeated("\u20ac", 11))
	v("string_arabic", "\u0645\u0631\u062d\u0628\u0627")
	v("string_u007f", "\u007f")
	v("string_u0080", "\u0080")
	v("string_u07ff", "\u07ff")
	v("string_u0800", "\u0800")
	v("string_ud7ff", "\ud7ff")
	v("string_ue000", "\ue000")
	v("string_ufdd0", "\ufdd0")
	v("string_ufffd", "\ufffd")
	v("string_uffff", "\uffff")
	v("string_u10000", char(0x10000))
	v("string_u10ffff", char(0x10ffff))
	v("string_bom_first", "\ufeffa")
	v("string_bom_first_long", "\ufeff" + repeated("a", 40))
	v("string_bom_inside", "a\ufeffb")
	v("string_controls", "\t\n\r\u0001\\\"'")
	v("string_lone_surrogate", "a" + char(0xd800) + "b")
	v("string_lone_surrogate_long", "a" + char(0xdfff) + repeated("b", 40))


func names():
	v("node_path_empty", NodePath(""))
	v("node_path_a", NodePath("a"))
	v("node_path_a_b", NodePath("a/b"))
	v("node_path_root", NodePath("/"))
	v("node_path_absolute", NodePath("/root/Main"))
	v("node_path_absolute_subnames", NodePath("/root/X:pos:x"))
	v("node_path_subnames_only", NodePath(":pos:x"))
	v("node_path_relative_subname", NodePath("a:b"))
	v("node_path_here", NodePath("."))
	v("node_path_up", NodePath(".."))
	v("node_path_up_and_down", NodePath("../a"))
	v("node_path_space", NodePath("a b"))
	v("node_path_unicode", NodePath("\u00e4/\u20ac:" + char(0x1f600)))
	v("node_path_dots", NodePath("a.b:c.d"))
	v("node_path_long", NodePath("/" + repeated("name/", 20) + "end:" + repeated("p", 70)))
	v("node_path_double_slash", NodePath("a//b"))
	v("node_path_slash_at_end", NodePath("/a/"))
	v("node_path_two_slashes", NodePath("//"))
	v("node_path_colon_at_end", NodePath("a:"))
	v("node_path_two_colons_at_end", NodePath("a:b:"))
	v("node_path_colon", NodePath(":"))
	v("node_path_absolute_colon_at_end", NodePath("/a:"))
	v("node_path_slash_behind_colon", NodePath("a:/b"))
	v("node_path_slash_colon", NodePath("/:a"))
	v("node_path_name_slash_colon", NodePath("a/:b"))
	v("node_path_slash_in_subname", NodePath("a:b/c"))
	v("node_path_slash_before_colon_twice", NodePath("a/b/:c:d"))


func handles():
	v("rid_null", RID())
	v("rid_of_object", RID(a_resource))
	v("object_null", no_object)
	v("object_freed", freed())
	v("object_reference", a_ref)
	v("object_node", a_node)
	v("object_encoded_as_id", an_id)
	v("object_in_array", [a_ref, null, a_ref])


func math():
	v("vector2_zero", Vector2())
	v("vector2", Vector2(1.5, -2.25))
	v("vector2_tenth", Vector2(0.1, 1e-3))
	v("vector2_minus_0", Vector2(-zero, 1))
	v("vector2_infinity", Vector2(INF, -INF))
	v("vector2_nan", Vector2(NAN, 2))
	v("vector2_largest", Vector2(f64("000000e0ffffef47"), f64("000000000000a036")))
	v("vector2_beyond_f32", Vector2(1e40, -1e-46))
	v("rect2", Rect2(1, 2, 3, 4))
	v("rect2_odd", Rect2(-0.5, 0.1, -3, INF))
	v("vector3_zero", Vector3())
	v("vector3", Vector3(1, 2, 3))
	v("vector3_odd", Vector3(-zero, NAN, -INF))
	v("transform2d_identity", Transform2D())
	v("transform2d", Transform2D(Vector2(1, 2), Vector2(3, 4), Vector2(5, 6)))
	v("transform2d_odd", Transform2D(Vector2(-zero, 0.1), Vector2(NAN, INF), Vector2(-INF, 6)))
	v("plane", Plane(1, 2, 3, 4))
	v("plane_odd", Plane(-zero, NAN, 0.1, -INF))
	v("quat_identity", Quat())
	v("quat", Quat(1, 2, 3, 4))
	v("quat_odd", Quat(-zero, 0.1, NAN, INF))
	v("aabb", AABB(Vector3(1, 2, 3), Vector3(4, 5, 6)))
	v("aabb_odd", AABB(Vector3(-zero, 0.1, NAN), Vector3(INF, -5, -INF)))
	v("basis_identity", Basis())
	v("basis", Basis(Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 9)))
	v("basis_odd", Basis(Vector3(-zero, 0.1, 3), Vector3(NAN, 5, INF), Vector3(7, -INF, 9)))
	v("transform_identity", Transform())
	v("transform", Transform(Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 9), Vector3(10, 11, 12)))
	v("transform_odd", Transform(Vector3(-zero, 2, 3), Vector3(4, NAN, 6), Vector3(7, 8, INF), Vector3(0.1, 11, -12)))
	v("color", Color(0.1, 0.2, 0.3, 0.4))
	v("color_default", Color())
	v("color_transparent", Color(0, 0, 0, 0))
	v("color_out_of_range", Color(2, -1, 100.5, -zero))
	v("color_odd", Color(INF, -INF, NAN, 0.5))
	v("color_html", Color("ff8000"))


func containers():
	v("array_empty", [])
	v("array_null", [null])
	v("array_ints", [1, 2, 3])
	v("array_int_and_float", [1, 1.0, 0.5])
	v("array_mixed", [1, "a", null, [2], {"k": []}])
	v("array_nested", [[[[]]], []])
	v("array_300", range(300))
	v("array_of_everything", [null, true, 1, 0.5, "s", Vector2(1, 2), Rect2(1, 2, 3, 4), NodePath("a/b"), RID(), {}, [], PoolByteArray([1])])
	v("array_bytes_between", [PoolByteArray([1]), 2, PoolByteArray([1, 2, 3]), "x"])
	v("dictionary_empty", {})
	v("dictionary_1", {"a": 1})
	v("dictionary_nested", {"a": {"b": {"c": []}}})
	v("dictionary_order", {"b": 1, "a": 2, 10: 3, 9: 4})
	v("dictionary_int_and_float", paired([1, "int", 1.0, "float", 0.5, "half", 2, "two", 2.0, "two float"]))
	v("dictionary_odd_floats", paired([0.0, 1, NAN, 2, INF, 3, -INF, 4]))
	v("dictionary_keys", paired([null, 0, true, 1, false, 2, "s", 3, NodePath("p"), 5, Vector2(0.5, 1), 7, Color(1, 0, 0), 8, [1, [2]], 9, {1: 2}, 10]))
	v("dictionary_large_keys", paired([9223372036854775807, 1, -9223372036854775807, 2, 9007199254740993, 3, 2147483648, 4]))
	v("dictionary_game", {"message": "handshake", "from": 76561197960287930, "position": Vector3(1, 2.5, -3), "items": ["sword", {"count": 3}], "alive": true, "ratio": 0.25})
	v("dictionary_empty_key", {"": 0})
	v("dictionary_proto_key", {"__proto__": 1, "constructor": 2})


func packed_arrays():
	v("pool_byte_0", PoolByteArray())
	v("pool_byte_1", PoolByteArray([1]))
	v("pool_byte_2", PoolByteArray([0, 255]))
	v("pool_byte_3", PoolByteArray([1, 2, 3]))
	v("pool_byte_4", PoolByteArray([1, 2, 3, 4]))
	v("pool_byte_5", PoolByteArray([1, 2, 3, 4, 5]))
	v("pool_byte_256", PoolByteArray(range(256)))
	v("pool_int_0", PoolIntArray())
	v("pool_int_1", PoolIntArray([1]))
	v("pool_int_many", PoolIntArray([1, -2, 2147483647, -2147483648, 0]))
	v("pool_real_0", PoolRealArray())
	v("pool_real_1", PoolRealArray([0.5]))
	v("pool_real_many", PoolRealArray([0.1, -zero, INF, -INF, NAN, f64("000000000000a036"), 1e40]))
	v("pool_string_0", PoolStringArray())
	v("pool_string_1", PoolStringArray(["a"]))
	v("pool_string_empty", PoolStringArray([""]))
	v("pool_string_many", PoolStringArray(["", "a", "ab", "abc", "abcd", "h\u00e9llo\u20ac" + char(0x1f600), repeated("x", 70)]))
	v("pool_string_bom", PoolStringArray(["\ufeffa"]))
	v("pool_vector2_0", PoolVector2Array())
	v("pool_vector2_1", PoolVector2Array([Vector2(1, -2)]))
	v("pool_vector2_many", PoolVector2Array([Vector2(0.1, -zero), Vector2(INF, -INF), Vector2(NAN, 3)]))
	v("pool_vector3_0", PoolVector3Array())
	v("pool_vector3_1", PoolVector3Array([Vector3(1, 2, 3)]))
	v("pool_vector3_many", PoolVector3Array([Vector3(0.1, -zero, NAN), Vector3(INF, -INF, 3)]))
	v("pool_color_0", PoolColorArray())
	v("pool_color_1", PoolColorArray([Color(1, 0.5, 0.25, 1)]))
	v("pool_color_many", PoolColorArray([Color(0.1, -zero, NAN, 2), Color(INF, -INF, 3, -1)]))


func full_objects():
	o("full_null", no_object)
	o("full_reference", Reference.new())
	o("full_resource", Resource.new())
	o("full_encoded_as_id", an_id)
	o("full_gradient", Gradient.new())
	o("full_scripted", Thing.new())
	o("full_in_dictionary", {"o": Reference.new(), "n": 1})
	o("full_in_array", [Reference.new(), null, Resource.new()])
	o("full_plain_value", {"a": [1, 0.5]})
