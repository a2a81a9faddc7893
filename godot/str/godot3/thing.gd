# A scripted class for the rows with full objects. Its script has exported properties, which are written with it.
extends Reference

export var hit_points = 5
export var label = "thing"
export var ratio = 1.0
