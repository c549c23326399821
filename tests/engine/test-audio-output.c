/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inputs play a constant: what is heard is then a sum that can be read off any sample of the mix.
 */
#include "snug-audio-output-private.h"

#include <gst/app/gstappsrc.h>

#include "snug-await.h"
#include "snug-engine.h"
#include "snug-pipeline.h"

#define RATE 48000
#define BLOCK_SAMPLES 960
#define BLOCK_TIME (20 * GST_MSECOND)

/* How late the mix may be against its latency, on a busy machine. */
#define PATIENCE (300 * GST_MSECOND)
/* Where every gap counts: what a speaker's thread may be late there, and how often a machine that is late all the
 * same may try again. What the mix itself does wrong, it does every time. */
#define GENEROUS_LATENCY (500 * GST_MSECOND)
#define MAX_ATTEMPTS 4

/* Somebody who speaks: a thread that pushes 20 ms blocks at their pace, as a decoder does. */
typedef struct
{
  GstElement *source;
  gint16 value;
  gint channels;
  GThread *thread;
  gint running;
} Speaker;

static GstSample *
make_sample (gint16 value, gint channels, GstClockTime stamp)
{
  g_autoptr (GstCaps) caps
      = gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, "S16LE", "layout",
                             G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT, RATE, "channels",
                             G_TYPE_INT, channels, NULL);
  gsize n = BLOCK_SAMPLES * channels;
  gint16 *data = g_new (gint16, n);
  GstBuffer *buffer;
  GstSample *sample;

  for (gsize i = 0; i < n; i++)
    data[i] = value;
  buffer = gst_buffer_new_wrapped (data, n * sizeof (gint16));
  GST_BUFFER_PTS (buffer) = stamp;
  GST_BUFFER_DURATION (buffer) = BLOCK_TIME;
  sample = gst_sample_new (buffer, caps, NULL, NULL);
  gst_buffer_unref (buffer);

  return sample;
}

static void
push (GstElement *source, gint16 value, gint channels, GstClockTime stamp)
{
  g_autoptr (GstSample) sample = make_sample (value, channels, stamp);

  gst_app_src_push_sample (GST_APP_SRC (source), sample);
}

static gpointer
speak (gpointer data)
{
  Speaker *speaker = data;
  GstClockTime stamp = snug_pipeline_now ();

  while (g_atomic_int_get (&speaker->running))
    {
      GstClockTime now = snug_pipeline_now ();

      push (speaker->source, speaker->value, speaker->channels, stamp);
      stamp += BLOCK_TIME;
      if (stamp > now)
        g_usleep ((stamp - now) / GST_USECOND);
    }

  return NULL;
}

static void
speaker_start (Speaker *self, GstElement *source, gint16 value, gint channels)
{
  self->source = gst_object_ref (source);
  self->value = value;
  self->channels = channels;
  g_atomic_int_set (&self->running, TRUE);
  self->thread = g_thread_new ("speaker", speak, self);
}

static void
speaker_stop (Speaker *self)
{
  g_atomic_int_set (&self->running, FALSE);
  g_thread_join (g_steal_pointer (&self->thread));
  gst_clear_object (&self->source);
}

/* What comes out of the mix, block by block. */
typedef struct
{
  GMutex mutex;
  gint16 min, max; /* of the last block */
  guint n_blocks;
  GstClockTime stamp;
  GstClockTime lateness; /* of the last block: now against its stamp */
  /* Blocks, since it was set, with a sample that is not this one. */
  gint16 expected;
  guint n_unexpected;
} Ear;

static GstPadProbeReturn
listen_cb (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Ear *ear = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstMapInfo map;
  gint16 min = G_MAXINT16, max = G_MININT16;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  for (gsize i = 0; i < map.size / sizeof (gint16); i++)
    {
      gint16 value = ((const gint16 *) (gconstpointer) map.data)[i];

      min = MIN (min, value);
      max = MAX (max, value);
    }
  gst_buffer_unmap (buffer, &map);

  g_mutex_lock (&ear->mutex);
  ear->min = min;
  ear->max = max;
  ear->n_blocks++;
  ear->stamp = GST_BUFFER_PTS (buffer);
  ear->lateness = snug_pipeline_now () - MIN (snug_pipeline_now (), ear->stamp);
  if (min != ear->expected || max != ear->expected)
    ear->n_unexpected++;
  g_mutex_unlock (&ear->mutex);

  return GST_PAD_PROBE_OK;
}

