/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-negotiation.h"

#include "snug-engine.h"
#include "snug-relay.h"

/* From our offer to the peer's answer. */
#define ANSWER_TIMEOUT_SECONDS 15
/* What we can decode and encode, so that a later version can choose better. */
static const char *const video_codecs[] = { "VP8", NULL };

struct _SnugNegotiation
{
  GObject parent_instance;

  SnugPeerConnectionConfig config; /* borrowed */
  SnugPeerConnection *connection;
  guint generation; /* of the connection; 0: none yet */
  gboolean offerer;
  gboolean failed;
  gboolean closed;
  guint answer_timeout_id;
};

G_DEFINE_FINAL_TYPE (SnugNegotiation, snug_negotiation, G_TYPE_OBJECT)

typedef enum
{
  PROP_CONNECTION = 1,
  N_PROPS
} SnugNegotiationProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_OUTGOING,
  SIGNAL_CANDIDATE,
  SIGNAL_VERIFIED,
  SIGNAL_FAILED,
  SIGNAL_LEFT,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
send_out (SnugNegotiation *self, SnugPeerMessage *message)
{
  g_signal_emit (self, signals[SIGNAL_OUTGOING], 0, message);
}

/* Over the connection while there is one, so that it also works without a server. */
static void
send_bye (SnugNegotiation *self, SnugByeReason reason)
{
  g_autoptr (SnugPeerMessage) bye = snug_peer_message_new_bye (MAX (self->generation, 1), reason);

  if (self->connection == NULL || !snug_peer_connection_send (self->connection, bye))
    send_out (self, bye);
}

static SnugByeReason
get_bye_reason (const GError *error)
{
  if (g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_CERTIFICATE_MISMATCH))
    return SNUG_BYE_CERTIFICATE;
  if (g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_BAD_DESCRIPTION))
    return SNUG_BYE_BAD_DESCRIPTION;

  return SNUG_BYE_FAILED;
}

/* error: (transfer full). told: the peer knows already. */
static void
fail (SnugNegotiation *self, GError *error, gboolean told)
{
  g_autoptr (SnugNegotiation) keep G_GNUC_UNUSED = g_object_ref (self);

  if (!self->failed && !self->closed)
    {
      self->failed = TRUE;
      g_clear_handle_id (&self->answer_timeout_id, g_source_remove);
      if (!told)
        send_bye (self, get_bye_reason (error));
      if (self->connection != NULL)
        snug_peer_connection_close (self->connection);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
    }
  g_error_free (error);
}

static void
on_local_candidate (SnugNegotiation *self, guint mline, const char *mid, const char *candidate)
{
  g_autoptr (SnugPeerMessage) message
      = snug_peer_message_new_candidate (self->generation, mline, mid, candidate);

  send_out (self, message);
  g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, TRUE, candidate);
}

static void
on_gathered (SnugNegotiation *self)
{
  g_autoptr (SnugPeerMessage) message = snug_peer_message_new_end_of_candidates (self->generation);

  send_out (self, message);
}

static void
on_connection_state (SnugNegotiation *self)
{
  switch (snug_peer_connection_get_state (self->connection))
    {
    case SNUG_PEER_CONNECTION_CONNECTING:
      g_clear_handle_id (&self->answer_timeout_id, g_source_remove);
      break;
    case SNUG_PEER_CONNECTION_VERIFIED:
      g_signal_emit (self, signals[SIGNAL_VERIFIED], 0);
      break;
    case SNUG_PEER_CONNECTION_FAILED:
      fail (self, g_error_copy (snug_peer_connection_get_error (self->connection)), FALSE);
      break;
    case SNUG_PEER_CONNECTION_NEW:
    case SNUG_PEER_CONNECTION_CLOSED:
    default:
      break;
    }
}

static gboolean
emit_closed (gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_CLOSED], 0);

  return G_SOURCE_REMOVE;
}

static void
on_connection_closed (SnugNegotiation *self)
{
  if (self->closed)
    emit_closed (self);
}

