/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The only door from GStreamer's threads to the main context. A callback on an element, pad, promise or data
 * channel gets a SnugRelay as its user data, never the object: it copies its arguments, posts, returns.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Whether this is the thread of the default main context, on which every Snug object lives. */
gboolean snug_is_main_thread (void);
/* For functions that belong there; nothing in a build with G_DISABLE_ASSERT. */
#define SNUG_ASSERT_MAIN_THREAD() g_assert (snug_is_main_thread ())

typedef struct _SnugRelay SnugRelay;

/* Runs on main. owner: alive for the length of the call. data: as posted, freed after the call. */
typedef void (*SnugRelayFunc) (gpointer owner, gpointer data);

/* owner: a GObject that closes the relay in its dispose; not referenced. Main context.
 * Returns: (transfer full). */
SnugRelay *snug_relay_new (gpointer owner);
/* The owner goes: nothing posted, now or later, runs any more. Drops the owner's reference. Main context. */
void snug_relay_close (SnugRelay *self);

/* Any thread. */
SnugRelay *snug_relay_ref (SnugRelay *self);
void snug_relay_unref (SnugRelay *self);

/* Posts a call: in order, never inline, and not at all once the relay is closed (data is then only freed, on
 * main). Any thread. data: (transfer full). free_data: nullable. */
void snug_relay_post (SnugRelay *self, SnugRelayFunc func, gpointer data, GDestroyNotify free_data);

/* Connects a signal of a GStreamer object with the relay as user data, holding a reference to it as long as the
 * handler is connected. */
gulong snug_relay_connect (SnugRelay *self, gpointer instance, const char *signal, GCallback handler);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugRelay, snug_relay_unref)

G_END_DECLS
