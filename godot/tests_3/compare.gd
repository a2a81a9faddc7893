extends Reference
## Whether a value that went over the wire is the value that was sent.


## Where two values differ, as a path and what stands there; empty when they are the same.
static func difference(sent, got, path: String = "") -> String:
	var type = typeof(sent)
	if typeof(got) != type:
		return "%s: sent type %d, got %d" % [path, type, typeof(got)]
	match type:
		TYPE_REAL:
			return "" if _same_float(sent, got) else _differ(path, sent, got)
		TYPE_DICTIONARY:
			if sent.size() != got.size():
				return "%s: sent %d entries, got %d" % [path, sent.size(), got.size()]
			for key in sent:
				if not got.has(key):
					return "%s: no key %s" % [path, key]
				var found = difference(sent[key], got[key], "%s.%s" % [path, key])
				if found != "":
					return found
			return ""
		TYPE_ARRAY:
			if sent.size() != got.size():
				return "%s: sent %d elements, got %d" % [path, sent.size(), got.size()]
			for at in sent.size():
				var found = difference(sent[at], got[at], "%s[%d]" % [path, at])
				if found != "":
					return found
			return ""
	return "" if sent == got else _differ(path, sent, got)


static func _same_float(a: float, b: float) -> bool:
	# The sign of a zero shows only in its bytes.
	return (is_nan(a) and is_nan(b)) or (a == b and var2bytes(a) == var2bytes(b))


static func _differ(path: String, sent, got) -> String:
	return "%s: sent %s, got %s" % [path, str(sent).left(80), str(got).left(80)]
