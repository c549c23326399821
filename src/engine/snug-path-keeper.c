/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-path-keeper.h"

#include "snug-reconnect-plan.h"
#include "snug-relay.h"

/* With no server there is nobody who could say that the peer has left. */
#define GIVE_UP_US (30 * G_USEC_PER_SEC)

struct _SnugPathKeeper
{
  GObject parent_instance;

  SnugNegotiation *negotiation;
  SnugPathWatch watch;
  SnugReconnectPlan plan;
  SnugPathState state;
  gboolean urgent; /* another connection is wanted though this one may live */
  gboolean prompt;
  gboolean signaling;
  gint64 lost_at; /* since when there is neither path nor server; 0: there is */
  guint tick_id;  /* once there was a path */
};

G_DEFINE_FINAL_TYPE (SnugPathKeeper, snug_path_keeper, G_TYPE_OBJECT)

typedef enum
{
  PROP_STATE = 1,
  N_PROPS
} SnugPathKeeperProperty;

static GParamSpec *properties[N_PROPS];

static void
set_state (SnugPathKeeper *self, SnugPathState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static gboolean
is_over (SnugPeerConnection *connection)
{
  return connection == NULL || snug_peer_connection_get_state (connection) != SNUG_PEER_CONNECTION_VERIFIED;
}

/* What there is will do. */
static void
stay (SnugPathKeeper *self)
{
  self->urgent = FALSE;
  if (!self->plan.wanted)
    return;
  snug_reconnect_plan_end (&self->plan);
  snug_negotiation_abandon (self->negotiation);
}

static void
look (SnugPathKeeper *self, gint64 now)
{
  SnugPeerConnection *connection = snug_negotiation_get_connection (self->negotiation);
  SnugPathState state = SNUG_PATH_LOST;

  if (!is_over (connection))
    {
      snug_path_watch_hear (&self->watch, snug_peer_connection_get_last_arrival (connection));
      state = snug_path_watch_look (&self->watch, now);
    }

  if (state == SNUG_PATH_LIVE && self->state != SNUG_PATH_LIVE)
    {
      g_info ("Something comes from the peer again");
      if (!self->urgent)
        stay (self);
      /* The peer may have lost what pictures build on; it would have to ask first. */
      snug_negotiation_request_key_frames (self->negotiation);
    }
  else if (state == SNUG_PATH_LOST)
    {
      snug_reconnect_plan_begin (&self->plan, now);
    }
  set_state (self, state);
}

/* Only with a server can another connection be agreed on; an attempt without one would only use up time. */
static void
follow_plan (SnugPathKeeper *self, gint64 now)
{
  if (!self->signaling)
    return;
  switch (snug_reconnect_plan_step (&self->plan, now))
    {
    case SNUG_RECONNECT_ATTEMPT:
      g_info ("Another connection to the peer: attempt %u", self->plan.n_attempts);
      snug_negotiation_reconnect (self->negotiation, snug_reconnect_plan_prefers_relay (&self->plan));
      break;
    case SNUG_RECONNECT_ABANDON:
      snug_negotiation_abandon (self->negotiation);
      if (self->state == SNUG_PATH_LIVE)
        stay (self);
      break;
    case SNUG_RECONNECT_WAIT:
    default:
      break;
    }
}

static void
check_hope (SnugPathKeeper *self, gint64 now)
{
  if (self->signaling || self->state != SNUG_PATH_LOST)
    self->lost_at = 0;
  else if (self->lost_at == 0)
    self->lost_at = now;
  else if (now - self->lost_at >= GIVE_UP_US)
    snug_negotiation_give_up (self->negotiation);
}

static void
work (SnugPathKeeper *self)
{
  g_autoptr (SnugPathKeeper) keep G_GNUC_UNUSED = g_object_ref (self);
  gint64 now = g_get_monotonic_time ();

  /* Each of them may end in the owner's stopping us. */
  if (self->tick_id != 0)
    look (self, now);
  if (self->tick_id != 0)
    follow_plan (self, now);
  if (self->tick_id != 0)
    check_hope (self, now);
}

static gboolean
on_tick (gpointer user_data)
{
  work (user_data);

  return G_SOURCE_CONTINUE;
}

static void
on_verified (SnugPathKeeper *self)
{
  gint64 now = g_get_monotonic_time ();

  snug_path_watch_init (&self->watch, now);
  snug_path_watch_set_prompt (&self->watch, self->prompt);
  snug_reconnect_plan_end (&self->plan);
  self->urgent = FALSE;
  self->lost_at = 0;
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add (SNUG_PATH_LOOK_US / 1000, on_tick, self);
  set_state (self, SNUG_PATH_LIVE);
}

static void
on_attempt_failed (SnugPathKeeper *self)
{
  snug_reconnect_plan_fail (&self->plan, g_get_monotonic_time ());
  /* What was wanted at once was not to be had; what there is goes on. */
  if (self->state == SNUG_PATH_LIVE)
    stay (self);
}

void
snug_path_keeper_renew (SnugPathKeeper *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PATH_KEEPER (self));

  if (self->tick_id == 0)
    return;
  self->urgent = TRUE;
  snug_reconnect_plan_begin (&self->plan, g_get_monotonic_time ());
  snug_path_keeper_hurry (self);
}

