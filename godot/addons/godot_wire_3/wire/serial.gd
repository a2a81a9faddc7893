extends Reference
## Arithmetic on sequence numbers and credits: unsigned 32 bits that wrap, kept in Godot's signed 64.

const MASK = 0xFFFFFFFF
const HALF = 0x80000000


static func add(a: int, b: int) -> int:
	return (a + b) & MASK


## Whether `a` comes before `b`.
static func is_before(a: int, b: int) -> bool:
	return ((a - b) & MASK) >= HALF


## How far `to` lies ahead of `from`; negative when it lies behind.
static func ahead(from: int, to: int) -> int:
	var distance = (to - from) & MASK
	return distance if distance < HALF else distance - (MASK + 1)
