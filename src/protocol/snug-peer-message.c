/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-peer-message.h"

#include "snug-peer-message-private.h"
#include "snug-room-name.h"

/* Far more than the four of snug.1: an index that no description can have is refused, no other. */
#define MLINE_MAX 63

static const char *const bye_reasons[] = { NULL, "left", "failed", "certificate", "bad-description" };

G_STATIC_ASSERT (G_N_ELEMENTS (bye_reasons) == SNUG_BYE_BAD_DESCRIPTION + 1);

G_DEFINE_BOXED_TYPE (SnugPeerMessage,
                     snug_peer_message,
                     snug_peer_message_ref,
                     snug_peer_message_unref)

SnugPeerMessage *
snug_peer_message_new (SnugPeerMessageKind kind)
{
  SnugPeerMessage *self = g_new0 (SnugPeerMessage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  return self;
}

SnugPeerMessage *
snug_peer_message_ref (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
snug_peer_message_unref (SnugPeerMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->mid);
  g_free (self->id);
  g_free (self->text);
  g_free (self->checksum);
  g_strfreev (self->video_codecs);
  g_free (self);
}

/**
 * snug_peer_message_new_description:
 * @generation: which connection of the pair, from 1
 * @sdp_type: offer or answer
 * @sdp: the session description, at most %SNUG_SDP_MAX_BYTES
 * @video_codecs: (nullable) (array zero-terminated=1): what the sender can decode and encode, best first
 *
 * Returns: (transfer full): a new message
 */
SnugPeerMessage *
snug_peer_message_new_description (guint generation,
                                   SnugSdpType sdp_type,
                                   const char *sdp,
                                   const char *const *video_codecs)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (generation > 0 && generation <= G_MAXINT32, NULL);
  g_return_val_if_fail (sdp_type == SNUG_SDP_OFFER || sdp_type == SNUG_SDP_ANSWER, NULL);
  g_return_val_if_fail (sdp != NULL, NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_DESCRIPTION);
  self->generation = generation;
  self->sdp_type = sdp_type;
  self->text = g_strdup (sdp);
  self->video_codecs = video_codecs != NULL ? g_strdupv ((GStrv) video_codecs) : g_new0 (char *, 1);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_candidate (guint generation,
                                 guint mline,
                                 const char *mid,
                                 const char *candidate)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (generation > 0 && generation <= G_MAXINT32, NULL);
  g_return_val_if_fail (mline <= MLINE_MAX, NULL);
  g_return_val_if_fail (candidate != NULL && *candidate != '\0', NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_CANDIDATE);
  self->generation = generation;
  self->mline = mline;
  self->mid = g_strdup (mid);
  self->text = g_strdup (candidate);
  return self;
}

static SnugPeerMessage *
new_of_generation (SnugPeerMessageKind kind, guint generation)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (generation > 0 && generation <= G_MAXINT32, NULL);

  self = snug_peer_message_new (kind);
  self->generation = generation;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_end_of_candidates (guint generation)
{
  return new_of_generation (SNUG_PEER_MESSAGE_END_OF_CANDIDATES, generation);
}

SnugPeerMessage *
snug_peer_message_new_reconnect (guint generation)
{
  return new_of_generation (SNUG_PEER_MESSAGE_RECONNECT, generation);
}

SnugPeerMessage *
snug_peer_message_new_bye (guint generation, SnugByeReason reason)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (generation > 0 && generation <= G_MAXINT32, NULL);
  g_return_val_if_fail (reason >= SNUG_BYE_LEFT && reason <= SNUG_BYE_BAD_DESCRIPTION, NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_BYE);
  self->generation = generation;
  self->bye_reason = reason;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_media_state (gboolean audio, gboolean video, gboolean screen)
{
  SnugPeerMessage *self = snug_peer_message_new (SNUG_PEER_MESSAGE_MEDIA_STATE);

  self->audio = !!audio;
  self->video = !!video;
  self->screen = !!screen;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_chat (const char *id, const char *text)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);
  g_return_val_if_fail (text != NULL && *text != '\0', NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_CHAT);
  self->id = g_strdup (id);
  self->text = g_strdup (text);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_chat_ack (const char *id)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_CHAT_ACK);
  self->id = g_strdup (id);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_introduction (const char *name)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (name != NULL && *name != '\0', NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_INTRODUCTION);
  self->text = g_strdup (name);
  return self;
}

static gboolean
read_generation (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return snug_json_read_uint (object, "generation", 1, G_MAXINT32, &self->generation, error);
}

static void
write_generation (SnugPeerMessage *self, GString *json)
{
  snug_json_write_uint_field (json, "generation", self->generation);
}

