/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-limits.h"

#include "snug-protocol.h"

#define LIMIT(field) G_STRUCT_OFFSET (SnugServerLimits, field)

const SnugServerLimit snug_server_limit_table[] = {
  { "room-size", "N", "Most people in one room", 1, SNUG_ROOM_SIZE_MAX, SNUG_ROOM_SIZE_DEFAULT, LIMIT (room_size) },
  { "handshake-timeout", "SECONDS", "From the connection to the whole request, TLS with it", 1, 3600, 10,
    LIMIT (handshake_timeout) },
  { "join-timeout", "SECONDS", "From the open WebSocket to the join", 1, 3600, SNUG_JOIN_TIMEOUT_SECONDS,
    LIMIT (join_timeout) },
  { "frame-timeout", "SECONDS", "From the first byte of a message to its last", 1, 3600, 20, LIMIT (frame_timeout) },
  { "ping-interval", "SECONDS", "Silence after which a client is asked whether it is there", 1, 3600, 30,
    LIMIT (ping_interval) },
  { "pong-timeout", "SECONDS", "What it has then to answer", 1, 3600, 20, LIMIT (pong_timeout) },
  { "send-queue-limit", "BYTES", "What may wait for a client that does not read", SNUG_MESSAGE_MAX_BYTES + 16, G_MAXINT,
    256 * 1024, LIMIT (send_queue_limit) },
  { "message-rate", "N", "Messages of one client, a second", 1, G_MAXINT, SNUG_MESSAGE_RATE, LIMIT (message_rate) },
  { "message-burst", "N", "Messages of one client, at once", 1, G_MAXINT, SNUG_MESSAGE_BURST, LIMIT (message_burst) },
  { "max-clients", "N", "WebSockets in all", 1, 1000000, 10000, LIMIT (max_clients) },
  { "max-handshakes", "N", "Connections that are no WebSocket yet", 1, 1000000, 2000, LIMIT (max_handshakes) },
  { "max-rooms", "N", "Rooms in all", 1, 1000000, 10000, LIMIT (max_rooms) },
  { "max-per-address", "N", "Connections from one address (IPv6: from its network of 64 bits)", 1, 1000000, 100,
    LIMIT (max_per_address) },
  { "join-rate", "N", "Joins from one address, a minute and at once", 1, 1000000, 60, LIMIT (join_rate) },
  { "memory-limit", "MIB", "What may wait for all clients together", 1, 1024 * 1024, 256, LIMIT (memory_limit) },
  { "drain-time", "SECONDS", "Over which everybody is sent elsewhere when the server ends", 0, 3600, 5,
    LIMIT (drain_time) },
};
const guint snug_server_limit_count = G_N_ELEMENTS (snug_server_limit_table);

static guint *
get_field (SnugServerLimits *self, const SnugServerLimit *limit)
{
  return &G_STRUCT_MEMBER (guint, self, limit->offset);
}

SnugServerLimits *
snug_server_limits_new (void)
{
  SnugServerLimits *self = g_rc_box_new0 (SnugServerLimits);

  for (guint i = 0; i < snug_server_limit_count; i++)
    *get_field (self, &snug_server_limit_table[i]) = snug_server_limit_table[i].standard;
  return self;
}

SnugServerLimits *
snug_server_limits_ref (SnugServerLimits *self)
{
  return g_rc_box_acquire (self);
}

void
snug_server_limits_unref (SnugServerLimits *self)
{
  g_rc_box_release (self);
}

guint
snug_server_limits_get (const SnugServerLimits *self, const SnugServerLimit *limit)
{
  return *get_field ((SnugServerLimits *) self, limit);
}

SnugServerLimits *
snug_server_limits_change (const SnugServerLimits *self, const SnugServerLimit *limit, guint value)
{
  SnugServerLimits *changed = g_rc_box_dup (sizeof *self, (gpointer) self);

  g_return_val_if_fail (value >= limit->min && value <= limit->max, changed);

  *get_field (changed, limit) = value;
  return changed;
}
