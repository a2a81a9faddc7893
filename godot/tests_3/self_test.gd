extends SceneTree
## Unit tests of the addon: the twins of those in `tests/`. Run with `godot -s res://tests_3/self_test.gd`; the argument
## `--only=word` picks the tests whose name contains it. Prints a line per test, then "N passed, N failed"; exit code 1
## on failure. What the engine reports as an error stands on standard error.

const CASES = [
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


func _initialize() -> void:
	var wanted := ""
	for word in OS.get_cmdline_args():
		if word.begins_with("--only="):
			wanted = word.substr(7)
	var passed := 0
	var failed := 0
	for case_script in CASES:
		var case = case_script.new()
		for method in case.get_method_list():
			var test: String = method["name"]
			if not test.begins_with("test_") or (wanted != "" and test.find(wanted) < 0):
				continue
			if _run(case, test):
				passed += 1
			else:
				failed += 1
	print("%d passed, %d failed" % [passed, failed])
	quit(0 if failed == 0 and passed > 0 else 1)


func _run(case, test: String) -> bool:
	case.begin()
	var started = OS.get_ticks_usec()
	# A test ends with true; what a script error stopped does not.
	if not case.call(test):
		case.problems.append("did not reach its end")
	var ms = (OS.get_ticks_usec() - started) / 1000.0
	var is_good = case.problems.empty()
	print("%s %s (%.1f ms)" % ["ok  " if is_good else "FAIL", test.substr(5).replace("_", " "), ms])
	for problem in case.problems:
		print("       " + problem)
	return is_good
