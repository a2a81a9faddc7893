# A scripted class for the rows with full objects: it has a res:// path, as the engine demands of those.
extends RefCounted

@export var hit_points := 5
@export var label := "thing"
@export_storage var inside: RefCounted
@export var ratio := 1.0