static gboolean
read_video_codecs (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;
  const char *name;

  if (!snug_json_read_array (object, "videoCodecs", SNUG_VIDEO_CODECS_MAX, SNUG_JSON_OPTIONAL,
                             &array, error))
    return FALSE;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      if (!snug_json_element_string (array,
                                     i,
                                     "videoCodecs",
                                     SNUG_VIDEO_CODEC_MAX_BYTES,
                                     SNUG_JSON_TOKEN,
                                     &name,
                                     error))
        return FALSE;
      g_strv_builder_add (builder, name);
    }
  self->video_codecs = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_description (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *type, *sdp;

  if (!read_generation (self, object, error)
      || !snug_json_read_string (object, "sdpType", 32, 0, &type, error)
      || !snug_json_read_string (object, "sdp", SNUG_SDP_MAX_BYTES, 0, &sdp, error))
    return FALSE;
  if (g_str_equal (type, "offer"))
    self->sdp_type = SNUG_SDP_OFFER;
  else if (g_str_equal (type, "answer"))
    self->sdp_type = SNUG_SDP_ANSWER;
  else
    {
      g_set_error_literal (error,
                           SNUG_PROTOCOL_ERROR,
                           SNUG_PROTOCOL_ERROR_BAD_FIELD,
                           "Field \"sdpType\" is neither offer nor answer");
      return FALSE;
    }
  self->text = g_strdup (sdp);
  return read_video_codecs (self, object, error);
}

static void
write_description (SnugPeerMessage *self, GString *json)
{
  write_generation (self, json);
  snug_json_write_string_field (json, "sdpType",
                                self->sdp_type == SNUG_SDP_OFFER ? "offer" : "answer");
  snug_json_write_string_field (json, "sdp", self->text);
  snug_json_write_name (json, "videoCodecs");
  snug_json_begin (json, '[');
  for (gsize i = 0; self->video_codecs[i] != NULL; i++)
    snug_json_write_string (json, self->video_codecs[i]);
  g_string_append_c (json, ']');
}

static gboolean
read_candidate (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *mid, *candidate;

  if (!read_generation (self, object, error)
      || !snug_json_read_uint (object, "sdpMLineIndex", 0, MLINE_MAX, &self->mline, error)
      || !snug_json_read_string (object,
                                 "sdpMid",
                                 SNUG_MID_MAX_BYTES,
                                 SNUG_JSON_OPTIONAL | SNUG_JSON_NO_CONTROLS,
                                 &mid,
                                 error)
      || !snug_json_read_string (object,
                                 "candidate",
                                 SNUG_CANDIDATE_MAX_BYTES,
                                 SNUG_JSON_NO_CONTROLS,
                                 &candidate,
                                 error))
    return FALSE;
  self->mid = g_strdup (mid);
  self->text = g_strdup (candidate);
  return TRUE;
}

static void
write_candidate (SnugPeerMessage *self, GString *json)
{
  write_generation (self, json);
  snug_json_write_uint_field (json, "sdpMLineIndex", self->mline);
  if (self->mid != NULL)
    snug_json_write_string_field (json, "sdpMid", self->mid);
  snug_json_write_string_field (json, "candidate", self->text);
}

static gboolean
read_bye (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *reason;

  if (!read_generation (self, object, error)
      || !snug_json_read_string (object, "reason", 64, 0, &reason, error))
    return FALSE;
  /* Whatever a newer peer's reason is: it has closed its side. */
  self->bye_reason = SNUG_BYE_LEFT;
  for (guint i = SNUG_BYE_LEFT; i < G_N_ELEMENTS (bye_reasons); i++)
    {
      if (g_str_equal (reason, bye_reasons[i]))
        self->bye_reason = i;
    }
  return TRUE;
}

static void
write_bye (SnugPeerMessage *self, GString *json)
{
  write_generation (self, json);
  snug_json_write_string_field (json, "reason", bye_reasons[self->bye_reason]);
}

static gboolean
read_media_state (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return snug_json_read_boolean (object, "audio", &self->audio, error)
         && snug_json_read_boolean (object, "video", &self->video, error)
         && snug_json_read_boolean (object, "screen", &self->screen, error);
}

static void
write_media_state (SnugPeerMessage *self, GString *json)
{
  snug_json_write_boolean_field (json, "audio", self->audio);
  snug_json_write_boolean_field (json, "video", self->video);
  snug_json_write_boolean_field (json, "screen", self->screen);
}

gboolean
snug_peer_message_read_id (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *id;

  if (!snug_json_read_string (object, "id", SNUG_CHAT_ID_MAX_BYTES, SNUG_JSON_TOKEN, &id, error))
    return FALSE;
  self->id = g_strdup (id);
  return TRUE;
}

static gboolean
read_chat (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *text;

  if (!snug_peer_message_read_id (self, object, error)
      || !snug_json_read_string (object, "text", SNUG_CHAT_TEXT_MAX_BYTES, 0, &text, error))
    return FALSE;
  self->text = g_strdup (text);
  return TRUE;
}

void
snug_peer_message_write_id (SnugPeerMessage *self, GString *json)
{
  snug_json_write_string_field (json, "id", self->id);
}

static void
write_chat (SnugPeerMessage *self, GString *json)
{
  snug_peer_message_write_id (self, json);
  snug_json_write_string_field (json, "text", self->text);
}

/* A text that a person typed is normalised here, whatever the other side did. */
static gboolean
read_introduction (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *name;

  if (!snug_json_read_string (object, "name", SNUG_PAYLOAD_MAX_BYTES, SNUG_JSON_EMPTY, &name, error))
    return FALSE;
  self->text = snug_display_name_normalize (name, error);
  return self->text != NULL;
}

