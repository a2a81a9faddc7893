# Prints the rows of forms.txt: what the engine makes of bytes that it would not write itself.
#
#   name|input|answer
#
# `input` is hex with spaces; `hex*3` stands for three times the hex. `answer` is `error`, or what the engine writes for
# the value it read. Names that start with `full_` are read and written with objects.
#
# The engine wraps an object id that it reads in a new EncodedObjectAsID and writes the id of that wrapper; here the id
# that the wrapper holds is put in its place.
extends SceneTree

const Hex = preload("res://hex.gd")


func _init():
	print("begin")
	headers()
	scalars()
	texts()
	node_paths()
	math()
	handles()
	containers()
	packed_arrays()
	depths()
	full_objects()
	print("end")
	quit()


func f(name, input):
	var hex = ""
	for token in input.split(" ", false):
		var parts = token.split("*")
		for _i in range(int(parts[1]) if parts.size() > 1 else 1):
			hex += parts[0]
	answer(name, input, Hex.to_bytes(hex), name.begins_with("full_"))


func answer(name, input, bytes, objects):
	var said = "error"
	var read = read(bytes, objects)
	if read != null:
		said = held_ids(var2bytes(read[0], objects).hex_encode(), read[0])
	print(name, "|", input, "|", said)


# The value in an Array, or null where the engine refuses the bytes: it ends this function then.
func read(bytes, objects):
	return [bytes2var(bytes, objects)]


func held_ids(hex, value):
	if value is EncodedObjectAsID:
		return hex.replace(Hex.of_id(value.get_instance_id()), Hex.of_id(value.object_id))
	if value is Array:
		for item in value:
			hex = held_ids(hex, item)
	if value is Dictionary:
		for item in value.keys() + value.values():
			hex = held_ids(hex, item)
	return hex


func headers():
	f("empty", "")
	f("three_bytes", "020000")
	f("trailing_bytes", "00000000 deadbeef")
	f("type_27", "1b000000")
	f("type_255", "ff000000")
	f("second_byte_set", "02010000 05000000")
	f("second_byte_full", "02ff0000 05000000")
	f("nil_all_flags", "0000ffff")
	f("bool_all_flags", "0100ffff 01000000")
	f("int_flag_17", "02000200 05000000")
	f("int_all_other_flags", "0200feff 05000000")
	f("string_all_flags", "0400ffff 01000000 61000000")
	f("vector2_all_other_flags", "0500feff 0000803f 00000040")
	f("color_all_flags", "0e00ffff 0000803f 00000040 00004040 00008040")
	f("rid_all_flags", "1000ffff 0500000000000000")
	f("pool_byte_all_flags", "1400ffff 01000000 01000000")


func scalars():
	f("bool_2", "01000000 02000000")
	f("bool_high_byte", "01000000 00000080")
	f("bool_cut", "01000000")
	f("bool_cut_inside", "01000000 0100")
	f("int_cut", "02000000 0500")
	f("int64_cut", "02000100 05000000")
	f("int64_of_5", "02000100 0500000000000000")
	f("int64_of_minus_1", "02000100 ffffffffffffffff")
	f("int64_of_2147483648", "02000100 0000008000000000")
	f("float64_of_half", "03000100 000000000000e03f")
	f("float64_of_minus_0", "03000100 0000000000000080")
	f("float64_of_infinity", "03000100 000000000000f07f")
	f("float64_cut", "03000100 0000e03f")
	f("float32_nan", "03000000 0000c07f")
	f("float32_minus_nan", "03000000 0000c0ff")
	f("float32_nan_payload", "03000000 efbecd7f")
	f("float32_signalling_nan", "03000000 0100807f")
	f("float32_minus_signalling_nan", "03000000 010080ff")
	f("float64_signalling_nan", "03000100 010000000000f07f")
	f("float64_nan_payload", "03000100 efbeadde0000f8ff")


