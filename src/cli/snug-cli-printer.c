/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-printer.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

#include "snug-cli-writer.h"

#define MAX_LINES 10000
/* How long the end of the program waits for a reader that stalls. */
#define CLOSE_PATIENCE_MS 2000

struct _SnugCliPrinter
{
  gboolean errors_apart;
  GSourceOnceFunc closed;
  gpointer user_data;
  SnugCliWriter *writer;
  gboolean failed;
};

static GBytes *
render (gpointer item, gboolean first, gpointer user_data)
{
  return g_bytes_ref (item);
}

static void
free_line (gpointer item)
{
  g_bytes_unref (item);
}

static void
broken (const GError *error, gpointer user_data)
{
  SnugCliPrinter *self = user_data;

  /* A reader who has read enough is no failure. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    {
      self->failed = TRUE;
      fprintf (stderr, "snug-cli: Standard output can't be written: %s.\n", error->message);
    }
  if (self->closed != NULL)
    self->closed (self->user_data);
}

static const SnugCliWriterFuncs writer_funcs = {
  .render = render,
  .free_item = free_line,
  .broken = broken,
};

SnugCliPrinter *
snug_cli_printer_new (int fd, gboolean errors_apart, GSourceOnceFunc closed, gpointer user_data)
{
  SnugCliPrinter *self = g_new0 (SnugCliPrinter, 1);

  self->errors_apart = errors_apart;
  self->closed = closed;
  self->user_data = user_data;
  self->writer = snug_cli_writer_new_for_fd (fd, MAX_LINES, &writer_funcs, self);

  return self;
}

void
snug_cli_printer_write (const char *line, gboolean error, gpointer user_data)
{
  SnugCliPrinter *self = user_data;
  char *with_line_feed;

  g_return_if_fail (self != NULL);
  g_return_if_fail (line != NULL);

  if (error && self->errors_apart)
    {
      fprintf (stderr, "%s\n", line);
      return;
    }

  with_line_feed = g_strconcat (line, "\n", NULL);
  snug_cli_writer_push (self->writer,
                        g_bytes_new_take (with_line_feed, strlen (with_line_feed)));
}

gboolean
snug_cli_printer_get_failed (SnugCliPrinter *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->failed;
}

void
snug_cli_printer_free (SnugCliPrinter *self)
{
  if (self == NULL)
    return;

  snug_cli_writer_close (self->writer, CLOSE_PATIENCE_MS);
  snug_cli_writer_free (self->writer);
  g_free (self);
}
