/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A whole call of the engine with itself: two ends in this process, descriptions and candidates handed over, and from there on all that
 * two machines would do: ICE, DTLS, the check of the certificate, RTP there, decoding, the data channel.
 */
#include "snug-doctor-devices.h"

#include "snug-doctor-task.h"
#include "snug-engine.h"
#include "snug-local-media-private.h"
#include "snug-negotiation.h"
#include "snug-picture-delay.h"
#include "snug-probe-message.h"
#include "snug-probe-tally.h"

#define CALL_MS 15000
#define CLOSE_MS 6000
#define N_ENDS 2
#define PINGS 20
#define PING_MS 20
/* So many pictures tell how long one takes; of so many one does not wait any longer for those that can be told apart. */
#define PICTURES 20
#define PICTURES_MAX 60

typedef struct
{
  GTask *task; /* borrowed: it owns this */
  SnugNegotiation *negotiation;
  SnugVideoFeed *pictures;
  SnugAudioOutput *sound;
  SnugSampleTap *tap;
  SnugRateControl *rate_control;
  SnugEncodedFeed *feeds[3]; /* empty ones */
  gboolean verified;
  gboolean closed;
} End;

typedef struct
{
  SnugDoctorReport *report; /* the caller's */
  SnugDoctorCode code;
  SnugIceConfig *ice;
  SnugLocalMedia *media;
  End ends[N_ENDS];
  SnugProbeTally *tally;
  SnugPeerConnection *pinging;
  SnugPeerConnection *echoing;
  SnugPictureDelay *delay;
  gint64 start;
  guint ping_timer;
  gboolean seen;    /* the first picture */
  gboolean watching; /* them */
  gboolean watched; /* enough of them */
  guint n_arrived;
  gboolean ending;
} Call;

/* One message on its way to the other end. */
typedef struct
{
  GTask *task;
  guint to;
  SnugPeerMessage *message;
} Letter;

static Call *
get_call (GTask *task)
{
  return g_task_get_task_data (task);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  for (guint i = 0; i < N_ENDS; i++)
    {
      End *end = &call->ends[i];

      g_clear_object (&end->negotiation);
      g_clear_object (&end->pictures);
      g_clear_object (&end->sound);
      g_clear_pointer (&end->tap, snug_sample_tap_unref);
      g_clear_object (&end->rate_control);
      for (guint f = 0; f < G_N_ELEMENTS (end->feeds); f++)
        g_clear_object (&end->feeds[f]);
    }
  g_clear_object (&call->media);
  g_clear_object (&call->pinging);
  g_clear_object (&call->echoing);
  g_clear_pointer (&call->ice, snug_ice_config_free);
  g_clear_pointer (&call->tally, snug_probe_tally_free);
  g_clear_pointer (&call->delay, snug_picture_delay_free);
  g_free (call);
}

static double
get_ms (Call *call)
{
  return (g_get_monotonic_time () - call->start) / 1000.0;
}

/* Once both ends are down, or that took too long. */
static void
return_now (GTask *task)
{
  Call *call = get_call (task);

  for (guint i = 0; i < N_ENDS; i++)
    if (call->ends[i].negotiation != NULL)
      g_signal_handlers_disconnect_by_data (call->ends[i].negotiation, &call->ends[i]);
  snug_doctor_task_return (task);
}

static void
on_closed (End *end)
{
  Call *call = get_call (end->task);

  end->closed = TRUE;
  if (call->ending && call->ends[0].closed && call->ends[1].closed)
    return_now (end->task);
}

static void watch_pictures (GTask *task, gboolean watch);

