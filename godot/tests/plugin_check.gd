extends SceneTree
## Looks at the addon as it was installed: is the autoload there, does the plugin name a script that is there, and does
## every script compile? Prints one line `GODOT_WIRE {json}`.

const Arguments := preload("arguments.gd")


func _initialize() -> void:
	var folder: String = "res://addons/" + Arguments.read({})["addon"]
	var plugin := ConfigFile.new()
	plugin.load(folder + "/plugin.cfg")
	var scripts: Array = []
	_collect(folder, scripts)
	var broken: Array = []
	for path in scripts:
		var script: GDScript = load(path)
		if script == null or not script.can_instantiate() and not path.ends_with("/plugin.gd"):
			broken.append(path)
	var plugin_script: GDScript = load(folder + "/" + plugin.get_value("plugin", "script", "missing"))
	var wire := root.get_node_or_null("GodotWire")
	print("GODOT_WIRE ", JSON.stringify({
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
	for name in DirAccess.get_files_at(folder):
		if name.ends_with(".gd"):
			into.append(folder + "/" + name)
	for name in DirAccess.get_directories_at(folder):
		_collect(folder + "/" + name, into)
