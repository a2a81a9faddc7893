# Finds the text of the expressions in a script, so that a row shows the very code that made it.
extends Reference


# The calls `v("name", expression)` in a script, as name -> expression.
static func of(path):
	var pattern = RegEx.new()
	pattern.compile("^\\t[a-z]+\\(\"([a-z0-9_]+)\", (.*)\\)$")
	var file = File.new()
	file.open(path, File.READ)
	var found = {}
	while not file.eof_reached():
		var call = pattern.search(file.get_line())
		if call != null:
			assert(not found.has(call.get_string(1)))
			found[call.get_string(1)] = call.get_string(2)
	return found
