// A stand-in for the Steam library, so that what is bound to it can be tried without Steam and without an account.
//
// It exports the flat functions that the binding uses, under Valve's names, and carries packets between processes, or
// between copies of itself in one process, over datagram sockets in a folder. It behaves as Valve documents for
// ISteamNetworking and ISteamNetworkingMessages (docs/steam.md names the sources); where Valve says nothing, it takes the
// harsher of two readings: a truncated read reports the full length, callbacks and messages are overwritten when they are
// given back, and what would crash the real library (a null interface, a call after the shutdown, a callback that is not
// freed) ends the process with a word about it.
//
// Environment: STEAM_DOUBLE_DIR (the folder), STEAM_DOUBLE_ID (the player), STEAM_DOUBLE_SERVER_ID (the game server),
// STEAM_DOUBLE_CLOCK=virtual (time moves by SteamDouble_AdvanceClock only), STEAM_DOUBLE_SINK=1 (sends go nowhere, for benches),
// STEAM_DOUBLE_FAIL (what goes wrong: see init).

#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define STEAM_PACK 4
#include "structs.h"

#define API __attribute__((visibility("default")))

// ---------------------------------------------------------------- what Valve documents, in numbers

enum {
  MAX_UNRELIABLE = 1200,
  MAX_RELIABLE = 1048576,
  MAX_MESSAGE = 524288,
  MAX_QUEUED = 4 << 20,
  MTU = 1200,
  FRAGMENT = 32768,
  MAX_CHANNELS = 64,
};
static const double NAGLE_MS = 200, P2P_TIMEOUT_MS = 20000, MESSAGES_TIMEOUT_MS = 10000;
static const double ASK_AGAIN_MS = 1000, REPOST_MS = 5000;

enum { SEND_UNRELIABLE, SEND_UNRELIABLE_NO_DELAY, SEND_RELIABLE, SEND_RELIABLE_WITH_BUFFERING };
enum { FLAG_NO_DELAY = 4, FLAG_RELIABLE = 8, FLAG_AUTORESTART = 32 };
enum { RESULT_OK = 1, RESULT_NO_CONNECTION = 3, RESULT_INVALID_PARAM = 8, RESULT_LIMIT = 25, RESULT_IGNORED = 41 };
enum { ERROR_TIMEOUT = 4, END_TIMEOUT = 5003 };
enum { CB_CONNECTED = 101, CB_CONNECT_FAILURE = 102, CB_DISCONNECTED = 103, CB_SHUTDOWN = 704 };
enum { CB_REQUEST = 1202, CB_FAIL = 1203, CB_MESSAGES_REQUEST = 1251, CB_MESSAGES_FAILED = 1252 };

// ---------------------------------------------------------------- state

enum { P2P, MESSAGES };
enum { FAILED, REQUESTED, CONNECTING, ACTIVE };

typedef struct Packet {
  struct Packet *next;
  uint64_t from;
  int channel, flags;
  uint32_t size, done;
  bool buffered;
  uint8_t data[];
} Packet;

typedef struct { Packet *first, *last; int count; int64_t bytes; } Queue;

typedef struct Session {
  struct Session *next;
  uint64_t peer;
  int state, error;
  Queue out;           // waits to be sent
  Queue held;          // has come before it was accepted
  Packet *partial;     // a packet of which fragments are missing
  double started, asked, posted, stuck_since, nagle_due;
  bool flush;
  int channels[MAX_CHANNELS], channel_count;
} Session;

typedef struct Callback { struct Callback *next; int id, size; bool no_param; uint8_t data[]; } Callback;

struct Endpoint;
typedef struct { struct Endpoint *owner; int kind; Session *sessions; Queue inbox; int64_t received; } Net;

typedef struct Endpoint {
  int pipe, socket;
  bool is_up;
  uint64_t id;
  Net nets[2];
  Callback *first, *last, *given;
  int log_on;          // 0 nothing, 1 succeeds, 2 fails for good, 3 fails and then succeeds
} Endpoint;

static Endpoint client = {.pipe = 1}, server = {.pipe = 2};
static bool manual_dispatch, is_sink, relay_allowed = true;
static double virtual_now;
static int messages_out;

static void misuse(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fprintf(stderr, "STEAM DOUBLE: misuse: ");
  vfprintf(stderr, format, args);
  fprintf(stderr, "\n");
  va_end(args);
  abort();
}

static const char *env(const char *name) {
  const char *value = getenv(name);
  return value && *value ? value : NULL;
}

