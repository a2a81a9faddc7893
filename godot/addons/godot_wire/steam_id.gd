extends RefCounted
## Which 64-bit numbers are Steam ids. From low to high: account 32 bits, instance 20, type 4, universe 8.

const INSTANCE_DESKTOP := 1
const TYPE_INDIVIDUAL := 1
const TYPE_GAME_SERVER := 3
const TYPE_CLAN := 7
const TYPE_END := 11
const UNIVERSE_END := 5


## A player's id from an account number: what GodotSteam makes of every id that it is given.
static func of_account(id: int) -> int:
	return 0x0110000100000000 | (id & 0xFFFFFFFF)


## Steam's own rule. Ids of every universe that exists are positive numbers in Godot's signed 64 bits.
static func is_valid(id: int) -> bool:
	if id <= 0:
		return false
	var account := id & 0xFFFFFFFF
	var instance := (id >> 32) & 0xFFFFF
	var type := (id >> 52) & 0xF
	var universe := id >> 56
	if type == 0 or type >= TYPE_END or universe == 0 or universe >= UNIVERSE_END:
		return false
	match type:
		TYPE_INDIVIDUAL:
			return account != 0 and instance == INSTANCE_DESKTOP
		TYPE_CLAN:
			return account != 0 and instance == 0
		TYPE_GAME_SERVER:
			return account != 0
	return true
