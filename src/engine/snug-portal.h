/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Speaking with the desktop's portals (xdg-desktop-portal) over D-Bus: what all of them have in common. Nothing here blocks, everything
 * can be cancelled, and what a portal says is checked before it is handed on. Main context.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SNUG_PORTAL_NAME "org.freedesktop.portal.Desktop"
#define SNUG_PORTAL_PATH "/org/freedesktop/portal/desktop"

/* Whether this runs in a sandbox, in which portals are the only way to cameras and screens. */
gboolean snug_portal_is_sandboxed (void);

/**
 * SnugPortalResponse:
 * @SNUG_PORTAL_GRANTED: the results hold what was asked for
 * @SNUG_PORTAL_REFUSED: the person said no, or the desktop did in their name
 * @SNUG_PORTAL_ENDED: it ended in some other way
 */
typedef enum
{
  SNUG_PORTAL_GRANTED,
  SNUG_PORTAL_REFUSED,
  SNUG_PORTAL_ENDED
} SnugPortalResponse;

/* The session bus, on which the portals are. Fails at once where there is none, and never starts one. */
void snug_portal_connect_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full). */
GDBusConnection *snug_portal_connect_finish (GAsyncResult *result, GError **error);

/* All properties of one portal. */
void snug_portal_get_properties_async (GDBusConnection *connection,
                                       const char *interface,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
/* Returns: (transfer full): a{sv}; or NULL: there is no such portal. */
GVariant *snug_portal_get_properties_finish (GAsyncResult *result, GError **error);

/* A method that answers with a Request (org.freedesktop.portal.Request). arguments: (element-type GVariant): what stands before the
 * options, each floating. options: a{sv}, floating, without "handle_token". seconds: until the answer has to be there; 0: a person
 * may take their time. Cancelling closes the request, and the dialog with it. */
void snug_portal_request_async (GDBusConnection *connection,
                                const char *interface,
                                const char *method,
                                GVariant *const *arguments,
                                gsize n_arguments,
                                GVariant *options,
                                guint seconds,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/* Returns: (transfer full): the results, a{sv}, whatever the response; or NULL with an error: no answer. */
GVariant *snug_portal_request_finish (GAsyncResult *result, SnugPortalResponse *response, GError **error);

/* OpenPipeWireRemote of a portal. session: NULL for one that has none. */
void snug_portal_open_pipewire_async (GDBusConnection *connection,
                                      const char *interface,
                                      const char *session,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Returns: a file descriptor, now the caller's; or -1. */
int snug_portal_open_pipewire_finish (GAsyncResult *result, GError **error);

/* A name for a session or request that nobody guesses or takes twice. Returns: (transfer full). */
char *snug_portal_create_token (void);

/* Ends a session; no answer is awaited. */
void snug_portal_close_session (GDBusConnection *connection, const char *session);

G_END_DECLS
