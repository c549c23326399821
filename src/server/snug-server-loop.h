/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What wakes a server: one epoll instance inside a GMainContext, so that ten thousand connections cost it as
 * much as one, and one heap of deadlines. Main context only.
 */
#pragma once

#include <glib.h>

#include "snug-deadlines.h"

G_BEGIN_DECLS

/* A GSource. */
typedef struct _SnugServerLoop SnugServerLoop;

/* What a waiter is woken for. Each may be NULL where it never happens. */
typedef struct
{
  /* events: as of epoll(7), EPOLLIN and so on. */
  void (*ready) (gpointer data, guint events);
  void (*due) (gpointer data);
  void (*later) (gpointer data);
} SnugWaiterFuncs;

/* One who waits, inside of what it belongs to; it must stay where it is until it is removed. */
typedef struct
{
  const SnugWaiterFuncs *funcs;
  gpointer data;
  SnugDeadline deadline;
  GList link; /* its data is the waiter while it waits for later */
  int fd;
  guint events;
} SnugWaiter;

/* Returns: (transfer full): attached to the thread-default main context. */
SnugServerLoop *snug_server_loop_new (void);
/* Nothing is woken any more. */
void snug_server_loop_free (SnugServerLoop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugServerLoop, snug_server_loop_free)

/* funcs: static. */
void snug_waiter_init (SnugWaiter *waiter, const SnugWaiterFuncs *funcs, gpointer data);
/* Waits for no descriptor, no deadline and nothing later. */
void snug_server_loop_remove (SnugServerLoop *self, SnugWaiter *waiter);
/* Waits for events on fd, as long as it has them (level-triggered); 0: for errors and the other side's end only. The
 * first call names the descriptor, which must be open until the waiter is removed. FALSE: errno says why. */
gboolean snug_server_loop_watch (SnugServerLoop *self, SnugWaiter *waiter, int fd, guint events);
/* time: as g_get_monotonic_time(), once; 0: never. */
void snug_server_loop_set_deadline (SnugServerLoop *self, SnugWaiter *waiter, gint64 time);
/* Once, after everything that is to be done now. */
void snug_server_loop_later (SnugServerLoop *self, SnugWaiter *waiter);
/* Bytes for whoever reads, until it is asked for again. */
#define SNUG_SERVER_LOOP_BUFFER_BYTES (16 * 1024)
guint8 *snug_server_loop_get_buffer (SnugServerLoop *self);

G_END_DECLS
