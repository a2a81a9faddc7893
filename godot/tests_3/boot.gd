extends SceneTree
## Starts a script as a node, as a game's main scene would: by now the autoloads are there. `--node=tutorial.gd` names a
## script of this folder.

const Arguments = preload("arguments.gd")


func _initialize() -> void:
	# Without a window Godot sleeps 6.9 ms after every frame, as if nobody looked.
	OS.low_processor_usage_mode_sleep_usec = 1000
	var folder: String = get_script().resource_path.get_base_dir()
	var node = load(folder + "/" + Arguments.read({})["node"])
	if node == null or not node.can_instance():
		quit(1)
		return
	root.call_deferred("add_child", node.new())
