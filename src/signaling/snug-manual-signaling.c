/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-manual-signaling.h"

#include <string.h>

#include "snug-peer-message.h"

/* A STUN or TURN server that never answers does not hold up the text longer. */
#define GATHER_TIMEOUT_SECONDS 8

#define SELF_ID "self"
#define PEER_ID "peer"

struct _SnugManualSignaling
{
  SnugSignaling parent_instance;

  SnugDescriptionFormat format;
  char *peer_name;
  SnugDescriptionText *offer; /* the other's, when we answer */
  char *id;                   /* of the invitation */

  char *name; /* our own */
  char *sdp;  /* our own, without candidates */
  SnugSdpType type;
  GPtrArray *candidates;
  char *text;
  gboolean answered;
  guint open_id;
  guint gather_id;
};

G_DEFINE_FINAL_TYPE (SnugManualSignaling, snug_manual_signaling, SNUG_TYPE_SIGNALING)

typedef enum
{
  PROP_TEXT = 1,
  N_PROPS
} SnugManualSignalingProperty;

static GParamSpec *properties[N_PROPS];

/* All candidates in the first m-line, whose transport all share (RFC 9143, 7), and that there are no more (RFC 8840, 8.2).
 * Returns: (transfer full). */
static char *
dup_complete_sdp (SnugManualSignaling *self)
{
  const char *first = strstr (self->sdp, "\nm=");
  const char *second = first != NULL ? strstr (first + 1, "\nm=") : NULL;
  const char *split = second != NULL ? second + 1 : self->sdp + strlen (self->sdp);
  GString *sdp = g_string_new_len (self->sdp, split - self->sdp);

  for (guint i = 0; i < self->candidates->len; i++)
    g_string_append_printf (sdp, "a=%s\r\n", (const char *) self->candidates->pdata[i]);
  g_string_append_printf (sdp, "a=end-of-candidates\r\n%s", split);

  return g_string_free (sdp, FALSE);
}