static void
finish (GTask *task)
{
  Call *call = get_call (task);
  gboolean open = FALSE;

  if (call->ending)
    return;
  call->ending = TRUE;
  snug_doctor_task_end (task);
  g_clear_handle_id (&call->ping_timer, g_source_remove);
  watch_pictures (task, FALSE);
  if (call->ends[1].pictures != NULL)
    g_signal_handlers_disconnect_by_data (call->ends[1].pictures, &call->ends[1]);
  if (call->pinging != NULL)
    g_signal_handlers_disconnect_by_data (call->pinging, task);
  if (call->echoing != NULL)
    g_signal_handlers_disconnect_by_data (call->echoing, task);
  g_clear_object (&call->pinging);
  g_clear_object (&call->echoing);

  snug_doctor_task_set_timer (task, CLOSE_MS, return_now);
  for (guint i = 0; i < N_ENDS; i++)
    if (call->ends[i].negotiation != NULL)
      {
        open = TRUE;
        snug_negotiation_be_silent (call->ends[i].negotiation);
        snug_negotiation_close (call->ends[i].negotiation);
      }
    else
      call->ends[i].closed = TRUE;
  if (!open)
    return_now (task);
}

static void
fail (GTask *task, const char *what)
{
  Call *call = get_call (task);

  if (call->ending)
    return;
  snug_doctor_report_find (call->report, call->code, NULL);
  snug_doctor_report_see (call->report, "%s", what);
  finish (task);
}

static void
on_too_late (GTask *task)
{
  Call *call = get_call (task);

  fail (task, !call->ends[1].verified ? "No connection came about in time"
              : !call->seen           ? "There is a connection, and no picture came over it"
                                      : "There is a connection, and what is sent does not come back");
}

static void
finish_if_done (GTask *task)
{
  Call *call = get_call (task);
  SnugProbeSummary summary;

  if (!call->seen || !call->watched || call->tally == NULL || !snug_probe_tally_is_complete (call->tally))
    return;
  if (snug_picture_delay_get_n (call->delay) > 0)
    snug_doctor_report_see (call->report, "A picture takes %.0f ms from one end to the other, at most %.0f ms",
                            snug_picture_delay_get_median (call->delay) / 1000.0, snug_picture_delay_get_max (call->delay) / 1000.0);
  else
    snug_doctor_report_see (call->report, "How long a picture takes can't be told from it");
  summary = snug_probe_tally_sum_up (call->tally);
  snug_doctor_report_see (call->report, "Round trip through both ends: %.1f ms, at most %.1f ms", summary.round_trip_median * 1000,
                          summary.round_trip_max * 1000);
  finish (task);
}

static void
on_echo (GTask *task, GBytes *chunk)
{
  Call *call = get_call (task);
  SnugProbeMessage message;
  gsize size;
  const guint8 *data = g_bytes_get_data (chunk, &size);

  if (!snug_probe_message_parse (data, size, &message, NULL))
    return;
  snug_probe_tally_echo (call->tally, message.number, g_get_monotonic_time ());
  finish_if_done (task);
}

static void
on_ping (GTask *task, GBytes *chunk)
{
  snug_peer_connection_send_chunk (get_call (task)->echoing, chunk);
}

static gboolean
on_send (gpointer user_data)
{
  GTask *task = user_data;
  Call *call = get_call (task);
  SnugProbeMessage message
      = { SNUG_PROBE_PING, snug_probe_tally_get_sent (call->tally), SNUG_PROBE_MESSAGE_MIN_BYTES };
  g_autoptr (GBytes) bytes = NULL;

  /* Not yet open. */
  if (!snug_peer_connection_get_channel_open (call->pinging) || !snug_peer_connection_get_channel_open (call->echoing))
    return G_SOURCE_CONTINUE;
  bytes = snug_probe_message_to_bytes (&message);
  if (snug_peer_connection_send_chunk (call->pinging, bytes))
    snug_probe_tally_send (call->tally, message.size, g_get_monotonic_time ());
  if (snug_probe_tally_get_sent (call->tally) < PINGS)
    return G_SOURCE_CONTINUE;
  call->ping_timer = 0;
  return G_SOURCE_REMOVE;
}

