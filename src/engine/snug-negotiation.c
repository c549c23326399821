/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-negotiation.h"

#include "snug-engine.h"
#include "snug-relay.h"
#include "snug-token-bucket.h"

/* From our offer to the peer's answer. */
#define ANSWER_TIMEOUT_SECONDS 15
/* Each new connection that a peer wants costs something: so many a second, and at once. */
#define REQUEST_RATE 1
#define REQUEST_BURST 6
/* What we can decode and encode, so that a later version can choose better. */
static const char *const video_codecs[] = { "VP8", NULL };

/* One connection of the pair. */
typedef struct
{
  SnugPeerConnection *connection; /* NULL: none */
  guint generation;
} SnugAttempt;

struct _SnugNegotiation
{
  GObject parent_instance;

  SnugPeerConnectionConfig config; /* borrowed */
  SnugAttempt current;
  SnugAttempt next;   /* beside a current one that was verified */
  GPtrArray *closing; /* of SnugPeerConnection: on their way down */
  guint newest;       /* generation; 0: none yet */
  gboolean offerer;
  gboolean established; /* one was verified */
  gboolean failed;
  gboolean closed;
  gboolean silent;
  guint answer_timeout_id; /* of the first one */
  SnugTokenBucket requests; /* of the peer, for a new connection */
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
  SIGNAL_STAGE,
  SIGNAL_VERIFIED,
  SIGNAL_LOST,
  SIGNAL_ATTEMPT_FAILED,
  SIGNAL_RECONNECT_ASKED,
  SIGNAL_FAILED,
  SIGNAL_LEFT,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
send_out (SnugNegotiation *self, SnugPeerMessage *message)
{
  if (self->silent)
    return;
  g_signal_emit (self, signals[SIGNAL_OUTGOING], 0, message);
}

static gboolean
is_over (SnugPeerConnection *connection)
{
  SnugPeerConnectionState state = snug_peer_connection_get_state (connection);

  return state == SNUG_PEER_CONNECTION_FAILED || state == SNUG_PEER_CONNECTION_CLOSED;
}

/* Over the connection while there is one, so that it also works without a server. */
static void
send_bye (SnugNegotiation *self, SnugByeReason reason)
{
  g_autoptr (SnugPeerMessage) bye = snug_peer_message_new_bye (MAX (self->current.generation, 1), reason);

  if (self->silent)
    return;
  if (self->current.connection == NULL || !snug_peer_connection_send (self->current.connection, bye))
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

static void
on_down (SnugNegotiation *self, SnugPeerConnection *connection)
{
  g_autoptr (SnugNegotiation) keep G_GNUC_UNUSED = g_object_ref (self);

  g_signal_handlers_disconnect_by_data (connection, self);
  g_ptr_array_remove (self->closing, connection);
  if (self->closed && self->closing->len == 0)
    g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* Takes a connection down; whatever it still has to say, nobody hears. */
static void
retire (SnugNegotiation *self, SnugAttempt *attempt)
{
  SnugPeerConnection *connection = g_steal_pointer (&attempt->connection);

  if (connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (connection, self);
  g_ptr_array_add (self->closing, connection);
  g_signal_connect_swapped (connection, "closed", G_CALLBACK (on_down), self);
  snug_peer_connection_close (connection);
  if (snug_peer_connection_is_down (connection))
    on_down (self, connection);
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
      retire (self, &self->next);
      if (self->current.connection != NULL)
        snug_peer_connection_close (self->current.connection);
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
    }
  g_error_free (error);
}

/* The next connection comes to nothing; the one in use stays. reason: 0: the peer knows. */
static void
drop_next (SnugNegotiation *self, SnugByeReason reason)
{
  if (self->next.connection == NULL)
    return;
  if (reason != 0)
    {
      g_autoptr (SnugPeerMessage) bye = snug_peer_message_new_bye (self->next.generation, reason);

      send_out (self, bye);
    }
  retire (self, &self->next);
}

static void
fail_attempt (SnugNegotiation *self, const GError *error)
{
  g_info ("The next connection to a peer came to nothing: %s", error->message);
  drop_next (self, get_bye_reason (error));
  /* Somebody stands in the way, and there is no other way. */
  if (g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_CERTIFICATE_MISMATCH)
      && is_over (self->current.connection))
    fail (self, g_error_copy (error), TRUE);
  else
    g_signal_emit (self, signals[SIGNAL_ATTEMPT_FAILED], 0);
}

static guint
get_generation (SnugNegotiation *self, SnugPeerConnection *connection)
{
  return connection == self->next.connection ? self->next.generation : self->current.generation;
}

static void
on_local_candidate (SnugNegotiation *self,
                    guint mline,
                    const char *mid,
                    const char *candidate,
                    SnugPeerConnection *connection)
{
  g_autoptr (SnugPeerMessage) message
      = snug_peer_message_new_candidate (get_generation (self, connection), mline, mid, candidate);

  send_out (self, message);
  g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, TRUE, candidate);
}

static void
on_gathered (SnugNegotiation *self, SnugPeerConnection *connection)
{
  g_autoptr (SnugPeerMessage) message
      = snug_peer_message_new_end_of_candidates (get_generation (self, connection));

  send_out (self, message);
}

static void
on_stage (SnugNegotiation *self, guint stage)
{
  g_signal_emit (self, signals[SIGNAL_STAGE], 0, stage);
}

static void
on_verified (SnugNegotiation *self, SnugPeerConnection *connection)
{
  if (connection == self->next.connection)
    {
      SnugAttempt old = self->current;

      self->current = self->next;
      self->next = (SnugAttempt){ 0 };
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
      retire (self, &old);
    }
  self->established = TRUE;
  g_signal_emit (self, signals[SIGNAL_VERIFIED], 0);
}

static void
on_connection_state (SnugNegotiation *self, GParamSpec *pspec, SnugPeerConnection *connection)
{
  g_autoptr (SnugNegotiation) keep G_GNUC_UNUSED = g_object_ref (self);

  switch (snug_peer_connection_get_state (connection))
    {
    case SNUG_PEER_CONNECTION_CONNECTING:
      g_clear_handle_id (&self->answer_timeout_id, g_source_remove);
      break;
    case SNUG_PEER_CONNECTION_VERIFIED:
      on_verified (self, connection);
      break;
    case SNUG_PEER_CONNECTION_FAILED:
      if (connection == self->next.connection)
        fail_attempt (self, snug_peer_connection_get_error (connection));
      else if (self->established)
        g_signal_emit (self, signals[SIGNAL_LOST], 0);
      else
        fail (self, g_error_copy (snug_peer_connection_get_error (connection)), FALSE);
      break;
    case SNUG_PEER_CONNECTION_NEW:
    case SNUG_PEER_CONNECTION_CLOSED:
    default:
      break;
    }
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
  if (sdp == NULL || self->failed || self->closed
      || (connection != self->current.connection && connection != self->next.connection))
    return;

  message = snug_peer_message_new_description (
      get_generation (self, connection), self->offerer ? SNUG_SDP_OFFER : SNUG_SDP_ANSWER, sdp, video_codecs);
  send_out (self, message);
  if (self->offerer && !self->established && !snug_ice_config_get_by_hand (self->config.ice))
    self->answer_timeout_id
        = g_timeout_add_seconds (ANSWER_TIMEOUT_SECONDS, on_answer_timeout, self);
}

/* A connection of the newest generation: the first, or the next. connection: (transfer full) (nullable), error: (transfer
 * full), when there is none. */
static void
take_connection (SnugNegotiation *self, SnugPeerConnection *connection, GError *error)
{
  SnugAttempt *attempt = self->established ? &self->next : &self->current;

  retire (self, attempt);
  attempt->generation = self->newest;
  if (connection == NULL && self->established)
    {
      g_autoptr (SnugPeerMessage) bye = snug_peer_message_new_bye (self->newest, get_bye_reason (error));

      send_out (self, bye);
      fail_attempt (self, error);
      g_error_free (error);
      return;
    }
  if (connection == NULL)
    {
      fail (self, error, FALSE);
      return;
    }

  attempt->connection = connection;
  g_signal_connect_swapped (connection, "notify::state", G_CALLBACK (on_connection_state), self);
  g_signal_connect_swapped (connection, "local-candidate", G_CALLBACK (on_local_candidate), self);
  g_signal_connect_swapped (connection, "gathered", G_CALLBACK (on_gathered), self);
  g_signal_connect_swapped (connection, "stage", G_CALLBACK (on_stage), self);
  if (!self->established)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
  snug_peer_connection_describe_async (connection, on_described, g_object_ref (self));
}

static void
offer (SnugNegotiation *self, gboolean relay_only)
{
  SnugPeerConnectionConfig config = self->config;
  GError *error = NULL;
  SnugPeerConnection *connection;

  if (self->newest == G_MAXINT32)
    return;
  self->newest++;
  config.relay_only = relay_only;
  connection = snug_peer_connection_new_offerer (&config, &error);
  take_connection (self, connection, error);
}

void
snug_negotiation_offer (SnugNegotiation *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));
  g_return_if_fail (self->newest == 0);

  self->offerer = TRUE;
  offer (self, FALSE);
}

