/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <string.h>

#include "snug-emoji.h"
#include "snug-peer-message-private.h"
#include "snug-short-code.h"

static const char *const cancel_reasons[]
    = { NULL, "cancelled", "changed", "checksum", "failed", "too-many", "unknown" };

G_STATIC_ASSERT (G_N_ELEMENTS (cancel_reasons) == SNUG_FILE_CANCEL_UNKNOWN + 1);
/* A checksum of SHA-256 looks like that, too. */
G_STATIC_ASSERT (SNUG_SHORT_CODE_DIGITS == 64);
G_STATIC_ASSERT (SNUG_FILE_ID_MAX_BYTES == SNUG_CHAT_ID_MAX_BYTES);
/* Sizes are read as a guint. */
G_STATIC_ASSERT (SNUG_FILE_MAX_BYTES <= G_MAXUINT32);

static const struct
{
  const char *name;
  SnugPeerFeatures feature;
} features[] = {
  { "files", SNUG_PEER_FEATURE_FILES },
  { "reconnect", SNUG_PEER_FEATURE_RECONNECT },
  { "code", SNUG_PEER_FEATURE_CODE },
};

static SnugPeerMessage *
new_with_id (SnugPeerMessageKind kind, const char *id)
{
  SnugPeerMessage *self = snug_peer_message_new (kind);

  self->id = g_strdup (id);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_hello (SnugPeerFeatures with)
{
  SnugPeerMessage *self = snug_peer_message_new (SNUG_PEER_MESSAGE_HELLO);

  self->features = with;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_chat_read (const char *id)
{
  g_return_val_if_fail (id != NULL && *id != '\0', NULL);

  return new_with_id (SNUG_PEER_MESSAGE_CHAT_READ, id);
}

SnugPeerMessage *
snug_peer_message_new_typing (gboolean active)
{
  SnugPeerMessage *self = snug_peer_message_new (SNUG_PEER_MESSAGE_TYPING);

  self->active = !!active;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_hand (gboolean raised)
{
  SnugPeerMessage *self = snug_peer_message_new (SNUG_PEER_MESSAGE_HAND);

  self->active = !!raised;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_reaction (const char *emoji)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (snug_emoji_is_single (emoji), NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_REACTION);
  self->text = g_strdup (emoji);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_file_offer (const char *id, const char *name, guint64 size)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);
  g_return_val_if_fail (name != NULL && *name != '\0', NULL);
  g_return_val_if_fail (strlen (name) <= SNUG_FILE_NAME_MAX_BYTES, NULL);
  g_return_val_if_fail (size <= SNUG_FILE_MAX_BYTES, NULL);

  self = new_with_id (SNUG_PEER_MESSAGE_FILE_OFFER, id);
  self->text = g_strdup (name);
  self->size = size;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_file_accept (const char *id,
                                   guint stream,
                                   guint64 offset,
                                   const char *checksum)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);
  g_return_val_if_fail (stream > 0 && stream <= G_MAXINT32, NULL);
  g_return_val_if_fail (offset <= SNUG_FILE_MAX_BYTES, NULL);
  g_return_val_if_fail ((offset > 0) == (checksum != NULL), NULL);
  g_return_val_if_fail (checksum == NULL || snug_short_code_is_digits (checksum), NULL);

  self = new_with_id (SNUG_PEER_MESSAGE_FILE_ACCEPT, id);
  self->stream = stream;
  self->size = offset;
  self->checksum = g_strdup (checksum);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_file_decline (const char *id)
{
  g_return_val_if_fail (id != NULL && *id != '\0', NULL);

  return new_with_id (SNUG_PEER_MESSAGE_FILE_DECLINE, id);
}

SnugPeerMessage *
snug_peer_message_new_file_ack (guint stream, guint64 offset)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (stream > 0 && stream <= G_MAXINT32, NULL);
  g_return_val_if_fail (offset <= SNUG_FILE_MAX_BYTES, NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_FILE_ACK);
  self->stream = stream;
  self->size = offset;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_file_done (const char *id, const char *checksum)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);
  g_return_val_if_fail (checksum != NULL && snug_short_code_is_digits (checksum), NULL);

  self = new_with_id (SNUG_PEER_MESSAGE_FILE_DONE, id);
  self->checksum = g_strdup (checksum);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_file_cancel (const char *id, SnugFileCancelReason reason)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);
  g_return_val_if_fail (reason >= SNUG_FILE_CANCEL_CANCELLED && reason <= SNUG_FILE_CANCEL_UNKNOWN,
                        NULL);

  self = new_with_id (SNUG_PEER_MESSAGE_FILE_CANCEL, id);
  self->cancel_reason = reason;
  return self;
}

