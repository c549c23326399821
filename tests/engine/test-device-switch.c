/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Another microphone or speaker in the middle of a call, with devices of PipeWire that tests/tools/desktop has and some more: how
 * long nothing is sent or played then.
 */
#include <gio/gio.h>
#include <gst/app/gstappsrc.h>
#include <sys/resource.h>

#include "snug-audio-output-private.h"
#include "snug-device-list.h"
#include "snug-engine.h"
#include "snug-pipeline.h"
#include "snug-test-media.h"

/* The goal, and how often a machine that is busy may try again. */
#define MAX_GAP_MS 100
#define MAX_ATTEMPTS 6
#define N_MODULES 3
/* Louder than this is sound. */
#define SILENCE 50
#define RATE 48000
#define BLOCK 960

static char *
load_module (const char *arguments)
{
  g_autofree char *command = g_strdup_printf ("pactl load-module %s", arguments);
  g_autoptr (GError) error = NULL;
  char *number = NULL;
  int status;

  g_spawn_command_line_sync (command, &number, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return g_strstrip (number);
}

static void
unload_module (char *number)
{
  g_autofree char *command = g_strdup_printf ("pactl unload-module %s", number);

  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
  g_free (number);
}

static gboolean
is_skipped (void)
{
  if (g_getenv ("SNUG_DESKTOP") != NULL)
    return FALSE;

  g_test_skip ("needs the sound server of tests/tools/desktop");

  return TRUE;
}

/* The longest time between one packet of the encoder and the next, by their stamps and by when they came. */
typedef struct
{
  GMutex mutex;
  GstClockTime last_pts;
  GstClockTime last_arrival;
  GstClockTime stamp_gap;
  GstClockTime arrival_gap;
} Gaps;

static GstPadProbeReturn
on_packet (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Gaps *gaps = user_data;
  GstClockTime pts = GST_BUFFER_PTS (GST_PAD_PROBE_INFO_BUFFER (info));
  GstClockTime now = snug_pipeline_now ();

  g_mutex_lock (&gaps->mutex);
  if (gaps->last_arrival != 0)
    {
      gaps->stamp_gap = MAX (gaps->stamp_gap, pts - gaps->last_pts);
      gaps->arrival_gap = MAX (gaps->arrival_gap, now - gaps->last_arrival);
    }
  gaps->last_pts = pts;
  gaps->last_arrival = now;
  g_mutex_unlock (&gaps->mutex);

  return GST_PAD_PROBE_OK;
}

static void
gaps_reset (Gaps *gaps)
{
  g_mutex_lock (&gaps->mutex);
  gaps->stamp_gap = gaps->arrival_gap = 0;
  g_mutex_unlock (&gaps->mutex);
}

static void
test_microphone (void)
{
  char *modules[N_MODULES];
  Gaps gaps = { 0 };
  SnugLocalMedia *media;
  guint n_good = 0;

  if (is_skipped ())
    return;

  g_mutex_init (&gaps.mutex);
  modules[0] = load_module ("module-null-sink sink_name=snug_headset");
  modules[1] = load_module ("module-remap-source source_name=snug_headset_microphone "
                            "master=snug_headset.monitor");
  media = snug_test_media_new ("none", "mic:snug_microphone");
  {
    g_autoptr (SnugTestListener) audio
        = snug_test_listener_new (snug_local_media_get_audio_feed (media));
    g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (audio->src), "src");

    gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_packet, &gaps, NULL);
    snug_await (snug_test_listener_get_n_buffers (audio) > 10);

    for (guint attempt = 0; attempt < MAX_ATTEMPTS && n_good < 2; attempt++)
      {
        guint n_before;

        gaps_reset (&gaps);
        snug_test_media_set_sources (media, "none",
                                     attempt % 2 == 0 ? "mic:snug_headset_microphone"
                                                      : "mic:snug_microphone");
        /* Nobody is told that there is no sound. */
        g_assert_true (snug_local_media_get_audio_active (media));
        n_before = snug_test_listener_get_n_buffers (audio);
        snug_await (snug_test_listener_get_n_buffers (audio) > n_before + 50);
        g_assert_true (snug_local_media_get_audio_active (media));
        g_test_message ("microphone: at most %.0f ms between two packets (%.0f ms by their stamps)",
                        gaps.arrival_gap / 1e6, gaps.stamp_gap / 1e6);
        n_good += gaps.stamp_gap <= MAX_GAP_MS * GST_MSECOND;
      }
    g_assert_cmpuint (n_good, >=, 2);
    g_assert_true (audio->in_order);
  }
  snug_test_media_await_gone (media);
  unload_module (modules[1]);
  unload_module (modules[0]);
  g_mutex_clear (&gaps.mutex);
}

