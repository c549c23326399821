/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Echo cancellation with real sound paths: a speaker and a microphone of PipeWire, and a room between them that brings what is
 * played back, later and softer. Needs the sound server that tests/tools/desktop starts.
 */
#include <gio/gio.h>
#include <gst/app/gstappsrc.h>
#include <gst/audio/audio.h>
#include <sys/resource.h>

#include "snug-fixtures.h"
#include "snug-audio-output-private.h"
#include "snug-clip-player.h"
#include "snug-engine.h"
#include "snug-local-media-private.h"
#include "snug-pipeline.h"
#include "snug-test-media.h"
#include "snug-test-speech.h"
#include "snug-voice-filter.h"

#define RATE SNUG_TEST_SPEECH_RATE
#define SPEAKER "snug_test_speaker"
#define ROOM "snug_test_room"
#define MICROPHONE "snug_test_microphone"
/* What the air adds to what the sound server takes anyway, and takes away. */
#define ROOM_DELAY_MS "60"
#define N_MODULES 4
#define PRIORITY (-15)
/* The one stream into the room is what comes through the air. */
#define SOFTER                                                                                     \
  "room=$(pactl list short sinks | awk '$2 == \"" ROOM "\" { print $1 }'); "                       \
  "air=$(pactl list short sink-inputs | awk -v room=$room '$2 == room { print $1 }'); "            \
  "pactl set-sink-input-volume $air -6dB"

/* Goals: for the echo, in this many seconds in a row; for whoever speaks here. */
#define ATTENUATION_DB 25.0
#define STRETCH 3
#define NEAR_LOSS_DB 8.0
#define LIKENESS 0.6
#define NEAR_SECONDS 6

#define PATIENCE_SECONDS 40
#define MAX_ATTEMPTS 4

typedef struct
{
  char *modules[N_MODULES];
  GstElement *near; /* NULL: nobody speaks here */
  SnugAudioOutput *output;
  SnugLocalMedia *media;
  SnugClipPlayer *far; /* NULL: nobody speaks there */
  GBytes *far_speech;
  GBytes *near_speech;

  GMutex mutex;
  GByteArray *sent;
} Call;

static char *
load_module (const char *name, const char *const *arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  g_strv_builder_add_many (builder, "pactl", "load-module", name, NULL);
  g_strv_builder_addv (builder, (const char **) arguments);
  argv = g_strv_builder_end (builder);
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return g_strstrip (output);
}

static void
run_shell (const char *command)
{
  g_autoptr (GError) error = NULL;
  const char *argv[] = { "sh", "-ec", command, NULL };
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static void
unload_module (char *number)
{
  const char *argv[] = { "pactl", "unload-module", number, NULL };

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (number);
}

static void
on_sample (GstSample *sample, gpointer user_data)
{
  Call *call = user_data;
  GstMapInfo map;

  g_assert_true (gst_buffer_map (gst_sample_get_buffer (sample), &map, GST_MAP_READ));
  g_mutex_lock (&call->mutex);
  g_byte_array_append (call->sent, map.data, map.size);
  g_mutex_unlock (&call->mutex);
  gst_buffer_unmap (gst_sample_get_buffer (sample), &map);
}

static gsize
n_sent (Call *call)
{
  gsize n;

  g_mutex_lock (&call->mutex);
  n = call->sent->len / sizeof (gint16);
  g_mutex_unlock (&call->mutex);

  return n;
}

static void
begin (Call *call)
{
  g_mutex_lock (&call->mutex);
  g_byte_array_set_size (call->sent, 0);
  g_mutex_unlock (&call->mutex);
}

/* Returns: (transfer full): what was sent in so many seconds since begin(). */
static gint16 *
listen (Call *call, double seconds)
{
  gsize n = seconds * RATE;
  gint16 *samples;

  snug_await (n_sent (call) >= n);
  g_mutex_lock (&call->mutex);
  samples = g_memdup2 (call->sent->data, n * sizeof (gint16));
  g_mutex_unlock (&call->mutex);

  return samples;
}

static double
listen_level (Call *call, double seconds)
{
  g_autofree gint16 *samples = NULL;

  begin (call);
  samples = listen (call, seconds);

  return snug_test_speech_level (samples, seconds * RATE);
}

static GstElement *
launch (const char *description)
{
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (description, &error);

  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);

  return pipeline;
}

