extends SceneTree
## Looks at the addon as it was installed: is the autoload there, does the plugin name a script that is there, and does
## every script compile? Prints one line `GODOT_WIRE {json}`.

const Arguments = preload("arguments.gd")


func _initialize() -> void:
	var folder: String = "res://addons/" + Arguments.read({})["addon"]
	var plugin = ConfigFile.new()
	plugin.load(folder + "/plugin.cfg")
	var scripts: Array = []
	_collect(folder, scripts)
	var broken: Array = []
	for path in scripts:
		var script = load(path)
		if script == null or not script.can_instance() and not path.ends_with("/plugin.gd"):
			broken.append(path)
	var plugin_script = load(folder + "/" + plugin.get_value("plugin", "script", "missing"))
	var wire = root.get_node_or_null("GodotWire")
	print("GODOT_WIRE ", to_json({
		"scripts": scripts.size(),
		"broken": broken,
		"name": plugin.get_value("plugin", "name", ""),
		"version": plugin.get_value("plugin", "version", ""),
		"plugin_extends": "" if plugin_script == null else plugin_script.get_instance_base_type(),
		"autoload": wire != null and wire.get_script().resource_path == folder + "/godot_wire.gd",
		"reliable": -1 if wire == null else wire.P2P_SEND_RELIABLE,
	}))
	quit()


func _collect(folder: String, into: Array) -> void:
	var directory = Directory.new()
	directory.open(folder)
	directory.list_dir_begin(true)
	var name = directory.get_next()
	while name != "":
		if directory.current_is_dir():
			_collect(folder + "/" + name, into)
		elif name.ends_with(".gd"):
			into.append(folder + "/" + name)
		name = directory.get_next()
