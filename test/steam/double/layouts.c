// Prints where the fields of Steam's structs lie, as JSON in the words of src/steam/layouts.ts.
#include <stdio.h>
#include "structs.h"

#define BEGIN(name, type) printf("%s\"%s\":{\"size\":%zu", separator, #name, sizeof(type)), separator = ","
#define AT(name, type, field) printf(",\"%s\":%zu", #name, offsetof(type, field))
#define END() printf("}")

int main(void) {
  const char *separator = "{";
  BEGIN(CALLBACK_MSG, CallbackMsg);
  AT(id, CallbackMsg, id), AT(param, CallbackMsg, param), AT(paramSize, CallbackMsg, size);
  END();
  BEGIN(SESSION_STATE, SessionState);
  AT(active, SessionState, active), AT(connecting, SessionState, connecting), AT(error, SessionState, error);
  AT(relay, SessionState, relay), AT(bytesQueued, SessionState, bytes_queued);
  AT(packetsQueued, SessionState, packets_queued), AT(ip, SessionState, ip), AT(port, SessionState, port);
  END();
  BEGIN(SESSION_REQUEST, SessionRequest);
  AT(steamId, SessionRequest, id);
  END();
  BEGIN(SESSION_FAIL, SessionFail);
  AT(steamId, SessionFail, id), AT(error, SessionFail, error);
  END();
  BEGIN(CONNECT_FAILURE, ConnectFailure);
  AT(result, ConnectFailure, result), AT(retrying, ConnectFailure, retrying);
  END();
  BEGIN(DISCONNECTED, Disconnected);
  AT(result, Disconnected, result);
  END();
  BEGIN(IDENTITY, Identity);
  AT(type, Identity, type), AT(length, Identity, size), AT(steamId, Identity, steam_id);
  END();
  BEGIN(MESSAGE, Message);
  AT(data, Message, data), AT(length, Message, size), AT(connection, Message, connection);
  AT(identity, Message, peer), AT(connectionUserData, Message, connection_user_data);
  AT(timeReceived, Message, received_at), AT(number, Message, number), AT(release, Message, release);
  AT(channel, Message, channel), AT(flags, Message, flags), AT(userData, Message, user_data);
  END();
  BEGIN(CONNECTION_INFO, ConnectionInfo);
  AT(identity, ConnectionInfo, peer), AT(userData, ConnectionInfo, user_data);
  AT(listenSocket, ConnectionInfo, listen_socket), AT(address, ConnectionInfo, address.ip);
  AT(port, ConnectionInfo, address.port), AT(remotePop, ConnectionInfo, pop_remote);
  AT(relayPop, ConnectionInfo, pop_relay), AT(state, ConnectionInfo, state);
  AT(endReason, ConnectionInfo, end_reason), AT(endDebug, ConnectionInfo, end_debug);
  printf(",\"endDebugSize\":%zu", sizeof((ConnectionInfo *)0)->end_debug);
  AT(description, ConnectionInfo, description);
  printf(",\"descriptionSize\":%zu", sizeof((ConnectionInfo *)0)->description);
  AT(flags, ConnectionInfo, flags);
  END();
  BEGIN(REAL_TIME_STATUS, RealTimeStatus);
  AT(state, RealTimeStatus, state), AT(ping, RealTimeStatus, ping);
  AT(localQuality, RealTimeStatus, local_quality), AT(remoteQuality, RealTimeStatus, remote_quality);
  AT(packetsOut, RealTimeStatus, packets_out), AT(bytesOut, RealTimeStatus, bytes_out);
  AT(packetsIn, RealTimeStatus, packets_in), AT(bytesIn, RealTimeStatus, bytes_in);
  AT(sendRate, RealTimeStatus, send_rate), AT(pendingUnreliable, RealTimeStatus, pending_unreliable);
  AT(pendingReliable, RealTimeStatus, pending_reliable), AT(sentUnacknowledged, RealTimeStatus, sent_unacked);
  AT(queueTime, RealTimeStatus, queue_time);
  END();
  printf("}\n");
}
