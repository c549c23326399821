/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the two ends of transfers reach the other side's: shared by all of a chat, and shut when that ends. Main context.
 */
#pragma once

#include <gio/gio.h>

#include "snug-file-pace.h"
#include "snug-peer-message.h"

G_BEGIN_DECLS

typedef struct
{
  /* Each: FALSE when it can't be sent now. */
  gboolean (*send) (const char *peer_id, SnugPeerMessage *message, gpointer user_data);
  gboolean (*send_chunk) (const char *peer_id, GBytes *chunk, gpointer user_data);
  /* (nullable): how the call on the same path fares; FALSE: there is none that would say. */
  gboolean (*get_load) (const char *peer_id, SnugPathLoad *load, gpointer user_data);
  gpointer user_data;
} SnugFilePort;

/* Returns: (transfer full): shut. */
static inline SnugFilePort *
snug_file_port_new (void)
{
  return g_rc_box_new0 (SnugFilePort);
}

static inline gboolean
snug_file_port_send (SnugFilePort *self, const char *peer_id, SnugPeerMessage *message)
{
  return self->send != NULL && self->send (peer_id, message, self->user_data);
}

static inline gboolean
snug_file_port_send_chunk (SnugFilePort *self, const char *peer_id, GBytes *chunk)
{
  return self->send_chunk != NULL && self->send_chunk (peer_id, chunk, self->user_data);
}

static inline gboolean
snug_file_port_get_load (SnugFilePort *self, const char *peer_id, SnugPathLoad *load)
{
  return self->get_load != NULL && self->get_load (peer_id, load, self->user_data);
}

G_END_DECLS