void
snug_negotiation_reconnect (SnugNegotiation *self, gboolean relay_only)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));

  if (!self->established || self->failed || self->closed)
    return;
  if (self->offerer)
    {
      offer (self, relay_only);
    }
  else
    {
      g_autoptr (SnugPeerMessage) message = snug_peer_message_new_reconnect (self->newest);

      send_out (self, message);
    }
}

void
snug_negotiation_abandon (SnugNegotiation *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));

  drop_next (self, SNUG_BYE_FAILED);
}

void
snug_negotiation_request_key_frames (SnugNegotiation *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));

  snug_encoded_feed_request_key_frame (self->config.video_feed);
  snug_encoded_feed_request_key_frame (self->config.screen_feed);
}

void
snug_negotiation_be_silent (SnugNegotiation *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));

  self->silent = TRUE;
}

void
snug_negotiation_give_up (SnugNegotiation *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));

  fail (self,
        g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_LOST, "The path to the peer is gone"),
        FALSE);
}

static void
receive_offer (SnugNegotiation *self, SnugPeerMessage *message)
{
  GError *error = NULL;
  SnugPeerConnection *connection;

  /* Roles are fixed for the life of a pair, and an offer is newer than the one before or nothing. */
  if (self->offerer || snug_peer_message_get_generation (message) <= self->newest
      || !snug_token_bucket_take (&self->requests, g_get_monotonic_time ()))
    {
      g_debug ("An offer came out of turn");
      return;
    }

  self->newest = snug_peer_message_get_generation (message);
  connection = snug_peer_connection_new_answerer (&self->config, snug_peer_message_get_sdp (message),
                                                  &error);
  take_connection (self, connection, error);
}