void
snug_path_keeper_hurry (SnugPathKeeper *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PATH_KEEPER (self));

  if (self->tick_id == 0 || !self->plan.wanted)
    return;
  snug_reconnect_plan_hurry (&self->plan, g_get_monotonic_time ());
  work (self);
}

void
snug_path_keeper_set_signaling (SnugPathKeeper *self, gboolean signaling)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PATH_KEEPER (self));

  if (self->signaling == signaling)
    return;
  self->signaling = signaling;
  if (signaling)
    snug_path_keeper_hurry (self);
}

gboolean
snug_path_keeper_get_signaling (SnugPathKeeper *self)
{
  g_return_val_if_fail (SNUG_IS_PATH_KEEPER (self), FALSE);

  return self->signaling;
}

void
snug_path_keeper_set_prompt (SnugPathKeeper *self, gboolean prompt)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PATH_KEEPER (self));

  self->prompt = prompt;
  snug_path_watch_set_prompt (&self->watch, prompt);
}

SnugPathState
snug_path_keeper_get_state (SnugPathKeeper *self)
{
  g_return_val_if_fail (SNUG_IS_PATH_KEEPER (self), SNUG_PATH_LIVE);

  return self->state;
}

void
snug_path_keeper_stop (SnugPathKeeper *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_PATH_KEEPER (self));

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->negotiation != NULL)
    g_signal_handlers_disconnect_by_data (self->negotiation, self);
  g_clear_object (&self->negotiation);
}

static void
snug_path_keeper_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugPathKeeper *self = SNUG_PATH_KEEPER (object);

  switch ((SnugPathKeeperProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_path_keeper_dispose (GObject *object)
{
  snug_path_keeper_stop (SNUG_PATH_KEEPER (object));

  G_OBJECT_CLASS (snug_path_keeper_parent_class)->dispose (object);
}

static void
snug_path_keeper_class_init (SnugPathKeeperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_path_keeper_get_property;
  object_class->dispose = snug_path_keeper_dispose;

  properties[PROP_STATE]
      = g_param_spec_int ("state", NULL, NULL, SNUG_PATH_LIVE, SNUG_PATH_LOST, SNUG_PATH_LIVE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_path_keeper_init (SnugPathKeeper *self)
{
  self->signaling = TRUE;
}

SnugPathKeeper *
snug_path_keeper_new (SnugNegotiation *negotiation)
{
  SnugPathKeeper *self = g_object_new (SNUG_TYPE_PATH_KEEPER, NULL);

  g_return_val_if_fail (SNUG_IS_NEGOTIATION (negotiation), NULL);

  self->negotiation = g_object_ref (negotiation);
  g_signal_connect_swapped (negotiation, "verified", G_CALLBACK (on_verified), self);
  g_signal_connect_swapped (negotiation, "lost", G_CALLBACK (work), self);
  g_signal_connect_swapped (negotiation, "attempt-failed", G_CALLBACK (on_attempt_failed), self);
  g_signal_connect_swapped (negotiation, "reconnect-asked", G_CALLBACK (snug_path_keeper_renew), self);

  return self;
}
