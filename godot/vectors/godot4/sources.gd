# Finds the text of the expressions in a script, so that a row shows the very code that made it.
extends RefCounted


# The calls `v("name", expression)` in a script, as name -> expression.
static func of(path: String) -> Dictionary:
	var call := RegEx.create_from_string('^\\t[a-z]+\\("([a-z0-9_]+)", (.*)\\)$')
	var found := {}
	for line in FileAccess.get_file_as_string(path).split("\n"):
		var match := call.search(line)
		if match:
			assert(not found.has(match.get_string(1)), "two rows " + match.get_string(1))
			found[match.get_string(1)] = match.get_string(2)
	return found