static void
stop (GstElement **pipeline)
{
  if (*pipeline == NULL)
    return;

  gst_element_set_state (*pipeline, GST_STATE_NULL);
  gst_clear_object (pipeline);
}

static void
speak_near (Call *call)
{
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped_bytes (call->near_speech);

  call->near = launch ("appsrc name=source format=time caps=audio/x-raw,format=" GST_AUDIO_NE (
      S16) ",layout=interleaved,rate=48000,channels=1 ! pulsesink buffer-time=60000 device=" ROOM);
  source = gst_bin_get_by_name (GST_BIN (call->near), "source");
  GST_BUFFER_PTS (buffer) = 0;
  gst_app_src_push_buffer (GST_APP_SRC (source), g_steal_pointer (&buffer));
}

static void
far_is_over (gpointer user_data)
{
  g_assert_not_reached ();
}

static void
speak_far (Call *call, gboolean speaking)
{
  g_clear_pointer (&call->far, snug_clip_player_free);
  if (speaking)
    call->far = snug_clip_player_new (call->output, call->far_speech, far_is_over, NULL);
}

static void
call_start (Call *call)
{
  const char *const speaker[] = { "sink_name=" SPEAKER, NULL };
  const char *const room[] = { "sink_name=" ROOM, NULL };
  const char *const microphone[] = { "source_name=" MICROPHONE, "master=" ROOM ".monitor", NULL };
  const char *const path[] = { "source=" SPEAKER ".monitor", "sink=" ROOM, "latency_msec=" ROOM_DELAY_MS,
                               "source_dont_move=true", "sink_dont_move=true", NULL };

  g_mutex_init (&call->mutex);
  call->sent = g_byte_array_new ();
  call->far_speech = snug_test_speech_new (1, 120, 0.5, 200);
  call->near_speech = snug_test_speech_new (7, 200, 0.5, 60);
  call->modules[0] = load_module ("module-null-sink", speaker);
  call->modules[1] = load_module ("module-null-sink", room);
  call->modules[2] = load_module ("module-remap-source", microphone);
  call->modules[3] = load_module ("module-loopback", path);
  run_shell (SOFTER);
  /* A machine that is busy drops sound between one quantum and the next, which no microphone does. */
  run_shell ("pw-metadata -n settings 0 clock.force-quantum 1024");

  call->output = snug_audio_output_new (FALSE);
  snug_audio_output_set_device (call->output, SPEAKER);
  call->media = snug_test_media_new ("none", "mic:" MICROPHONE);
  snug_local_voice_set_echo_reference (snug_local_media_get_voice (call->media),
                                       snug_audio_output_get_echo_reference (call->output));
  snug_local_voice_set_tap (snug_local_media_get_voice (call->media), on_sample, call, NULL);
  snug_await (snug_local_media_get_audio_active (call->media));
}

static void
call_end (Call *call)
{
  speak_far (call, FALSE);
  stop (&call->near);
  snug_local_voice_set_tap (snug_local_media_get_voice (call->media), NULL, NULL, NULL);
  snug_test_media_await_gone (call->media);
  snug_await_finalized (call->output);
  snug_await (snug_pipeline_get_n_closing () == 0);
  for (guint i = N_MODULES; i > 0; i--)
    unload_module (call->modules[i - 1]);
  g_bytes_unref (call->far_speech);
  g_bytes_unref (call->near_speech);
  g_byte_array_unref (call->sent);
  g_mutex_clear (&call->mutex);
  run_shell ("pw-metadata -n settings 0 clock.force-quantum 0");
}

static void
process (Call *call, gboolean echo, gboolean rest)
{
  g_object_set (call->media, "echo-cancellation", echo, "noise-suppression", rest, "gain-control",
                rest, NULL);
}

