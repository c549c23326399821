/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first byte says what the rest is: a dict in D-Bus's wire format, or the arguments of a signal.
 */
#include "fuzz.h"

#include <string.h>

#include "snug-portal-reply.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const types[] = { "a{sv}", "(ua{sv})", "(osta{sv})", "(os)", "v" };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) dict = NULL;
  g_autofree char *session = NULL;
  g_autofree char *string = NULL;
  guint32 node = G_MAXUINT32;
  const GVariantType *type;

  if (size < 1)
    return 0;

  type = G_VARIANT_TYPE (types[data[0] % G_N_ELEMENTS (types)]);
  bytes = g_bytes_new (data + 1, size - 1);
  value = g_variant_take_ref (g_variant_new_from_bytes (type, bytes, FALSE));
  dict = g_variant_is_of_type (value, G_VARIANT_TYPE ("(ua{sv})")) ? g_variant_get_child_value (value, 1)
                                                                   : g_variant_ref (value);

  session = snug_portal_reply_dup_session (dict, NULL);
  if (session != NULL)
    g_assert_true (g_variant_is_object_path (session));
  string = snug_portal_reply_dup_string (dict, "restore_token");
  if (string != NULL)
    g_assert_cmpuint (strlen (string), <=, SNUG_PORTAL_STRING_MAX_BYTES);
  if (snug_portal_reply_get_stream (dict, &node, NULL))
    g_assert_cmpuint (node, !=, G_MAXUINT32);
  snug_portal_reply_get_uint (dict, "version", 0);
  snug_portal_reply_get_boolean (dict, "IsCameraPresent", FALSE);
  snug_portal_reply_is_shortcut (value, "/org/freedesktop/portal/desktop/session/1_5/snug1", "push-to-talk");
  return 0;
}
