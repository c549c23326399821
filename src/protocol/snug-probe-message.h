/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What two "snug-cli probe" say to each other on the data channel, as binary messages: a numbered ping, its echo of the same size,
 * and that there will be no more. Pure, any thread.
 */
#pragma once

#include "snug-protocol.h"

G_BEGIN_DECLS

/** One message, in bytes: its type, kind and number, the rest is padding. */
#define SNUG_PROBE_MESSAGE_MIN_BYTES 16
#define SNUG_PROBE_MESSAGE_MAX_BYTES (16 * 1024)
/** Pings of one side. */
#define SNUG_PROBE_COUNT_MAX 100000

typedef enum
{
  SNUG_PROBE_PING = 1,
  SNUG_PROBE_ECHO,
  SNUG_PROBE_DONE /* all pings of the sender have been answered, or given up */
} SnugProbeMessageKind;

/* A value. */
typedef struct
{
  SnugProbeMessageKind kind;
  guint number; /* below SNUG_PROBE_COUNT_MAX */
  gsize size;   /* of the whole message, in bytes */
} SnugProbeMessage;

/* Returns: (transfer full): message: within the limits. */
GBytes *snug_probe_message_to_bytes (const SnugProbeMessage *message);
/* message: set when TRUE. FALSE with a SNUG_PROTOCOL_ERROR. */
gboolean snug_probe_message_parse (const guint8 *data, gsize size, SnugProbeMessage *message, GError **error);

G_END_DECLS