/* Returns: (nullable): the connection of that generation that is still being made or in use. */
static SnugPeerConnection *
find_connection (SnugNegotiation *self, guint generation)
{
  if (self->next.connection != NULL && generation == self->next.generation)
    return self->next.connection;

  return generation == self->current.generation ? self->current.connection : NULL;
}

static void
receive_answer (SnugNegotiation *self, SnugPeerMessage *message)
{
  SnugPeerConnection *connection = find_connection (self, snug_peer_message_get_generation (message));
  GError *error = NULL;

  if (!self->offerer || connection == NULL
      || snug_peer_connection_get_state (connection) != SNUG_PEER_CONNECTION_NEW)
    {
      g_debug ("An answer came out of turn");
      return;
    }

  if (snug_peer_connection_accept_answer (connection, snug_peer_message_get_sdp (message), &error))
    return;
  if (connection == self->next.connection)
    {
      fail_attempt (self, error);
      g_error_free (error);
    }
  else
    {
      fail (self, error, FALSE);
    }
}

static void
receive_candidate (SnugNegotiation *self, SnugPeerMessage *message)
{
  SnugPeerConnection *connection = find_connection (self, snug_peer_message_get_generation (message));
  const char *candidate = snug_peer_message_get_candidate (message);

  if (connection == NULL)
    {
      g_debug ("A candidate came out of turn");
      return;
    }

  if (snug_peer_connection_add_candidate (connection, snug_peer_message_get_mline (message), candidate))
    g_signal_emit (self, signals[SIGNAL_CANDIDATE], 0, FALSE, candidate);
}

static void
receive_reconnect (SnugNegotiation *self, SnugPeerMessage *message)
{
  guint generation = snug_peer_message_get_generation (message);

  /* Not about an older one, and not while a newer one is being made. (Of one that came to nothing it may not have heard.) */
  if (!self->offerer || !self->established || generation < self->current.generation || generation > self->newest
      || (self->next.connection != NULL && generation < self->next.generation)
      || !snug_token_bucket_take (&self->requests, g_get_monotonic_time ()))
    {
      g_debug ("A request to reconnect came out of turn");
      return;
    }
  g_signal_emit (self, signals[SIGNAL_RECONNECT_ASKED], 0);
}

