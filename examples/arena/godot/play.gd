extends SceneTree
## Starts the main scene from the command line, where the script's arguments come after `--`.


func _initialize() -> void:
	change_scene_to_file("res://main.tscn")
