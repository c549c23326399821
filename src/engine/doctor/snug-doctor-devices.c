/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-doctor-devices.h"

#include "snug-audio-output.h"
#include "snug-chime.h"
#include "snug-clip-player.h"
#include "snug-device-list.h"
#include "snug-doctor-task.h"
#include "snug-engine.h"
#include "snug-local-media.h"

/* To find devices; and for one to give something, after which the capture itself says that it does not. */
#define FIND_MS 5000
#define OPEN_MS 8000
#define LOOK_MS 1200
#define QUIET_MS 400
#define PLAY_MS 6000
#define SLOW_PICTURES 10.0
/* A microphone in a silent room is far above; one that is switched off is not. */
#define MUTE_DBFS -90.0
/* By how much it has to be louder to have been heard. */
#define HEARD_DB 6.0

typedef enum
{
  FINDING_DEVICE,
  OPENING,
  LOOKING,
  PLAYING
} Step;

typedef struct
{
  SnugDoctorReport *report; /* the caller's */
  SnugDeviceKind kind;
  char *id;
  gboolean microphone;
  char *microphone_id;
  Step step;
  SnugDeviceList *list;
  SnugLocalMedia *media;
  SnugAudioOutput *output;
  SnugClipPlayer *player;
  gint64 start;
  guint64 first_frames;
  double quiet; /* dBFS: the loudest before ... */
  double loud;  /* ... and since */
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_pointer (&look->player, snug_clip_player_free);
  g_clear_object (&look->list);
  g_clear_object (&look->media);
  g_clear_object (&look->output);
  g_free (look->id);
  g_free (look->microphone_id);
  g_free (look);
}

static Look *
get_look (GTask *task)
{
  return g_task_get_task_data (task);
}

/* task: (transfer full). */
static void
finish (GTask *task)
{
  Look *look = get_look (task);

  g_clear_pointer (&look->player, snug_clip_player_free);
  if (look->list != NULL)
    g_signal_handlers_disconnect_by_data (look->list, task);
  if (look->media != NULL)
    {
      g_signal_handlers_disconnect_by_data (look->media, task);
      g_signal_handlers_disconnect_by_data (snug_local_media_get_preview (look->media), task);
    }
  if (look->output != NULL)
    g_signal_handlers_disconnect_by_data (look->output, task);
  /* Lets go of the device. */
  g_clear_object (&look->list);
  g_clear_object (&look->media);
  g_clear_object (&look->output);
  snug_doctor_task_return (task);
}

static void
find (GTask *task, SnugDoctorCode code)
{
  snug_doctor_report_find (get_look (task)->report, code, NULL);
}

static SnugDoctorCode
code_of_error (SnugDeviceKind kind, const GError *error)
{
  gboolean camera = kind == SNUG_DEVICE_CAMERA;

  switch (error->code)
    {
    case SNUG_MEDIA_ERROR_DENIED:
      return camera ? SNUG_DOCTOR_CAMERA_DENIED : SNUG_DOCTOR_MICROPHONE_DENIED;
    case SNUG_MEDIA_ERROR_BUSY:
      return camera ? SNUG_DOCTOR_CAMERA_BUSY : SNUG_DOCTOR_MICROPHONE_BUSY;
    case SNUG_MEDIA_ERROR_NO_FRAMES:
      return camera ? SNUG_DOCTOR_CAMERA_SILENT : SNUG_DOCTOR_MICROPHONE_SILENT;
    case SNUG_MEDIA_ERROR_MISSING_PLUGIN:
      return camera ? SNUG_DOCTOR_CAMERA_PLUGIN : SNUG_DOCTOR_SOUND_PLUGIN;
    case SNUG_MEDIA_ERROR_NO_DEVICE:
      return camera ? SNUG_DOCTOR_NO_CAMERA : SNUG_DOCTOR_NO_MICROPHONE;
    default:
      return camera ? SNUG_DOCTOR_CAMERA_FAILED : SNUG_DOCTOR_MICROPHONE_FAILED;
    }
}

static void
on_looked_at_camera (GTask *task)
{
  Look *look = get_look (task);
  SnugVideoFeed *preview = snug_local_media_get_preview (look->media);
  double seconds = (g_get_monotonic_time () - look->start) / (double) G_USEC_PER_SEC;
  double rate = (snug_video_feed_get_n_frames (preview) - look->first_frames) / seconds;

  snug_doctor_report_see (look->report, "%ux%u, %.0f pictures a second", snug_video_feed_get_width (preview),
                          snug_video_feed_get_height (preview), rate);
  if (rate < SLOW_PICTURES)
    find (task, SNUG_DOCTOR_CAMERA_SLOW);
  finish (task);
}

