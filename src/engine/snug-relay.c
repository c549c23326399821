/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-relay.h"

struct _SnugRelay
{
  gatomicrefcount ref_count;

  /* Main context only: the posted calls run there, and so does close. */
  gpointer owner;
};

typedef struct
{
  SnugRelay *relay;
  SnugRelayFunc func;
  gpointer data;
  GDestroyNotify free_data;
} SnugRelayCall;

gboolean
snug_is_main_thread (void)
{
  if (g_main_context_is_owner (NULL))
    return TRUE;

  /* Nobody iterates it just now, so nobody else owns it: this is the thread that will. */
  if (!g_main_context_acquire (NULL))
    return FALSE;
  g_main_context_release (NULL);

  return TRUE;
}

SnugRelay *
snug_relay_new (gpointer owner)
{
  SnugRelay *self = g_new0 (SnugRelay, 1);

  SNUG_ASSERT_MAIN_THREAD ();
  g_atomic_ref_count_init (&self->ref_count);
  self->owner = owner;

  return self;
}

SnugRelay *
snug_relay_ref (SnugRelay *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
snug_relay_unref (SnugRelay *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

void
snug_relay_close (SnugRelay *self)
{
  g_return_if_fail (self != NULL);
  SNUG_ASSERT_MAIN_THREAD ();

  self->owner = NULL;
  snug_relay_unref (self);
}

static gboolean
snug_relay_call_run (gpointer user_data)
{
  SnugRelayCall *call = user_data;
  gpointer owner = call->relay->owner;

  if (owner != NULL)
    {
      /* The call may drop the last reference to the owner. */
      g_object_ref (owner);
      call->func (owner, call->data);
      g_object_unref (owner);
    }

  return G_SOURCE_REMOVE;
}

static void
snug_relay_call_free (gpointer user_data)
{
  SnugRelayCall *call = user_data;

  if (call->free_data != NULL)
    call->free_data (call->data);
  snug_relay_unref (call->relay);
  g_free (call);
}

void
snug_relay_post (SnugRelay *self, SnugRelayFunc func, gpointer data, GDestroyNotify free_data)
{
  SnugRelayCall *call;

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  call = g_new0 (SnugRelayCall, 1);
  call->relay = snug_relay_ref (self);
  call->func = func;
  call->data = data;
  call->free_data = free_data;

  /* Sources of one priority are dispatched in the order they were attached, which keeps posts in order. */
  g_idle_add_full (G_PRIORITY_DEFAULT, snug_relay_call_run, call, snug_relay_call_free);
}

static void
snug_relay_closure_unref (gpointer data, GClosure *closure)
{
  snug_relay_unref (data);
}

gulong
snug_relay_connect (SnugRelay *self, gpointer instance, const char *signal, GCallback handler)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_signal_connect_data (instance, signal, handler, snug_relay_ref (self),
                                snug_relay_closure_unref, 0);
}
