# Prints the rows of unfit.txt: what the engine makes of a typed Array with one element of another type.
#
#   name|input|answer
#
# `input` and `answer` are hex; the name has the sample's number, its type and the type of the Array. Where the engine
# leaves out every sample of a type, one row says so. A Dictionary with a typed key follows the same rules (Array and Dictionary share the
# engine's ContainerTypeValidate); forms.txt has some of those.
extends SceneTree

var left_out := {}

var samples: Array = [
	null, true, false, 0, 5, -7, 300, 4294967296, -9223372036854775807, 0.0, 1.5, -2.75, 1e10, -1e30, NAN, INF, 0.1,
	"", "a/b:c", "/x", "12", "#ff8000", Vector2(1.5, -2.5), Vector2(1e20, NAN), Vector2i(-3, 4),
	Rect2(0.5, 1.5, 2.5, -3.5), Rect2i(1, 2, 3, -4), Vector3(1.5, -2.5, 3e10), Vector3i(1, -2, 16777217),
	Transform2D(Vector2(1, 2), Vector2(3, 4), Vector2(5, 6)), Vector4(1.5, -2.5, 3.5, INF), Vector4i(1, -2, 3, 2147483647),
	Plane(1, 2, 3, 4), Quaternion(0, 0, 0, 1), Quaternion(0.5, 0.5, 0.5, 0.5), Quaternion(0.1, -0.2, 0.3, 0.9),
	Quaternion(0.1, -0.2, 0.3, 0.9).normalized(), AABB(Vector3(1, 2, 3), Vector3(4, 5, 6)), Basis(),
	Basis(Vector3(0, 1, 0), 1.25), Basis(Vector3(1, 0, 0), 3.1), Basis(Vector3(0, 1, 0), 3.1), Basis(Vector3(0, 0, 1), 3.1),
	Basis(Vector3(1, 2, 3).normalized(), 2.5), Basis(Vector3(1, 2, 3), Vector3(4, 5, 6), Vector3(7, 8, 10)),
	Transform3D(Basis(Vector3(1, 2, 3).normalized(), 2.5), Vector3(0.1, 0.2, 0.3)),
	Projection(Vector4(1, 2, 3, 4), Vector4(5, 6, 7, 8), Vector4(9, 10, 11, 12), Vector4(13, 14, 15, 16)),
	Projection(Transform3D(Basis(Vector3(0, 1, 0), 1.25), Vector3(1, 2, 3))), Color(0.1, 0.2, 0.3, 0.4), &"", &"a/b:c",
	^"a/b:c", ^"/x", ^"", RID(), Callable(), Signal(), {}, {"a": 1}, [], [1, 2, 255], [1.5, 2.0], ["a", "b"],
	[Vector2(1, 2)], [Vector3(1, 2, 3)], [Vector4(1, 2, 3, 4)], [Color(1, 2, 3)],
	PackedByteArray(), PackedByteArray([1, 2]), PackedInt32Array([-1]), PackedInt64Array([1 << 40]),
	PackedFloat32Array([0.1, 2]), PackedFloat64Array([0.1, 2]), PackedStringArray(["a"]), PackedVector2Array([Vector2(1, 2)]),
	PackedVector3Array([Vector3(1, 2, 3)]), PackedColorArray([Color(1, 2, 3)]), PackedVector4Array([Vector4(1, 2, 3, 4)]),
	[null], [true], ["12"], [1e10, NAN, -1.5], [Vector2i(1, 2)], [&"a"], [^"a"], [-1, 256, 4294967297, 1 << 40], [{}],
	[1, "a"], [0.1, 5],
]


func _init() -> void:
	print("begin")
	for i in samples.size():
		for type in range(1, TYPE_MAX):
			if typeof(samples[i]) != type:
				row(i, type)
	print("end")
	quit()


func row(index: int, type: int) -> void:
	var value: Variant = samples[index]
	var head := PackedByteArray()
	head.resize(12)
	head.encode_u32(0, TYPE_ARRAY | 1 << 16)
	head.encode_u32(4, type)
	head.encode_u32(8, 1)
	var input := head + var_to_bytes(value)
	var answer := "error"
	if input.has_encoded_var(0):
		answer = var_to_bytes(bytes_to_var(input)).hex_encode()
	if answer.length() == 24:
		var pair := "%d_%d" % [typeof(value), type]
		if left_out.has(pair):
			return
		left_out[pair] = true
	print(index, "_", type_string(typeof(value)), "_", type_string(type), "|", input.hex_encode(), "|", answer)
