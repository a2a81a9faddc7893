extends Reference
## The numbers of docs/protocol.md that both ends must agree on.

# Hello (1.1).
const MAGIC = 0x52495747 # "GWIR", read as a little-endian u32
const VERSION = 1
const HELLO_SIZE = 20
## Every end accepts frames at least this large.
const FRAME_LIMIT_MIN = 1280

# Close codes of the WebSocket link (1.1).
const CLOSE_NORMAL = 1000
const CLOSE_TEXT = 1003
const CLOSE_TOO_LARGE = 1009
const CLOSE_BAD_HELLO = 4000
const CLOSE_NO_HELLO = 4001
const CLOSE_BAD_ID = 4002
const CLOSE_ID_IN_USE = 4003
## A relay said what makes no sense (1.4).
const CLOSE_BAD_MESSAGE = 4004

# Frames and records 2.
const FRAME_KIND = 1
## Kind, destination and source.
const FRAME_HEADER_SIZE = 9
const OPEN = 0x01
const ACCEPT = 0x02
const UNKNOWN = 0x03
const PING = 0x04
const PONG = 0x05
const ACK = 0x06
const DATAGRAM = 0x10
const MESSAGE = 0x20
const FRAGMENT = 0x21

## What a record takes beside its payload, at most.
const DATAGRAM_OVERHEAD = 11
const MESSAGE_OVERHEAD = 15
const FRAGMENT_OVERHEAD = 25

# Packets (4), acknowledgement and credit 5.
const DATAGRAM_LIMIT = 1200
const MESSAGE_LIMIT = 1048576
## All fragments of a message but its last carry at least this much.
const FRAGMENT_MIN = 1024
## What a message costs beyond its length.
const MESSAGE_COST = 256
const ACK_RECORDS = 16
const ACK_BYTES = 65536

# Milliseconds (3, 4, 5).
const OPEN_PERIOD = 1000
const REQUEST_PERIOD = 5000
const CONNECT_TIMEOUT = 20000
const PING_AFTER = 5000
const VANISH_AFTER = 20000
const IDLE_AFTER = 180000
const ACK_DELAY = 50
const NAGLE_DELAY = 200
## Bytes of send type 3 that no longer wait for company.
const NAGLE_BYTES = 1200
