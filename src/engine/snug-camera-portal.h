/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Camera portal: asks the person for the cameras, and opens the door behind which they are. Main context.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether cameras are asked for and not simply opened: in a sandbox, and where somebody wants it so. */
gboolean snug_camera_portal_is_wanted (void);
/* Before the first camera is looked for. For tools and tests: a sandbox always wants it. */
void snug_camera_portal_set_wanted (gboolean wanted);

/* The person may take their time. */
void snug_camera_portal_open_async (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Returns: a connection to PipeWire, now the caller's; or -1 with SNUG_MEDIA_ERROR_DENIED: the person or the system refused;
 * SNUG_MEDIA_ERROR_NO_DEVICE: there is no camera, and nobody was asked; SNUG_MEDIA_ERROR_FAILED. */
int snug_camera_portal_open_finish (GAsyncResult *result, GError **error);

G_END_DECLS