func texts():
	f("string_without_padding", "04000000 01000000 61")
	f("string_short_padding", "04000000 01000000 6100")
	f("string_padding_not_zero", "04000000 01000000 617a7a7a")
	f("string_length_minus_1", "04000000 ffffffff")
	f("string_length_smallest", "04000000 00000080")
	f("string_length_largest", "04000000 ffffff7f")
	f("string_length_overflows_padding", "04000000 fdffff7f")
	f("string_length_above", "04000000 05000000 61626364")
	f("string_cut_length", "04000000 0100")
	f("string_nul_at_end", "04000000 02000000 61000000")
	f("string_nul_inside", "04000000 03000000 61006200")
	f("string_nul_first", "04000000 02000000 00610000")
	f("string_nul_before_bad_text", "04000000 03000000 6100ff00")
	f("string_nul_before_bad_first", "04000000 02000000 00ff0000")
	f("string_bad_before_nul", "04000000 04000000 61c30061")
	f("string_bom", "04000000 04000000 efbbbf61")
	f("string_only_bom", "04000000 03000000 efbbbf00")
	f("string_two_boms", "04000000 06000000 efbbbfefbbbf0000")
	f("string_bom_inside", "04000000 05000000 61efbbbf 62000000")
	f("string_half_bom", "04000000 02000000 efbb0000")
	f("string_bad_continuation", "04000000 02000000 c3280000")
	f("string_bare_continuation", "04000000 01000000 80000000")
	f("string_cut_two", "04000000 02000000 61c30000")
	f("string_cut_three", "04000000 03000000 61e28200")
	f("string_cut_three_full", "04000000 04000000 6161e282")
	f("string_cut_four", "04000000 04000000 61f09f98")
	f("string_overlong_two", "04000000 02000000 c0800000")
	f("string_overlong_two_c1", "04000000 02000000 c1bf0000")
	f("string_overlong_three", "04000000 03000000 e09fbf00")
	f("string_overlong_four", "04000000 04000000 f08fbfbf")
	f("string_surrogate", "04000000 03000000 eda08000")
	f("string_last_surrogate", "04000000 03000000 edbfbf00")
	f("string_surrogate_pair", "04000000 06000000 eda0bdedb8800000")
	f("string_surrogate_long", "04000000 2b000000 78*40 eda08000")
	f("string_bad_long", "04000000 2a000000 78*40 c3280000")
	f("string_u110000", "04000000 04000000 f4908080")
	f("string_lead_f5", "04000000 04000000 f5808080")
	f("string_five_byte", "04000000 05000000 f888808080000000")
	f("string_six_byte", "04000000 06000000 fc84808080800000")
	f("string_lead_fe", "04000000 01000000 fe000000")
	f("string_lead_ff", "04000000 01000000 ff000000")
	f("string_uffff", "04000000 03000000 efbfbf00")


func node_paths():
	f("node_path_old_form", "0f000000 01000000 61000000")
	f("node_path_property_flag", "0f000000 01000080 00000000 02000000 01000000 61000000 01000000 70000000")
	f("node_path_property_flag_absolute", "0f000000 01000080 01000000 03000000 01000000 61000000 01000000 70000000 01000000 71000000")
	f("node_path_other_flags", "0f000000 01000080 00000000 fdffffff 01000000 61000000")
	f("node_path_large_count", "0f000000 ffffffff 00000000 00000000")
	f("node_path_large_subname_count", "0f000000 00000080 ffffffff 00000000")
	f("node_path_counts_wrap", "0f000000 01000080 ffffffff 00000000")
	f("node_path_counts_wrap_to_1", "0f000000 02000080 ffffffff 00000000 01000000 61000000")
	f("node_path_absolute_without_names", "0f000000 00000080 00000000 01000000")
	f("node_path_absolute_subname", "0f000000 00000080 01000000 01000000 01000000 61000000")
	f("node_path_cut_head", "0f000000 00000080 00000000")
	f("node_path_cut_names", "0f000000 02000080 00000000 00000000 01000000 61000000")
	f("node_path_without_padding", "0f000000 01000080 00000000 00000000 01000000 61")
	f("node_path_padding_not_zero", "0f000000 01000080 00000000 00000000 01000000 617a7a7a")
	f("node_path_slash_in_name", "0f000000 01000080 00000000 00000000 03000000 612f6200")
	f("node_path_colon_in_subname", "0f000000 00000080 01000000 00000000 03000000 613a6200")
	f("node_path_empty_name", "0f000000 01000080 00000000 00000000 00000000")
	f("node_path_empty_names_absolute", "0f000000 01000080 01000000 01000000 00000000 01000000 70000000")
	f("node_path_empty_last_name", "0f000000 02000080 00000000 00000000 01000000 61000000 00000000")
	f("node_path_empty_subname", "0f000000 00000080 01000000 00000000 00000000")
	f("node_path_nul_in_name", "0f000000 01000080 00000000 00000000 03000000 61006200")
	f("node_path_bom_in_name", "0f000000 01000080 00000000 00000000 04000000 efbbbf61")
	f("node_path_bad_name", "0f000000 01000080 00000000 00000000 02000000 c3280000")
	f("node_path_name_length_minus_1", "0f000000 01000080 00000000 00000000 ffffffff")