static void
ear_listen (Ear *self, SnugAudioOutput *output)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (snug_audio_output_get_mixer (output), "src");

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, listen_cb, self, NULL);
}

static gboolean
ear_hears (Ear *self, gint value, gint tolerance)
{
  gboolean hears;

  g_mutex_lock (&self->mutex);
  hears = self->n_blocks > 0 && ABS (self->min - value) <= tolerance
          && ABS (self->max - value) <= tolerance;
  g_mutex_unlock (&self->mutex);

  return hears;
}

static guint
ear_n_blocks (Ear *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->n_blocks;
  g_mutex_unlock (&self->mutex);

  return n;
}

static GstClockTime
ear_lateness (Ear *self)
{
  GstClockTime lateness;

  g_mutex_lock (&self->mutex);
  lateness = self->lateness;
  g_mutex_unlock (&self->mutex);

  return lateness;
}

static void
ear_expect (Ear *self, gint16 value)
{
  g_mutex_lock (&self->mutex);
  self->expected = value;
  self->n_unexpected = 0;
  g_mutex_unlock (&self->mutex);
}

static guint
ear_n_unexpected (Ear *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->n_unexpected;
  g_mutex_unlock (&self->mutex);

  return n;
}

/* The conditions depend on what a streaming thread does: look again now and then. */
static gboolean
tick_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
await_closed (void)
{
  snug_await (snug_pipeline_get_n_closing () == 0);
}

static guint
count_entries (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
test_finalize (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autofree char *device = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (snug_audio_output_get_device (output));
  g_assert_null (snug_audio_output_get_error (output));
  g_assert_null (snug_audio_output_get_mixer (output));
  g_object_set (output, "device", "speaker", NULL);
  g_object_get (output, "device", &device, "error", &error, NULL);
  g_assert_cmpstr (device, ==, "speaker");
  g_assert_null (error);
  g_assert_finalize_object (output);
}

static void
test_finalize_with_input (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) input = snug_audio_output_add_input (output);

  g_assert_nonnull (snug_audio_output_get_mixer (output));
  g_assert_finalize_object (output);

  /* Whoever still holds it can push, to nowhere. */
  push (input, 1, 2, snug_pipeline_now ());
  await_closed ();
}

static void
test_mix (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) a = snug_audio_output_add_input (output);
  g_autoptr (GstElement) b = snug_audio_output_add_input (output);
  Ear ear = { 0 };
  Speaker one = { 0 }, two = { 0 };

  ear_listen (&ear, output);
  speaker_start (&one, a, 1000, 1);
  speaker_start (&two, b, 2000, 2);
  snug_await (ear_hears (&ear, 3000, 0));

  snug_audio_output_set_input_volume (output, a, 0.5);
  snug_await (ear_hears (&ear, 2500, 4));
  snug_audio_output_set_input_volume (output, a, 1.5);
  snug_await (ear_hears (&ear, 3500, 4));
  snug_audio_output_set_input_volume (output, b, 0.0);
  snug_await (ear_hears (&ear, 1500, 4));
  /* Out of range: clamped. */
  snug_audio_output_set_input_volume (output, a, 100.0);
  snug_audio_output_set_input_volume (output, b, -1.0);
  snug_await (ear_hears (&ear, 1500, 4));

  g_assert_cmpuint (ear_lateness (&ear), <,
                    SNUG_AUDIO_OUTPUT_DEFAULT_INPUT_LATENCY + SNUG_AUDIO_OUTPUT_LATENCY + PATIENCE);

  speaker_stop (&one);
  speaker_stop (&two);
  snug_audio_output_remove_input (output, a);
  snug_audio_output_remove_input (output, b);
  snug_audio_output_remove_input (output, b);
  g_assert_null (snug_audio_output_get_mixer (output));
  g_assert_finalize_object (output);
  await_closed ();
}

