/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "snug-ice-server.h"
#include "snug-json.h"

G_BEGIN_DECLS

/* Reads the field "iceServers" of object, which may be missing. */
gboolean snug_ice_servers_read (JsonObject *object,
                                SnugIceServer **servers,
                                gsize *n_servers,
                                GError **error);
void snug_ice_servers_write (GString *json, const SnugIceServer *servers, gsize n_servers);

G_END_DECLS