/* Waits for a stretch without echo: seconds in which a busy machine drops sound are not what is measured. */
static void
expect_quiet (Call *call, double without, const char *what)
{
  double levels[STRETCH] = { 0 };
  double loudest = 0;
  guint second;

  for (second = 0; second < PATIENCE_SECONDS && without - loudest < ATTENUATION_DB; second++)
    {
      levels[second % STRETCH] = listen_level (call, 1);
      loudest = levels[0];
      for (guint i = 1; i < STRETCH; i++)
        loudest = MAX (loudest, levels[i]);
    }
  g_test_message ("%s: echo of %.1f dBFS is %.1f dB lower for %d s, after %u s", what, without,
                  without - loudest, STRETCH, second - STRETCH);
  g_assert_cmpfloat (without - loudest, >=, ATTENUATION_DB);
}

/* Somebody speaks here: what of it is sent. */
static SnugTestLikeness
compare_near (Call *call, const char *what, double plain)
{
  gsize n = NEAR_SECONDS * RATE;
  g_autofree gint16 *samples = NULL;
  SnugTestLikeness likeness;

  begin (call);
  speak_near (call);
  samples = listen (call, NEAR_SECONDS);
  stop (&call->near);
  likeness = snug_test_speech_compare (samples, g_bytes_get_data (call->near_speech, NULL), n, RATE);
  g_test_message ("%s: near end changed by %.1f dB, likeness %.2f", what, likeness.gain - plain,
                  likeness.likeness);

  return likeness;
}

static void
expect_near (Call *call, SnugTestLikeness plain, const char *what)
{
  SnugTestLikeness likeness = { 0 };
  guint attempt;

  for (attempt = 0; attempt < MAX_ATTEMPTS; attempt++)
    {
      likeness = compare_near (call, what, plain.gain);
      if (likeness.gain - plain.gain >= -NEAR_LOSS_DB && likeness.likeness >= LIKENESS)
        return;
    }
  g_assert_cmpfloat (likeness.gain - plain.gain, >=, -NEAR_LOSS_DB);
  g_assert_cmpfloat (likeness.likeness, >=, LIKENESS);
}

static void
test_echo (void)
{
  Call call = { 0 };
  double without;
  SnugTestLikeness plain;
  gint64 delay = 0;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the sound server of tests/tools/desktop");
      return;
    }
  if (!snug_voice_filter_is_available ())
    {
      g_test_skip ("webrtcdsp or webrtcechoprobe is not installed");
      return;
    }

  call_start (&call);

  process (&call, FALSE, FALSE);
  plain = compare_near (&call, "nothing done", 0);
  g_assert_cmpfloat (plain.likeness, >, 0.9);
  speak_far (&call, TRUE);
  listen_level (&call, 1);
  without = listen_level (&call, 5);
  g_assert_cmpfloat (without, >, -60);

  process (&call, TRUE, FALSE);
  expect_quiet (&call, without, "echo cancellation");
  g_assert_true (snug_local_voice_get_echo_delay (snug_local_media_get_voice (call.media), &delay));
  g_test_message ("the echo comes %.1f ms after its time", delay / 1e6);
  expect_near (&call, plain, "echo cancellation, both speak");
  speak_far (&call, FALSE);
  expect_near (&call, plain, "echo cancellation, near end alone");

  /* Automatic gain makes everything louder, and what is left of the echo with it: that is only told. */
  process (&call, TRUE, TRUE);
  speak_far (&call, TRUE);
  expect_quiet (&call, without, "all three");
  compare_near (&call, "all three, both speak", plain.gain);
  call_end (&call);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  /* As the sound server does: what other tests do to this machine is not to be heard. Where it is not allowed, it is not. */
  setpriority (PRIO_PROCESS, 0, PRIORITY);
  g_assert_true (snug_engine_init (&error));
  g_test_add_func ("/echo/pipewire", test_echo);

  return snug_test_run_ticking ();
}