static void
on_looked_at_microphone (GTask *task)
{
  Look *look = get_look (task);
  gboolean canceller;

  snug_doctor_report_see (look->report, "Sound comes; the loudest was %.0f dBFS", look->loud);
  g_object_get (look->media, "voice-processing-available", &canceller, NULL);
  snug_doctor_report_see (look->report, canceller ? "There is an echo canceller" : "There is no echo canceller");
  if (look->loud < MUTE_DBFS)
    find (task, SNUG_DOCTOR_MICROPHONE_MUTE);
  finish (task);
}

static void
on_too_late (GTask *task)
{
  Look *look = get_look (task);

  snug_doctor_report_see (look->report, look->step == FINDING_DEVICE ? "The system does not say which devices there are"
                                                                    : "Nothing comes");
  if (look->kind == SNUG_DEVICE_CAMERA)
    find (task, SNUG_DOCTOR_CAMERA_SILENT);
  else if (look->kind == SNUG_DEVICE_MICROPHONE)
    find (task, SNUG_DOCTOR_MICROPHONE_SILENT);
  else
    find (task, SNUG_DOCTOR_SPEAKER_FAILED);
  finish (task);
}

/* TRUE: it has ended. */
static gboolean
end_on_error (GTask *task)
{
  Look *look = get_look (task);
  const GError *error = look->kind == SNUG_DEVICE_CAMERA ? snug_local_media_get_video_error (look->media)
                                                         : snug_local_media_get_audio_error (look->media);

  if (error == NULL)
    return FALSE;
  snug_doctor_report_see (look->report, "%s", error->message);
  find (task, code_of_error (look->kind, error));
  finish (task);
  return TRUE;
}

static void
on_media_error (GTask *task)
{
  end_on_error (task);
}

static void
on_active (GTask *task)
{
  Look *look = get_look (task);

  if (look->step != OPENING)
    return;
  if (look->kind == SNUG_DEVICE_CAMERA ? !snug_video_feed_get_active (snug_local_media_get_preview (look->media))
                                       : !snug_local_media_get_audio_active (look->media))
    return;
  snug_doctor_report_see (look->report, "It opened in %.0f ms", (g_get_monotonic_time () - look->start) / 1000.0);
  look->step = LOOKING;
  look->start = g_get_monotonic_time ();
  look->loud = -100.0;
  look->first_frames = snug_video_feed_get_n_frames (snug_local_media_get_preview (look->media));
  snug_doctor_task_set_timer (task, LOOK_MS, look->kind == SNUG_DEVICE_CAMERA ? on_looked_at_camera : on_looked_at_microphone);
}

static void
on_level (GTask *task)
{
  Look *look = get_look (task);

  look->loud = MAX (look->loud, snug_local_media_get_audio_level (look->media));
}

static void
open_device (GTask *task)
{
  Look *look = get_look (task);
  g_autoptr (SnugMediaSource) source = snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, look->id);

  look->step = OPENING;
  look->start = g_get_monotonic_time ();
  look->media = snug_local_media_new ();
  snug_doctor_task_set_timer (task, OPEN_MS, on_too_late);
  if (look->kind == SNUG_DEVICE_CAMERA)
    {
      g_signal_connect_swapped (look->media, "notify::video-error", G_CALLBACK (on_media_error), task);
      g_signal_connect_swapped (snug_local_media_get_preview (look->media), "notify::active", G_CALLBACK (on_active), task);
      snug_local_media_set_video_source (look->media, source);
    }
  else
    {
      g_signal_connect_swapped (look->media, "notify::audio-error", G_CALLBACK (on_media_error), task);
      g_signal_connect_swapped (look->media, "notify::audio-active", G_CALLBACK (on_active), task);
      g_signal_connect_swapped (look->media, "notify::audio-level", G_CALLBACK (on_level), task);
      snug_local_media_set_audio_source (look->media, source);
    }
}

static void
on_played (gpointer user_data)
{
  GTask *task = user_data;
  Look *look = get_look (task);

  snug_doctor_report_see (look->report, "It takes sound");
  if (look->media != NULL && snug_local_media_get_audio_active (look->media))
    snug_doctor_report_see (look->report, "The microphone %s it: %.0f dBFS, and %.0f before",
                            look->loud > look->quiet + HEARD_DB ? "hears" : "does not hear", look->loud, look->quiet);
  finish (task);
}

static void
on_output_error (GTask *task)
{
  Look *look = get_look (task);
  const GError *error = snug_audio_output_get_error (look->output);

  if (error == NULL)
    return;
  snug_doctor_report_see (look->report, "%s", error->message);
  find (task, error->code == SNUG_MEDIA_ERROR_NO_DEVICE        ? SNUG_DOCTOR_NO_SPEAKER
              : error->code == SNUG_MEDIA_ERROR_MISSING_PLUGIN ? SNUG_DOCTOR_SOUND_PLUGIN
                                                               : SNUG_DOCTOR_SPEAKER_FAILED);
  finish (task);
}

