// Steam's structs, in the order in which the SDK declares their fields. Windows packs them to 8 bytes, Linux and macOS to 4:
// set STEAM_PACK. Identities and addresses are packed to 1 everywhere, and messages are not packed.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if STEAM_PACK == 8
#pragma pack(push, 8)
#elif STEAM_PACK == 4
#pragma pack(push, 4)
#else
#error "STEAM_PACK must be 4 or 8"
#endif

typedef struct { int32_t user, id; uint8_t *param; int32_t size; } CallbackMsg;
typedef struct {
  uint8_t active, connecting, error, relay;
  int32_t bytes_queued, packets_queued;
  uint32_t ip;
  uint16_t port;
} SessionState;
typedef struct { int32_t result; bool retrying; } ConnectFailure;
typedef struct { int32_t result; } Disconnected;

// An id is a bit field of 64 bits, packed to 1.
#pragma pack(push, 1)
typedef struct { uint64_t bits; } SteamId;
typedef struct { uint8_t ip[16]; uint16_t port; } Address;
typedef struct { int32_t type, size; union { uint64_t steam_id; uint32_t reserved[32]; }; } Identity;
#pragma pack(pop)

typedef struct { SteamId id; } SessionRequest;
typedef struct { SteamId id; uint8_t error; } SessionFail;

typedef struct {
  Identity peer;
  int64_t user_data;
  uint32_t listen_socket;
  Address address;
  uint16_t pad;
  uint32_t pop_remote, pop_relay;
  int32_t state, end_reason;
  char end_debug[128], description[128];
  int32_t flags;
  uint32_t reserved[63];
} ConnectionInfo;

typedef struct {
  int32_t state, ping;
  float local_quality, remote_quality, packets_out, bytes_out, packets_in, bytes_in;
  int32_t send_rate, pending_unreliable, pending_reliable, sent_unacked;
  int64_t queue_time;
  int32_t jitter;
  uint32_t reserved[15];
} RealTimeStatus;

#pragma pack(pop)

typedef struct Message {
  void *data;
  int32_t size;
  uint32_t connection;
  Identity peer;
  int64_t connection_user_data, received_at, number;
  void (*free_data)(struct Message *);
  void (*release)(struct Message *);
  int32_t channel, flags;
  int64_t user_data;
  uint16_t lane, pad;
} Message;
