tool
extends EditorPlugin
## Adds the autoload `GodotWire` when the plugin is enabled, and takes it away again.

const AUTOLOAD = "GodotWire"


func _enter_tree() -> void:
	# Of this folder, wherever the game keeps it.
	var folder: String = get_script().resource_path.get_base_dir()
	if not ProjectSettings.has_setting("autoload/" + AUTOLOAD):
		add_autoload_singleton(AUTOLOAD, folder + "/godot_wire.gd")


func disable_plugin() -> void:
	if ProjectSettings.has_setting("autoload/" + AUTOLOAD):
		remove_autoload_singleton(AUTOLOAD)
