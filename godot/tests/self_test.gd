extends SceneTree
## Unit tests of the addon. Run with `godot --headless --path godot -s res://tests/self_test.gd`; an argument after `--`
## picks the tests whose name contains it. Prints a line per test, then "N passed, N failed"; exit code 1 on failure.

const CASES := [
	preload("cases/wire.gd"),
	preload("cases/hostile.gd"),
	preload("cases/sessions.gd"),
	preload("cases/received.gd"),
	preload("cases/streams.gd"),
	preload("cases/links.gd"),
	preload("cases/api.gd"),
	preload("cases/messages.gd"),
	preload("cases/websocket.gd"),
	preload("cases/connecting.gd"),
	preload("cases/relay.gd"),
	preload("cases/webrtc.gd"),
]
const TestCase := preload("test_case.gd")

var _errors: RefCounted = null


func _initialize() -> void:
	if ClassDB.class_exists("Logger"):
		_errors = load("res://tests/error_counter.gd").new()
		OS.call("add_logger", _errors)
	var words := OS.get_cmdline_user_args()
	var wanted := words[0] if not words.is_empty() else ""
	var passed := 0
	var failed := 0
	for case_script in CASES:
		var case: TestCase = case_script.new()
		for method in case.get_method_list():
			var test: String = method["name"]
			if not test.begins_with("test_") or (wanted != "" and not test.contains(wanted)):
				continue
			if _run(case, test):
				passed += 1
			else:
				failed += 1
	print("%d passed, %d failed" % [passed, failed])
	quit(0 if failed == 0 and passed > 0 else 1)


func _run(case: TestCase, test: String) -> bool:
	case.begin()
	if _errors != null:
		_errors.errors = 0
		_errors.first = ""
	var started := Time.get_ticks_usec()
	# A test ends with true; what a script error stopped does not.
	if not case.call(test):
		case.problems.append("did not reach its end")
	if _errors != null and _errors.errors > 0:
		case.problems.append("%d engine errors, first: %s" % [_errors.errors, _errors.first])
	var ms := (Time.get_ticks_usec() - started) / 1000.0
	var is_good := case.problems.is_empty()
	print("%s %s (%.1f ms)" % ["ok  " if is_good else "FAIL", test.trim_prefix("test_").replace("_", " "), ms])
	for problem in case.problems:
		print("       " + problem)
	return is_good
