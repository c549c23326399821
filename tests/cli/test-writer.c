/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-writer.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snug-await.h"

/* More than a FIFO holds. */
#define BIG (4 * 1024 * 1024)

typedef struct
{
  char *dir;
  char *path;
  gint n_freed; /* atomic */
  guint n_broken;
  gboolean finished;
} Fixture;

/* An item is a string; the header is "H:". */
static GBytes *
render (gpointer item, gboolean first, gpointer user_data)
{
  const char *text = item;

  if (strcmp (text, "nothing") == 0)
    return NULL;

  return g_bytes_new_take (g_strconcat (first ? "H:" : "", text, ";", NULL),
                           strlen (text) + (first ? 3 : 1));
}

static gint *freed_counter;

static void
free_item (gpointer item)
{
  g_atomic_int_inc (freed_counter);
  g_free (item);
}

static void
finish (int fd, gpointer user_data)
{
  Fixture *f = user_data;

  /* Fails where the reader has gone. */
  f->finished = write (fd, "end", 3) == 3;
}

static void
broken (const GError *error, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_nonnull (error);
  f->n_broken++;
}

static const SnugCliWriterFuncs funcs = { render, finish, free_item, broken };

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("snug-writer-XXXXXX", NULL);
  f->path = g_build_filename (f->dir, "out", NULL);
  f->n_freed = 0;
  freed_counter = &f->n_freed;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->path);
  g_rmdir (f->dir);
  g_free (f->path);
  g_free (f->dir);
}

static void
push (SnugCliWriter *writer, const char *text)
{
  snug_cli_writer_push (writer, g_strdup (text));
}

static guint64
n_written (SnugCliWriter *writer)
{
  guint64 written, dropped;

  snug_cli_writer_get_counts (writer, &written, &dropped);

  return written;
}

static guint64
n_dropped (SnugCliWriter *writer)
{
  guint64 written, dropped;

  snug_cli_writer_get_counts (writer, &written, &dropped);

  return dropped;
}

static int
open_reader (const char *path)
{
  int fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);

  return fd;
}

static void
read_into (int fd, GString *text)
{
  char buffer[65536];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    g_string_append_len (text, buffer, n);
}

static void
test_file (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugCliWriter) writer = snug_cli_writer_new_for_path (f->path, 10, &funcs, f);
  g_autofree char *contents = NULL;

  push (writer, "one");
  push (writer, "nothing");
  push (writer, "two");
  snug_await (n_written (writer) + n_dropped (writer) == 3);
  push (writer, "three");
  snug_cli_writer_close (writer, 5000);
  g_assert_true (g_file_get_contents (f->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "H:one;two;three;end");
  g_assert_true (f->finished);
  g_assert_cmpuint (n_written (writer), ==, 3);
  g_assert_cmpuint (n_dropped (writer), ==, 1);
  g_assert_cmpint (f->n_freed, ==, 4);

  /* After the end: nothing but free. */
  push (writer, "late");
  g_assert_cmpint (f->n_freed, ==, 5);
  snug_cli_writer_close (writer, 5000);
}

static void
test_unused (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugCliWriter) writer = snug_cli_writer_new_for_path (f->path, 10, &funcs, f);

  snug_cli_writer_close (writer, 5000);
  g_assert_false (g_file_test (f->path, G_FILE_TEST_EXISTS));
  g_assert_false (f->finished);
}

static void
test_not_closed (Fixture *f, gconstpointer data)
{
  SnugCliWriter *writer = snug_cli_writer_new_for_path (f->path, 10, &funcs, f);

  for (guint i = 0; i < 5; i++)
    push (writer, "x");
  snug_cli_writer_free (writer);
  g_assert_cmpint (f->n_freed, ==, 5);
}

static void
test_unwritable (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->dir, "missing", "out", NULL);
  g_autoptr (SnugCliWriter) writer = snug_cli_writer_new_for_path (path, 10, &funcs, f);

  push (writer, "one");
  push (writer, "two");
  snug_await (f->n_broken > 0);
  push (writer, "three");
  snug_await (g_atomic_int_get (&f->n_freed) == 3);
  g_assert_cmpuint (n_dropped (writer), ==, 3);
  snug_await_idle ();
  g_assert_cmpuint (f->n_broken, ==, 1);
}

static void
test_fifo_without_reader (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugCliWriter) writer = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  int fd;

  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  writer = snug_cli_writer_new_for_path (f->path, 10, &funcs, f);
  push (writer, "lost");
  snug_await (n_dropped (writer) == 1);

  fd = open_reader (f->path);
  push (writer, "found");
  snug_await (n_written (writer) == 1);
  read_into (fd, text);
  g_assert_cmpstr (text->str, ==, "H:found;");
  close (fd);
  g_assert_cmpuint (f->n_broken, ==, 0);
}

