/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-send-path.h"

#include <math.h>

#include "snug-engine.h"
#include "snug-webrtcbin.h"

struct _SnugSendPath
{
  GObject parent_instance;

  SnugRelay *relay; /* NULL once stopped */
  SnugPacer *pacer;
  SnugRateControl *control;
  char *peer;
  SnugRtpSender *senders[SNUG_N_MLINES];
  gboolean started;

  SnugPacerReport report;
  guint64 steady_rate;
  guint64 most;
  gboolean left_behind;
};

G_DEFINE_FINAL_TYPE (SnugSendPath, snug_send_path, G_TYPE_OBJECT)

static const SnugMline picture_mlines[] = { SNUG_MLINE_CAMERA, SNUG_MLINE_SCREEN };

static void
on_changed (gpointer owner, gpointer data)
{
  SnugSendPath *self = owner;

  snug_pacer_get_report (self->pacer, &self->report);
  if (self->report.estimate.state == SNUG_BANDWIDTH_RISING && self->report.estimate.round_trip > 0)
    self->steady_rate = self->report.estimate.target;
  if (self->started)
    snug_rate_control_update (self->control);
}

static void
on_dropped (gpointer owner, gpointer data)
{
  SnugSendPath *self = owner;

  for (guint i = 0; i < G_N_ELEMENTS (picture_mlines); i++)
    if (self->senders[picture_mlines[i]] != NULL && !self->left_behind)
      snug_rtp_sender_request_key_frame (self->senders[picture_mlines[i]]);
}

static void
snug_send_path_dispose (GObject *object)
{
  SnugSendPath *self = SNUG_SEND_PATH (object);

  snug_send_path_stop (self);
  gst_clear_object (&self->pacer);
  g_clear_object (&self->control);

  G_OBJECT_CLASS (snug_send_path_parent_class)->dispose (object);
}

static void
snug_send_path_finalize (GObject *object)
{
  g_free (SNUG_SEND_PATH (object)->peer);

  G_OBJECT_CLASS (snug_send_path_parent_class)->finalize (object);
}

static void
snug_send_path_class_init (SnugSendPathClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_send_path_dispose;
  G_OBJECT_CLASS (klass)->finalize = snug_send_path_finalize;
}

static void
snug_send_path_init (SnugSendPath *self)
{
  self->relay = snug_relay_new (self);
}

SnugSendPath *
snug_send_path_new (GstElement *webrtcbin,
                    const SnugMlineInfo mlines[SNUG_N_MLINES],
                    SnugRateControl *control,
                    const char *peer)
{
  SnugSendPath *self = g_object_new (SNUG_TYPE_SEND_PATH, NULL);
  guint payloads[G_N_ELEMENTS (picture_mlines)], n_payloads = 0;

  for (guint i = 0; i < G_N_ELEMENTS (picture_mlines); i++)
    if (mlines[picture_mlines[i]].present)
      payloads[n_payloads++] = (guint) mlines[picture_mlines[i]].payload;
  self->control = g_object_ref (control);
  self->peer = g_strdup (peer);
  self->pacer = gst_object_ref_sink (snug_pacer_new (MAX (mlines[SNUG_MLINE_AUDIO].twcc_id, mlines[SNUG_MLINE_CAMERA].twcc_id),
                                                     (guint) mlines[SNUG_MLINE_AUDIO].payload, payloads, n_payloads));
  snug_pacer_set_relay (self->pacer, self->relay, on_changed, on_dropped);
  snug_pacer_set_seed (self->pacer, snug_rate_control_get_seed (control, peer));
  snug_webrtcbin_set_pacer (webrtcbin, self->pacer);

  return self;
}

void
snug_send_path_add_sender (SnugSendPath *self, SnugMline mline, SnugRtpSender *sender)
{
  g_return_if_fail (SNUG_IS_SEND_PATH (self));

  self->senders[mline] = sender;
}