/* One falls silent without a word, another never says anything: the third is heard as before. */
static void
test_stalled (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) a = snug_audio_output_add_input (output);
  g_autoptr (GstElement) b = snug_audio_output_add_input (output);
  g_autoptr (GstElement) c = snug_audio_output_add_input (output);
  Ear ear = { 0 };
  Speaker one = { 0 }, two = { 0 };
  guint n;

  g_assert_nonnull (c);
  snug_audio_output_set_input_latency (output, a, GENEROUS_LATENCY);
  ear_listen (&ear, output);
  speaker_start (&one, a, 1000, 1);
  speaker_start (&two, b, 2000, 2);
  snug_await (ear_hears (&ear, 3000, 0));

  speaker_stop (&two);
  snug_await (ear_hears (&ear, 1000, 0));
  for (guint i = 0; i == 0 || (i < MAX_ATTEMPTS && ear_n_unexpected (&ear) > 0); i++)
    {
      ear_expect (&ear, 1000);
      n = ear_n_blocks (&ear);
      snug_await (ear_n_blocks (&ear) >= n + 50);
    }
  g_assert_cmpuint (ear_n_unexpected (&ear), ==, 0);
  g_assert_cmpuint (ear_lateness (&ear), <,
                    GENEROUS_LATENCY + SNUG_AUDIO_OUTPUT_LATENCY + PATIENCE);

  /* And comes back. */
  speaker_start (&two, b, 2000, 2);
  snug_await (ear_hears (&ear, 3000, 0));

  speaker_stop (&two);
  speaker_stop (&one);
  g_assert_finalize_object (output);
  await_closed ();
}

/* Stamps from long ago, from the far future, and none at all. */
static void
test_bad_stamps (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) a = snug_audio_output_add_input (output);
  g_autoptr (GstElement) b = snug_audio_output_add_input (output);
  Ear ear = { 0 };
  Speaker one = { 0 };

  snug_audio_output_set_input_latency (output, a, GENEROUS_LATENCY);
  ear_listen (&ear, output);
  push (b, 5000, 2, snug_pipeline_now () + GST_SECOND * 3600);
  push (b, 5000, 2, 0);
  push (b, 5000, 2, GST_CLOCK_TIME_NONE);
  speaker_start (&one, a, 1000, 1);
  snug_await (ear_hears (&ear, 1000, 0));
  for (guint attempt = 0;
       attempt == 0 || (attempt < MAX_ATTEMPTS && ear_n_unexpected (&ear) > 0); attempt++)
    {
      ear_expect (&ear, 1000);
      for (guint i = 0; i < 20; i++)
        {
          guint n = ear_n_blocks (&ear);

          push (b, 5000, 2, i % 2 == 0 ? GST_SECOND * 3600 * 24 : GST_CLOCK_TIME_NONE);
          snug_await (ear_n_blocks (&ear) > n);
        }
    }
  g_assert_cmpuint (ear_n_unexpected (&ear), ==, 0);

  speaker_stop (&one);
  g_assert_finalize_object (output);
  await_closed ();
}

/* Nothing that can be mixed: harms only the input that it came from. */
static void
test_bad_caps (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) a = snug_audio_output_add_input (output);
  g_autoptr (GstElement) b = snug_audio_output_add_input (output);
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-raw");
  Ear ear = { 0 };
  Speaker one = { 0 };
  guint n;

  ear_listen (&ear, output);
  speaker_start (&one, a, 1000, 1);
  snug_await (ear_hears (&ear, 1000, 0));
  for (guint i = 0; i < 5; i++)
    {
      GstBuffer *buffer = gst_buffer_new_allocate (NULL, 100, NULL);
      g_autoptr (GstSample) sample = NULL;

      GST_BUFFER_PTS (buffer) = snug_pipeline_now ();
      sample = gst_sample_new (buffer, caps, NULL, NULL);
      gst_buffer_unref (buffer);
      gst_app_src_push_sample (GST_APP_SRC (b), sample);
    }
  n = ear_n_blocks (&ear);
  snug_await (ear_n_blocks (&ear) >= n + 30);
  g_assert_true (ear_hears (&ear, 1000, 0));
  g_assert_null (snug_audio_output_get_error (output));

  speaker_stop (&one);
  g_assert_finalize_object (output);
  await_closed ();
}

/* Which pads the mixer gave back, and how many of them while another thread may have been mixing what they hold. */
typedef struct
{
  GThread *main_thread;
  gint n_removed;
  gint n_in_main;
} Pads;

static void
on_pad_removed (GstElement *mixer, GstPad *pad, gpointer user_data)
{
  Pads *pads = user_data;

  g_atomic_int_inc (&pads->n_removed);
  if (g_thread_self () == pads->main_thread)
    g_atomic_int_inc (&pads->n_in_main);
}

