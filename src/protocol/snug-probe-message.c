/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-probe-message.h"

#include <string.h>

/* 1 is a piece of a file. */
#define TYPE_PROBE 2
/* type, kind, number */
#define HEADER_BYTES (1 + 1 + 4)

GBytes *
snug_probe_message_to_bytes (const SnugProbeMessage *message)
{
  guint8 *bytes;
  guint32 number;

  g_return_val_if_fail (message != NULL, NULL);
  g_return_val_if_fail (message->size >= SNUG_PROBE_MESSAGE_MIN_BYTES, NULL);
  g_return_val_if_fail (message->size <= SNUG_PROBE_MESSAGE_MAX_BYTES, NULL);

  bytes = g_malloc0 (message->size);
  number = GUINT32_TO_BE (message->number);
  bytes[0] = TYPE_PROBE;
  bytes[1] = message->kind;
  memcpy (bytes + 2, &number, sizeof number);

  return g_bytes_new_take (bytes, message->size);
}

static gboolean
fail (GError **error, SnugProtocolError code, const char *text)
{
  g_set_error_literal (error, SNUG_PROTOCOL_ERROR, code, text);

  return FALSE;
}

gboolean
snug_probe_message_parse (const guint8 *data, gsize size, SnugProbeMessage *message, GError **error)
{
  guint32 number;

  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  if (size == 0 || data[0] != TYPE_PROBE)
    return fail (error, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE, "A binary message that is no probe");
  if (size > SNUG_PROBE_MESSAGE_MAX_BYTES)
    return fail (error, SNUG_PROTOCOL_ERROR_TOO_LARGE, "A probe is too large");
  if (size < SNUG_PROBE_MESSAGE_MIN_BYTES)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "A probe is too small");
  if (data[1] < SNUG_PROBE_PING || data[1] > SNUG_PROBE_DONE)
    return fail (error, SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE, "A probe of no known kind");

  memcpy (&number, data + 2, sizeof number);
  message->kind = data[1];
  message->number = GUINT32_FROM_BE (number);
  message->size = size;
  if (message->number >= SNUG_PROBE_COUNT_MAX)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, "A probe of no possible number");

  return TRUE;
}