SnugPeerMessage *
snug_peer_message_new_code_commit (const char *commitment, const char *known)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (commitment != NULL && snug_short_code_is_digits (commitment), NULL);
  g_return_val_if_fail (known == NULL || snug_short_code_is_digits (known), NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_CODE_COMMIT);
  self->text = g_strdup (commitment);
  self->checksum = g_strdup (known);
  return self;
}

SnugPeerMessage *
snug_peer_message_new_code_reveal (const char *nonce)
{
  SnugPeerMessage *self;

  g_return_val_if_fail (nonce != NULL && snug_short_code_is_digits (nonce), NULL);

  self = snug_peer_message_new (SNUG_PEER_MESSAGE_CODE_REVEAL);
  self->text = g_strdup (nonce);
  return self;
}

static gboolean
bad_field (GError **error, const char *text)
{
  g_set_error_literal (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_BAD_FIELD, text);
  return FALSE;
}

static gboolean
read_hello (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  JsonArray *array;

  if (!snug_json_read_array (object, "features", SNUG_FEATURES_MAX, SNUG_JSON_REQUIRED, &array, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *name;

      if (!snug_json_element_string (array, i, "features", SNUG_FEATURE_MAX_BYTES, SNUG_JSON_TOKEN,
                                     &name, error))
        return FALSE;
      for (gsize f = 0; f < G_N_ELEMENTS (features); f++)
        {
          if (g_str_equal (features[f].name, name))
            self->features |= features[f].feature;
        }
    }
  return TRUE;
}

static void
write_hello (SnugPeerMessage *self, GString *json)
{
  snug_json_write_name (json, "features");
  snug_json_begin (json, '[');
  for (gsize i = 0; i < G_N_ELEMENTS (features); i++)
    {
      if (self->features & features[i].feature)
        snug_json_write_string (json, features[i].name);
    }
  g_string_append_c (json, ']');
}

static gboolean
read_typing (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return snug_json_read_boolean (object, "typing", &self->active, error);
}

static void
write_typing (SnugPeerMessage *self, GString *json)
{
  snug_json_write_boolean_field (json, "typing", self->active);
}

static gboolean
read_hand (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return snug_json_read_boolean (object, "raised", &self->active, error);
}

static void
write_hand (SnugPeerMessage *self, GString *json)
{
  snug_json_write_boolean_field (json, "raised", self->active);
}

static gboolean
read_reaction (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *emoji;

  if (!snug_json_read_string (object, "emoji", SNUG_REACTION_MAX_BYTES, 0, &emoji, error))
    return FALSE;
  if (!snug_emoji_is_single (emoji))
    return bad_field (error, "Field \"emoji\" is not one emoji");
  self->text = g_strdup (emoji);
  return TRUE;
}

static void
write_reaction (SnugPeerMessage *self, GString *json)
{
  snug_json_write_string_field (json, "emoji", self->text);
}

static gboolean
read_size (SnugPeerMessage *self, JsonObject *object, const char *field, GError **error)
{
  guint value;

  if (!snug_json_read_uint (object, field, 0, SNUG_FILE_MAX_BYTES, &value, error))
    return FALSE;
  self->size = value;
  return TRUE;
}

static gboolean
read_stream (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return snug_json_read_uint (object, "stream", 1, G_MAXINT32, &self->stream, error);
}

/* 64 hexadecimal digits. */
static gboolean
read_digits (JsonObject *object, const char *field, SnugJsonFlags flags, char **value, GError **error)
{
  const char *text;

  if (!snug_json_read_string (object, field, SNUG_SHORT_CODE_DIGITS, flags, &text, error))
    return FALSE;
  if (text != NULL && !snug_short_code_is_digits (text))
    {
      g_set_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_BAD_FIELD,
                   "Field \"%s\" is not 64 hexadecimal digits", field);
      return FALSE;
    }
  *value = g_strdup (text);
  return TRUE;
}

