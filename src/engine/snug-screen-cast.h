/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One session with the ScreenCast portal: asks the person for a window or a monitor, and opens it. Used once. Main context.
 *
 * Signal: "closed": the system ended the session (never after snug_screen_cast_close()).
 */
#pragma once

#include <gio/gio.h>

#include "snug-pipewire-node.h"

G_BEGIN_DECLS

#define SNUG_TYPE_SCREEN_CAST (snug_screen_cast_get_type ())
G_DECLARE_FINAL_TYPE (SnugScreenCast, snug_screen_cast, SNUG, SCREEN_CAST, GObject)

/* Whether a desktop is there that can do this. */
void snug_screen_cast_probe_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* FALSE: no. */
gboolean snug_screen_cast_probe_finish (GAsyncResult *result);

/* Returns: (transfer full). */
SnugScreenCast *snug_screen_cast_new (void);

/* parent_window, restore_token: nullable. Ends when the person has decided, however long that takes; snug_screen_cast_close() ends it. */
void snug_screen_cast_start_async (SnugScreenCast *self,
                                   const char *parent_window,
                                   const char *restore_token,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* restore_token: (out) (transfer full) (nullable): for the next time. Returns: (transfer full): or NULL with
 * G_IO_ERROR_PERMISSION_DENIED: the person refused; G_IO_ERROR_CANCELLED: closed from here; G_IO_ERROR_NOT_FOUND: there is no such
 * portal; or another error. */
SnugPipewireNode *snug_screen_cast_start_finish (SnugScreenCast *self,
                                                 GAsyncResult *result,
                                                 char **restore_token,
                                                 GError **error);
/* Ends the session, and takes the dialog away. */
void snug_screen_cast_close (SnugScreenCast *self);

G_END_DECLS
