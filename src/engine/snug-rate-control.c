/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-rate-control.h"

#include "snug-relay.h"
#include "snug-send-path.h"

/* How long it is remembered what a path came to, and how much of that another one is believed to take. */
#define REMEMBER (60 * G_USEC_PER_SEC)
#define SEED_SHARE 0.7
#define REMEMBERED_MAX 64

typedef struct
{
  guint64 rate;
  gint64 at;
} Remembered;

struct _SnugRateControl
{
  GObject parent_instance;

  GPtrArray *paths; /* of SnugSendPath, borrowed */
  GHashTable *remembered; /* of Remembered by peer */
  SnugRateWish wish;
  SnugRatePlan plan;
};

static guint planned_signal;

G_DEFINE_FINAL_TYPE (SnugRateControl, snug_rate_control, G_TYPE_OBJECT)

static void
snug_rate_control_finalize (GObject *object)
{
  SnugRateControl *self = SNUG_RATE_CONTROL (object);

  g_ptr_array_unref (self->paths);
  g_hash_table_unref (self->remembered);

  G_OBJECT_CLASS (snug_rate_control_parent_class)->finalize (object);
}

static void
snug_rate_control_class_init (SnugRateControlClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = snug_rate_control_finalize;

  planned_signal = g_signal_new ("planned", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
snug_rate_control_init (SnugRateControl *self)
{
  self->paths = g_ptr_array_new ();
  self->remembered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  snug_rate_plan_make (&self->plan, &self->wish, NULL, 0);
}

SnugRateControl *
snug_rate_control_new (void)
{
  return g_object_new (SNUG_TYPE_RATE_CONTROL, NULL);
}

/* Whether there is a newer path to the same peer: this one is on its way out. */
static gboolean
is_replaced (SnugRateControl *self, guint index)
{
  const char *peer = snug_send_path_get_peer (self->paths->pdata[index]);

  for (guint i = index + 1; i < self->paths->len; i++)
    if (peer != NULL && g_strcmp0 (snug_send_path_get_peer (self->paths->pdata[i]), peer) == 0)
      return TRUE;

  return FALSE;
}

void
snug_rate_control_update (SnugRateControl *self)
{
  g_autofree SnugRatePeer *peers = g_new0 (SnugRatePeer, self->paths->len);
  g_autofree SnugSendPath **paths = g_new0 (SnugSendPath *, self->paths->len);
  guint n = 0;
  guint64 most;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_RATE_CONTROL (self));

  for (guint i = 0; i < self->paths->len; i++)
    {
      SnugSendPath *path = self->paths->pdata[i];
      const SnugPacerReport *report = snug_send_path_get_report (path);

      if (is_replaced (self, i))
        continue;
      peers[n] = (SnugRatePeer) {
        .target = report->estimate.target,
        .queue_delay = report->queue_delay,
        .loss = report->estimate.loss,
        .silent = report->estimate.state == SNUG_BANDWIDTH_SILENT,
        .left_behind = snug_send_path_get_left_behind (path),
      };
      paths[n++] = path;
    }
  snug_rate_plan_make (&self->plan, &self->wish, peers, n);
  most = snug_rate_plan_get_most (&self->wish, n);
  for (guint i = 0; i < n; i++)
    snug_send_path_apply (paths[i], most, self->plan.mtu, peers[i].left_behind);
  g_signal_emit (self, planned_signal, 0);
}

void
snug_rate_control_set_wish (SnugRateControl *self, const SnugRateWish *wish)
{
  g_return_if_fail (SNUG_IS_RATE_CONTROL (self));

  if (self->wish.camera == wish->camera && self->wish.screen == wish->screen && self->wish.limit == wish->limit)
    return;
  self->wish = *wish;
  snug_rate_control_update (self);
}

const SnugRatePlan *
snug_rate_control_get_plan (SnugRateControl *self)
{
  g_return_val_if_fail (SNUG_IS_RATE_CONTROL (self), NULL);

  return &self->plan;
}

void
snug_rate_control_add (SnugRateControl *self, SnugSendPath *path)
{
  g_return_if_fail (SNUG_IS_RATE_CONTROL (self));
  g_return_if_fail (!g_ptr_array_find (self->paths, path, NULL));

  g_ptr_array_add (self->paths, path);
  snug_rate_control_update (self);
}

static void
remember (SnugRateControl *self, SnugSendPath *path)
{
  Remembered *remembered;

  /* Nobody could ask for it. */
  if (snug_send_path_get_steady_rate (path) == 0 || snug_send_path_get_peer (path) == NULL)
    return;
  if (g_hash_table_size (self->remembered) >= REMEMBERED_MAX)
    g_hash_table_remove_all (self->remembered);
  remembered = g_new (Remembered, 1);
  *remembered = (Remembered) { snug_send_path_get_steady_rate (path), g_get_monotonic_time () };
  g_hash_table_replace (self->remembered, g_strdup (snug_send_path_get_peer (path)), remembered);
}

void
snug_rate_control_remove (SnugRateControl *self, SnugSendPath *path)
{
  g_return_if_fail (SNUG_IS_RATE_CONTROL (self));

  if (!g_ptr_array_remove (self->paths, path))
    return;
  remember (self, path);
  snug_rate_control_update (self);
}

guint64
snug_rate_control_get_seed (SnugRateControl *self, const char *peer)
{
  const Remembered *remembered;

  g_return_val_if_fail (SNUG_IS_RATE_CONTROL (self), 0);

  /* The one before may still be there, until the new one is better. */
  for (guint i = 0; i < self->paths->len; i++)
    if (g_strcmp0 (snug_send_path_get_peer (self->paths->pdata[i]), peer) == 0)
      remember (self, self->paths->pdata[i]);
  remembered = peer != NULL ? g_hash_table_lookup (self->remembered, peer) : NULL;
  if (remembered == NULL || g_get_monotonic_time () > remembered->at + REMEMBER)
    return 0;

  return (guint64) ((double) remembered->rate * SEED_SHARE);
}
