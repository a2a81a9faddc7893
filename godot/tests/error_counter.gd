extends Logger
## Counts what the engine reports as an error while a test runs. Needs Godot 4.5: load it only where Logger exists.

var errors := 0
var first := ""


func _log_error(
	function: String,
	file: String,
	line: int,
	code: String,
	rationale: String,
	_editor_notify: bool,
	error_type: int,
	_backtraces: Array[ScriptBacktrace]
) -> void:
	# 1 is a warning.
	if error_type == 1:
		return
	errors += 1
	if first == "":
		first = "%s:%d %s: %s" % [file, line, function, rationale if rationale != "" else code]
