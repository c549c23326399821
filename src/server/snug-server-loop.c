/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-loop.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Descriptors in one turn: whoever else is in the main context gets its turn after it. */
#define BATCH 128

struct _SnugServerLoop
{
  GSource source;

  int epoll_fd;
  gint64 ready_time; /* what the source was told last */
  SnugDeadlines deadlines;
  GQueue laters;
  struct epoll_event batch[BATCH];
  int n_batch;
  int next; /* in the batch: those before it have had their turn */
  guint8 buffer[SNUG_SERVER_LOOP_BUFFER_BYTES];
};

static void
update_ready_time (SnugServerLoop *self)
{
  gint64 first = snug_deadlines_get_first (&self->deadlines);
  gint64 time = self->laters.length > 0 ? 0 : first > 0 ? first : -1;

  if (time == self->ready_time)
    return;
  self->ready_time = time;
  g_source_set_ready_time (&self->source, time);
}

static gboolean
is_alive (SnugServerLoop *self)
{
  return !g_source_is_destroyed (&self->source);
}

static void
run_deadlines (SnugServerLoop *self)
{
  gint64 now = g_get_monotonic_time ();
  SnugDeadline *deadline;

  while (is_alive (self) && (deadline = snug_deadlines_take_due (&self->deadlines, now)) != NULL)
    {
      SnugWaiter *waiter = (SnugWaiter *) (gpointer) ((char *) deadline - G_STRUCT_OFFSET (SnugWaiter, deadline));

      waiter->funcs->due (waiter->data);
    }
}

static void
run_ready (SnugServerLoop *self)
{
  self->n_batch = epoll_wait (self->epoll_fd, self->batch, BATCH, 0);
  for (self->next = 0; is_alive (self) && self->next < self->n_batch;)
    {
      struct epoll_event *event = &self->batch[self->next++];
      SnugWaiter *waiter = event->data.ptr;

      if (waiter != NULL)
        waiter->funcs->ready (waiter->data, event->events);
    }
  self->n_batch = 0;
}

/* Those who ask again while they are run come next time. */
static void
run_laters (SnugServerLoop *self)
{
  for (guint n = self->laters.length; is_alive (self) && n > 0 && self->laters.length > 0; n--)
    {
      SnugWaiter *waiter = g_queue_pop_head_link (&self->laters)->data;

      waiter->link.data = NULL;
      waiter->funcs->later (waiter->data);
    }
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  SnugServerLoop *self = (SnugServerLoop *) source;

  run_deadlines (self);
  run_ready (self);
  run_laters (self);
  if (is_alive (self))
    update_ready_time (self);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  SnugServerLoop *self = (SnugServerLoop *) source;

  snug_deadlines_clear (&self->deadlines);
  close (self->epoll_fd);
}

SnugServerLoop *
snug_server_loop_new (void)
{
  static GSourceFuncs funcs = { NULL, NULL, dispatch, finalize, NULL, NULL };
  SnugServerLoop *self = (SnugServerLoop *) g_source_new (&funcs, sizeof *self);

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("No epoll: %s", g_strerror (errno));
  memset (&self->deadlines, 0, sizeof self->deadlines);
  g_queue_init (&self->laters);
  self->n_batch = self->next = 0;
  self->ready_time = -1;
  g_source_set_static_name (&self->source, "snug-server-loop");
  g_source_add_unix_fd (&self->source, self->epoll_fd, G_IO_IN);
  g_source_attach (&self->source, g_main_context_get_thread_default ());
  return self;
}

void
snug_server_loop_free (SnugServerLoop *self)
{
  g_return_if_fail (self != NULL);

  g_source_destroy (&self->source);
  g_source_unref (&self->source);
}

void
snug_waiter_init (SnugWaiter *waiter, const SnugWaiterFuncs *funcs, gpointer data)
{
  *waiter = (SnugWaiter) { .funcs = funcs, .data = data, .fd = -1 };
}

void
snug_server_loop_remove (SnugServerLoop *self, SnugWaiter *waiter)
{
  g_return_if_fail (self != NULL && waiter != NULL);

  snug_deadlines_set (&self->deadlines, &waiter->deadline, 0);
  if (waiter->link.data != NULL)
    {
      g_queue_unlink (&self->laters, &waiter->link);
      waiter->link.data = NULL;
    }
  if (waiter->fd < 0)
    return;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, waiter->fd, NULL);
  waiter->fd = -1;
  for (int i = self->next; i < self->n_batch; i++)
    {
      if (self->batch[i].data.ptr == waiter)
        self->batch[i].data.ptr = NULL;
    }
}

gboolean
snug_server_loop_watch (SnugServerLoop *self, SnugWaiter *waiter, int fd, guint events)
{
  struct epoll_event event = { .events = events, .data.ptr = waiter };
  int operation = waiter->fd < 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

  g_return_val_if_fail (self != NULL && fd >= 0, FALSE);
  g_return_val_if_fail (waiter->fd < 0 || waiter->fd == fd, FALSE);

  if (operation == EPOLL_CTL_MOD && waiter->events == events)
    return TRUE;
  if (epoll_ctl (self->epoll_fd, operation, fd, &event) < 0)
    return FALSE;
  waiter->fd = fd;
  waiter->events = events;
  return TRUE;
}

void
snug_server_loop_set_deadline (SnugServerLoop *self, SnugWaiter *waiter, gint64 time)
{
  g_return_if_fail (self != NULL && waiter != NULL);

  snug_deadlines_set (&self->deadlines, &waiter->deadline, time);
  update_ready_time (self);
}

void
snug_server_loop_later (SnugServerLoop *self, SnugWaiter *waiter)
{
  g_return_if_fail (self != NULL && waiter != NULL);

  if (waiter->link.data != NULL)
    return;
  waiter->link.data = waiter;
  g_queue_push_tail_link (&self->laters, &waiter->link);
  update_ready_time (self);
}

guint8 *
snug_server_loop_get_buffer (SnugServerLoop *self)
{
  return self->buffer;
}
