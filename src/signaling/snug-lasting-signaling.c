/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-lasting-signaling.h"

#include "snug-websocket-signaling.h"

struct _SnugLastingSignaling
{
  SnugSignaling parent_instance;

  SnugSignalingFactory make;
  gpointer user_data;
  GDestroyNotify destroy;

  SnugSignaling *inner; /* NULL: between two attempts, or not open yet */
  gboolean was_heard;   /* a server that has ever said something is worth coming back to */
  gboolean inner_open;  /* the inner one is, or was */
  guint n_pauses;       /* in a row */
  guint pause_timer;
};

G_DEFINE_FINAL_TYPE (SnugLastingSignaling, snug_lasting_signaling, SNUG_TYPE_SIGNALING)

static void
drop_inner (SnugLastingSignaling *self)
{
  g_autoptr (SnugSignaling) inner = g_steal_pointer (&self->inner);

  if (inner == NULL)
    return;
  g_signal_handlers_disconnect_by_data (inner, self);
  snug_signaling_close (inner);
}

static void
dial (SnugLastingSignaling *self);

static gboolean
on_pause_over (gpointer data)
{
  SnugLastingSignaling *self = data;

  self->pause_timer = 0;
  dial (self);
  return G_SOURCE_REMOVE;
}

guint
snug_lasting_signaling_get_pause (guint n, double random)
{
  double pause = SNUG_LASTING_SIGNALING_PAUSE_MS << MIN (n, 10);

  return MIN (pause, SNUG_LASTING_SIGNALING_PAUSE_MAX_MS) * (0.75 + 0.5 * CLAMP (random, 0.0, 1.0));
}

/* An error that another attempt will not mend. */
static gboolean
is_final (SnugLastingSignaling *self, const GError *error)
{
  return !self->was_heard || error == NULL
         || g_error_matches (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_FLOODED)
         || g_error_matches (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_ADDRESS)
         /* What answers instead of a server is gone some day; a server that speaks nonsense will again. */
         || (self->inner_open && g_error_matches (error, SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_NOT_SNUG));
}

static void
on_inner_closed (SnugLastingSignaling *self)
{
  g_autoptr (GError) error = NULL;

  if (snug_signaling_get_error (self->inner) != NULL)
    error = g_error_copy (snug_signaling_get_error (self->inner));
  drop_inner (self);
  if (is_final (self, error))
    {
      snug_signaling_set_closed (SNUG_SIGNALING (self), g_steal_pointer (&error));
      return;
    }

  g_info ("event=signaling-lost text=\"%s\" attempt=%u", error->message, self->n_pauses + 1);
  self->pause_timer = g_timeout_add (snug_lasting_signaling_get_pause (self->n_pauses++, g_random_double ()),
                                     on_pause_over, self);
  snug_signaling_set_reopening (SNUG_SIGNALING (self), g_steal_pointer (&error));
}

static void
on_inner_state (SnugLastingSignaling *self)
{
  g_autoptr (SnugLastingSignaling) keep G_GNUC_UNUSED = g_object_ref (self);

  switch (snug_signaling_get_state (self->inner))
    {
    case SNUG_SIGNALING_OPEN:
      self->inner_open = TRUE;
      snug_signaling_set_open (SNUG_SIGNALING (self));
      break;
    case SNUG_SIGNALING_CLOSED:
      on_inner_closed (self);
      break;
    case SNUG_SIGNALING_IDLE:
    case SNUG_SIGNALING_OPENING:
    default:
      break;
    }
}

static void
on_inner_message (SnugLastingSignaling *self, SnugMessage *message)
{
  /* Who answers is there; one that only lets us in and throws us out again is not worth a short pause. */
  self->n_pauses = 0;
  self->was_heard = TRUE;
  snug_signaling_deliver (SNUG_SIGNALING (self), message);
}