static void
on_verified (End *end)
{
  Call *call = get_call (end->task);
  SnugStatsValues values = { 0 };

  if (call->ending)
    return;
  end->verified = TRUE;
  if (!call->ends[0].verified || !call->ends[1].verified || call->tally != NULL)
    return;

  call->pinging = g_object_ref (snug_negotiation_get_connection (call->ends[0].negotiation));
  call->echoing = g_object_ref (snug_negotiation_get_connection (call->ends[1].negotiation));
  snug_peer_connection_collect_stats (call->pinging, &values);
  snug_doctor_report_see (call->report, "Connected in %.0f ms: %s to %s, %s", get_ms (call),
                          values.local_candidate_type != NULL ? values.local_candidate_type : "?",
                          values.remote_candidate_type != NULL ? values.remote_candidate_type : "?",
                          values.protocol != NULL ? values.protocol : "?");
  /* Frees what is in it. */
  g_object_unref (snug_stats_sample_new (&values));
  call->tally = snug_probe_tally_new (PINGS);
  g_signal_connect_swapped (call->pinging, "chunk", G_CALLBACK (on_echo), end->task);
  g_signal_connect_swapped (call->echoing, "chunk", G_CALLBACK (on_ping), end->task);
  call->ping_timer = g_timeout_add (PING_MS, on_send, end->task);
}

static void
on_failed (End *end, const GError *error)
{
  fail (end->task, error->message);
}

static void
on_lost (End *end)
{
  fail (end->task, "The connection was lost");
}

static void
on_active (End *end)
{
  Call *call = get_call (end->task);

  if (call->seen || !snug_video_feed_get_active (end->pictures))
    return;
  call->seen = TRUE;
  snug_doctor_report_see (call->report, "First picture after %.0f ms", get_ms (call));
}

static void
on_taken (GTask *task, SnugVideoFeed *feed)
{
  g_autoptr (SnugVideoFrame) frame = snug_video_feed_ref_frame (feed);

  if (frame != NULL)
    snug_picture_delay_take (get_call (task)->delay, frame, g_get_monotonic_time ());
}

static void
on_arrived (GTask *task, SnugVideoFeed *feed)
{
  Call *call = get_call (task);
  g_autoptr (SnugVideoFrame) frame = snug_video_feed_ref_frame (feed);

  if (frame == NULL)
    return;
  snug_picture_delay_arrive (call->delay, frame, g_get_monotonic_time ());
  call->n_arrived++;
  if (snug_picture_delay_get_n (call->delay) >= PICTURES || call->n_arrived >= PICTURES_MAX)
    {
      call->watched = TRUE;
      finish_if_done (task);
    }
}

/* Both ends' pictures, at the one that takes them and at the one that they arrive at. */
static void
watch_pictures (GTask *task, gboolean watch)
{
  Call *call = get_call (task);
  SnugVideoFeed *feeds[] = { call->media != NULL ? snug_local_media_get_preview (call->media) : NULL, call->ends[1].pictures };

  for (guint i = 0; i < G_N_ELEMENTS (feeds) && call->watching != watch; i++)
    {
      snug_video_feed_set_rendering (feeds[i], watch);
      if (watch)
        g_signal_connect_swapped (feeds[i], "frame", G_CALLBACK (i == 0 ? on_taken : on_arrived), task);
      else
        g_signal_handlers_disconnect_by_data (feeds[i], task);
    }
  call->watching = watch;
}

static gboolean
on_letter (gpointer user_data)
{
  Letter *letter = user_data;
  Call *call = get_call (letter->task);

  if (!call->ending)
    snug_negotiation_receive (call->ends[letter->to].negotiation, letter->message);
  return G_SOURCE_REMOVE;
}

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  g_object_unref (letter->task);
  snug_peer_message_unref (letter->message);
  g_free (letter);
}