func math():
	f("vector2_cut", "05000000 0000803f")
	f("vector2_wide", "05000100 000000000000f03f 0000000000000040")
	f("vector2_wide_tenth", "05000100 9a9999999999b93f 0000000000000080")
	f("vector2_wide_beyond_f32", "05000100 a55cc3f129633d48 61552c24ce446236")
	f("vector2_wide_infinity", "05000100 000000000000f07f 000000000000f0ff")
	f("vector2_wide_nan", "05000100 000000000000f87f 0000000000000040")
	f("vector2_wide_minus_nan", "05000100 000000000000f8ff 0000000000000040")
	f("vector2_wide_nan_payload", "05000100 000000e0ddd5fb7f 0000000000000040")
	f("vector2_wide_cut", "05000100 000000000000f03f 00000000")
	f("vector2_nan_payload", "05000000 efbecd7f 00000040")
	f("vector2_signalling_nan", "05000000 0100807f 0000c0ff")
	f("rect2_wide", "06000100 000000000000f03f 0000000000000040 0000000000000840 0000000000001040")
	f("vector3_wide", "07000100 000000000000f03f 0000000000000040 0000000000000840")
	f("transform2d_wide", "08000100 000000000000f03f 0000000000000040 0000000000000840 0000000000001040 0000000000001440 0000000000001840")
	f("plane_wide", "09000100 000000000000f03f 0000000000000040 0000000000000840 0000000000001040")
	f("quat_wide", "0a000100 000000000000f03f 0000000000000040 0000000000000840 0000000000001040")
	f("aabb_wide", "0b000100 000000000000f03f 0000000000000040 0000000000000840 0000000000001040 0000000000001440 0000000000001840")
	f("basis_wide", "0c000100 000000000000f03f*8 0000000000000040")
	f("transform_wide", "0d000100 000000000000f03f*11 0000000000000040")
	f("color_flag_64", "0e000100 0000803f 0000003f 0000803e 0000803f")
	f("color_signalling_nan", "0e000000 0100807f 0000c0ff 0000803e 00000080")
	f("transform_signalling_nan", "0d000000 0100807f*11 0000c0ff")
	f("quat_not_normal", "0a000000 00000041 00000041 00000041 00000041")


func handles():
	f("rid_and_more", "10000000 05000000")
	f("object_id", "11000100 0100000000000000")
	f("object_id_0", "11000100 0000000000000000")
	f("object_id_all_bits", "11000100 ffffffffffffffff")
	f("object_id_cut", "11000100 01000000")
	f("object_id_other_flags", "1100ffff 0100000000000000")
	f("object_full", "11000000 09000000 5265666572656e6365000000 01000000 06000000 736372697074 0000 00000000")
	f("object_full_null", "11000000 00000000")


func containers():
	f("array_shared_bit", "13000000 01000080 02000000 07000000")
	f("array_count_largest", "13000000 ffffff7f")
	f("array_count_all_bits", "13000000 ffffffff")
	f("array_count_too_large", "13000000 02000000 00000000")
	f("array_kind_bits", "13000100 01000000 02000000 05000000")
	f("array_cut_count", "13000000 0100")
	f("array_bad_item", "13000000 01000000 1b000000")
	f("dictionary_shared_bit", "12000000 01000080 04000000 01000000 61000000 02000000 01000000")
	f("dictionary_count_all_bits", "12000000 ffffffff")
	f("dictionary_kind_bits", "12000500 01000000 02000000 05000000 02000000 06000000")
	f("dictionary_without_value", "12000000 01000000 04000000 01000000 61000000")
	f("dictionary_two_equal_keys", "12000000 02000000 02000000 01000000 02000000 01000000 02000000 01000000 02000000 02000000")
	f("dictionary_equal_keys_order", "12000000 03000000 02000000 01000000 02000000 01000000 02000000 02000000 02000000 02000000 02000000 01000000 02000000 03000000")
	f("dictionary_zeros", "12000000 02000000 03000000 00000000 02000000 01000000 03000000 00000080 02000000 02000000")
	f("dictionary_nans", "12000000 02000000 03000000 0000c07f 02000000 01000000 03000100 efbeadde0000f8ff 02000000 02000000")
	f("dictionary_int_forms", "12000000 02000000 02000000 05000000 02000000 01000000 02000100 0500000000000000 02000000 02000000")
	f("dictionary_bom_keys", "12000000 02000000 04000000 01000000 61000000 02000000 01000000 04000000 04000000 efbbbf61 02000000 02000000")
	f("dictionary_large_keys_apart", "12000000 02000000 02000100 0000000000002000 02000000 01000000 02000100 0100000000002000 02000000 02000000")
	f("dictionary_object_ids", "12000000 02000000 11000100 0500000000000000 02000000 01000000 11000100 0500000000000000 02000000 02000000")
	f("dictionary_rid_keys", "12000000 02000000 10000000 02000000 01000000 10000000 02000000 02000000")
	f("dictionary_equal_dictionary_keys", "12000000 02000000 12000000 00000000 02000000 01000000 12000000 00000000 02000000 02000000")
	f("dictionary_lost_key", "12000000 01000000 16000000 01000000 0000c07f 02000000 01000000")
	f("dictionary_equal_array_keys", "12000000 02000000 13000000 00000000 02000000 01000000 13000000 00000000 02000000 02000000")