void
snug_send_path_start (SnugSendPath *self, gboolean feedback)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_SEND_PATH (self));

  if (self->started || self->relay == NULL)
    return;
  self->started = TRUE;
  snug_pacer_set_estimating (self->pacer, feedback);
  snug_pacer_get_report (self->pacer, &self->report);
  snug_rate_control_add (self->control, self);
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    if (self->senders[mline] != NULL && (mline == SNUG_MLINE_AUDIO || !self->left_behind))
      snug_rtp_sender_start (self->senders[mline]);
}

void
snug_send_path_stop (SnugSendPath *self)
{
  g_return_if_fail (SNUG_IS_SEND_PATH (self));

  g_clear_pointer (&self->relay, snug_relay_close);
  for (SnugMline mline = 0; mline < SNUG_N_MLINES; mline++)
    self->senders[mline] = NULL;
  if (self->started)
    {
      self->started = FALSE;
      snug_rate_control_remove (self->control, self);
    }
}

const char *
snug_send_path_get_peer (SnugSendPath *self)
{
  g_return_val_if_fail (SNUG_IS_SEND_PATH (self), NULL);

  return self->peer;
}

const SnugPacerReport *
snug_send_path_get_report (SnugSendPath *self)
{
  g_return_val_if_fail (SNUG_IS_SEND_PATH (self), NULL);

  return &self->report;
}

guint64
snug_send_path_get_steady_rate (SnugSendPath *self)
{
  g_return_val_if_fail (SNUG_IS_SEND_PATH (self), 0);

  return self->steady_rate;
}

gboolean
snug_send_path_get_left_behind (SnugSendPath *self)
{
  g_return_val_if_fail (SNUG_IS_SEND_PATH (self), FALSE);

  return self->left_behind;
}

void
snug_send_path_apply (SnugSendPath *self, guint64 most, guint mtu, gboolean left_behind)
{
  g_return_if_fail (SNUG_IS_SEND_PATH (self));

  self->most = most;
  snug_pacer_set_most (self->pacer, most);
  for (guint i = 0; i < G_N_ELEMENTS (picture_mlines); i++)
    {
      SnugRtpSender *sender = self->senders[picture_mlines[i]];

      if (sender == NULL)
        continue;
      snug_rtp_sender_set_mtu (sender, mtu);
      if (left_behind && !self->left_behind)
        snug_rtp_sender_stop (sender);
      else if (!left_behind && self->left_behind)
        snug_rtp_sender_start (sender);
    }
  self->left_behind = left_behind;
}

gboolean
snug_send_path_get_load (SnugSendPath *self, SnugPathLoad *load)
{
  g_return_val_if_fail (SNUG_IS_SEND_PATH (self), FALSE);
  g_return_val_if_fail (load != NULL, FALSE);

  if (!self->started || self->report.estimate.round_trip == 0)
    return FALSE;
  *load = (SnugPathLoad){
    .target = self->report.estimate.target,
    .sent = self->report.estimate.acked,
    .most = self->most,
  };

  return TRUE;
}

void
snug_send_path_read_stats (SnugSendPath *self, SnugStatsValues *values)
{
  static const char *const states[] = {
    [SNUG_BANDWIDTH_RISING] = "rising",
    [SNUG_BANDWIDTH_DRAINING] = "draining",
    [SNUG_BANDWIDTH_SILENT] = "silent",
  };
  const SnugPacerReport *report;

  g_return_if_fail (SNUG_IS_SEND_PATH (self));

  report = &self->report;
  values->available_bits_per_second = (double) report->estimate.target;
  values->acked_bits_per_second = report->estimate.acked > 0 ? (double) report->estimate.acked : NAN;
  values->seed_bits_per_second = report->seed > 0 ? (double) report->seed : NAN;
  values->send_queue_seconds = (double) report->queue_delay / G_USEC_PER_SEC;
  values->path_queue_seconds = (double) report->estimate.queue_delay / G_USEC_PER_SEC;
  values->pictures_dropped = report->n_pictures_dropped;
  values->bandwidth_state = g_strdup (states[report->estimate.state]);
}