static void
dial (SnugLastingSignaling *self)
{
  self->inner = self->make (self->user_data);
  self->inner_open = FALSE;
  if (snug_signaling_get_room_id (SNUG_SIGNALING (self)) != NULL)
    snug_signaling_set_room_id (self->inner, snug_signaling_get_room_id (SNUG_SIGNALING (self)));
  g_signal_connect_swapped (self->inner, "notify::state", G_CALLBACK (on_inner_state), self);
  g_signal_connect_swapped (self->inner, "message", G_CALLBACK (on_inner_message), self);
  snug_signaling_open (self->inner);
}

static void
snug_lasting_signaling_open (SnugSignaling *signaling)
{
  dial (SNUG_LASTING_SIGNALING (signaling));
}

static void
snug_lasting_signaling_send (SnugSignaling *signaling, SnugMessage *message)
{
  snug_signaling_send (SNUG_LASTING_SIGNALING (signaling)->inner, message);
}

static void
snug_lasting_signaling_close (SnugSignaling *signaling)
{
  SnugLastingSignaling *self = SNUG_LASTING_SIGNALING (signaling);

  g_clear_handle_id (&self->pause_timer, g_source_remove);
  if (self->inner != NULL)
    {
      /* It still sends what waits; its end is ours. */
      self->was_heard = FALSE;
      snug_signaling_close (self->inner);
    }
  else
    {
      snug_signaling_set_closed (signaling, NULL);
    }
}

/* What there is may be dead, and would be missed late. */
static void
snug_lasting_signaling_renew (SnugSignaling *signaling)
{
  SnugLastingSignaling *self = SNUG_LASTING_SIGNALING (signaling);

  if (!self->was_heard)
    return;
  g_clear_handle_id (&self->pause_timer, g_source_remove);
  drop_inner (self);
  self->n_pauses = 0;
  snug_signaling_set_reopening (signaling,
                                g_error_new_literal (SNUG_SIGNALING_ERROR, SNUG_SIGNALING_ERROR_LOST,
                                                     "The network has changed"));
  if (snug_signaling_get_state (signaling) == SNUG_SIGNALING_OPENING && self->inner == NULL && self->pause_timer == 0)
    dial (self);
}

static void
snug_lasting_signaling_dispose (GObject *object)
{
  SnugLastingSignaling *self = SNUG_LASTING_SIGNALING (object);

  g_clear_handle_id (&self->pause_timer, g_source_remove);
  drop_inner (self);
  if (self->destroy != NULL)
    g_clear_pointer (&self->user_data, self->destroy);

  G_OBJECT_CLASS (snug_lasting_signaling_parent_class)->dispose (object);
}

static void
snug_lasting_signaling_class_init (SnugLastingSignalingClass *klass)
{
  SnugSignalingClass *signaling_class = SNUG_SIGNALING_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_lasting_signaling_dispose;
  signaling_class->open = snug_lasting_signaling_open;
  signaling_class->send = snug_lasting_signaling_send;
  signaling_class->close = snug_lasting_signaling_close;
  signaling_class->renew = snug_lasting_signaling_renew;
}

static void
snug_lasting_signaling_init (SnugLastingSignaling *self)
{
}

SnugSignaling *
snug_lasting_signaling_new (SnugSignalingFactory make, gpointer user_data, GDestroyNotify destroy)
{
  SnugLastingSignaling *self;

  g_return_val_if_fail (make != NULL, NULL);

  self = g_object_new (SNUG_TYPE_LASTING_SIGNALING, NULL);
  self->make = make;
  self->user_data = user_data;
  self->destroy = destroy;
  return SNUG_SIGNALING (self);
}

static SnugSignaling *
make_websocket (gpointer uri)
{
  return snug_websocket_signaling_new (uri);
}

SnugSignaling *
snug_lasting_signaling_new_for_uri (const char *uri)
{
  g_return_val_if_fail (uri != NULL, NULL);

  return snug_lasting_signaling_new (make_websocket, g_strdup (uri), g_free);
}