/* A microphone that is not there: the one before is not sent any longer. */
static void
test_missing (void)
{
  SnugLocalMedia *media;

  if (is_skipped ())
    return;

  media = snug_test_media_new ("none", "mic:snug_microphone");
  snug_await (snug_local_media_get_audio_active (media));
  snug_test_media_set_sources (media, "none", "mic:nobody");
  snug_await (snug_local_media_get_audio_error (media) != NULL);
  snug_await (!snug_local_media_get_audio_active (media));
  snug_test_media_set_sources (media, "none", "mic:snug_microphone");
  snug_await (snug_local_media_get_audio_active (media));
  g_assert_null (snug_local_media_get_audio_error (media));
  /* Again and again, faster than any of them opens. */
  for (guint i = 0; i < 10; i++)
    snug_test_media_set_sources (media, "none", i % 2 == 0 ? "mic" : "mic:snug_microphone");
  snug_await (snug_local_media_get_audio_active (media));
  snug_test_media_set_sources (media, "none", "none");
  snug_await (!snug_local_media_get_audio_active (media));
  snug_test_media_await_gone (media);
}

/* What is heard of two speakers. */
typedef struct
{
  GstElement *pipelines[2];
  GMutex mutex;
  GstClockTime last_loud;
  GstClockTime gap;
} Ears;

static GstPadProbeReturn
on_heard (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Ears *ears = user_data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  GstMapInfo map;
  const gint16 *samples;

  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
  samples = (const gint16 *) (gconstpointer) map.data;
  g_mutex_lock (&ears->mutex);
  for (gsize i = 0; i < map.size / sizeof (gint16); i++)
    if (ABS (samples[i]) > SILENCE)
      {
        GstClockTime now = GST_BUFFER_PTS (buffer) + i * GST_SECOND / RATE;

        if (ears->last_loud != 0 && now > ears->last_loud)
          ears->gap = MAX (ears->gap, now - ears->last_loud);
        ears->last_loud = MAX (ears->last_loud, now);
      }
  g_mutex_unlock (&ears->mutex);
  gst_buffer_unmap (buffer, &map);

  return GST_PAD_PROBE_OK;
}

static void
ears_listen (Ears *self, guint i, const char *sink)
{
  g_autofree char *description
      = g_strdup_printf ("pulsesrc device=%s.monitor provide-clock=false latency-time=10000 "
                         "! audio/x-raw,format=S16LE,rate=48000,channels=1 ! fakesink name=sink",
                         sink);
  g_autoptr (GstElement) fakesink = NULL;
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();

  self->pipelines[i] = gst_parse_launch (description, NULL);
  fakesink = gst_bin_get_by_name (GST_BIN (self->pipelines[i]), "sink");
  pad = gst_element_get_static_pad (fakesink, "sink");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_heard, self, NULL);
  /* One clock, so that what the two hear can be told apart in time. */
  gst_pipeline_use_clock (GST_PIPELINE (self->pipelines[i]), clock);
  gst_element_set_start_time (self->pipelines[i], GST_CLOCK_TIME_NONE);
  gst_element_set_base_time (self->pipelines[i], 0);
  gst_element_set_state (self->pipelines[i], GST_STATE_PLAYING);
}

static gboolean
ears_have_heard (Ears *self, GstClockTime since)
{
  gboolean heard;

  g_mutex_lock (&self->mutex);
  heard = self->last_loud > since;
  g_mutex_unlock (&self->mutex);

  return heard;
}

/* Somebody speaks, at the pace of speech, as a decoder does; loud in every sample. */
typedef struct
{
  GstElement *input;
  GThread *thread;
  int running; /* atomic */
} Mouth;

