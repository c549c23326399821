/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of local media: somebody who listens to what is sent, and short ways to say what is done again and again.
 */
#pragma once

#include "snug-await.h"
#include "snug-local-media-private.h"
#include "snug-pipeline.h"

G_BEGIN_DECLS

/* What the test tone is, and what a meter may be off. */
#define SNUG_TEST_TONE_DBFS -26.1
#define SNUG_TEST_LEVEL_TOLERANCE 1.0

/* Attached to a feed as long as it lives. The fields are read once nothing comes any more, or under the mutex. */
typedef struct
{
  GstElement *pipeline;
  SnugEncodedFeed *feed;
  GstAppSrc *src;

  GMutex mutex;
  guint n_buffers;
  guint n_keys;
  guint n_empty; /* of sound, of suppressed silence */
  gboolean first_is_key;
  gboolean in_order; /* stamps only ever rise */
  GstClockTime first_pts;
  GstClockTime last_pts;
  GstClockTimeDiff worst_age; /* of all: running time on arrival less the stamp */
  char *media_type;
  int width;
} SnugTestListener;

SnugTestListener *snug_test_listener_new (SnugEncodedFeed *feed);
void snug_test_listener_free (SnugTestListener *listener);
guint snug_test_listener_get_n_buffers (SnugTestListener *listener);
guint snug_test_listener_get_n_keys (SnugTestListener *listener);
guint snug_test_listener_get_n_empty (SnugTestListener *listener);
int snug_test_listener_get_width (SnugTestListener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugTestListener, snug_test_listener_free)

/* 320x180 at 30, from these sources in the words of the command line. Returns: (transfer full). */
SnugLocalMedia *snug_test_media_new (const char *video, const char *audio);
void snug_test_media_set_sources (SnugLocalMedia *media, const char *video, const char *audio);
guint64 snug_test_media_get_n_frames (SnugLocalMedia *media);

/* Drops the last reference, and sees that the pipelines are down, too. */
#define snug_test_media_await_gone(media)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    snug_await_finalized (media);                                                                  \
    snug_await (snug_pipeline_get_n_closing () == 0);                                              \
  }                                                                                                \
  G_STMT_END

#define snug_test_media_await_level(media, dbfs)                                                   \
  snug_await (ABS (snug_local_media_get_audio_level (media) - (dbfs)) < SNUG_TEST_LEVEL_TOLERANCE)

/* Runs the main context for so long. */
void snug_test_await_time (GstClockTime length);

/* g_test_run() with a tick: what changes on other threads wakes nobody, and awaiting it means looking now and
 * then. */
int snug_test_run_ticking (void);

G_END_DECLS
