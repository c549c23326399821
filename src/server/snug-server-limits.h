/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every bound of a server in one table: its name (a property of SnugServer, an option of snug-server), its
 * default and its range.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A value that is shared by those who came while it held: it never changes. */
typedef struct
{
  guint room_size;
  guint handshake_timeout; /* seconds, as all times here */
  guint join_timeout;
  guint frame_timeout;
  guint ping_interval;
  guint pong_timeout;
  guint send_queue_limit; /* bytes */
  guint message_rate;
  guint message_burst;
  guint max_clients;
  guint max_handshakes;
  guint max_rooms;
  guint max_per_address;
  guint join_rate;
  guint memory_limit; /* MiB */
  guint drain_time;
} SnugServerLimits;

typedef struct
{
  const char *name;
  const char *unit; /* what stands for the value in --help */
  const char *about;
  guint min;
  guint max;
  guint standard;
  gsize offset; /* in SnugServerLimits */
} SnugServerLimit;

extern const SnugServerLimit snug_server_limit_table[];
extern const guint snug_server_limit_count;

/* Returns: (transfer full): the defaults. */
SnugServerLimits *snug_server_limits_new (void);
SnugServerLimits *snug_server_limits_ref (SnugServerLimits *self);
void snug_server_limits_unref (SnugServerLimits *self);
/* limit: one of the table. */
guint snug_server_limits_get (const SnugServerLimits *self, const SnugServerLimit *limit);
/* Returns: (transfer full): the same with one changed. */
SnugServerLimits *snug_server_limits_change (const SnugServerLimits *self, const SnugServerLimit *limit, guint value);

G_END_DECLS
