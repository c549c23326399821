/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the interface alone costs: raw pictures come in as they come from a decoder, and are converted and drawn. No
 * network, no decoding, no devices.
 *
 *   snug-bench-ui empty|tiles SECONDS
 *
 * Writes one JSON object: cpu_seconds (of this process, all threads), seconds, drawn (pictures fetched for drawing).
 */
#include "snug-app-fixture.h"

#include "snug-await.h"
#include "snug-fake-person.h"
#include "snug-tile-area.h"
#include "snug-video-tile.h"

#include <stdlib.h>
#include <sys/resource.h>

#define N_TILES 4
#define WIDTH 640
#define HEIGHT 360
#define RATE 30
/* A second of pictures, then the same again. */
#define N_PICTURES RATE
#define WINDOW_WIDTH 1200
#define WINDOW_HEIGHT 750
#define WARM_UP_SECONDS 3

typedef struct
{
  GstSample *pictures[N_PICTURES];
  SnugVideoFeed *feeds[N_TILES];
  gint stop; /* atomic */
} Source;

/* A slope that runs through the picture: every pixel changes, as before a real camera. */
static GstSample *
make_picture (guint number)
{
  gsize size = WIDTH * HEIGHT * 3 / 2;
  guint8 *data = g_malloc (size);
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (GstCaps) caps = gst_caps_new_simple ("video/x-raw",
                                                  "format", G_TYPE_STRING, "I420",
                                                  "width", G_TYPE_INT, WIDTH,
                                                  "height", G_TYPE_INT, HEIGHT,
                                                  "framerate", GST_TYPE_FRACTION, RATE, 1,
                                                  NULL);

  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 0; x < WIDTH; x++)
      data[y * WIDTH + x] = (guint8) (16 + (x + 2 * y + number * 7) % 210);
  for (guint i = WIDTH * HEIGHT; i < size; i++)
    data[i] = (guint8) (96 + (i + number * 3) % 64);
  buffer = gst_buffer_new_wrapped (data, size);
  return gst_sample_new (buffer, caps, NULL, NULL);
}

/* The streaming thread. */
static gpointer
play (gpointer data)
{
  Source *source = data;
  gint64 begin = g_get_monotonic_time ();

  for (guint n = 0; !g_atomic_int_get (&source->stop); n++)
    {
      gint64 ahead = begin + (gint64) n * G_USEC_PER_SEC / RATE - g_get_monotonic_time ();

      if (ahead > 0)
        g_usleep ((gulong) ahead);
      for (guint i = 0; i < N_TILES; i++)
        snug_video_feed_push (source->feeds[i], source->pictures[(n + i * 7) % N_PICTURES]);
    }
  return NULL;
}

static GtkWidget *
make_tiles (Source *source)
{
  static const char *const names[N_TILES] = { "Maya Okafor", "Lena Fischer", "Omar Haddad", "Jonas Lind" };
  g_autoptr (GListStore) people = g_list_store_new (SNUG_TYPE_FAKE_PERSON);
  SnugLocalMedia *media = snug_devices_get_local_media (snug_app_fixture_get_devices ());
  SnugTileArea *area = g_object_new (SNUG_TYPE_TILE_AREA, NULL);

  snug_local_media_set_video_enabled (media, FALSE);
  for (guint i = 0; i < N_PICTURES; i++)
    source->pictures[i] = make_picture (i);
  for (guint i = 0; i < N_TILES; i++)
    {
      g_autoptr (SnugFakePerson) person = snug_fake_person_new (names[i]);

      g_object_get (person, "video-feed", &source->feeds[i], NULL);
      g_object_set (person, "video-enabled", TRUE, NULL);
      g_list_store_append (people, person);
    }
  gtk_widget_add_css_class (GTK_WIDGET (area), "stage");
  snug_tile_area_set_people (area, G_LIST_MODEL (people), G_OBJECT (people), media, "Robin Vale");
  snug_tile_area_set_own_hidden (area, TRUE);
  return GTK_WIDGET (area);
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static guint64
count_drawn (Source *source)
{
  guint64 drawn = 0;

  for (guint i = 0; i < N_TILES; i++)
    if (source->feeds[i] != NULL)
      drawn += snug_video_feed_get_n_frames (source->feeds[i]) - snug_video_feed_get_n_dropped (source->feeds[i]);
  return drawn;
}

static gboolean
on_time (gpointer passed)
{
  *(gboolean *) passed = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint seconds)
{
  gboolean passed = FALSE;

  g_timeout_add (seconds * 1000, on_time, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc, char **argv)
{
  Source source = { 0 };
  gboolean tiles = argc == 3 && g_str_equal (argv[1], "tiles");
  guint seconds = argc == 3 ? (guint) CLAMP (atoi (argv[2]), 0, 600) : 0;
  GThread *thread = NULL;
  GtkWidget *window;
  gint64 begin;
  guint64 drawn;
  double cpu;

  if (seconds == 0 || (!tiles && !g_str_equal (argv[1], "empty")))
    {
      g_printerr ("Usage: snug-bench-ui empty|tiles SECONDS\n");
      return 2;
    }
  snug_app_fixture_start ();
  window = snug_app_fixture_show (tiles ? make_tiles (&source) : g_object_new (GTK_TYPE_BOX, NULL),
                                  WINDOW_WIDTH, WINDOW_HEIGHT);
  if (tiles)
    thread = g_thread_new ("pictures", play, &source);
  run_for (WARM_UP_SECONDS);

  begin = g_get_monotonic_time ();
  cpu = cpu_seconds ();
  drawn = count_drawn (&source);
  run_for (seconds);
  g_print ("{\"cpu_seconds\":%.4f,\"seconds\":%.4f,\"drawn\":%" G_GUINT64_FORMAT "}\n", cpu_seconds () - cpu,
           (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC, count_drawn (&source) - drawn);

  g_atomic_int_set (&source.stop, TRUE);
  if (thread != NULL)
    g_thread_join (thread);
  snug_app_fixture_close (window);
  for (guint i = 0; i < N_TILES; i++)
    g_clear_object (&source.feeds[i]);
  for (guint i = 0; i < N_PICTURES; i++)
    g_clear_pointer (&source.pictures[i], gst_sample_unref);
  return 0;
}