static void
complete (SnugManualSignaling *self)
{
  g_autofree char *sdp = NULL;

  g_clear_handle_id (&self->gather_id, g_source_remove);
  if (self->text != NULL || self->sdp == NULL)
    return;
  sdp = dup_complete_sdp (self);
  self->text = snug_description_text_write (self->format, self->type, sdp, self->name, self->id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

static gboolean
on_gather_timeout (gpointer user_data)
{
  SnugManualSignaling *self = user_data;

  /* With nothing in it a text is of no use to anybody: then it is for the call to give up. */
  if (self->candidates->len == 0)
    return G_SOURCE_CONTINUE;
  self->gather_id = 0;
  complete (self);

  return G_SOURCE_REMOVE;
}

/* In the name of the other side. */
static void
deliver (SnugManualSignaling *self, SnugPeerMessage *message)
{
  g_autofree char *payload = snug_peer_message_to_json (message);
  g_autoptr (SnugMessage) signal
      = snug_message_new_signal (SNUG_MESSAGE_FROM_SERVER, PEER_ID, payload);

  snug_signaling_deliver (SNUG_SIGNALING (self), signal);
}

static void
deliver_introduction (SnugManualSignaling *self)
{
  g_autoptr (SnugPeerMessage) message = snug_peer_message_new_introduction (self->peer_name);

  deliver (self, message);
}

static void
deliver_description (SnugManualSignaling *self, SnugDescriptionText *description)
{
  static const char *const codecs[] = { NULL };
  g_autoptr (SnugPeerMessage) message
      = snug_peer_message_new_description (1, description->type, description->sdp, codecs);

  deliver (self, message);
}

static void
receive_own (SnugManualSignaling *self, const char *payload)
{
  g_autoptr (SnugPeerMessage) message = snug_peer_message_parse (payload, strlen (payload), NULL);
  SnugPeerMessageKind kind = message != NULL ? snug_peer_message_get_kind (message) : 0;

  if (self->text != NULL)
    return;
  if (kind == SNUG_PEER_MESSAGE_INTRODUCTION)
    {
      g_free (self->name);
      self->name = g_strdup (snug_peer_message_get_name (message));
      /* Who was invited is not there to say so. */
      if (self->offer == NULL)
        deliver_introduction (self);
    }
  else if (kind == SNUG_PEER_MESSAGE_DESCRIPTION)
    {
      g_free (self->sdp);
      self->sdp = g_strdup (snug_peer_message_get_sdp (message));
      self->type = snug_peer_message_get_sdp_type (message);
      if (self->gather_id == 0)
        self->gather_id = g_timeout_add_seconds (GATHER_TIMEOUT_SECONDS, on_gather_timeout, self);
    }
  else if (kind == SNUG_PEER_MESSAGE_CANDIDATE)
    g_ptr_array_add (self->candidates, g_strdup (snug_peer_message_get_candidate (message)));
  else if (kind == SNUG_PEER_MESSAGE_END_OF_CANDIDATES)
    complete (self);
}

/* The room is as they are: who invites comes second, and offers. */
static void
receive_join (SnugManualSignaling *self)
{
  const char *const other[] = { self->offer == NULL ? PEER_ID : NULL, NULL };
  g_autoptr (SnugMessage) joined = snug_message_new_joined (SELF_ID, other, NULL, 0);

  snug_signaling_deliver (SNUG_SIGNALING (self), joined);
  if (self->offer != NULL)
    {
      g_autoptr (SnugMessage) peer_joined = snug_message_new_peer_joined (PEER_ID);

      snug_signaling_deliver (SNUG_SIGNALING (self), peer_joined);
      deliver_introduction (self);
      deliver_description (self, self->offer);
    }
}

static gboolean
on_open (gpointer user_data)
{
  SnugManualSignaling *self = user_data;

  self->open_id = 0;
  snug_signaling_set_open (SNUG_SIGNALING (self));

  return G_SOURCE_REMOVE;
}

static void
snug_manual_signaling_open (SnugSignaling *signaling)
{
  SNUG_MANUAL_SIGNALING (signaling)->open_id = g_idle_add (on_open, signaling);
}

static void
snug_manual_signaling_send (SnugSignaling *signaling, SnugMessage *message)
{
  SnugManualSignaling *self = SNUG_MANUAL_SIGNALING (signaling);

  switch (snug_message_get_kind (message))
    {
    case SNUG_MESSAGE_JOIN:
      receive_join (self);
      break;
    case SNUG_MESSAGE_SIGNAL:
      receive_own (self, snug_message_get_payload (message));
      break;
    case SNUG_MESSAGE_LEAVE:
    case SNUG_MESSAGE_JOINED:
    case SNUG_MESSAGE_PEER_JOINED:
    case SNUG_MESSAGE_PEER_LEFT:
    case SNUG_MESSAGE_ERROR:
    default:
      break;
    }
}

static void
snug_manual_signaling_close (SnugSignaling *signaling)
{
  SnugManualSignaling *self = SNUG_MANUAL_SIGNALING (signaling);

  g_clear_handle_id (&self->open_id, g_source_remove);
  g_clear_handle_id (&self->gather_id, g_source_remove);
  snug_signaling_set_closed (signaling, NULL);
}

static gboolean
refuse (GError **error, SnugDescriptionTextError code, const char *text)
{
  g_set_error_literal (error, SNUG_DESCRIPTION_TEXT_ERROR, code, text);

  return FALSE;
}

gboolean
snug_manual_signaling_accept (SnugManualSignaling *self, const char *text, GError **error)
{
  g_autoptr (SnugDescriptionText) answer = NULL;

  g_return_val_if_fail (SNUG_IS_MANUAL_SIGNALING (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (snug_manual_signaling_get_awaiting (self), FALSE);

  answer = snug_description_text_read (text, -1, error);
  if (answer == NULL)
    return FALSE;
  if (answer->type != SNUG_SDP_ANSWER)
    {
      g_autoptr (SnugDescriptionText) own = snug_description_text_read (self->text, -1, NULL);

      if (own != NULL && strcmp (own->sdp, answer->sdp) == 0)
        return refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_OWN, "It is one's own invitation");
      return refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_NOT_ANSWER, "It is an invitation, and no answer");
    }
  if (answer->id != NULL && strcmp (answer->id, self->id) != 0)
    return refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_OTHER, "It answers another invitation");

  self->answered = TRUE;
  deliver_description (self, answer);

  return TRUE;
}

gboolean
snug_manual_signaling_get_awaiting (SnugManualSignaling *self)
{
  g_return_val_if_fail (SNUG_IS_MANUAL_SIGNALING (self), FALSE);

  return self->offer == NULL && self->text != NULL && !self->answered;
}

const char *
snug_manual_signaling_get_text (SnugManualSignaling *self)
{
  g_return_val_if_fail (SNUG_IS_MANUAL_SIGNALING (self), NULL);

  return self->text;
}

void
snug_manual_signaling_set_format (SnugManualSignaling *self, SnugDescriptionFormat format)
{
  g_return_if_fail (SNUG_IS_MANUAL_SIGNALING (self));
  g_return_if_fail (snug_signaling_get_state (SNUG_SIGNALING (self)) == SNUG_SIGNALING_IDLE);

  self->format = format;
}

static void
snug_manual_signaling_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((SnugManualSignalingProperty) prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, SNUG_MANUAL_SIGNALING (object)->text);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_manual_signaling_dispose (GObject *object)
{
  SnugManualSignaling *self = SNUG_MANUAL_SIGNALING (object);

  g_clear_handle_id (&self->open_id, g_source_remove);
  g_clear_handle_id (&self->gather_id, g_source_remove);

  G_OBJECT_CLASS (snug_manual_signaling_parent_class)->dispose (object);
}

static void
snug_manual_signaling_finalize (GObject *object)
{
  SnugManualSignaling *self = SNUG_MANUAL_SIGNALING (object);

  g_clear_pointer (&self->offer, snug_description_text_free);
  g_ptr_array_unref (self->candidates);
  g_free (self->peer_name);
  g_free (self->id);
  g_free (self->name);
  g_free (self->sdp);
  g_free (self->text);

  G_OBJECT_CLASS (snug_manual_signaling_parent_class)->finalize (object);
}

static void
snug_manual_signaling_class_init (SnugManualSignalingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  SnugSignalingClass *signaling_class = SNUG_SIGNALING_CLASS (klass);

  object_class->get_property = snug_manual_signaling_get_property;
  object_class->dispose = snug_manual_signaling_dispose;
  object_class->finalize = snug_manual_signaling_finalize;

  signaling_class->open = snug_manual_signaling_open;
  signaling_class->send = snug_manual_signaling_send;
  signaling_class->close = snug_manual_signaling_close;
  signaling_class->by_hand = TRUE;

  properties[PROP_TEXT]
      = g_param_spec_string ("text", NULL, NULL, NULL,
                             G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_manual_signaling_init (SnugManualSignaling *self)
{
  self->candidates = g_ptr_array_new_with_free_func (g_free);
}

SnugManualSignaling *
snug_manual_signaling_new_offer (SnugDescriptionFormat format, const char *peer_name)
{
  SnugManualSignaling *self;

  g_return_val_if_fail (peer_name != NULL, NULL);

  self = g_object_new (SNUG_TYPE_MANUAL_SIGNALING, NULL);
  self->format = format;
  self->peer_name = g_strdup (peer_name);
  self->id = snug_protocol_random_id ();

  return self;
}

SnugManualSignaling *
snug_manual_signaling_new_answer (const char *text, const char *peer_name, GError **error)
{
  g_autoptr (SnugDescriptionText) offer = NULL;
  SnugManualSignaling *self;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (peer_name != NULL, NULL);

  offer = snug_description_text_read (text, -1, error);
  if (offer == NULL)
    return NULL;
  if (offer->type != SNUG_SDP_OFFER)
    {
      refuse (error, SNUG_DESCRIPTION_TEXT_ERROR_NOT_OFFER, "It is an answer, and no invitation");
      return NULL;
    }

  self = g_object_new (SNUG_TYPE_MANUAL_SIGNALING, NULL);
  self->format = offer->format;
  self->peer_name = g_strdup (offer->name != NULL ? offer->name : peer_name);
  self->id = g_strdup (offer->id);
  self->offer = g_steal_pointer (&offer);

  return self;
}
