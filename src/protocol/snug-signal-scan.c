/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-signal-scan.h"

#include <string.h>

#include "snug-protocol.h"

typedef struct
{
  const char *at;
  const char *end;
} Scan;

static gboolean
skip (Scan *scan, const char *text)
{
  gsize size = strlen (text);

  if ((gsize) (scan->end - scan->at) < size || memcmp (scan->at, text, size) != 0)
    return FALSE;
  scan->at += size;
  return TRUE;
}

/* Behind the opening quote; ends behind the closing one. */
static char *
take_id (Scan *scan)
{
  const char *start = scan->at;

  while (scan->at < scan->end
         && (g_ascii_isalnum (*scan->at) || *scan->at == '-' || *scan->at == '_' || *scan->at == '.'))
    scan->at++;
  if (scan->at == start || scan->at - start > SNUG_PEER_ID_MAX_BYTES || scan->at == scan->end || *scan->at != '"')
    return NULL;
  scan->at++;
  return g_strndup (start, (gsize) (scan->at - 1 - start));
}

/* The character that an escape of two characters stands for, '\0' for one that is longer, or none. */
static char
unescape (char c)
{
  switch (c)
    {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
    }
}

static char *
take_text (Scan *scan)
{
  g_autofree char *text = g_malloc ((gsize) (scan->end - scan->at) + 1);
  char *to = text;

  while (scan->at < scan->end && *scan->at != '"')
    {
      char c = *scan->at++;

      if ((guchar) c < 0x20)
        return NULL;
      if (c == '\\')
        {
          c = scan->at < scan->end ? unescape (*scan->at++) : '\0';
          if (c == '\0')
            return NULL;
        }
      *to++ = c;
    }
  if (scan->at == scan->end || to == text || to - text > SNUG_PAYLOAD_MAX_BYTES
      || !g_utf8_validate_len (text, (gsize) (to - text), NULL))
    return NULL;
  scan->at++;
  *to = '\0';
  return g_steal_pointer (&text);
}

gboolean
snug_signal_scan (const char *data, gsize size, const char *field, char **id, char **payload)
{
  Scan scan = { data, data + size };
  g_autofree char *found_id = NULL;
  g_autofree char *found_payload = NULL;

  if (!skip (&scan, "{\"type\":\"signal\",\"") || !skip (&scan, field) || !skip (&scan, "\":\""))
    return FALSE;
  found_id = take_id (&scan);
  if (found_id == NULL || !skip (&scan, ",\"payload\":\""))
    return FALSE;
  found_payload = take_text (&scan);
  if (found_payload == NULL || !skip (&scan, "}") || scan.at != scan.end)
    return FALSE;
  *id = g_steal_pointer (&found_id);
  *payload = g_steal_pointer (&found_payload);
  return TRUE;
}