static gpointer
speak (gpointer data)
{
  Mouth *mouth = data;
  g_autoptr (GstCaps) caps = gst_caps_from_string (
      "audio/x-raw, format=S16LE, layout=interleaved, rate=48000, channels=1");
  GstClockTime stamp = snug_pipeline_now ();

  while (g_atomic_int_get (&mouth->running))
    {
      gint16 *samples = g_new (gint16, BLOCK);
      g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped (samples, BLOCK * sizeof (gint16));
      g_autoptr (GstSample) sample = NULL;
      GstClockTime now;

      for (guint i = 0; i < BLOCK; i++)
        samples[i] = (i / 48) % 2 == 0 ? 8000 : -8000;
      GST_BUFFER_PTS (buffer) = stamp;
      GST_BUFFER_DURATION (buffer) = BLOCK * GST_SECOND / RATE;
      sample = gst_sample_new (buffer, caps, NULL, NULL);
      gst_app_src_push_sample (GST_APP_SRC (mouth->input), sample);
      stamp += BLOCK * GST_SECOND / RATE;
      now = snug_pipeline_now ();
      if (stamp > now)
        g_usleep ((stamp - now) / GST_USECOND);
    }

  return NULL;
}

static void
test_speaker (void)
{
  static const char *const speakers[] = { "snug_speakers", "snug_headphones" };
  char *module;
  SnugAudioOutput *output;
  Mouth mouth = { .running = TRUE };
  g_autoptr (SnugDeviceList) list = snug_device_list_new (SNUG_DEVICE_SPEAKER);
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  Ears ears = { 0 };
  guint n_good = 0;

  if (is_skipped ())
    return;

  g_mutex_init (&ears.mutex);
  module = load_module ("module-null-sink sink_name=snug_headphones");
  ears_listen (&ears, 0, speakers[0]);
  ears_listen (&ears, 1, speakers[1]);
  output = snug_audio_output_new (FALSE);
  snug_audio_output_set_device (output, speakers[0]);
  mouth.input = snug_audio_output_add_input (output);
  mouth.thread = g_thread_new ("mouth", speak, &mouth);
  snug_await (snug_device_list_find (list, speakers[0]) != NULL
              && snug_device_list_find (list, speakers[1]) != NULL);

  for (guint attempt = 0; attempt < MAX_ATTEMPTS && n_good < 2; attempt++)
    {
      snug_await (ears_have_heard (&ears, gst_clock_get_time (clock) - GST_SECOND));
      snug_test_await_time (GST_SECOND);
      g_mutex_lock (&ears.mutex);
      ears.gap = 0;
      g_mutex_unlock (&ears.mutex);
      snug_audio_output_set_device (output, speakers[(attempt + 1) % 2]);
      snug_test_await_time (1500 * GST_MSECOND);
      snug_await (ears_have_heard (&ears, gst_clock_get_time (clock) - 500 * GST_MSECOND));
      g_test_message ("speaker: nothing is heard for %.0f ms", ears.gap / 1e6);
      g_assert_null (snug_audio_output_get_error (output));
      n_good += ears.gap <= MAX_GAP_MS * GST_MSECOND;
    }

  g_atomic_int_set (&mouth.running, FALSE);
  g_thread_join (mouth.thread);
  snug_audio_output_remove_input (output, mouth.input);
  gst_object_unref (mouth.input);
  snug_await_finalized (output);
  snug_await (snug_pipeline_get_n_closing () == 0);
  for (guint i = 0; i < 2; i++)
    {
      gst_element_set_state (ears.pipelines[i], GST_STATE_NULL);
      gst_object_unref (ears.pipelines[i]);
    }
  unload_module (module);
  g_mutex_clear (&ears.mutex);
  g_assert_cmpuint (n_good, >=, 2);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  /* As the sound server does: what other tests do to this machine is not to be heard. */
  setpriority (PRIO_PROCESS, 0, -15);
  g_assert_true (snug_engine_init (&error));
  g_test_add_func ("/device-switch/microphone", test_microphone);
  g_test_add_func ("/device-switch/missing", test_missing);
  g_test_add_func ("/device-switch/speaker", test_speaker);

  return snug_test_run_ticking ();
}