/* People come and go, with and without something to say; whoever stays hears no gap, and no pad goes while the mixer
 * is at it. */
static void
test_come_and_go (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) a = snug_audio_output_add_input (output);
  Pads pads = { g_thread_self () };
  Ear ear = { 0 };
  Speaker one = { 0 };
  guint n_gone = 0;

  snug_audio_output_set_input_latency (output, a, GENEROUS_LATENCY);
  g_signal_connect (snug_audio_output_get_mixer (output), "pad-removed", G_CALLBACK (on_pad_removed), &pads);
  ear_listen (&ear, output);
  speaker_start (&one, a, 1000, 1);
  snug_await (ear_hears (&ear, 1000, 0));

  for (guint i = 0; i < 50 || (i < 50 * MAX_ATTEMPTS && ear_n_unexpected (&ear) > 0); i++)
    {
      g_autoptr (GstElement) b = snug_audio_output_add_input (output);
      Speaker two = { 0 };
      guint n = ear_n_blocks (&ear);

      if (i % 50 == 0)
        ear_expect (&ear, 1000);
      if (i % 2 == 0)
        {
          speaker_start (&two, b, 0, 2);
          snug_await (ear_n_blocks (&ear) > n + 3);
        }
      snug_audio_output_remove_input (output, b);
      n_gone++;
      if (i % 2 == 0)
        speaker_stop (&two);
    }
  g_assert_cmpuint (ear_n_unexpected (&ear), ==, 0);
  snug_await ((guint) g_atomic_int_get (&pads.n_removed) == n_gone);
  g_assert_cmpint (g_atomic_int_get (&pads.n_in_main), ==, 0);

  speaker_stop (&one);
  g_assert_finalize_object (output);
  await_closed ();
}

/* First in, last out, again and again: threads and descriptors stay as they were. */
static void
test_restarts (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  guint n_threads = 0, n_fds = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GstElement) a = snug_audio_output_add_input (output);
      Ear ear = { 0 };
      Speaker one = { 0 };

      ear_listen (&ear, output);
      speaker_start (&one, a, 1000, 1);
      snug_await (ear_n_blocks (&ear) > 0);
      speaker_stop (&one);
      snug_audio_output_remove_input (output, a);
      await_closed ();

      g_thread_pool_stop_unused_threads ();
      if (i == 4)
        {
          n_threads = count_entries ("/proc/self/task");
          n_fds = count_entries ("/proc/self/fd");
        }
    }
  g_thread_pool_stop_unused_threads ();
  snug_await (count_entries ("/proc/self/task") <= n_threads + 2);
  g_assert_cmpuint (count_entries ("/proc/self/fd"), <=, n_fds);

  g_assert_finalize_object (output);
}

/* A longer jitter buffer upstream: the mix waits for what comes later. */
static void
test_latency (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) a = snug_audio_output_add_input (output);
  g_autoptr (GstElement) b = snug_audio_output_add_input (output);
  Ear ear = { 0 };
  Speaker one = { 0 };
  guint n;

  ear_listen (&ear, output);
  snug_audio_output_set_input_latency (output, b, 400 * GST_MSECOND);
  speaker_start (&one, a, 1000, 1);
  snug_await (ear_hears (&ear, 1000, 0));

  /* b was heard once and is then waited for, as long as it may take. */
  push (b, 0, 1, snug_pipeline_now ());
  n = ear_n_blocks (&ear);
  snug_await (ear_n_blocks (&ear) >= n + 50);
  g_assert_cmpuint (ear_lateness (&ear), >=, 400 * GST_MSECOND);
  for (guint i = 0; i == 0 || (i < MAX_ATTEMPTS && ear_n_unexpected (&ear) > 0); i++)
    {
      ear_expect (&ear, 1000);
      n = ear_n_blocks (&ear);
      snug_await (ear_n_blocks (&ear) >= n + 20);
    }
  g_assert_cmpuint (ear_n_unexpected (&ear), ==, 0);

  speaker_stop (&one);
  g_assert_finalize_object (output);
  await_closed ();
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *) user_data)++;
}

