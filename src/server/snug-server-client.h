/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One WebSocket of the server: limits on what comes in and what waits to go out, and whether the other side
 * is still there. It knows messages, not rooms; the transport stays behind it. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "snug-message.h"

G_BEGIN_DECLS

/* What one client may do. Times in milliseconds. */
typedef struct
{
  guint join_timeout;
  guint ping_interval; /* rounded up to seconds */
  guint pong_timeout;
  guint send_queue_limit; /* bytes */
  guint message_rate;
  guint message_burst;
} SnugServerLimits;

#define SNUG_TYPE_SERVER_CLIENT (snug_server_client_get_type ())
G_DECLARE_FINAL_TYPE (SnugServerClient, snug_server_client, SNUG, SERVER_CLIENT, GObject)

/* stream: a connection that has just become a WebSocket. early: (nullable): what was read from it already.
 * Returns: (transfer full).
 *
 * Signals: "message" (SnugMessage): one from the client, parsed and checked. "gone" (reason): nothing more will
 * come in or go out, once. "closed": its connection is closed too, once, never before "gone". */
SnugServerClient *snug_server_client_new (GIOStream *stream, GBytes *early, const SnugServerLimits *limits);

/* The peer id, made here. */
const char *snug_server_client_get_id (SnugServerClient *self);
/* It is in a room: the join time-out is off, or on again. */
void snug_server_client_set_joined (SnugServerClient *self, gboolean joined);
/* Dropped when it is gone. One who does not read what it is sent is dropped instead. */
void snug_server_client_send (SnugServerClient *self, SnugMessage *message);
/* Sends what waits, tells the code (RFC 6455, 7.4.1), waits a second at most. reason: static, for the log. */
void snug_server_client_close (SnugServerClient *self, gushort code, const char *reason);
/* At once. */
void snug_server_client_drop (SnugServerClient *self, const char *reason);

G_END_DECLS
