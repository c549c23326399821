/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes a stream of items to a descriptor, a file or a FIFO from a thread of its own, so that a reader that stalls holds up
 * nothing but itself: what does not fit in a bounded queue is dropped, the oldest first, and counted.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _SnugCliWriter SnugCliWriter;

/* What becomes of an item. All on the writer's thread, but for free_item (any thread) and broken (main context). */
typedef struct
{
  /* Returns: (transfer full) (nullable): the bytes; NULL: nothing. first: since there is a reader, the first item. */
  GBytes *(*render) (gpointer item, gboolean first, gpointer user_data);
  /* Nullable. After the last byte, before the descriptor is closed. */
  void (*finish) (int fd, gpointer user_data);
  GDestroyNotify free_item;
  /* Nullable. Nothing can be written, now or later. */
  void (*broken) (const GError *error, gpointer user_data);
} SnugCliWriterFuncs;

/* path: a file, which is replaced, or a FIFO, which is waited for; when its reader goes, for the next one.
 * Returns: (transfer full). */
SnugCliWriter *snug_cli_writer_new_for_path (const char *path,
                                             guint max_items,
                                             const SnugCliWriterFuncs *funcs,
                                             gpointer user_data);
/* fd: borrowed; may be shared with other processes, so it is left as it is. */
SnugCliWriter *snug_cli_writer_new_for_fd (int fd,
                                           guint max_items,
                                           const SnugCliWriterFuncs *funcs,
                                           gpointer user_data);

/* Any thread; never waits. item: (transfer full). */
void snug_cli_writer_push (SnugCliWriter *self, gpointer item);

/* Items written whole, and dropped. Any thread. */
void snug_cli_writer_get_counts (SnugCliWriter *self, guint64 *n_written, guint64 *n_dropped);

/* Writes what is still queued, as long as there is a reader and at most that long, and ends the thread. When this
 * returns, no function of funcs is or will be called but free_item. Main context. */
void snug_cli_writer_close (SnugCliWriter *self, guint patience_ms);
/* Closes at once when it was not closed. */
void snug_cli_writer_free (SnugCliWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliWriter, snug_cli_writer_free)

G_END_DECLS
