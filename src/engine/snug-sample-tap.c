/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-sample-tap-private.h"

struct _SnugSampleTap
{
  gatomicrefcount ref_count;

  GMutex mutex; /* all below; held while func runs, so that replacing it waits */
  SnugSampleTapFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
  guint64 n_samples;
};

SnugSampleTap *
snug_sample_tap_new (void)
{
  SnugSampleTap *self = g_new0 (SnugSampleTap, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);

  return self;
}

SnugSampleTap *
snug_sample_tap_ref (SnugSampleTap *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
snug_sample_tap_unref (SnugSampleTap *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
snug_sample_tap_set (SnugSampleTap *self,
                     SnugSampleTapFunc func,
                     gpointer user_data,
                     GDestroyNotify destroy)
{
  GDestroyNotify old_destroy;
  gpointer old_user_data;

  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  old_destroy = self->destroy;
  old_user_data = self->user_data;
  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  g_mutex_unlock (&self->mutex);

  if (old_destroy != NULL)
    old_destroy (old_user_data);
}

void
snug_sample_tap_push (SnugSampleTap *self, GstBuffer *buffer, GstCaps *caps)
{
  g_mutex_lock (&self->mutex);
  self->n_samples++;
  if (self->func != NULL)
    {
      GstSample *sample = gst_sample_new (buffer, caps, NULL, NULL);

      self->func (sample, self->user_data);
      gst_sample_unref (sample);
    }
  g_mutex_unlock (&self->mutex);
}

guint64
snug_sample_tap_get_n_samples (SnugSampleTap *self)
{
  guint64 n_samples;

  g_mutex_lock (&self->mutex);
  n_samples = self->n_samples;
  g_mutex_unlock (&self->mutex);

  return n_samples;
}