static gboolean
on_answer_timeout (gpointer user_data)
{
  SnugNegotiation *self = user_data;

  self->answer_timeout_id = 0;
  fail (self,
        g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ANSWER,
                             "The peer did not answer the offer"),
        FALSE);

  return G_SOURCE_REMOVE;
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugNegotiation) self = user_data;
  SnugPeerConnection *connection = SNUG_PEER_CONNECTION (source);
  g_autofree char *sdp = snug_peer_connection_describe_finish (connection, result, NULL);
  g_autoptr (SnugPeerMessage) message = NULL;

  /* A failure shows in the connection's state as well. */
  if (sdp == NULL || self->connection != connection || self->failed || self->closed)
    return;

  message = snug_peer_message_new_description (
      self->generation, self->offerer ? SNUG_SDP_OFFER : SNUG_SDP_ANSWER, sdp, video_codecs);
  send_out (self, message);
  if (self->offerer)
    self->answer_timeout_id
        = g_timeout_add_seconds (ANSWER_TIMEOUT_SECONDS, on_answer_timeout, self);
}

static void
drop_connection (SnugNegotiation *self)
{
  if (self->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->connection, self);
  snug_peer_connection_close (self->connection);
  g_clear_object (&self->connection);
}

/* connection: (transfer full) (nullable), error: (transfer full), when there is none. */
static void
take_connection (SnugNegotiation *self, SnugPeerConnection *connection, GError *error)
{
  if (connection == NULL)
    {
      fail (self, error, FALSE);
      return;
    }

  drop_connection (self);
  self->connection = connection;
  g_signal_connect_swapped (connection, "notify::state", G_CALLBACK (on_connection_state), self);
  g_signal_connect_swapped (connection, "local-candidate", G_CALLBACK (on_local_candidate), self);
  g_signal_connect_swapped (connection, "gathered", G_CALLBACK (on_gathered), self);
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (on_connection_closed), self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
  snug_peer_connection_describe_async (connection, on_described, g_object_ref (self));
}

void
snug_negotiation_offer (SnugNegotiation *self)
{
  GError *error = NULL;
  SnugPeerConnection *connection;

  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));
  g_return_if_fail (self->generation == 0);

  self->offerer = TRUE;
  self->generation = 1;
  connection = snug_peer_connection_new_offerer (&self->config, &error);
  take_connection (self, connection, error);
}

static void
receive_offer (SnugNegotiation *self, SnugPeerMessage *message)
{
  GError *error = NULL;
  SnugPeerConnection *connection;

  /* Roles are fixed for the life of a pair, and an offer is newer than the one before or nothing. */
  if (self->offerer || snug_peer_message_get_generation (message) <= self->generation)
    {
      g_debug ("An offer came out of turn");
      return;
    }

  self->generation = snug_peer_message_get_generation (message);
  connection = snug_peer_connection_new_answerer (&self->config, snug_peer_message_get_sdp (message),
                                                  &error);
  take_connection (self, connection, error);
}

static void
receive_answer (SnugNegotiation *self, SnugPeerMessage *message)
{
  GError *error = NULL;

  if (!self->offerer || snug_peer_message_get_generation (message) != self->generation
      || snug_peer_connection_get_state (self->connection) != SNUG_PEER_CONNECTION_NEW)
    {
      g_debug ("An answer came out of turn");
      return;
    }

  if (!snug_peer_connection_accept_answer (self->connection, snug_peer_message_get_sdp (message),
                                           &error))
    fail (self, error, FALSE);
}

static void
receive_candidate (SnugNegotiation *self, SnugPeerMessage *message)
{
  const char *candidate = snug_peer_message_get_candidate (message);

  if (self->connection == NULL || snug_peer_message_get_generation (message) != self->generation)
    {
      g_debug ("A candidate came out of turn");
      return;
    }

  if (snug_peer_connection_add_candidate (self->connection, snug_peer_message_get_mline (message),
                                          candidate))
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, FALSE, candidate);
}

static void
receive_bye (SnugNegotiation *self, SnugPeerMessage *message)
{
  const char *text;

  switch (snug_peer_message_get_bye_reason (message))
    {
    case SNUG_BYE_LEFT:
      g_signal_emit (self, signals[SIGNAL_LEFT], 0);
      return;
    case SNUG_BYE_CERTIFICATE:
      text = "The peer saw another certificate than the one we named";
      break;
    case SNUG_BYE_BAD_DESCRIPTION:
      text = "The peer did not understand our description";
      break;
    case SNUG_BYE_FAILED:
    default:
      text = "The peer gave this connection up";
    }
  if (snug_peer_message_get_generation (message) >= self->generation)
    fail (self, g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_REFUSED_BY_PEER, text), TRUE);
}