static void
on_quiet_over (GTask *task)
{
  static const SnugChimeNote notes[] = { { 660, 0.0, 0.6, 0.2 }, { 880, 0.15, 0.6, 0.2 } };
  Look *look = get_look (task);
  g_autoptr (GBytes) samples = snug_chime_render (notes, G_N_ELEMENTS (notes));

  look->step = PLAYING;
  look->quiet = look->loud;
  look->loud = -100.0;
  look->output = snug_audio_output_new (FALSE);
  snug_audio_output_set_device (look->output, look->id);
  snug_doctor_task_set_timer (task, PLAY_MS, on_too_late);
  look->player = snug_clip_player_new (look->output, samples, on_played, task);
  if (snug_audio_output_get_error (look->output) != NULL)
    on_output_error (task);
  else
    g_signal_connect_swapped (look->output, "notify::error", G_CALLBACK (on_output_error), task);
}

static void
play (GTask *task)
{
  Look *look = get_look (task);

  look->step = LOOKING;
  look->loud = -100.0;
  if (look->microphone)
    {
      g_autoptr (SnugMediaSource) source = snug_media_source_new (SNUG_MEDIA_SOURCE_DEVICE, look->microphone_id);

      look->media = snug_local_media_new ();
      /* What is played is what it is to hear. */
      g_object_set (look->media, "echo-cancellation", FALSE, "noise-suppression", FALSE, "gain-control", FALSE, NULL);
      g_signal_connect_swapped (look->media, "notify::audio-level", G_CALLBACK (on_level), task);
      snug_local_media_set_audio_source (look->media, source);
    }
  snug_doctor_task_set_timer (task, look->microphone ? 2 * QUIET_MS : 0, on_quiet_over);
}

static void
on_listed (GTask *task)
{
  Look *look = get_look (task);
  GListModel *devices = G_LIST_MODEL (look->list);
  const GError *error = snug_device_list_get_error (look->list);
  guint n = g_list_model_get_n_items (devices);

  if (look->step != FINDING_DEVICE || !snug_device_list_get_ready (look->list))
    return;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SnugDevice) device = g_list_model_get_item (devices, i);

      snug_doctor_report_see (look->report, "%s%s", snug_device_get_name (device),
                              snug_device_get_default (device) ? " (taken unless another is chosen)" : "");
    }
  if (n == 0)
    {
      snug_doctor_report_see (look->report, "%s", error != NULL ? error->message : "None is there");
      find (task, look->kind == SNUG_DEVICE_SPEAKER ? SNUG_DOCTOR_NO_SPEAKER
                  : error != NULL                   ? code_of_error (look->kind, error)
                  : look->kind == SNUG_DEVICE_CAMERA ? SNUG_DOCTOR_NO_CAMERA
                                                     : SNUG_DOCTOR_NO_MICROPHONE);
      finish (task);
    }
  else if (look->kind == SNUG_DEVICE_SPEAKER)
    play (task);
  else
    open_device (task);
}

static void
begin (GTask *task)
{
  Look *look = get_look (task);

  look->list = snug_device_list_new (look->kind);
  g_signal_connect_swapped (look->list, "notify::ready", G_CALLBACK (on_listed), task);
  snug_doctor_task_set_timer (task, FIND_MS, on_too_late);
  on_listed (task);
}

static void
run (SnugDoctorReport *report,
     SnugDeviceKind kind,
     const char *id,
     gboolean microphone,
     const char *microphone_id,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  Look *look = g_new0 (Look, 1);

  look->report = report;
  look->kind = kind;
  look->id = g_strdup (id);
  look->microphone = microphone;
  look->microphone_id = g_strdup (microphone_id);
  snug_doctor_task_run (cancellable, callback, user_data, look, look_free, begin, finish);
}

void
snug_doctor_check_camera_async (SnugDoctorReport *report,
                                const char *id,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  run (report, SNUG_DEVICE_CAMERA, id, FALSE, NULL, cancellable, callback, user_data);
}

void
snug_doctor_check_microphone_async (SnugDoctorReport *report,
                                    const char *id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  run (report, SNUG_DEVICE_MICROPHONE, id, FALSE, NULL, cancellable, callback, user_data);
}

void
snug_doctor_check_speaker_async (SnugDoctorReport *report,
                                 const char *id,
                                 gboolean microphone,
                                 const char *microphone_id,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  run (report, SNUG_DEVICE_SPEAKER, id, microphone, microphone_id, cancellable, callback, user_data);
}

void
snug_doctor_check_finish (GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}
