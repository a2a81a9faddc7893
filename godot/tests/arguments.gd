extends RefCounted
## The arguments of a test script: `--name=value`.


## All of them, over `defaults`.
static func read(defaults: Dictionary) -> Dictionary:
	var found := defaults.duplicate()
	for word in OS.get_cmdline_user_args():
		var at := word.find("=")
		if word.begins_with("--") and at > 0:
			found[word.substr(2, at - 2)] = word.substr(at + 1)
	return found
