extends RefCounted
## Times in milliseconds and sizes in bytes that a game may set before it connects. The defaults are Steam's where
## Steam's are known, and the same as those of the TypeScript side.

const Protocol := preload("../wire/protocol.gd")

## How long a peer may leave a session request unanswered before it fails.
var connect_timeout_ms := Protocol.CONNECT_TIMEOUT
## How often an unanswered request is sent again.
var open_retry_ms := Protocol.OPEN_PERIOD
## How often `p2p_session_request` is emitted again while requests keep arriving.
var request_repeat_ms := Protocol.REQUEST_PERIOD
## After how much silence the peer is asked whether it is there, and how often.
var keep_alive_ms := Protocol.PING_AFTER
## After how much silence it counts as gone.
var vanish_ms := Protocol.VANISH_AFTER
## After how long without a packet a session ends silently.
var idle_timeout_ms := Protocol.IDLE_AFTER
## How long a packet of type 3 waits for company, and how much company ends the wait.
var nagle_ms := Protocol.NAGLE_DELAY
var nagle_bytes := Protocol.NAGLE_BYTES
## The longest that an acknowledgement waits for a frame to ride on.
var ack_delay_ms := Protocol.ACK_DELAY
## Packets that were accepted and are not acknowledged, per peer; beyond it `sendP2PPacket` answers false. At least 1 MiB.
var send_buffer_size := 4 * 1024 * 1024
## Unread packets that one peer may have here, at least 2 MiB.
var receive_buffer_size := 2 * 1024 * 1024
## Session requests that wait for an answer; more are ignored until one is gone.
var max_requests := 256
## How long a session that the game closes goes on sending what is reliable and not delivered. 0, as with Steam, drops it.
var close_linger_ms := 0