static gboolean
read_file_offer (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *name;

  if (!snug_peer_message_read_id (self, object, error)
      || !snug_json_read_string (object, "name", SNUG_FILE_NAME_MAX_BYTES, 0, &name, error))
    return FALSE;
  self->text = g_strdup (name);
  return read_size (self, object, "size", error);
}

static void
write_file_offer (SnugPeerMessage *self, GString *json)
{
  snug_peer_message_write_id (self, json);
  snug_json_write_string_field (json, "name", self->text);
  snug_json_write_uint_field (json, "size", self->size);
}

static gboolean
read_file_accept (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  if (!snug_peer_message_read_id (self, object, error) || !read_stream (self, object, error)
      || !read_size (self, object, "offset", error)
      || !read_digits (object, "sha256", SNUG_JSON_OPTIONAL, &self->checksum, error))
    return FALSE;
  if ((self->size > 0) != (self->checksum != NULL))
    return bad_field (error, "Field \"sha256\" belongs to an \"offset\" that is not 0, and to no other");
  return TRUE;
}

static void
write_file_accept (SnugPeerMessage *self, GString *json)
{
  snug_peer_message_write_id (self, json);
  snug_json_write_uint_field (json, "stream", self->stream);
  snug_json_write_uint_field (json, "offset", self->size);
  if (self->checksum != NULL)
    snug_json_write_string_field (json, "sha256", self->checksum);
}

static gboolean
read_file_ack (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return read_stream (self, object, error) && read_size (self, object, "offset", error);
}

static void
write_file_ack (SnugPeerMessage *self, GString *json)
{
  snug_json_write_uint_field (json, "stream", self->stream);
  snug_json_write_uint_field (json, "offset", self->size);
}

static gboolean
read_file_done (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return snug_peer_message_read_id (self, object, error)
         && read_digits (object, "sha256", SNUG_JSON_REQUIRED, &self->checksum, error);
}

static void
write_file_done (SnugPeerMessage *self, GString *json)
{
  snug_peer_message_write_id (self, json);
  snug_json_write_string_field (json, "sha256", self->checksum);
}

static gboolean
read_file_cancel (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  const char *reason;

  if (!snug_peer_message_read_id (self, object, error)
      || !snug_json_read_string (object, "reason", 64, 0, &reason, error))
    return FALSE;
  /* Whatever a newer peer's reason is: it goes no further. */
  self->cancel_reason = SNUG_FILE_CANCEL_FAILED;
  for (guint i = SNUG_FILE_CANCEL_CANCELLED; i < G_N_ELEMENTS (cancel_reasons); i++)
    {
      if (g_str_equal (reason, cancel_reasons[i]))
        self->cancel_reason = i;
    }
  return TRUE;
}

static void
write_file_cancel (SnugPeerMessage *self, GString *json)
{
  snug_peer_message_write_id (self, json);
  snug_json_write_string_field (json, "reason", cancel_reasons[self->cancel_reason]);
}

static gboolean
read_code_commit (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return read_digits (object, "commitment", SNUG_JSON_REQUIRED, &self->text, error)
         && read_digits (object, "known", SNUG_JSON_OPTIONAL, &self->checksum, error);
}

