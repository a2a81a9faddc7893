extends RefCounted
## Whether a value that went over the wire is the value that was sent, as far as Godot lets it be: an Object comes back
## as its id and a Callable as an empty one.


## Where two values differ, as a path and what stands there; empty when they are the same.
static func difference(sent: Variant, got: Variant, path: String = "") -> String:
	var type := typeof(sent)
	if typeof(got) != type:
		return "%s: sent %s, got %s" % [path, type_string(type), type_string(typeof(got))]
	match type:
		TYPE_FLOAT:
			return "" if _same_float(sent, got) else _differ(path, sent, got)
		TYPE_DICTIONARY:
			return _dictionary_difference(sent, got, path)
		TYPE_ARRAY:
			return _array_difference(sent, got, path)
		TYPE_OBJECT:
			var id: int = sent.get_instance_id() if sent != null else 0
			return "" if got is EncodedObjectAsID and got.object_id == id else _differ(path, sent, got)
		TYPE_CALLABLE:
			return "" if (got as Callable).is_null() else _differ(path, sent, got)
		TYPE_SIGNAL:
			var same: bool = sent.get_name() == got.get_name() and sent.get_object_id() == got.get_object_id()
			return "" if same else _differ(path, sent, got)
	# NaN is not equal to itself, but its bytes are.
	return "" if sent == got or var_to_bytes(sent) == var_to_bytes(got) else _differ(path, sent, got)


## Adds the types of a value and of everything in it to a set.
static func collect_types(value: Variant, into: Dictionary) -> void:
	into[typeof(value)] = true
	if value is Array:
		for element in value:
			collect_types(element, into)
	elif value is Dictionary:
		for key in value:
			collect_types(key, into)
			collect_types(value[key], into)


static func _same_float(a: float, b: float) -> bool:
	# The sign of a zero shows only in its reciprocal.
	return (is_nan(a) and is_nan(b)) or (a == b and (a != 0.0 or 1.0 / a == 1.0 / b))


static func _dictionary_difference(sent: Dictionary, got: Dictionary, path: String) -> String:
	if not sent.is_same_typed(got):
		return path + ": types of keys or values"
	if sent.size() != got.size():
		return "%s: sent %d entries, got %d" % [path, sent.size(), got.size()]
	var sent_keys := sent.keys()
	var got_keys := got.keys()
	for at in sent_keys.size():
		var found := difference(sent_keys[at], got_keys[at], "%s.key %d" % [path, at])
		if found == "":
			found = difference(sent[sent_keys[at]], got[got_keys[at]], "%s.%s" % [path, sent_keys[at]])
		if found != "":
			return found
	return ""


static func _array_difference(sent: Array, got: Array, path: String) -> String:
	if not sent.is_same_typed(got):
		return path + ": type of elements"
	if sent.size() != got.size():
		return "%s: sent %d elements, got %d" % [path, sent.size(), got.size()]
	for at in sent.size():
		var found := difference(sent[at], got[at], "%s[%d]" % [path, at])
		if found != "":
			return found
	return ""


static func _differ(path: String, sent: Variant, got: Variant) -> String:
	return "%s: sent %s, got %s" % [path, str(sent).left(80), str(got).left(80)]
