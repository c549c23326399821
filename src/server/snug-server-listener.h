/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where connections come in: accepts them as long as it lives, whatever goes wrong with one, reads one request
 * from each, and hands over those that have become WebSockets. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "snug-server-handshake.h"

G_BEGIN_DECLS

typedef struct _SnugServerListener SnugServerListener;

/* What a listener asks its owner. Only leave is called any more while it is freed. */
typedef struct
{
  /* Whether there is any point in a handshake with one more, besides n_handshakes that are under way. */
  gboolean (*may_enter) (guint n_handshakes, gpointer data);
  SnugServerHandshakeFuncs handshake;
} SnugServerListenerFuncs;

/* bind: a numeric address, NULL for every one. port: 0 for any free one. funcs: static; done of a handshake need
 * not see to the listener. config: for connections that come before another is set.
 * Returns: (transfer full): NULL with a GIOError. */
SnugServerListener *snug_server_listener_new (SnugServerLoop *loop,
                                              const char *bind,
                                              guint16 port,
                                              SnugServerConfig *config,
                                              const SnugServerListenerFuncs *funcs,
                                              gpointer data,
                                              GError **error);
/* The same for a socket that listens already; taken over. */
SnugServerListener *snug_server_listener_new_for_fd (SnugServerLoop *loop,
                                                     int fd,
                                                     SnugServerConfig *config,
                                                     const SnugServerListenerFuncs *funcs,
                                                     gpointer data,
                                                     GError **error);
/* Stops listening, and cuts every connection that is not a WebSocket yet. */
void snug_server_listener_free (SnugServerListener *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugServerListener, snug_server_listener_free)

guint16 snug_server_listener_get_port (SnugServerListener *self);
guint snug_server_listener_get_n_handshakes (SnugServerListener *self);
/* These are for connections that come after this. */
void snug_server_listener_set_handshake_timeout (SnugServerListener *self, guint seconds);
void snug_server_listener_set_config (SnugServerListener *self, SnugServerConfig *config);

G_END_DECLS