void
snug_negotiation_receive (SnugNegotiation *self, SnugPeerMessage *message)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));
  g_return_if_fail (message != NULL);

  if (self->failed || self->closed)
    return;

  switch (snug_peer_message_get_kind (message))
    {
    case SNUG_PEER_MESSAGE_DESCRIPTION:
      if (snug_peer_message_get_sdp_type (message) == SNUG_SDP_OFFER)
        receive_offer (self, message);
      else
        receive_answer (self, message);
      break;
    case SNUG_PEER_MESSAGE_CANDIDATE:
      receive_candidate (self, message);
      break;
    case SNUG_PEER_MESSAGE_BYE:
      receive_bye (self, message);
      break;
    case SNUG_PEER_MESSAGE_RECONNECT:
    case SNUG_PEER_MESSAGE_END_OF_CANDIDATES: /* libnice has no use for it */
    case SNUG_PEER_MESSAGE_MEDIA_STATE:
    case SNUG_PEER_MESSAGE_CHAT:
    case SNUG_PEER_MESSAGE_CHAT_ACK:
    case SNUG_PEER_MESSAGE_HELLO:
    case SNUG_PEER_MESSAGE_CHAT_READ:
    case SNUG_PEER_MESSAGE_TYPING:
    case SNUG_PEER_MESSAGE_HAND:
    case SNUG_PEER_MESSAGE_REACTION:
    case SNUG_PEER_MESSAGE_FILE_OFFER:
    case SNUG_PEER_MESSAGE_FILE_ACCEPT:
    case SNUG_PEER_MESSAGE_FILE_DECLINE:
    case SNUG_PEER_MESSAGE_FILE_ACK:
    case SNUG_PEER_MESSAGE_FILE_DONE:
    case SNUG_PEER_MESSAGE_FILE_CANCEL:
    default:
      break;
    }
}

void
snug_negotiation_close (SnugNegotiation *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));

  if (self->closed)
    return;

  if (!self->failed && self->connection != NULL)
    send_bye (self, SNUG_BYE_LEFT);
  self->closed = TRUE;
  g_clear_handle_id (&self->answer_timeout_id, g_source_remove);
  if (self->connection != NULL)
    snug_peer_connection_close (self->connection);
  if (self->connection == NULL || snug_peer_connection_is_down (self->connection))
    g_idle_add_full (G_PRIORITY_DEFAULT, emit_closed, g_object_ref (self), g_object_unref);
}

SnugPeerConnection *
snug_negotiation_get_connection (SnugNegotiation *self)
{
  g_return_val_if_fail (SNUG_IS_NEGOTIATION (self), NULL);

  return self->connection;
}

static void
snug_negotiation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugNegotiation *self = SNUG_NEGOTIATION (object);

  switch ((SnugNegotiationProperty) prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_negotiation_dispose (GObject *object)
{
  SnugNegotiation *self = SNUG_NEGOTIATION (object);

  g_clear_handle_id (&self->answer_timeout_id, g_source_remove);
  drop_connection (self);

  G_OBJECT_CLASS (snug_negotiation_parent_class)->dispose (object);
}

static void
snug_negotiation_class_init (SnugNegotiationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_negotiation_get_property;
  object_class->dispose = snug_negotiation_dispose;

  properties[PROP_CONNECTION]
      = g_param_spec_object ("connection", NULL, NULL, SNUG_TYPE_PEER_CONNECTION,
                             G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_OUTGOING] = g_signal_new ("outgoing", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_CANDIDATE]
      = g_signal_new ("candidate", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_STRING);
  signals[SIGNAL_VERIFIED] = g_signal_new ("verified", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[SIGNAL_LEFT] = g_signal_new ("left", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
snug_negotiation_init (SnugNegotiation *self)
{
}

SnugNegotiation *
snug_negotiation_new (const SnugPeerConnectionConfig *config)
{
  SnugNegotiation *self = g_object_new (SNUG_TYPE_NEGOTIATION, NULL);

  g_return_val_if_fail (config != NULL, NULL);

  self->config = *config;

  return self;
}
