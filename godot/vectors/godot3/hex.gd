# Bytes from hex and back, which this engine lacks.
extends Reference


static func to_bytes(hex):
	var bytes = PoolByteArray()
	for i in range(0, hex.length(), 2):
		bytes.append(("0x" + hex.substr(i, 2)).hex_to_int())
	return bytes


# The 8 bytes of an instance id.
static func of_id(id):
	var buffer = StreamPeerBuffer.new()
	buffer.put_64(id)
	return buffer.data_array.hex_encode()
