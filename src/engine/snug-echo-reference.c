/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-echo-reference.h"

typedef struct
{
  SnugEchoReferenceFunc func;
  gpointer user_data;
} SnugEchoListener;

struct _SnugEchoReference
{
  gatomicrefcount ref_count;

  GMutex mutex;      /* held while listeners run, so that removing one waits */
  GArray *listeners; /* SnugEchoListener */
};

SnugEchoReference *
snug_echo_reference_new (void)
{
  SnugEchoReference *self = g_new0 (SnugEchoReference, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->listeners = g_array_new (FALSE, FALSE, sizeof (SnugEchoListener));

  return self;
}

SnugEchoReference *
snug_echo_reference_ref (SnugEchoReference *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
snug_echo_reference_unref (SnugEchoReference *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->listeners);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
snug_echo_reference_push (SnugEchoReference *self, GstBuffer *buffer, GstClockTime time)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->listeners->len; i++)
    {
      SnugEchoListener *listener = &g_array_index (self->listeners, SnugEchoListener, i);

      listener->func (buffer, time, listener->user_data);
    }
  g_mutex_unlock (&self->mutex);
}

void
snug_echo_reference_add_listener (SnugEchoReference *self,
                                  SnugEchoReferenceFunc func,
                                  gpointer user_data)
{
  SnugEchoListener listener = { func, user_data };

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  g_mutex_lock (&self->mutex);
  g_array_append_val (self->listeners, listener);
  g_mutex_unlock (&self->mutex);
}

void
snug_echo_reference_remove_listener (SnugEchoReference *self, gpointer user_data)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->listeners->len; i++)
    if (g_array_index (self->listeners, SnugEchoListener, i).user_data == user_data)
      {
        g_array_remove_index (self->listeners, i);
        break;
      }
  g_mutex_unlock (&self->mutex);
}
