# Bytes from hex, which this engine cannot read.
extends Reference


static func to_bytes(hex):
	var bytes = PoolByteArray()
	for i in range(0, hex.length(), 2):
		bytes.append(("0x" + hex.substr(i, 2)).hex_to_int())
	return bytes
