/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

/* How often a thread that waits for a stalled reader looks whether it should still wait. */
#define POLL_MS 50
/* A pipe that is ready takes this much without blocking, whoever else has set what on it. */
#define BLOCKING_CHUNK PIPE_BUF
/* Room for a picture in a FIFO; only a wish. */
#define PIPE_BYTES (1024 * 1024)

struct _SnugCliWriter
{
  /* Set once. */
  char *path; /* NULL: a borrowed descriptor */
  SnugCliWriterFuncs funcs;
  gpointer user_data;
  guint max_items;
  GThread *thread; /* NULL once closed */

  /* The writer's thread only. */
  int fd; /* -1: not open */
  gboolean fresh; /* nothing was written to fd yet */
  gboolean dead;  /* as broken below */

  GMutex mutex;
  GCond cond;
  /* Under the mutex. */
  GQueue items;
  gboolean closing;
  gboolean broken;
  gint64 deadline; /* of closing, monotonic */
  guint64 n_written;
  guint64 n_dropped;
  guint broken_id; /* idle source */
  GError *error;
};

static gboolean
on_broken (gpointer user_data)
{
  SnugCliWriter *self = user_data;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&self->mutex);
  self->broken_id = 0;
  error = g_steal_pointer (&self->error);
  g_mutex_unlock (&self->mutex);

  if (error != NULL && self->funcs.broken != NULL)
    self->funcs.broken (error, self->user_data);

  return G_SOURCE_REMOVE;
}

static void
close_fd (SnugCliWriter *self)
{
  if (self->fd >= 0 && self->path != NULL)
    close (self->fd);
  self->fd = -1;
}

static void
break_down (SnugCliWriter *self, int error_number)
{
  close_fd (self);
  self->dead = TRUE;

  g_mutex_lock (&self->mutex);
  self->broken = TRUE;
  self->error = g_error_new (G_IO_ERROR, g_io_error_from_errno (error_number), "%s%s%s",
                             self->path != NULL ? self->path : "", self->path != NULL ? ": " : "",
                             g_strerror (error_number));
  if (!self->closing)
    self->broken_id = g_idle_add (on_broken, self);
  g_mutex_unlock (&self->mutex);
}

/* FALSE: not now, or never. */
static gboolean
ensure_open (SnugCliWriter *self)
{
  if (self->fd >= 0)
    return TRUE;
  if (self->dead)
    return FALSE;

  self->fd = open (self->path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      /* ENXIO: a FIFO without a reader. */
      if (errno != ENXIO && errno != EINTR)
        break_down (self, errno);
      return FALSE;
    }

  fcntl (self->fd, F_SETPIPE_SZ, PIPE_BYTES);
  self->fresh = TRUE;

  return TRUE;
}

static gboolean
may_wait (SnugCliWriter *self)
{
  gboolean may;

  g_mutex_lock (&self->mutex);
  may = !self->closing || g_get_monotonic_time () < self->deadline;
  g_mutex_unlock (&self->mutex);

  return may;
}

