/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-signaling.h"

#include "snug-room-key.h"

typedef struct
{
  SnugSignalingState state;
  GError *error;
  char *room_id;
  gboolean closing; /* close() was asked for: nothing more comes in or goes out */
} SnugSignalingPrivate;

typedef enum
{
  PROP_STATE = 1,
  PROP_ERROR
} SnugSignalingProperty;

enum
{
  MESSAGE,
  N_SIGNALS
};

static GParamSpec *properties[PROP_ERROR + 1];
static guint signals[N_SIGNALS];

G_DEFINE_QUARK (snug-signaling-error-quark, snug_signaling_error)

G_DEFINE_ENUM_TYPE (SnugSignalingState,
                    snug_signaling_state,
                    G_DEFINE_ENUM_VALUE (SNUG_SIGNALING_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (SNUG_SIGNALING_OPENING, "opening"),
                    G_DEFINE_ENUM_VALUE (SNUG_SIGNALING_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (SNUG_SIGNALING_CLOSED, "closed"))

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SnugSignaling, snug_signaling, G_TYPE_OBJECT)

static SnugSignalingPrivate *
get_private (SnugSignaling *self)
{
  return snug_signaling_get_instance_private (self);
}

static void
set_state (SnugSignaling *self, SnugSignalingState state)
{
  get_private (self)->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
snug_signaling_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugSignaling *self = SNUG_SIGNALING (object);

  switch ((SnugSignalingProperty) prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, snug_signaling_get_state (self));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, snug_signaling_get_error (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_signaling_dispose (GObject *object)
{
  SnugSignalingPrivate *priv = get_private (SNUG_SIGNALING (object));

  /* Whatever a subclass still does from here on is not for anyone's ears. */
  priv->closing = TRUE;
  priv->state = SNUG_SIGNALING_CLOSED;

  G_OBJECT_CLASS (snug_signaling_parent_class)->dispose (object);
}

static void
snug_signaling_finalize (GObject *object)
{
  g_clear_error (&get_private (SNUG_SIGNALING (object))->error);
  g_free (get_private (SNUG_SIGNALING (object))->room_id);

  G_OBJECT_CLASS (snug_signaling_parent_class)->finalize (object);
}

static void
snug_signaling_class_init (SnugSignalingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = snug_signaling_get_property;
  object_class->dispose = snug_signaling_dispose;
  object_class->finalize = snug_signaling_finalize;

  /**
   * SnugSignaling:state:
   *
   * How far the channel is. It goes forward, but for one that comes back by itself: from OPEN to OPENING.
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL,
                                              snug_signaling_state_get_type (),
                                              SNUG_SIGNALING_IDLE, flags);
  /**
   * SnugSignaling:error: (nullable)
   *
   * Why the channel closed, or has to be opened again, without being asked to. Set before the state is notified.
   */
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  /**
   * SnugSignaling::message:
   * @self: the channel
   * @message: a message, parsed and checked
   *
   * The other side said something. In the order in which it was said, only while the channel is open.
   */
  signals[MESSAGE] = g_signal_new ("message",
                                   G_TYPE_FROM_CLASS (klass),
                                   G_SIGNAL_RUN_LAST,
                                   0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, SNUG_TYPE_MESSAGE);
}

static void
snug_signaling_init (SnugSignaling *self)
{
}

/**
 * snug_signaling_set_room_id:
 * @self: a channel in state %SNUG_SIGNALING_IDLE
 * @room_id: a room's id, see snug-room-key.h
 *
 * Tells which room will be joined over it.
 */
void
snug_signaling_set_room_id (SnugSignaling *self, const char *room_id)
{
  g_return_if_fail (SNUG_IS_SIGNALING (self));
  g_return_if_fail (snug_room_id_is_valid (room_id));
  g_return_if_fail (get_private (self)->state == SNUG_SIGNALING_IDLE);

  g_free (get_private (self)->room_id);
  get_private (self)->room_id = g_strdup (room_id);
}

const char *
snug_signaling_get_room_id (SnugSignaling *self)
{
  g_return_val_if_fail (SNUG_IS_SIGNALING (self), NULL);

  return get_private (self)->room_id;
}

/**
 * snug_signaling_open:
 * @self: a channel in state %SNUG_SIGNALING_IDLE
 *
 * Starts. #SnugSignaling:state tells how it goes.
 */
void
snug_signaling_open (SnugSignaling *self)
{
  g_return_if_fail (SNUG_IS_SIGNALING (self));
  g_return_if_fail (get_private (self)->state == SNUG_SIGNALING_IDLE);

  g_object_ref (self);
  set_state (self, SNUG_SIGNALING_OPENING);
  /* Whoever was notified may have closed it again. */
  if (get_private (self)->state == SNUG_SIGNALING_OPENING && !get_private (self)->closing)
    SNUG_SIGNALING_GET_CLASS (self)->open (self);
  g_object_unref (self);
}

/**
 * snug_signaling_send:
 * @self: a channel
 * @message: (transfer none): what to say
 *
 * Messages arrive in the order in which they were sent, or the channel closes. While it is not open
 * they are dropped.
 */
void
snug_signaling_send (SnugSignaling *self, SnugMessage *message)
{
  SnugSignalingPrivate *priv;

  g_return_if_fail (SNUG_IS_SIGNALING (self));
  g_return_if_fail (message != NULL);

  priv = get_private (self);
  if (priv->state != SNUG_SIGNALING_OPEN || priv->closing)
    {
      g_debug ("Signaling is not open: a message was dropped");
      return;
    }
  SNUG_SIGNALING_GET_CLASS (self)->send (self, message);
}

/**
 * snug_signaling_close:
 * @self: a channel
 *
 * What was sent before still goes out, then the channel becomes %SNUG_SIGNALING_CLOSED, within a
 * second or so. Nothing comes in any more. Any number of times, in any state.
 */
void
snug_signaling_close (SnugSignaling *self)
{
  SnugSignalingPrivate *priv;

  g_return_if_fail (SNUG_IS_SIGNALING (self));

  priv = get_private (self);
  if (priv->closing || priv->state == SNUG_SIGNALING_CLOSED)
    return;

  g_object_ref (self);
  priv->closing = TRUE;
  if (priv->state == SNUG_SIGNALING_IDLE)
    snug_signaling_set_closed (self, NULL);
  else
    SNUG_SIGNALING_GET_CLASS (self)->close (self);
  g_object_unref (self);
}

SnugSignalingState
snug_signaling_get_state (SnugSignaling *self)
{
  g_return_val_if_fail (SNUG_IS_SIGNALING (self), SNUG_SIGNALING_CLOSED);

  return get_private (self)->state;
}

gboolean
snug_signaling_get_by_hand (SnugSignaling *self)
{
  g_return_val_if_fail (SNUG_IS_SIGNALING (self), FALSE);

  return SNUG_SIGNALING_GET_CLASS (self)->by_hand;
}

/**
 * snug_signaling_get_error:
 * @self: a channel
 *
 * Returns: (transfer none) (nullable): a #SNUG_SIGNALING_ERROR, once closed without being asked to
 */
const GError *
snug_signaling_get_error (SnugSignaling *self)
{
  g_return_val_if_fail (SNUG_IS_SIGNALING (self), NULL);

  return get_private (self)->error;
}

/**
 * snug_signaling_set_open:
 * @self: a channel that is opening
 *
 * For subclasses: messages flow from now on.
 */
void
snug_signaling_set_open (SnugSignaling *self)
{
  SnugSignalingPrivate *priv;

  g_return_if_fail (SNUG_IS_SIGNALING (self));

  priv = get_private (self);
  if (priv->state == SNUG_SIGNALING_OPENING && !priv->closing)
    {
      g_clear_error (&priv->error);
      set_state (self, SNUG_SIGNALING_OPEN);
    }
}

/**
 * snug_signaling_set_reopening:
 * @self: a channel that was open, or is opening again
 * @error: (transfer full): why it has to
 *
 * For subclasses: messages flow no more, and will again.
 */
void
snug_signaling_set_reopening (SnugSignaling *self, GError *error)
{
  g_autoptr (GError) owned = error;
  SnugSignalingPrivate *priv;

  g_return_if_fail (SNUG_IS_SIGNALING (self));
  g_return_if_fail (error != NULL);

  priv = get_private (self);
  if (priv->closing || priv->state == SNUG_SIGNALING_CLOSED)
    return;

  g_object_ref (self);
  g_clear_error (&priv->error);
  priv->error = g_steal_pointer (&owned);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  set_state (self, SNUG_SIGNALING_OPENING);
  g_object_unref (self);
}

/**
 * snug_signaling_renew:
 * @self: a channel
 */
void
snug_signaling_renew (SnugSignaling *self)
{
  g_return_if_fail (SNUG_IS_SIGNALING (self));

  if (!get_private (self)->closing && SNUG_SIGNALING_GET_CLASS (self)->renew != NULL)
    SNUG_SIGNALING_GET_CLASS (self)->renew (self);
}

/**
 * snug_signaling_set_closed:
 * @self: a channel
 * @error: (transfer full) (nullable): why; %NULL when it was asked for
 *
 * For subclasses: it is over. Only the first time counts. After snug_signaling_close() there is no
 * error, whatever happened on the way.
 */
void
snug_signaling_set_closed (SnugSignaling *self, GError *error)
{
  g_autoptr (GError) owned = error;
  SnugSignalingPrivate *priv;

  g_return_if_fail (SNUG_IS_SIGNALING (self));

  priv = get_private (self);
  if (priv->state == SNUG_SIGNALING_CLOSED)
    return;

  g_object_ref (self);
  g_clear_error (&priv->error);
  if (owned != NULL && !priv->closing)
    {
      priv->error = g_steal_pointer (&owned);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
    }
  set_state (self, SNUG_SIGNALING_CLOSED);
  g_object_unref (self);
}

/**
 * snug_signaling_deliver:
 * @self: a channel
 * @message: (transfer none): what the other side said
 *
 * For subclasses. Dropped while the channel is not open or is about to close.
 */
void
snug_signaling_deliver (SnugSignaling *self, SnugMessage *message)
{
  SnugSignalingPrivate *priv;

  g_return_if_fail (SNUG_IS_SIGNALING (self));
  g_return_if_fail (message != NULL);

  priv = get_private (self);
  if (priv->state != SNUG_SIGNALING_OPEN || priv->closing)
    return;
  g_object_ref (self);
  g_signal_emit (self, signals[MESSAGE], 0, message);
  g_object_unref (self);
}
