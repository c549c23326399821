/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-portal-reply.h"

#include <string.h>

#define SESSION_PATH "/org/freedesktop/portal/desktop/session/"
/* One is asked for. */
#define STREAMS_MAX 64

static GVariant *
lookup (GVariant *dict, const char *key, const GVariantType *type)
{
  if (!g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT))
    return NULL;

  return g_variant_lookup_value (dict, key, type);
}

guint32
snug_portal_reply_get_uint (GVariant *dict, const char *key, guint32 fallback)
{
  g_autoptr (GVariant) value = lookup (dict, key, G_VARIANT_TYPE_UINT32);

  return value != NULL ? g_variant_get_uint32 (value) : fallback;
}

gboolean
snug_portal_reply_get_boolean (GVariant *dict, const char *key, gboolean fallback)
{
  g_autoptr (GVariant) value = lookup (dict, key, G_VARIANT_TYPE_BOOLEAN);

  return value != NULL ? g_variant_get_boolean (value) : fallback;
}

char *
snug_portal_reply_dup_string (GVariant *dict, const char *key)
{
  g_autoptr (GVariant) value = lookup (dict, key, G_VARIANT_TYPE_STRING);
  const char *string;
  gsize length;

  if (value == NULL)
    return NULL;

  string = g_variant_get_string (value, &length);

  return length > 0 && length <= SNUG_PORTAL_STRING_MAX_BYTES ? g_strdup (string) : NULL;
}

char *
snug_portal_reply_dup_session (GVariant *results, GError **error)
{
  /* A string by the book; some answer with an object path. */
  g_autoptr (GVariant) value = lookup (results, "session_handle", NULL);
  const char *path = NULL;

  if (value != NULL
      && (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
          || g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH)))
    path = g_variant_get_string (value, NULL);
  if (path == NULL || !g_str_has_prefix (path, SESSION_PATH) || strlen (path) > SNUG_PORTAL_STRING_MAX_BYTES
      || !g_variant_is_object_path (path))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The portal named no session");
      return NULL;
    }

  return g_strdup (path);
}

gboolean
snug_portal_reply_get_stream (GVariant *results, guint32 *node, GError **error)
{
  g_autoptr (GVariant) streams = lookup (results, "streams", G_VARIANT_TYPE ("a(ua{sv})"));
  gsize n_streams = streams != NULL ? g_variant_n_children (streams) : 0;
  g_autoptr (GVariant) stream = NULL;

  if (n_streams < 1 || n_streams > STREAMS_MAX)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The portal named no stream");
      return FALSE;
    }

  stream = g_variant_get_child_value (streams, 0);
  g_variant_get_child (stream, 0, "u", node);
  /* PipeWire's word for "none". */
  if (*node == G_MAXUINT32)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The portal named no node");
      return FALSE;
    }

  return TRUE;
}

gboolean
snug_portal_reply_is_shortcut (GVariant *arguments, const char *session, const char *id)
{
  g_autoptr (GVariant) first = NULL;
  g_autoptr (GVariant) second = NULL;

  /* What follows these two is not needed here, and may become more. */
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE_TUPLE) || g_variant_n_children (arguments) < 2)
    return FALSE;

  first = g_variant_get_child_value (arguments, 0);
  second = g_variant_get_child_value (arguments, 1);

  return g_variant_is_of_type (first, G_VARIANT_TYPE_OBJECT_PATH)
         && g_variant_is_of_type (second, G_VARIANT_TYPE_STRING)
         && g_str_equal (g_variant_get_string (first, NULL), session)
         && g_str_equal (g_variant_get_string (second, NULL), id);
}