func packed_arrays():
	f("pool_byte_without_padding", "14000000 01000000 01")
	f("pool_byte_short_padding", "14000000 01000000 0100")
	f("pool_byte_padding_not_zero", "14000000 01000000 01ffffff")
	f("pool_byte_cut", "14000000 05000000 01020304")
	f("pool_byte_negative", "14000000 ffffffff")
	f("pool_byte_largest", "14000000 ffffff7f")
	f("pool_byte_without_padding_inside", "13000000 01000000 14000000 01000000 01")
	f("pool_byte_without_padding_then_more", "13000000 02000000 14000000 01000000 01")
	f("pool_byte_without_padding_then_nil", "13000000 02000000 14000000 01000000 01 00000000")
	f("pool_int_cut", "15000000 02000000 01000000 0200")
	f("pool_int_negative", "15000000 ffffffff")
	f("pool_int_largest", "15000000 ffffff7f")
	f("pool_int_product_overflows", "15000000 01000040")
	f("pool_real_signalling_nan", "16000000 02000000 0100807f 0000c0ff")
	f("pool_real_flag_64", "16000100 01000000 0000803f")
	f("pool_string_without_nul", "17000000 01000000 01000000 61000000")
	f("pool_string_negative_count", "17000000 ffffffff")
	f("pool_string_largest_count", "17000000 ffffff7f")
	f("pool_string_length_0", "17000000 02000000 00000000 01000000 61000000")
	f("pool_string_bom", "17000000 01000000 05000000 efbbbf61 00000000")
	f("pool_string_nul_inside", "17000000 01000000 03000000 61006200")
	f("pool_string_bad", "17000000 01000000 03000000 c3280000")
	f("pool_string_without_padding", "17000000 01000000 02000000 6100")
	f("pool_string_cut", "17000000 02000000 02000000 61000000")
	f("pool_vector2_wide", "18000100 01000000 000000000000f03f 0000000000000040")
	f("pool_vector2_wide_nan", "18000100 01000000 000000000000f8ff 000000e0ddd5fb7f")
	f("pool_vector2_cut", "18000000 01000000 0000803f")
	f("pool_vector2_negative", "18000000 ffffffff")
	f("pool_vector2_product_overflows", "18000000 01000020")
	f("pool_vector2_signalling_nan", "18000000 01000000 0100807f 0000c0ff")
	f("pool_vector3_wide", "19000100 01000000 000000000000f03f 0000000000000040 0000000000000840")
	f("pool_vector3_product_overflows", "19000000 abaaaa2a")
	f("pool_color_flag_64", "1a000100 01000000 0000803f 0000003f 0000803e 0000803f")
	f("pool_color_cut", "1a000000 01000000 0000803f 0000003f 0000803e")


func depths():
	f("nest_1024_arrays", "1300000001000000*1024 00000000")
	f("nest_1025_arrays", "1300000001000000*1025 00000000")
	f("nest_1025_arrays_empty", "1300000001000000*1024 1300000000000000")
	f("nest_1026_arrays_empty", "1300000001000000*1025 1300000000000000")
	f("nest_1024_values", "120000000100000000000000*1024 00000000")
	f("nest_1025_values", "120000000100000000000000*1025 00000000")
	f("nest_100_keys", "1200000001000000*100 00000000*101")


func full_objects():
	f("full_reference", "11000000 09000000 5265666572656e6365000000 01000000 06000000 736372697074 0000 00000000")
	f("full_null", "11000000 00000000")
	f("full_null_in_array", "13000000 02000000 11000000 00000000 02000000 01000000")
	f("full_unknown_class", "11000000 04000000 41424344 00000000")
	f("full_without_properties", "11000000 09000000 5265666572656e6365000000 00000000")
	f("full_cut", "11000000 09000000 5265666572656e6365000000 01000000 06000000 736372697074 0000")
	f("full_count_largest", "11000000 09000000 5265666572656e6365000000 ffffff7f")
	f("full_id", "11000100 0500000000000000")
