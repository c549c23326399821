/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A link between two network namespaces, as bad as wanted: every packet passes through this process and its two link
 * models. Commands on standard input, one a line:
 *
 *   set BOTH|FORTH|BACK [rate=BIT/S] [queue=MS] [delay=MS] [jitter=MS] [loss=0..1] [burst=N] [down=0|1]
 *
 * Forth is from the first namespace to the second. What is not named keeps its value. On standard output, a line of JSON
 * for each direction every 100 ms ("at": ms of the clock): the truth that the benchmarks' utilisation and queueing delay are taken from. The end
 * of standard input ends it.
 */
#include "link-model.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define PACKET_MAX 65536
#define REPORT_EVERY 100 /* ms */

typedef struct
{
  const char *name;
  LinkModel *model;
  int from;
  int to;
  gboolean down; /* nothing passes, as when a cable is pulled */
  LinkCounts reported;
  gint64 most_queueing; /* us, since the last report */
  guint64 failed;
} Direction;

typedef struct
{
  Direction directions[2];
  int timer;
  GMainLoop *loop;
} Link;

static void
fail (const char *what)
{
  fprintf (stderr, "link: %s: %s\n", what, g_strerror (errno));
  exit (1);
}

static int
open_tun (const char *netns)
{
  struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "line0" };
  g_autofree char *path = g_build_filename ("/run/netns", netns, NULL);
  int home = open ("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int there = open (path, O_RDONLY | O_CLOEXEC);
  int fd;

  if (home < 0 || there < 0 || setns (there, CLONE_NEWNET) < 0)
    fail (path);
  fd = open ("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 || ioctl (fd, TUNSETIFF, &request) < 0)
    fail ("/dev/net/tun");
  if (setns (home, CLONE_NEWNET) < 0)
    fail ("setns");
  close (home);
  close (there);
  return fd;
}

/* Hands over what is due and sets the timer to what comes next. */
static void
deliver (Link *link)
{
  gint64 now = g_get_monotonic_time (), next = -1;
  struct itimerspec when = { 0 };

  for (guint i = 0; i < 2; i++)
    {
      Direction *direction = &link->directions[i];
      GBytes *packet;
      gint64 due;

      while ((packet = link_model_pop (direction->model, now)))
        {
          gsize size;
          gconstpointer data = g_bytes_get_data (packet, &size);

          if (write (direction->to, data, size) < 0)
            direction->failed++;
          g_bytes_unref (packet);
        }
      due = link_model_next (direction->model, now);
      if (due >= 0 && (next < 0 || due < next))
        next = due;
    }
  if (next >= 0)
    {
      next = MAX (next, now + 1);
      when.it_value.tv_sec = next / G_USEC_PER_SEC;
      when.it_value.tv_nsec = next % G_USEC_PER_SEC * 1000;
    }
  timerfd_settime (link->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static gboolean
on_packets (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  Link *link = data;
  Direction *direction = &link->directions[fd == link->directions[1].from];
  char buffer[PACKET_MAX];
  gssize size;

  while ((size = read (fd, buffer, sizeof buffer)) > 0)
    {
      gint64 now = g_get_monotonic_time ();

      if (direction->down)
        continue;
      link_model_push (direction->model, now, g_bytes_new (buffer, size), size);
      direction->most_queueing = MAX (direction->most_queueing, link_model_get_queueing (direction->model, now));
    }
  deliver (link);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timer (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  guint64 expirations;

  if (read (fd, &expirations, sizeof expirations) > 0)
    deliver (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_report (gpointer data)
{
  Link *link = data;
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < 2; i++)
    {
      Direction *direction = &link->directions[i];
      const LinkCounts *counts = link_model_get_counts (direction->model);
      LinkCounts *before = &direction->reported;

      printf ("{\"at\":%.1f,\"direction\":\"%s\",\"rate\":%" G_GUINT64_FORMAT ",\"down\":%s,\"in_bytes\":%" G_GUINT64_FORMAT
              ",\"out_bytes\":%" G_GUINT64_FORMAT ",\"out_packets\":%" G_GUINT64_FORMAT ",\"dropped\":%" G_GUINT64_FORMAT
              ",\"lost\":%" G_GUINT64_FORMAT ",\"queueing_ms\":%.2f}\n",
              g_get_real_time () / 1e3, direction->name, link_model_get (direction->model)->rate,
              direction->down ? "true" : "false", counts->in_bytes - before->in_bytes,
              counts->out_bytes - before->out_bytes, counts->out_packets - before->out_packets,
              counts->dropped - before->dropped, counts->lost - before->lost, direction->most_queueing / 1e3);
      *before = *counts;
      direction->most_queueing = link_model_get_queueing (direction->model, now);
    }
  fflush (stdout);
  return G_SOURCE_CONTINUE;
}

static gboolean
apply (Direction *direction, const char *word)
{
  LinkSettings settings = *link_model_get (direction->model);
  const char *equals = strchr (word, '=');
  char *end;
  double value;

  if (!equals)
    return FALSE;
  value = g_ascii_strtod (equals + 1, &end);
  if (end == equals + 1 || *end || !(value >= 0) || value > 1e12)
    return FALSE;
  if (g_str_has_prefix (word, "rate="))
    settings.rate = (guint64) value;
  else if (g_str_has_prefix (word, "queue="))
    settings.queue = (guint) MIN (value, 60000);
  else if (g_str_has_prefix (word, "delay="))
    settings.delay = (guint) (MIN (value, 60000) * 1000);
  else if (g_str_has_prefix (word, "jitter="))
    settings.jitter = (guint) (MIN (value, 60000) * 1000);
  else if (g_str_has_prefix (word, "loss="))
    settings.loss = MIN (value, 1);
  else if (g_str_has_prefix (word, "burst="))
    settings.burst = value;
  else if (g_str_has_prefix (word, "down="))
    direction->down = value > 0;
  else
    return FALSE;
  link_model_set (direction->model, g_get_monotonic_time (), &settings);
  return TRUE;
}

static gboolean
obey (Link *link, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  if (g_strv_length (words) < 3 || strcmp (words[0], "set") != 0)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (strcmp (words[1], "both") == 0 || strcmp (words[1], link->directions[i].name) == 0)
      for (guint w = 2; words[w]; w++)
        if (!apply (&link->directions[i], words[w]))
          return FALSE;
  deliver (link);
  return TRUE;
}

static gboolean
on_command (GIOChannel *channel, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  Link *link = data;
  g_autofree char *line = NULL;
  gsize end;

  if (g_io_channel_read_line (channel, &line, NULL, &end, NULL) != G_IO_STATUS_NORMAL)
    {
      g_main_loop_quit (link->loop);
      return G_SOURCE_REMOVE;
    }
  line[end] = '\0';
  if (!obey (link, line))
    fprintf (stderr, "link: not understood: %s\n", line);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  Link link = { .directions = { { .name = "forth" }, { .name = "back" } } };
  g_autoptr (GIOChannel) input = g_io_channel_unix_new (STDIN_FILENO);
  guint32 seed;

  if (argc != 4)
    {
      fprintf (stderr, "usage: link NETNS NETNS SEED\n");
      return 2;
    }
  seed = (guint32) g_ascii_strtoull (argv[3], NULL, 10);
  link.loop = g_main_loop_new (NULL, FALSE);
  link.timer = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (link.timer < 0)
    fail ("timerfd_create");
  for (guint i = 0; i < 2; i++)
    {
      link.directions[i].from = open_tun (argv[1 + i]);
      link.directions[i].model = link_model_new (seed + i, (GDestroyNotify) g_bytes_unref);
    }
  for (guint i = 0; i < 2; i++)
    {
      link.directions[i].to = link.directions[1 - i].from;
      g_unix_fd_add (link.directions[i].from, G_IO_IN, on_packets, &link);
    }
  g_unix_fd_add (link.timer, G_IO_IN, on_timer, &link);
  g_io_add_watch (input, G_IO_IN | G_IO_HUP, on_command, &link);
  g_timeout_add (REPORT_EVERY, on_report, &link);
  g_main_loop_run (link.loop);
  return 0;
}