/* Not at once: nobody expects an answer before the question is out. */
static void
on_outgoing (End *end, SnugPeerMessage *message)
{
  Call *call = get_call (end->task);
  Letter *letter;

  if (call->ending)
    return;
  letter = g_new0 (Letter, 1);
  letter->task = g_object_ref (end->task);
  letter->to = end == &call->ends[0] ? 1 : 0;
  letter->message = snug_peer_message_ref (message);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_letter, letter, letter_free);
}

/* sending: it is the one that shows something. */
static void
open_end (GTask *task, End *end, gboolean sending)
{
  Call *call = get_call (task);
  SnugPeerConnectionConfig config = { .ice = call->ice, .peer = sending ? "answering end" : "offering end" };

  end->task = task;
  end->pictures = snug_video_feed_new ();
  end->sound = snug_audio_output_new (TRUE);
  end->tap = snug_sample_tap_new ();
  end->rate_control = snug_rate_control_new ();
  for (guint i = 0; i < G_N_ELEMENTS (end->feeds); i++)
    end->feeds[i] = snug_encoded_feed_new ();
  config.audio_feed = sending ? snug_local_media_get_audio_feed (call->media) : end->feeds[0];
  config.video_feed = sending ? snug_local_media_get_video_feed (call->media) : end->feeds[1];
  config.screen_feed = end->feeds[2];
  config.rate_control = sending ? snug_local_media_get_rate_control (call->media) : end->rate_control;
  config.sinks = (SnugRemoteMediaSinks){
    .audio_output = end->sound,
    .camera_feed = end->pictures,
    .screen_feed = end->pictures,
    .audio_tap = end->tap,
    .camera_tap = end->tap,
  };
  end->negotiation = snug_negotiation_new (&config);
  g_signal_connect_swapped (end->negotiation, "outgoing", G_CALLBACK (on_outgoing), end);
  g_signal_connect_swapped (end->negotiation, "verified", G_CALLBACK (on_verified), end);
  g_signal_connect_swapped (end->negotiation, "lost", G_CALLBACK (on_lost), end);
  g_signal_connect_swapped (end->negotiation, "failed", G_CALLBACK (on_failed), end);
  g_signal_connect_swapped (end->negotiation, "closed", G_CALLBACK (on_closed), end);
}

static void
begin (GTask *task)
{
  Call *call = get_call (task);
  g_autoptr (SnugMediaSource) test = snug_media_source_new (SNUG_MEDIA_SOURCE_TEST, NULL);

  snug_doctor_task_set_timer (task, CALL_MS, on_too_late);
  call->start = g_get_monotonic_time ();
  call->media = snug_local_media_new ();
  snug_local_media_set_video_format (call->media, 320, 180, 15);
  snug_local_media_set_video_source (call->media, test);
  snug_local_media_set_audio_source (call->media, test);
  open_end (task, &call->ends[0], TRUE);
  open_end (task, &call->ends[1], FALSE);
  g_signal_connect_swapped (call->ends[1].pictures, "notify::active", G_CALLBACK (on_active), &call->ends[1]);
  watch_pictures (task, TRUE);
  snug_negotiation_offer (call->ends[0].negotiation);
}

void
snug_doctor_check_call_async (SnugDoctorReport *report,
                              GPtrArray *relays,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->report = report;
  call->code = relays != NULL ? SNUG_DOCTOR_CALL_RELAY : SNUG_DOCTOR_CALL_DIRECT;
  call->delay = snug_picture_delay_new ();
  call->ice = snug_ice_config_new ();
  snug_ice_config_set_relay_only (call->ice, relays != NULL);
  for (guint i = 0; relays != NULL && i < relays->len; i++)
    {
      const SnugIceServer *relay = relays->pdata[i];

      snug_ice_config_add (call->ice, relay->uris[0], relay->username, relay->credential, NULL);
    }
  snug_doctor_task_run (cancellable, callback, user_data, call, call_free, begin, finish);
}
