/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Twenty joins and leaves in one process leave nothing behind. SNUG_TEST_CYCLES: as many as one likes, which a measurement of
 * memory needs.
 */
#include <string.h>

#include "snug-await.h"
#include "snug-test-call.h"

#define N_WARM_UP 3
#define N_CYCLES 20

static guint
get_n_cycles (void)
{
  const char *text = g_getenv ("SNUG_TEST_CYCLES");

  return text != NULL ? (guint) CLAMP (g_ascii_strtoll (text, NULL, 10), 1, 100000) : N_CYCLES;
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static guint
get_rss_kilobytes (void)
{
  g_autofree char *status = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  line = strstr (status, "VmRSS:");

  return g_ascii_strtoull (line + strlen ("VmRSS:"), NULL, 10);
}

static void
join_and_leave (SnugMockRoom *room, SnugTestPerson *first)
{
  g_autoptr (SnugTestPerson) second = snug_test_person_new (room, "Second", TRUE);
  guint n_frames = first->n_first_frames;

  snug_test_person_join (second);
  snug_await (first->n_first_frames == n_frames + 2 && second->n_first_frames == 2);
  snug_test_person_leave (second);
  snug_await (snug_test_person_get_peer (first, 0) == NULL);
}

static void
test_cycles (void)
{
  g_autoptr (SnugMockRoom) room = snug_mock_room_new ();
  g_autoptr (SnugTestPerson) first = snug_test_person_new (room, "First", TRUE);
  guint n_cycles = get_n_cycles ();
  guint fds, threads, rss;

  snug_test_person_join (first);
  for (guint i = 0; i < N_WARM_UP; i++)
    join_and_leave (room, first);
  fds = count_entries ("/proc/self/fd");
  threads = count_entries ("/proc/self/task");
  rss = get_rss_kilobytes ();

  for (guint i = 1; i <= n_cycles; i++)
    {
      join_and_leave (room, first);
      if (i % 100 == 0)
        g_test_message ("%u cycles: %u fds, %u threads, RSS %u kB", i, count_entries ("/proc/self/fd"),
                        count_entries ("/proc/self/task"), get_rss_kilobytes ());
    }

  /* GStreamer's thread pools give their threads back when they like: as many as before must do in the end. */
  snug_await (count_entries ("/proc/self/fd") <= fds);
  snug_await (count_entries ("/proc/self/task") <= threads + 2);
  g_test_message ("%u cycles: fds %u -> %u, threads %u -> %u, RSS %u -> %u kB", n_cycles, fds,
                  count_entries ("/proc/self/fd"), threads, count_entries ("/proc/self/task"), rss,
                  get_rss_kilobytes ());
}

int
main (int argc, char *argv[])
{
  snug_test_init (&argc, &argv);

  g_test_add_func ("/call-cycles/joins-and-leaves", test_cycles);

  return snug_test_run ();
}
