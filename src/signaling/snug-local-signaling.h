/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A SnugSignaling without a server: it finds whoever holds the room on the local network and joins there, or holds the room itself, and
 * comes back by itself, at somebody else or by holding the room, when the one who did leaves. snug-local-election.h
 * has the rules. Main context only.
 */
#pragma once

#include "snug-signaling.h"

G_BEGIN_DECLS

/* How to hold a room: a server on this machine, which this layer knows nothing of. */
typedef struct
{
  /* Listens for that room alone. port: (out). Returns: (transfer full): NULL with an error. */
  gpointer (*open) (const char *room_id, guint16 *port, GError **error);
  /* host: (transfer full). closed: (nullable): called, once, when everybody who is there has been told; bounded in time. */
  void (*close) (gpointer host, GSourceOnceFunc closed, gpointer user_data);
} SnugLocalHosting;

#define SNUG_TYPE_LOCAL_SIGNALING (snug_local_signaling_get_type ())
G_DECLARE_FINAL_TYPE (SnugLocalSignaling, snug_local_signaling, SNUG, LOCAL_SIGNALING, SnugSignaling)

/* Its room's id has to be set before it is opened. hosting: static. Returns: (transfer full). */
SnugSignaling *snug_local_signaling_new (const SnugLocalHosting *hosting);

/* Whether it is this machine that holds the room now. */
gboolean snug_local_signaling_get_hosting (SnugLocalSignaling *self);

G_END_DECLS
