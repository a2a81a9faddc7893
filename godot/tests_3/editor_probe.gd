tool
extends EditorPlugin
## A plugin of the test beside the addon: it enables the addon as a click in the editor does, disables it, enables it again,
## and says each time what the project has become. Prints one line `GODOT_WIRE {json}`.

const ADDON = "godot_wire_3"
const FOLDER = "res://addons/godot_wire_3/"
const AUTOLOAD = "autoload/GodotWire"
## Frames between two looks: the editor does things later.
const PAUSE = 60

var _frame := 0
var _looks: Array = []


func _process(_delta: float) -> void:
	var files = get_editor_interface().get_resource_filesystem()
	# An editor that quits while it looks for files may crash.
	if files.is_scanning() or files.get_filesystem_path(FOLDER) == null:
		return
	_frame += 1
	if _frame % PAUSE != 0:
		return
	_looks.append(_look())
	if _looks.size() == 4:
		print("GODOT_WIRE ", to_json({"looks": _looks}))
		ProjectSettings.save()
		get_tree().quit()
	else:
		get_editor_interface().set_plugin_enabled(ADDON, _looks.size() % 2 == 1)


func _look() -> Dictionary:
	return {
		"enabled": get_editor_interface().is_plugin_enabled(ADDON),
		"autoload": ProjectSettings.get_setting(AUTOLOAD) if ProjectSettings.has_setting(AUTOLOAD) else "",
	}
