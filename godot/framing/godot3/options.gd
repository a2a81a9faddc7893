# The `--name=value` that a script was started with.
extends Reference


static func read():
	var options = {}
	for argument in OS.get_cmdline_args():
		var parts = argument.trim_prefix("--").split("=", true, 1)
		options[parts[0]] = parts[1] if parts.size() > 1 else ""
	return options


# The lines of a file.
static func lines(path):
	var file = File.new()
	file.open(path, File.READ)
	return file.get_as_text().split("\n", false)