/* No sound server: said once, and the mix keeps its pace. */
static void
test_no_speaker (void)
{
  SnugAudioOutput *output = snug_audio_output_new (FALSE);
  g_autoptr (GstElement) a = NULL;
  guint n_notified = 0;
  Ear ear = { 0 };
  Speaker one = { 0 };

  g_signal_connect (output, "notify::error", G_CALLBACK (on_notify), &n_notified);
  a = snug_audio_output_add_input (output);
  g_assert_nonnull (snug_audio_output_get_error (output));
  g_assert_true (snug_audio_output_get_error (output)->domain == SNUG_MEDIA_ERROR);
  g_assert_cmpuint (n_notified, ==, 1);
  g_test_message ("%s", snug_audio_output_get_error (output)->message);

  ear_listen (&ear, output);
  speaker_start (&one, a, 1000, 1);
  snug_await (ear_hears (&ear, 1000, 0));

  /* Trying again, and another one: builds the pipeline anew around the same input. */
  snug_audio_output_set_device (output, NULL);
  g_assert_cmpuint (n_notified, ==, 3);
  snug_audio_output_set_device (output, "another");
  g_assert_cmpuint (n_notified, ==, 5);
  g_assert_cmpstr (snug_audio_output_get_device (output), ==, "another");
  g_assert_nonnull (snug_audio_output_get_error (output));
  ear = (Ear) { 0 };
  ear_listen (&ear, output);
  snug_await (ear_hears (&ear, 1000, 0));

  speaker_stop (&one);
  snug_audio_output_remove_input (output, a);
  g_assert_finalize_object (output);
  await_closed ();
}

static void
fail_pipeline (SnugAudioOutput *output)
{
  GstElement *mixer = snug_audio_output_get_mixer (output);
  g_autoptr (GError) error
    = g_error_new (GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, "broken");

  gst_element_post_message (mixer, gst_message_new_error (GST_OBJECT (mixer), error, NULL));
}

/* Something breaks in the middle: the same inputs go on in another pipeline; a thing that always breaks is left alone. */
static void
test_failure (void)
{
  SnugAudioOutput *output = snug_audio_output_new (TRUE);
  g_autoptr (GstElement) a = snug_audio_output_add_input (output);
  Speaker one = { 0 };
  GstElement *mixer = NULL;

  speaker_start (&one, a, 1000, 1);
  for (guint i = 0; i < 3; i++)
    {
      Ear ear = { 0 };

      ear_listen (&ear, output);
      snug_await (ear_hears (&ear, 1000, 0));
      mixer = gst_object_ref (snug_audio_output_get_mixer (output));
      fail_pipeline (output);
      snug_await (snug_audio_output_get_mixer (output) != mixer);
      g_assert_nonnull (snug_audio_output_get_mixer (output));
      gst_object_unref (mixer);
      g_assert_true (g_error_matches (snug_audio_output_get_error (output), SNUG_MEDIA_ERROR,
                                      SNUG_MEDIA_ERROR_FAILED));
    }
  fail_pipeline (output);
  snug_await (snug_audio_output_get_mixer (output) == NULL);

  speaker_stop (&one);
  snug_audio_output_remove_input (output, a);

  /* The next first input begins afresh. */
  gst_clear_object (&a);
  a = snug_audio_output_add_input (output);
  g_assert_null (snug_audio_output_get_error (output));
  g_assert_nonnull (snug_audio_output_get_mixer (output));
  g_assert_finalize_object (output);
  await_closed ();
}

int
main (int argc, char *argv[])
{
  /* There is none there. */
  g_setenv ("PULSE_SERVER", "unix:/nonexistent/pulse", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));
  g_timeout_add (5, tick_cb, NULL);

  g_test_add_func ("/audio-output/finalize", test_finalize);
  g_test_add_func ("/audio-output/finalize-with-input", test_finalize_with_input);
  g_test_add_func ("/audio-output/mix", test_mix);
  g_test_add_func ("/audio-output/stalled", test_stalled);
  g_test_add_func ("/audio-output/bad-stamps", test_bad_stamps);
  g_test_add_func ("/audio-output/bad-caps", test_bad_caps);
  g_test_add_func ("/audio-output/come-and-go", test_come_and_go);
  g_test_add_func ("/audio-output/restarts", test_restarts);
  g_test_add_func ("/audio-output/latency", test_latency);
  g_test_add_func ("/audio-output/no-speaker", test_no_speaker);
  g_test_add_func ("/audio-output/failure", test_failure);

  return g_test_run ();
}