/* Readers come one after the other; each gets a header. */
static void
test_fifo_readers (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugCliWriter) writer = NULL;
  int fd;

  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  fd = open_reader (f->path);
  writer = snug_cli_writer_new_for_path (f->path, 10, &funcs, f);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      guint64 dropped;
      guint64 written = n_written (writer);

      push (writer, "a");
      push (writer, "b");
      snug_await (n_written (writer) == written + 2);
      read_into (fd, text);
      g_assert_cmpstr (text->str, ==, "H:a;b;");

      close (fd);
      dropped = n_dropped (writer);
      push (writer, "lost");
      snug_await (n_dropped (writer) == dropped + 1);
      fd = open_reader (f->path);
    }
  close (fd);
}

static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* A reader that stalls: pushing never waits, the queue is bounded, what was begun is ended when it reads again. */
static void
test_stalled (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugCliWriter) writer = NULL;
  g_autofree char *big = g_strnfill (BIG, 'x');
  g_autoptr (GString) text = g_string_new (NULL);
  char first;
  int fd;

  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  fd = open_reader (f->path);
  writer = snug_cli_writer_new_for_path (f->path, 3, &funcs, f);
  push (writer, big);
  /* The first is being written when the next ones come. */
  while (read (fd, &first, 1) != 1)
    g_main_context_iteration (NULL, TRUE);
  g_string_append_c (text, first);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      push (writer, number);
    }
  g_assert_cmpuint (n_dropped (writer), ==, 97);
  g_assert_cmpuint (n_written (writer), ==, 0);

  while (n_written (writer) < 4)
    {
      g_main_context_iteration (NULL, TRUE);
      read_into (fd, text);
    }
  read_into (fd, text);
  g_assert_cmpuint (text->len, ==, 2 + BIG + 1 + strlen ("97;98;99;"));
  g_assert_cmpstr (text->str + text->len - 9, ==, "97;98;99;");
  close (fd);
}

static void
test_close_while_stalled (Fixture *f, gconstpointer data)
{
  SnugCliWriter *writer;
  g_autofree char *big = g_strnfill (BIG, 'x');
  gint64 begin;
  int fd;

  g_assert_cmpint (mkfifo (f->path, 0600), ==, 0);
  fd = open_reader (f->path);
  writer = snug_cli_writer_new_for_path (f->path, 10, &funcs, f);
  push (writer, big);
  push (writer, big);
  begin = g_get_monotonic_time ();
  snug_cli_writer_close (writer, 100);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 20 * G_USEC_PER_SEC);
  g_assert_cmpuint (n_written (writer), ==, 0);
  g_assert_cmpuint (n_dropped (writer), ==, 2);
  snug_cli_writer_free (writer);
  g_assert_cmpint (f->n_freed, ==, 2);
  close (fd);
}

/* A pipe that others share: it stays as it is, open and blocking. */
static void
test_fd (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugCliWriter) writer = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  int fds[2];

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  g_assert_cmpint (fcntl (fds[0], F_SETFL, O_NONBLOCK), ==, 0);
  writer = snug_cli_writer_new_for_fd (fds[1], 1000, &funcs, f);
  for (guint i = 0; i < 500; i++)
    push (writer, "a line of some length that is not so short that many would fit, or few");
  while (n_written (writer) < 500)
    {
      g_main_context_iteration (NULL, TRUE);
      read_into (fds[0], text);
    }
  snug_cli_writer_close (writer, 5000);
  read_into (fds[0], text);
  g_assert_true (g_str_has_prefix (text->str, "H:a line"));
  g_assert_true (g_str_has_suffix (text->str, ";end"));
  g_assert_cmpint (fcntl (fds[1], F_GETFL) & O_NONBLOCK, ==, 0);
  close (fds[0]);
  close (fds[1]);
}

static void
test_fd_closed (Fixture *f, gconstpointer data)
{
  g_autoptr (SnugCliWriter) writer = NULL;
  int fds[2];

  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
  writer = snug_cli_writer_new_for_fd (fds[1], 1000, &funcs, f);
  close (fds[0]);
  push (writer, "one");
  snug_await (f->n_broken == 1);
  push (writer, "two");
  snug_cli_writer_close (writer, 5000);
  g_assert_cmpuint (n_dropped (writer), ==, 2);
  g_assert_false (f->finished);
  close (fds[1]);
}

#define ADD(name) g_test_add ("/cli/writer/" #name, Fixture, NULL, set_up, test_##name, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_timeout_add (2, tick_cb, NULL);

  ADD (file);
  ADD (unused);
  ADD (not_closed);
  ADD (unwritable);
  ADD (fifo_without_reader);
  ADD (fifo_readers);
  ADD (stalled);
  ADD (close_while_stalled);
  ADD (fd);
  ADD (fd_closed);

  return g_test_run ();
}