static void
write_introduction (SnugPeerMessage *self, GString *json)
{
  snug_json_write_string_field (json, "name", self->text);
}

static const SnugPeerMessageCodec codecs[] = {
  { "description", SNUG_PEER_MESSAGE_DESCRIPTION, read_description, write_description },
  { "candidate", SNUG_PEER_MESSAGE_CANDIDATE, read_candidate, write_candidate },
  { "end-of-candidates", SNUG_PEER_MESSAGE_END_OF_CANDIDATES, read_generation, write_generation },
  { "reconnect", SNUG_PEER_MESSAGE_RECONNECT, read_generation, write_generation },
  { "bye", SNUG_PEER_MESSAGE_BYE, read_bye, write_bye },
  { "media-state", SNUG_PEER_MESSAGE_MEDIA_STATE, read_media_state, write_media_state },
  { "chat", SNUG_PEER_MESSAGE_CHAT, read_chat, write_chat },
  { "chat-ack", SNUG_PEER_MESSAGE_CHAT_ACK, snug_peer_message_read_id,
    snug_peer_message_write_id },
  { "introduction", SNUG_PEER_MESSAGE_INTRODUCTION, read_introduction, write_introduction },
};

static const SnugPeerMessageCodec *
find_codec (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codecs); i++)
    {
      if (g_str_equal (codecs[i].type, type))
        return &codecs[i];
    }
  for (gsize i = 0; i < SNUG_PEER_MESSAGE_N_CHANNEL_KINDS; i++)
    {
      if (g_str_equal (snug_peer_message_channel_codecs[i].type, type))
        return &snug_peer_message_channel_codecs[i];
    }
  return NULL;
}

static const SnugPeerMessageCodec *
get_codec (SnugPeerMessageKind kind)
{
  return kind < SNUG_PEER_MESSAGE_HELLO
             ? &codecs[kind - SNUG_PEER_MESSAGE_DESCRIPTION]
             : &snug_peer_message_channel_codecs[kind - SNUG_PEER_MESSAGE_HELLO];
}

/**
 * snug_peer_message_parse:
 * @data: (array length=size): what a peer sent
 * @size: its bytes
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Returns: (transfer full): a message whose every field has been checked, or %NULL
 */
SnugPeerMessage *
snug_peer_message_parse (const char *data, gsize size, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (SnugPeerMessage) self = NULL;
  const SnugPeerMessageCodec *codec;
  const char *type;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  object = snug_json_parse (data != NULL ? data : "", size, SNUG_PAYLOAD_MAX_BYTES, error);
  if (object == NULL || !snug_json_read_string (object, "type", 64, 0, &type, error))
    return NULL;
  codec = find_codec (type);
  if (codec == NULL)
    {
      g_set_error_literal (error,
                           SNUG_PROTOCOL_ERROR,
                           SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE,
                           "Field \"type\" is no message that a peer sends");
      return NULL;
    }
  self = snug_peer_message_new (codec->kind);
  if (!codec->read (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * snug_peer_message_to_json:
 * @self: a message
 *
 * Returns: (transfer full): one line of JSON
 */
char *
snug_peer_message_to_json (SnugPeerMessage *self)
{
  GString *json;

  g_return_val_if_fail (self != NULL, NULL);

  json = g_string_sized_new (256);
  snug_json_begin (json, '{');
  snug_json_write_string_field (json, "type", get_codec (self->kind)->type);
  get_codec (self->kind)->write (self, json);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

SnugPeerMessageKind
snug_peer_message_get_kind (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->kind;
}

guint
snug_peer_message_get_generation (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->generation > 0, 0);
  return self->generation;
}

SnugSdpType
snug_peer_message_get_sdp_type (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_DESCRIPTION, 0);
  return self->sdp_type;
}

const char *
snug_peer_message_get_sdp (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_DESCRIPTION, NULL);
  return self->text;
}

const char *const *
snug_peer_message_get_video_codecs (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_DESCRIPTION, NULL);
  return (const char *const *) self->video_codecs;
}

guint
snug_peer_message_get_mline (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_CANDIDATE, 0);
  return self->mline;
}

const char *
snug_peer_message_get_mid (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_CANDIDATE, NULL);
  return self->mid;
}

const char *
snug_peer_message_get_candidate (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_CANDIDATE, NULL);
  return self->text;
}

SnugByeReason
snug_peer_message_get_bye_reason (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_BYE, 0);
  return self->bye_reason;
}

gboolean
snug_peer_message_get_audio (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_MEDIA_STATE, FALSE);
  return self->audio;
}

gboolean
snug_peer_message_get_video (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_MEDIA_STATE, FALSE);
  return self->video;
}

gboolean
snug_peer_message_get_screen (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_MEDIA_STATE, FALSE);
  return self->screen;
}

const char *
snug_peer_message_get_name (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_INTRODUCTION, NULL);
  return self->text;
}

const char *
snug_peer_message_get_chat_id (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->id != NULL, NULL);
  return self->id;
}

const char *
snug_peer_message_get_text (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_CHAT, NULL);
  return self->text;
}
