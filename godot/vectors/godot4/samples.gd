# Bytes to compress, made from a kind, a seed and a size. test/compression/samples.ts makes the same ones.
extends RefCounted

const WORDS: Array[String] = ["player", "enemy", "the", "sword", "of", "level", "jump", "and", "health", "position"]


# A linear congruential generator of 31 bits; its upper bits are the ones to use.
class Dice:
	var state: int

	func _init(seed_value: int) -> void:
		state = seed_value & 0x7fffffff

	func below(limit: int) -> int:
		state = (state * 1103515245 + 12345) & 0x7fffffff
		return (state >> 8) % limit


static func make(kind: String, seed_value: int, size: int) -> PackedByteArray:
	var dice := Dice.new(seed_value)
	match kind:
		"noise":
			return noise(dice, size)
		"zeros":
			return repeated(PackedByteArray([0]), size)
		"repeats":
			return repeated(noise(dice, 1 + dice.below(300)), size)
		"text":
			return text(dice, size)
		"ramp":
			return ramp(dice, size)
		_:
			return var_to_bytes(players(dice, size))


static func noise(dice: Dice, size: int) -> PackedByteArray:
	var bytes := PackedByteArray()
	bytes.resize(size)
	for i in size:
		bytes[i] = dice.below(256)
	return bytes


static func repeated(pattern: PackedByteArray, size: int) -> PackedByteArray:
	var bytes := PackedByteArray()
	bytes.resize(size)
	for i in size:
		bytes[i] = pattern[i % pattern.size()]
	return bytes


static func text(dice: Dice, size: int) -> PackedByteArray:
	var bytes := PackedByteArray()
	while bytes.size() < size:
		bytes.append_array((WORDS[dice.below(WORDS.size())] + " ").to_ascii_buffer())
	return bytes.slice(0, size)


# Slowly rising numbers with a little noise, as samples of a sound or heights of a map have them.
static func ramp(dice: Dice, size: int) -> PackedByteArray:
	var bytes := PackedByteArray()
	bytes.resize(size)
	for i in size:
		bytes[i] = ((i >> 4) + dice.below(3)) & 255
	return bytes


static func players(dice: Dice, count: int) -> Array:
	var all := []
	for i in count:
		var position := Vector3(dice.below(2000) / 8.0, dice.below(80) / 8.0, dice.below(2000) / -8.0)
		var items := []
		for j in dice.below(4):
			items.append(WORDS[dice.below(WORDS.size())])
		var player := { "id": 76561197960265728 + dice.below(100000), "name": WORDS[dice.below(WORDS.size())] }
		player["position"] = position
		player["items"] = items
		player["hp"] = dice.below(100)
		player["alive"] = dice.below(2) == 1
		all.append(player)
	return all