/* TRUE: all of it. */
static gboolean
write_all (SnugCliWriter *self, const guint8 *data, gsize size)
{
  while (size > 0)
    {
      struct pollfd waiting = { .fd = self->fd, .events = POLLOUT };
      gssize n;

      if (!may_wait (self))
        return FALSE;
      if (poll (&waiting, 1, POLL_MS) == 0)
        continue;

      n = write (self->fd, data, self->path != NULL ? size : MIN (size, BLOCKING_CHUNK));
      if (n > 0)
        {
          data += n;
          size -= n;
        }
      else if (n < 0 && errno == EPIPE && self->path != NULL)
        {
          /* The reader is gone; another may come. */
          close_fd (self);
          return FALSE;
        }
      else if (n < 0 && errno != EAGAIN && errno != EINTR)
        {
          break_down (self, errno);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
write_item (SnugCliWriter *self, gpointer item)
{
  g_autoptr (GBytes) bytes = NULL;
  gsize size;
  const guint8 *data;

  if (!ensure_open (self))
    return FALSE;

  bytes = self->funcs.render (item, self->fresh, self->user_data);
  if (bytes == NULL)
    return FALSE;

  self->fresh = FALSE;
  data = g_bytes_get_data (bytes, &size);

  return write_all (self, data, size);
}

static gpointer
take_item (SnugCliWriter *self)
{
  gpointer item = NULL;

  g_mutex_lock (&self->mutex);
  while (g_queue_is_empty (&self->items) && !self->closing)
    g_cond_wait (&self->cond, &self->mutex);
  if (!self->closing || g_get_monotonic_time () < self->deadline)
    item = g_queue_pop_head (&self->items);
  g_mutex_unlock (&self->mutex);

  return item;
}

static gpointer
run (gpointer data)
{
  SnugCliWriter *self = data;
  gpointer item;

  while ((item = take_item (self)) != NULL)
    {
      gboolean written = write_item (self, item);

      self->funcs.free_item (item);
      g_mutex_lock (&self->mutex);
      if (written)
        self->n_written++;
      else
        self->n_dropped++;
      g_mutex_unlock (&self->mutex);
    }

  if (self->fd >= 0 && self->funcs.finish != NULL)
    self->funcs.finish (self->fd, self->user_data);
  close_fd (self);

  return NULL;
}

static SnugCliWriter *
writer_new (const char *path,
            int fd,
            guint max_items,
            const SnugCliWriterFuncs *funcs,
            gpointer user_data)
{
  SnugCliWriter *self = g_new0 (SnugCliWriter, 1);

  self->path = g_strdup (path);
  self->fd = fd;
  self->fresh = TRUE;
  self->max_items = max_items;
  self->funcs = *funcs;
  self->user_data = user_data;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  g_queue_init (&self->items);
  self->thread = g_thread_new ("snug-writer", run, self);

  return self;
}

SnugCliWriter *
snug_cli_writer_new_for_path (const char *path,
                              guint max_items,
                              const SnugCliWriterFuncs *funcs,
                              gpointer user_data)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  return writer_new (path, -1, max_items, funcs, user_data);
}

SnugCliWriter *
snug_cli_writer_new_for_fd (int fd,
                            guint max_items,
                            const SnugCliWriterFuncs *funcs,
                            gpointer user_data)
{
  g_return_val_if_fail (fd >= 0, NULL);
  g_return_val_if_fail (funcs != NULL, NULL);

  return writer_new (NULL, fd, max_items, funcs, user_data);
}

void
snug_cli_writer_push (SnugCliWriter *self, gpointer item)
{
  gpointer dropped = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (item != NULL);

  g_mutex_lock (&self->mutex);
  if (self->closing || self->broken)
    dropped = item;
  else
    {
      if (g_queue_get_length (&self->items) >= self->max_items)
        dropped = g_queue_pop_head (&self->items);
      g_queue_push_tail (&self->items, item);
      g_cond_signal (&self->cond);
    }
  if (dropped != NULL)
    self->n_dropped++;
  g_mutex_unlock (&self->mutex);

  if (dropped != NULL)
    self->funcs.free_item (dropped);
}

void
snug_cli_writer_get_counts (SnugCliWriter *self, guint64 *n_written, guint64 *n_dropped)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  *n_written = self->n_written;
  *n_dropped = self->n_dropped;
  g_mutex_unlock (&self->mutex);
}

void
snug_cli_writer_close (SnugCliWriter *self, guint patience_ms)
{
  gpointer item;

  g_return_if_fail (self != NULL);

  if (self->thread == NULL)
    return;

  g_mutex_lock (&self->mutex);
  self->closing = TRUE;
  self->deadline = g_get_monotonic_time () + patience_ms * (gint64) G_TIME_SPAN_MILLISECOND;
  g_clear_handle_id (&self->broken_id, g_source_remove);
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);

  g_thread_join (g_steal_pointer (&self->thread));

  while ((item = g_queue_pop_head (&self->items)) != NULL)
    {
      self->funcs.free_item (item);
      self->n_dropped++;
    }
}

void
snug_cli_writer_free (SnugCliWriter *self)
{
  if (self == NULL)
    return;

  snug_cli_writer_close (self, 0);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_clear_error (&self->error);
  g_free (self->path);
  g_free (self);
}