static bool fails(const char *how) {
  const char *value = env("STEAM_DOUBLE_FAIL");
  return value && !strcmp(value, how);
}

static double now(void) {
  const char *clock = env("STEAM_DOUBLE_CLOCK");
  if (clock && !strcmp(clock, "virtual")) return virtual_now;
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

// CSteamID::IsValid.
static bool is_valid(uint64_t id) {
  uint32_t account = (uint32_t)id, instance = (id >> 32) & 0xfffff, type = (id >> 52) & 15, universe = id >> 56;
  if (type < 1 || type > 10 || universe < 1 || universe > 4) return false;
  if (type == 1) return account != 0 && instance == 1;
  if (type == 7) return account != 0 && instance == 0;
  return type != 3 || account != 0;
}

// ---------------------------------------------------------------- queues

static void push(Queue *queue, Packet *packet) {
  packet->next = NULL;
  if (queue->last) queue->last->next = packet;
  else queue->first = packet;
  queue->last = packet;
  queue->count++;
  queue->bytes += packet->size;
}

static Packet *shift(Queue *queue) {
  Packet *packet = queue->first;
  queue->first = packet->next;
  if (!queue->first) queue->last = NULL;
  queue->count--;
  queue->bytes -= packet->size;
  return packet;
}

typedef bool (*Test)(const Packet *, uint64_t from, int channel);
static bool of_sender(const Packet *p, uint64_t from, int channel) { (void)channel; return p->from == from; }
static bool of_channel(const Packet *p, uint64_t from, int channel) { (void)from; return p->channel == channel; }
static bool of_both(const Packet *p, uint64_t from, int channel) { return p->from == from && p->channel == channel; }

static void drop(Queue *queue, Test test, uint64_t from, int channel) {
  Queue rest = {0};
  while (queue->first) {
    Packet *packet = shift(queue);
    if (!test || test(packet, from, channel)) free(packet);
    else push(&rest, packet);
  }
  *queue = rest;
}

static Packet *take(Queue *queue, int channel) {
  Packet *found = NULL;
  Queue rest = {0};
  while (queue->first) {
    Packet *packet = shift(queue);
    if (!found && of_channel(packet, 0, channel)) found = packet;
    else push(&rest, packet);
  }
  *queue = rest;
  return found;
}

static Packet *new_packet(uint64_t from, int channel, int flags, const void *data, uint32_t size) {
  Packet *packet = calloc(1, sizeof(Packet) + size);
  packet->from = from;
  packet->channel = channel;
  packet->flags = flags;
  packet->size = size;
  if (data && size) memcpy(packet->data, data, size);
  return packet;
}

// ---------------------------------------------------------------- callbacks

static void post(Endpoint *end, int id, const void *data, int size) {
  Callback *callback = calloc(1, sizeof(Callback) + size);
  callback->id = id;
  callback->size = size;
  memcpy(callback->data, data, size);
  if (end->last) end->last->next = callback;
  else end->first = callback;
  end->last = callback;
}

static Identity identity_of(uint64_t id) { return (Identity){.type = 16, .size = 8, .steam_id = id}; }

static void post_request(Net *net, Session *session) {
  session->posted = now();
  SessionRequest request = {{session->peer}};
  Identity identity = identity_of(session->peer);
  if (net->kind == P2P) post(net->owner, CB_REQUEST, &request, sizeof request);
  else post(net->owner, CB_MESSAGES_REQUEST, &identity, sizeof identity);
}

static void fill_info(ConnectionInfo *info, const Session *session) {
  static const int STATES[] = {5, 1, 1, 3};
  memset(info, 0, sizeof *info);
  info->peer = identity_of(session->peer);
  info->state = STATES[session->state];
  info->end_reason = session->error;
  if (session->error) snprintf(info->end_debug, sizeof info->end_debug, "nobody answered in time");
  snprintf(info->description, sizeof info->description, "double session with %llu", (unsigned long long)session->peer);
  if (session->state == ACTIVE) {
    memcpy(info->address.ip, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1", 16);
    info->address.port = 27020;
  }
}

static void fail(Net *net, Session *session) {
  session->state = FAILED;
  session->error = net->kind == P2P ? ERROR_TIMEOUT : END_TIMEOUT;
  drop(&session->out, NULL, 0, 0);
  SessionFail failure = {{session->peer}, ERROR_TIMEOUT};
  ConnectionInfo info;
  fill_info(&info, session);
  if (net->kind == P2P) post(net->owner, CB_FAIL, &failure, sizeof failure);
  else post(net->owner, CB_MESSAGES_FAILED, &info, sizeof info);
}

// ---------------------------------------------------------------- the wire

enum { OPEN, ACCEPT, DATA };
typedef struct { uint8_t net, kind, pad[2]; int32_t channel, flags; uint32_t size, offset, length; uint64_t from; } Frame;

static bool address_of(uint64_t id, struct sockaddr_un *address) {
  const char *dir = env("STEAM_DOUBLE_DIR");
  if (!dir) misuse("STEAM_DOUBLE_DIR is not set");
  address->sun_family = AF_UNIX;
  int length = snprintf(address->sun_path, sizeof address->sun_path, "%s/%llu", dir, (unsigned long long)id);
  return length < (int)sizeof address->sun_path;
}

static void listen_as(Endpoint *end, uint64_t id) {
  struct sockaddr_un address = {0};
  if (!address_of(id, &address)) misuse("STEAM_DOUBLE_DIR is too long");
  end->id = id;
  end->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int room = 4 << 20;
  setsockopt(end->socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  unlink(address.sun_path);
  if (bind(end->socket, (struct sockaddr *)&address, sizeof address) != 0) misuse("bind %s", address.sun_path);
}

static bool transmit(Net *net, uint64_t to, Frame frame, const void *data) {
  struct sockaddr_un address = {0};
  if (!address_of(to, &address)) return false;
  frame.net = (uint8_t)net->kind;
  frame.from = net->owner->id;
  struct iovec parts[2] = {{&frame, sizeof frame}, {(void *)data, frame.length}};
  struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = parts, .msg_iovlen = 2};
  return sendmsg(net->owner->socket, &message, 0) >= 0;
}

static bool transmit_packet(Net *net, Session *session, Packet *packet) {
  do {
    uint32_t left = packet->size - packet->done, length = left < FRAGMENT ? left : FRAGMENT;
    Frame frame = {.kind = DATA, .channel = packet->channel, .flags = packet->flags, .size = packet->size,
                   .offset = packet->done, .length = length};
    if (!transmit(net, session->peer, frame, packet->data + packet->done)) return false;
    packet->done += length;
  } while (packet->done < packet->size);
  return true;
}

// ---------------------------------------------------------------- sessions

static Session *find(Net *net, uint64_t peer) {
  Session *session = net->sessions;
  while (session && session->peer != peer) session = session->next;
  return session;
}

static Session *make(Net *net, uint64_t peer) {
  Session *session = calloc(1, sizeof *session);
  session->peer = peer;
  session->next = net->sessions;
  net->sessions = session;
  return session;
}

static void forget(Net *net, Session *session) {
  Session **place = &net->sessions;
  while (*place != session) place = &(*place)->next;
  *place = session->next;
  drop(&session->out, NULL, 0, 0);
  drop(&session->held, NULL, 0, 0);
  drop(&net->inbox, of_sender, session->peer, 0);
  free(session->partial);
  free(session);
}

static int channel_at(const Session *session, int channel) {
  for (int i = 0; i < session->channel_count; i++)
    if (session->channels[i] == channel) return i;
  return -1;
}

static void open_channel(Session *session, int channel) {
  if (channel_at(session, channel) >= 0 || session->channel_count == MAX_CHANNELS) return;
  session->channels[session->channel_count++] = channel;
}

static void begin(Net *net, Session *session) {
  session->state = CONNECTING;
  session->error = 0;
  session->started = session->asked = now();
  transmit(net, session->peer, (Frame){.kind = OPEN}, NULL);
}

static void deliver(Net *net, Session *session, Packet *packet) {
  open_channel(session, packet->channel);
  push(&net->inbox, packet);
}

static void activate(Net *net, Session *session) {
  session->state = ACTIVE;
  session->error = 0;
  session->stuck_since = 0;
  while (session->held.first) deliver(net, session, shift(&session->held));
}

static void accept_session(Net *net, Session *session) {
  if (session->state != REQUESTED) return;
  activate(net, session);
  transmit(net, session->peer, (Frame){.kind = ACCEPT}, NULL);
}

// Sends what may go: buffered packets wait for company unless something behind them does not wait.
static void send_queued(Net *net, Session *session) {
  if (session->state != ACTIVE || !session->out.first) return;
  if (session->nagle_due && now() >= session->nagle_due) session->flush = true;
  if (session->out.bytes >= MTU) session->flush = true;
  if (!session->flush) return;
  while (session->out.first) {
    if (!transmit_packet(net, session, session->out.first)) {
      if (!session->stuck_since) session->stuck_since = now();
      return;
    }
    session->stuck_since = 0;
    free(shift(&session->out));
  }
  session->flush = false;
  session->nagle_due = 0;
}

static void check_time(Net *net, Session *session) {
  double timeout = net->kind == P2P ? P2P_TIMEOUT_MS : MESSAGES_TIMEOUT_MS;
  if (session->state == CONNECTING) {
    if (now() - session->started >= timeout) return fail(net, session);
    if (now() - session->asked >= ASK_AGAIN_MS) {
      session->asked = now();
      transmit(net, session->peer, (Frame){.kind = OPEN}, NULL);
    }
  }
  send_queued(net, session);
  if (session->state == ACTIVE && session->stuck_since && now() - session->stuck_since >= timeout) fail(net, session);
}

static Session *requested(Net *net, uint64_t peer) {
  Session *session = find(net, peer);
  if (!session) session = make(net, peer);
  else if (session->state != FAILED) return session;
  session->state = REQUESTED;
  session->error = 0;
  post_request(net, session);
  return session;
}

static void on_open(Net *net, uint64_t from) {
  Session *session = requested(net, from);
  if (session->state == REQUESTED) {
    if (now() - session->posted >= REPOST_MS) post_request(net, session);
    return;
  }
  if (session->state == CONNECTING) activate(net, session);
  transmit(net, from, (Frame){.kind = ACCEPT}, NULL);
}

static void on_data(Net *net, const Frame *frame, const uint8_t *data) {
  Session *session = requested(net, frame->from);
  if (session->state == CONNECTING) activate(net, session);
  if (frame->offset == 0) {
    free(session->partial);
    session->partial = new_packet(frame->from, frame->channel, frame->flags, NULL, frame->size);
  }
  Packet *packet = session->partial;
  if (!packet || packet->done != frame->offset || frame->length > packet->size - packet->done) return;
  memcpy(packet->data + packet->done, data, frame->length);
  packet->done += frame->length;
  if (packet->done < packet->size) return;
  session->partial = NULL;
  if (session->state == ACTIVE) deliver(net, session, packet);
  else push(&session->held, packet);
}

// What the real library's threads do by themselves happens with every call here.
static void pump(Endpoint *end) {
  static uint8_t buffer[sizeof(Frame) + FRAGMENT];
  for (;;) {
    ssize_t length = recv(end->socket, buffer, sizeof buffer, 0);
    if (length < (ssize_t)sizeof(Frame)) break;
    Frame frame;
    memcpy(&frame, buffer, sizeof frame);
    if (frame.net > 1 || frame.length != length - sizeof frame) misuse("a frame of somebody else");
    Net *net = &end->nets[frame.net];
    if (frame.kind == OPEN) on_open(net, frame.from);
    else if (frame.kind == DATA) on_data(net, &frame, buffer + sizeof frame);
    else {
      Session *session = find(net, frame.from);
      if (session && session->state == CONNECTING) activate(net, session);
    }
  }
  for (int kind = 0; kind < 2; kind++)
    for (Session *session = end->nets[kind].sessions; session; session = session->next)
      check_time(&end->nets[kind], session);
}

static Net *net_of(void *self, int kind) {
  Endpoint *ends[] = {&client, &server};
  for (int i = 0; i < 2; i++)
    if (self == &ends[i]->nets[kind] && ends[i]->is_up) {
      if (ends[i]->socket >= 0) pump(ends[i]);
      return self;
    }
  misuse("a call on %p, which is no interface; the real library would crash", self);
  return NULL;
}

static Session *session_for_sending(Net *net, uint64_t to) {
  Session *session = find(net, to);
  if (!session) session = make(net, to);
  if (session->state == REQUESTED) accept_session(net, session);
  else if (session->state == FAILED) begin(net, session);
  return session;
}

static bool close_session(Net *net, uint64_t peer) {
  Session *session = find(net, peer);
  if (!session) return false;
  bool was_open = session->state != FAILED;
  forget(net, session);
  return was_open;
}

static bool close_channel(Net *net, uint64_t peer, int channel) {
  Session *session = find(net, peer);
  int at = session ? channel_at(session, channel) : -1;
  if (at < 0) return false;
  drop(&net->inbox, of_both, peer, channel);
  session->channels[at] = session->channels[--session->channel_count];
  if (session->channel_count == 0) forget(net, session);
  return true;
}

static const Packet *next_on(Net *net, int channel) {
  const Packet *packet = net->inbox.first;
  while (packet && packet->channel != channel) packet = packet->next;
  return packet;
}

// ---------------------------------------------------------------- ISteamNetworking

API bool SteamAPI_ISteamNetworking_SendP2PPacket(void *self, uint64_t to, const void *data, uint32_t size, int type,
                                                 int channel) {
  if (is_sink) return self && data;
  Net *net = net_of(self, P2P);
  if (!data) misuse("data is null");
  bool reliable = type == SEND_RELIABLE || type == SEND_RELIABLE_WITH_BUFFERING;
  if (!is_valid(to) || !net->owner->id || size > (reliable ? MAX_RELIABLE : MAX_UNRELIABLE)) return false;
  if (to == net->owner->id) {
    push(&net->inbox, new_packet(to, channel, 0, data, size));
    return true;
  }
  Session *session = session_for_sending(net, to);
  if (session->out.bytes + size > MAX_QUEUED) return false;
  open_channel(session, channel);
  Packet *packet = new_packet(to, channel, 0, data, size);
  if (session->state == ACTIVE && !reliable) {
    transmit_packet(net, session, packet);
    free(packet);
    return true;
  }
  if (type == SEND_UNRELIABLE_NO_DELAY) {
    free(packet);
    return true;
  }
  push(&session->out, packet);
  if (type != SEND_RELIABLE_WITH_BUFFERING) session->flush = true;
  else if (!session->nagle_due) session->nagle_due = now() + NAGLE_MS;
  send_queued(net, session);
  return true;
}

API bool SteamAPI_ISteamNetworking_IsP2PPacketAvailable(void *self, uint32_t *size, int channel) {
  const Packet *packet = next_on(net_of(self, P2P), channel);
  *size = packet ? packet->size : 0;
  return packet != NULL;
}

API bool SteamAPI_ISteamNetworking_ReadP2PPacket(void *self, void *into, uint32_t room, uint32_t *size, uint64_t *from,
                                                 int channel) {
  Net *net = net_of(self, P2P);
  Packet *packet = next_on(net, channel) ? take(&net->inbox, channel) : NULL;
  *size = 0;
  if (!packet) return false;
  memcpy(into, packet->data, packet->size < room ? packet->size : room);
  *size = packet->size;
  *from = packet->from;
  free(packet);
  return true;
}

API bool SteamAPI_ISteamNetworking_AcceptP2PSessionWithUser(void *self, uint64_t peer) {
  Net *net = net_of(self, P2P);
  if (!is_valid(peer)) return false;
  Session *session = find(net, peer);
  if (session) accept_session(net, session);
  return true;
}

API bool SteamAPI_ISteamNetworking_CloseP2PSessionWithUser(void *self, uint64_t peer) {
  return close_session(net_of(self, P2P), peer);
}

API bool SteamAPI_ISteamNetworking_CloseP2PChannelWithUser(void *self, uint64_t peer, int channel) {
  return close_channel(net_of(self, P2P), peer, channel);
}

API bool SteamAPI_ISteamNetworking_GetP2PSessionState(void *self, uint64_t peer, SessionState *state) {
  Session *session = find(net_of(self, P2P), peer);
  if (!session || session->state == REQUESTED) return false;
  bool active = session->state == ACTIVE;
  *state = (SessionState){
      .active = active,
      .connecting = session->state == CONNECTING,
      .error = (uint8_t)session->error,
      .relay = active && relay_allowed,
      .bytes_queued = (int32_t)session->out.bytes,
      .packets_queued = session->out.count,
      .ip = active ? 0xcb007107 : 0, // 203.0.113.7: the first octet is the highest, and the sign bit is set
      .port = active ? 51820 : 0,
  };
  return true;
}

API bool SteamAPI_ISteamNetworking_AllowP2PPacketRelay(void *self, bool allow) {
  net_of(self, P2P);
  relay_allowed = allow;
  return true;
}

// ---------------------------------------------------------------- ISteamNetworkingMessages

static uint64_t peer_in(const Identity *identity) {
  return identity->type == 16 && identity->size == 8 ? identity->steam_id : 0;
}

API int SteamAPI_ISteamNetworkingMessages_SendMessageToUser(void *self, const Identity *to, const void *data,
                                                            uint32_t size, int flags, int channel) {
  Net *net = net_of(self, MESSAGES);
  uint64_t peer = peer_in(to);
  if (!is_valid(peer) || size > MAX_MESSAGE || !data) return RESULT_INVALID_PARAM;
  Session *session = find(net, peer);
  if (session && session->state == FAILED && !(flags & FLAG_AUTORESTART)) return RESULT_NO_CONNECTION;
  session = session_for_sending(net, peer);
  if (session->out.bytes + size > MAX_MESSAGE) return RESULT_LIMIT;
  bool reliable = flags & FLAG_RELIABLE;
  if (session->state != ACTIVE && !reliable && (flags & FLAG_NO_DELAY)) return RESULT_IGNORED;
  push(&session->out, new_packet(peer, channel, flags & FLAG_RELIABLE, data, size));
  session->flush = true;
  send_queued(net, session);
  return RESULT_OK;
}

static void release(Message *message) {
  messages_out--;
  if (message->size) memset(message->data, 0xdd, message->size);
  free(message->data);
  memset(message, 0xdd, sizeof *message);
  free(message);
}

API int SteamAPI_ISteamNetworkingMessages_ReceiveMessagesOnChannel(void *self, int channel, Message **out, int max) {
  Net *net = net_of(self, MESSAGES);
  int count = 0;
  for (Packet *packet; count < max && next_on(net, channel); free(packet)) {
    packet = take(&net->inbox, channel);
    Message *message = calloc(1, sizeof *message);
    *message = (Message){.size = (int)packet->size, .peer = identity_of(packet->from), .connection_user_data = -1,
                         .received_at = (int64_t)(now() * 1e3), .number = ++net->received, .release = release,
                         .channel = channel, .flags = packet->flags};
    message->data = malloc(packet->size + 1);
    memcpy(message->data, packet->data, packet->size);
    messages_out++;
    out[count++] = message;
  }
  return count;
}

API void SteamAPI_SteamNetworkingMessage_t_Release(Message *message) { message->release(message); }

API bool SteamAPI_ISteamNetworkingMessages_AcceptSessionWithUser(void *self, const Identity *peer) {
  Net *net = net_of(self, MESSAGES);
  Session *session = find(net, peer_in(peer));
  if (session) accept_session(net, session);
  return session && session->state != FAILED;
}

API bool SteamAPI_ISteamNetworkingMessages_CloseSessionWithUser(void *self, const Identity *peer) {
  return close_session(net_of(self, MESSAGES), peer_in(peer));
}

API bool SteamAPI_ISteamNetworkingMessages_CloseChannelWithUser(void *self, const Identity *peer, int channel) {
  return close_channel(net_of(self, MESSAGES), peer_in(peer), channel);
}

API int SteamAPI_ISteamNetworkingMessages_GetSessionConnectionInfo(void *self, const Identity *peer,
                                                                   ConnectionInfo *info, RealTimeStatus *status) {
  Session *session = find(net_of(self, MESSAGES), peer_in(peer));
  if (info) memset(info, 0, sizeof *info);
  if (status) memset(status, 0, sizeof *status);
  if (!session) return 0;
  ConnectionInfo known;
  fill_info(&known, session);
  if (info) *info = known;
  if (status)
    *status = (RealTimeStatus){.state = known.state, .ping = 7, .local_quality = 0.5f, .remote_quality = 0.25f,
                               .packets_out = 1, .bytes_out = 2, .packets_in = 3, .bytes_in = 4, .send_rate = 262144,
                               .pending_reliable = (int32_t)session->out.bytes, .sent_unacked = 9,
                               .queue_time = (int64_t)1 << 40};
  return known.state;
}

// ---------------------------------------------------------------- callbacks by manual dispatch

static Endpoint *end_of(int pipe) {
  Endpoint *end = pipe == client.pipe ? &client : pipe == server.pipe ? &server : NULL;
  if (!end || !end->is_up) misuse("pipe %d", pipe);
  if (!manual_dispatch) misuse("manual dispatch before SteamAPI_ManualDispatch_Init");
  return end;
}

API void SteamAPI_ManualDispatch_Init(void) { manual_dispatch = true; }

API void SteamAPI_ManualDispatch_RunFrame(int pipe) {
  Endpoint *end = end_of(pipe);
  if (end->socket >= 0) pump(end);
  if (!end->log_on) return;
  ConnectFailure failure = {5, end->log_on == 3};
  if (end->log_on != 1) {
    post(end, CB_CONNECT_FAILURE, &failure, sizeof failure);
    end->log_on = end->log_on == 3 ? 1 : 0;
    return;
  }
  end->log_on = 0;
  const char *id = env("STEAM_DOUBLE_SERVER_ID");
  // An anonymous game server, its account the process.
  listen_as(end, id ? strtoull(id, NULL, 10) : (1ull << 56) | (4ull << 52) | (uint64_t)getpid());
  if (fails("noid")) end->id = 0;
  post(end, CB_CONNECTED, "", 1);
}

API bool SteamAPI_ManualDispatch_GetNextCallback(int pipe, CallbackMsg *message) {
  Endpoint *end = end_of(pipe);
  if (end->given) misuse("the last callback was not freed");
  Callback *callback = end->first;
  if (!callback) return false;
  end->first = callback->next;
  if (!end->first) end->last = NULL;
  end->given = callback;
  *message = (CallbackMsg){.user = 1, .id = callback->id, .param = callback->data, .size = callback->size};
  if (callback->no_param) message->param = NULL;
  return true;
}

API void SteamAPI_ManualDispatch_FreeLastCallback(int pipe) {
  Endpoint *end = end_of(pipe);
  if (!end->given) misuse("there is no callback to free");
  memset(end->given->data, 0xdd, end->given->size);
  free(end->given);
  end->given = NULL;
}

// ---------------------------------------------------------------- start and end

static int refuse(char *message, int result, const char *text) {
  if (message) snprintf(message, 1024, "%s", text);
  return result;
}

// Valve's answers, by STEAM_DOUBLE_FAIL: noclient, nosteamclient, version; the others fail later.
static int init(Endpoint *end, const char *versions, char *message) {
  static const char *const KNOWN[] = {"SteamUser023", "SteamNetworking006", "SteamNetworkingMessages002",
                                      "SteamGameServer015"};
  if (end->is_up) misuse("started twice");
  if (fails("noclient")) return refuse(message, 2, "Cannot create IPC pipe to Steam client process.");
  if (fails("nosteamclient")) return refuse(message, 1, "Failed to load module '~/.steam/sdk64/steamclient.so'");
  if (!env("SteamAppId") && access("steam_appid.txt", R_OK) != 0) return refuse(message, 1, "No appID found.");
  for (const char *name = versions; *name; name += strlen(name) + 1) {
    bool is_known = false;
    for (int i = 0; i < 4; i++) is_known |= !strcmp(name, KNOWN[i]);
    if (!is_known || fails("version")) return refuse(message, 3, name);
  }
  *end = (Endpoint){.pipe = end == &client ? 1 : 2, .socket = -1, .is_up = true};
  for (int kind = 0; kind < 2; kind++) end->nets[kind] = (Net){.owner = end, .kind = kind};
  is_sink = env("STEAM_DOUBLE_SINK");
  return 0;
}

static void shut_down(Endpoint *end) {
  if (!end->is_up) misuse("shut down without a start");
  for (int kind = 0; kind < 2; kind++) {
    while (end->nets[kind].sessions) forget(&end->nets[kind], end->nets[kind].sessions);
    drop(&end->nets[kind].inbox, NULL, 0, 0);
  }
  while (end->first) {
    Callback *callback = end->first;
    end->first = callback->next;
    free(callback);
  }
  if (end->socket >= 0) {
    struct sockaddr_un address = {0};
    if (end->id && address_of(end->id, &address)) unlink(address.sun_path);
    close(end->socket);
  }
  end->is_up = false;
}

API int SteamInternal_SteamAPI_Init(const char *versions, char *message) {
  int result = init(&client, versions, message);
  const char *id = env("STEAM_DOUBLE_ID");
  if (result == 0 && id && !fails("noid")) listen_as(&client, strtoull(id, NULL, 10));
  return result;
}

API bool SteamAPI_IsSteamRunning(void) { return !fails("noclient") && !fails("nosteamclient"); }
API int SteamAPI_GetHSteamPipe(void) { return client.is_up && !fails("nopipe") ? client.pipe : 0; }
API void SteamAPI_Shutdown(void) { shut_down(&client); }
API void *SteamAPI_SteamUser_v023(void) { return client.is_up ? &client : NULL; }
API void *SteamAPI_SteamNetworking_v006(void) {
  return client.is_up && !fails("nointerface") ? &client.nets[P2P] : NULL;
}
API void *SteamAPI_SteamNetworkingMessages_SteamAPI_v002(void) { return client.is_up ? &client.nets[MESSAGES] : NULL; }

API uint64_t SteamAPI_ISteamUser_GetSteamID(void *self) {
  if (self != &client || !client.is_up) misuse("no user interface");
  return client.id;
}

API int SteamInternal_GameServer_Init_V2(uint32_t ip, uint16_t port, uint16_t query_port, int mode, const char *version,
                                         const char *versions, char *message) {
  (void)ip, (void)port, (void)query_port;
  if (mode < 1 || mode > 3 || !version || !*version) return refuse(message, 1, "a bad mode or version");
  return init(&server, versions, message);
}

API int SteamGameServer_GetHSteamPipe(void) { return server.is_up ? server.pipe : 0; }
API void SteamGameServer_Shutdown(void) { shut_down(&server); }
API void *SteamAPI_SteamGameServer_v015(void) { return server.is_up ? &server : NULL; }
API void *SteamAPI_SteamGameServerNetworking_v006(void) {
  return server.is_up && !fails("nointerface") ? &server.nets[P2P] : NULL;
}
API void *SteamAPI_SteamGameServerNetworkingMessages_SteamAPI_v002(void) {
  return server.is_up ? &server.nets[MESSAGES] : NULL;
}

static char said[1024];

static void say(void *self, const char *what, const char *value) {
  if (self != &server || !server.is_up) misuse("%s on no game server", what);
  size_t length = strlen(said);
  snprintf(said + length, sizeof said - length, "%s=%s;", what, value);
}

API void SteamAPI_ISteamGameServer_SetProduct(void *self, const char *value) { say(self, "product", value); }
API void SteamAPI_ISteamGameServer_SetGameDescription(void *self, const char *value) { say(self, "description", value); }
API void SteamAPI_ISteamGameServer_SetModDir(void *self, const char *value) { say(self, "modDir", value); }
API void SteamAPI_ISteamGameServer_SetServerName(void *self, const char *value) { say(self, "name", value); }
API void SteamAPI_ISteamGameServer_SetDedicatedServer(void *self, bool value) { say(self, "dedicated", value ? "1" : "0"); }
API void SteamAPI_ISteamGameServer_SetMaxPlayerCount(void *self, int count) {
  char text[16];
  snprintf(text, sizeof text, "%d", count);
  say(self, "players", text);
}
API void SteamAPI_ISteamGameServer_SetAdvertiseServerActive(void *self, bool value) {
  say(self, "advertise", value ? "1" : "0");
}

// Tokens that begin with "bad" are refused, with "retry" at first, and with "mute" not answered.
API void SteamAPI_ISteamGameServer_LogOn(void *self, const char *token) {
  say(self, "token", token);
  server.log_on = !strncmp(token, "bad", 3) ? 2 : !strncmp(token, "retry", 5) ? 3 : strncmp(token, "mute", 4) ? 1 : 0;
}

API void SteamAPI_ISteamGameServer_LogOnAnonymous(void *self) {
  say(self, "token", "");
  server.log_on = 1;
}

API void SteamAPI_ISteamGameServer_LogOff(void *self) { say(self, "off", ""); }

API uint64_t SteamAPI_ISteamGameServer_GetSteamID(void *self) {
  if (self != &server || !server.is_up) misuse("no game server interface");
  return server.id;
}

// ---------------------------------------------------------------- for tests

API void SteamDouble_AdvanceClock(double ms) { virtual_now += ms; }
/** How many messages were received and not released. */
API int SteamDouble_MessagesOut(void) { return messages_out; }
/** What a game server said about itself, as `name=value;`. */
API const char *SteamDouble_Said(void) { return said; }
/** Lets a callback come: 101 to 103 with a result, 704, or one that nobody knows. */
API void SteamDouble_Post(int pipe, int id, int result, int size) {
  uint8_t data[1024] = {0};
  memcpy(data, &result, sizeof result);
  post(pipe == client.pipe ? &client : &server, id, data, size);
}
/** Ends a session without a word, with what is unread. */
API void SteamDouble_EndSession(int pipe, uint64_t peer) {
  close_session(&(pipe == client.pipe ? &client : &server)->nets[P2P], peer);
}
/** Lets a callback come that says it has a parameter, and has none. */
API void SteamDouble_PostNull(int pipe, int id, int size) {
  SteamDouble_Post(pipe, id, 0, size);
  (pipe == client.pipe ? &client : &server)->last->no_param = true;
}