static void
receive_bye (SnugNegotiation *self, SnugPeerMessage *message)
{
  guint generation = snug_peer_message_get_generation (message);
  SnugByeReason reason = snug_peer_message_get_bye_reason (message);
  SnugCallError code = SNUG_CALL_ERROR_REFUSED_BY_PEER;
  const char *text;

  switch (reason)
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
      /* Whoever is first to see that no pair works says so; for both it is the same failure. */
      code = SNUG_CALL_ERROR_NO_ROUTE;
      text = "No pair of candidates worked, and the peer gave up";
    }

  if (self->next.connection != NULL && generation == self->next.generation)
    {
      drop_next (self, 0);
      g_signal_emit (self, signals[SIGNAL_ATTEMPT_FAILED], 0);
    }
  else if (generation < self->current.generation || (self->established && generation != self->current.generation))
    {
      /* Of an attempt that is over on this side, too: what is in use goes on. */
      g_debug ("A goodbye came out of turn");
    }
  else if (self->established && reason == SNUG_BYE_FAILED)
    {
      /* It has lost us; another connection may work. */
      snug_peer_connection_close (self->current.connection);
      g_signal_emit (self, signals[SIGNAL_LOST], 0);
    }
  else
    {
      fail (self, g_error_new_literal (SNUG_CALL_ERROR, code, text), TRUE);
    }
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
      receive_reconnect (self, message);
      break;
    case SNUG_PEER_MESSAGE_END_OF_CANDIDATES: /* libnice has no use for it */
    case SNUG_PEER_MESSAGE_MEDIA_STATE:
    case SNUG_PEER_MESSAGE_CHAT:
    case SNUG_PEER_MESSAGE_CHAT_ACK:
    case SNUG_PEER_MESSAGE_INTRODUCTION:
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
    case SNUG_PEER_MESSAGE_CODE_COMMIT:
    case SNUG_PEER_MESSAGE_CODE_REVEAL:
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

void
snug_negotiation_close (SnugNegotiation *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_NEGOTIATION (self));

  if (self->closed)
    return;

  if (!self->failed && self->current.connection != NULL)
    send_bye (self, SNUG_BYE_LEFT);
  g_clear_handle_id (&self->answer_timeout_id, g_source_remove);
  retire (self, &self->next);
  /* It is still asked for: the numbers of the last moment. */
  if (self->current.connection != NULL)
    {
      SnugAttempt last = { g_object_ref (self->current.connection), self->current.generation };

      retire (self, &last);
    }
  self->closed = TRUE;
  if (self->closing->len == 0)
    g_idle_add_full (G_PRIORITY_DEFAULT, emit_closed, g_object_ref (self), g_object_unref);
}

SnugPeerConnection *
snug_negotiation_get_connection (SnugNegotiation *self)
{
  g_return_val_if_fail (SNUG_IS_NEGOTIATION (self), NULL);

  return self->current.connection;
}

static void
snug_negotiation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugNegotiation *self = SNUG_NEGOTIATION (object);

  switch ((SnugNegotiationProperty) prop_id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, self->current.connection);
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
  retire (self, &self->next);
  retire (self, &self->current);
  for (guint i = 0; i < self->closing->len; i++)
    g_signal_handlers_disconnect_by_data (self->closing->pdata[i], self);

  G_OBJECT_CLASS (snug_negotiation_parent_class)->dispose (object);
}

static void
snug_negotiation_finalize (GObject *object)
{
  g_ptr_array_unref (SNUG_NEGOTIATION (object)->closing);

  G_OBJECT_CLASS (snug_negotiation_parent_class)->finalize (object);
}

static void
snug_negotiation_class_init (SnugNegotiationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_negotiation_get_property;
  object_class->dispose = snug_negotiation_dispose;
  object_class->finalize = snug_negotiation_finalize;

  properties[PROP_CONNECTION]
      = g_param_spec_object ("connection", NULL, NULL, SNUG_TYPE_PEER_CONNECTION,
                             G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_OUTGOING] = g_signal_new ("outgoing", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, SNUG_TYPE_PEER_MESSAGE);
  signals[SIGNAL_CANDIDATE]
      = g_signal_new ("candidate", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                      G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_STRING);
  signals[SIGNAL_STAGE] = g_signal_new ("stage", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_VERIFIED] = g_signal_new ("verified", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LOST] = g_signal_new ("lost", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ATTEMPT_FAILED] = g_signal_new ("attempt-failed", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0,
                                                 NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RECONNECT_ASKED] = g_signal_new ("reconnect-asked", SNUG_TYPE_NEGOTIATION, G_SIGNAL_RUN_LAST, 0,
                                                  NULL, NULL, NULL, G_TYPE_NONE, 0);
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
  self->closing = g_ptr_array_new_with_free_func (g_object_unref);
  snug_token_bucket_init (&self->requests, REQUEST_RATE, REQUEST_BURST, g_get_monotonic_time ());
}

SnugNegotiation *
snug_negotiation_new (const SnugPeerConnectionConfig *config)
{
  SnugNegotiation *self = g_object_new (SNUG_TYPE_NEGOTIATION, NULL);

  g_return_val_if_fail (config != NULL, NULL);

  self->config = *config;

  return self;
}
