/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What portals answer, checked: any value may have any type, any length, any number of children. Pure.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Strings that are kept: a restore token is a UUID as a rule. */
#define SNUG_PORTAL_STRING_MAX_BYTES 4096

/* dict: a{sv}. fallback: for what is not there or no uint32. */
guint32 snug_portal_reply_get_uint (GVariant *dict, const char *key, guint32 fallback);
gboolean snug_portal_reply_get_boolean (GVariant *dict, const char *key, gboolean fallback);
/* Returns: (transfer full) (nullable): NULL for what is not there, no string, empty or too long. */
char *snug_portal_reply_dup_string (GVariant *dict, const char *key);
/* The "session_handle" of CreateSession. Returns: (transfer full): or NULL with G_IO_ERROR_INVALID_DATA. */
char *snug_portal_reply_dup_session (GVariant *results, GError **error);
/* The node of the first of the "streams" of ScreenCast.Start. FALSE with G_IO_ERROR_INVALID_DATA. */
gboolean snug_portal_reply_get_stream (GVariant *results, guint32 *node, GError **error);
/* Whether the arguments of GlobalShortcuts.Activated or Deactivated, which go to everybody, are for this one. */
gboolean snug_portal_reply_is_shortcut (GVariant *arguments, const char *session, const char *id);

G_END_DECLS
