extends "res://addons/godot_wire/godot_wire.gd"
## `Steam` without Steam: GodotSteam's calls, carried to `--websocket 8910` by the addon. Make it an autoload of the name
## Steam, in a project without GodotSteam, and player.gd runs as it is.


func steamInit() -> bool:
	return connect_to_server("ws://127.0.0.1:8910", 76561198000000002) == OK