static void
write_code_commit (SnugPeerMessage *self, GString *json)
{
  snug_json_write_string_field (json, "commitment", self->text);
  if (self->checksum != NULL)
    snug_json_write_string_field (json, "known", self->checksum);
}

static gboolean
read_code_reveal (SnugPeerMessage *self, JsonObject *object, GError **error)
{
  return read_digits (object, "nonce", SNUG_JSON_REQUIRED, &self->text, error);
}

static void
write_code_reveal (SnugPeerMessage *self, GString *json)
{
  snug_json_write_string_field (json, "nonce", self->text);
}

#define ID snug_peer_message_read_id, snug_peer_message_write_id

const SnugPeerMessageCodec snug_peer_message_channel_codecs[SNUG_PEER_MESSAGE_N_CHANNEL_KINDS] = {
  { "hello", SNUG_PEER_MESSAGE_HELLO, read_hello, write_hello },
  { "chat-read", SNUG_PEER_MESSAGE_CHAT_READ, ID },
  { "typing", SNUG_PEER_MESSAGE_TYPING, read_typing, write_typing },
  { "hand", SNUG_PEER_MESSAGE_HAND, read_hand, write_hand },
  { "reaction", SNUG_PEER_MESSAGE_REACTION, read_reaction, write_reaction },
  { "file-offer", SNUG_PEER_MESSAGE_FILE_OFFER, read_file_offer, write_file_offer },
  { "file-accept", SNUG_PEER_MESSAGE_FILE_ACCEPT, read_file_accept, write_file_accept },
  { "file-decline", SNUG_PEER_MESSAGE_FILE_DECLINE, ID },
  { "file-ack", SNUG_PEER_MESSAGE_FILE_ACK, read_file_ack, write_file_ack },
  { "file-done", SNUG_PEER_MESSAGE_FILE_DONE, read_file_done, write_file_done },
  { "file-cancel", SNUG_PEER_MESSAGE_FILE_CANCEL, read_file_cancel, write_file_cancel },
  { "code-commit", SNUG_PEER_MESSAGE_CODE_COMMIT, read_code_commit, write_code_commit },
  { "code-reveal", SNUG_PEER_MESSAGE_CODE_REVEAL, read_code_reveal, write_code_reveal },
};

SnugPeerFeatures
snug_peer_message_get_features (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_HELLO, 0);
  return self->features;
}

gboolean
snug_peer_message_get_active (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (self->kind == SNUG_PEER_MESSAGE_TYPING || self->kind == SNUG_PEER_MESSAGE_HAND,
                        FALSE);
  return self->active;
}

const char *
snug_peer_message_get_emoji (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_REACTION, NULL);
  return self->text;
}

const char *
snug_peer_message_get_file_id (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->id != NULL, NULL);
  return self->id;
}

const char *
snug_peer_message_get_file_name (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_FILE_OFFER, NULL);
  return self->text;
}

guint64
snug_peer_message_get_file_size (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_FILE_OFFER, 0);
  return self->size;
}

guint
snug_peer_message_get_file_stream (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->stream > 0, 0);
  return self->stream;
}

guint64
snug_peer_message_get_file_offset (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->stream > 0, 0);
  return self->size;
}

const char *
snug_peer_message_get_file_checksum (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->checksum;
}

SnugFileCancelReason
snug_peer_message_get_cancel_reason (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_FILE_CANCEL, 0);
  return self->cancel_reason;
}

const char *
snug_peer_message_get_commitment (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_CODE_COMMIT, NULL);
  return self->text;
}

const char *
snug_peer_message_get_known_commitment (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_CODE_COMMIT, NULL);
  return self->checksum;
}

const char *
snug_peer_message_get_nonce (SnugPeerMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_PEER_MESSAGE_CODE_REVEAL, NULL);
  return self->text;
}
