# The node whose methods are called.
extends Node

var calls: Array[Array] = []


@rpc("any_peer")
func pair(a: Variant, b: Variant) -> void:
	calls.append([a, b])


@rpc("any_peer")
func take(value: Variant) -> void:
	calls.append([value])
