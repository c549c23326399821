/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-message.h"

#include "snug-ice-server-private.h"
#include "snug-json.h"
#include "snug-room-key.h"
#include "snug-signal-scan.h"

#include <string.h>

/* What stands around the payload of a SIGNAL in JSON: with it, a payload that is accepted from one
 * client always fits the message to the other. */
#define SIGNAL_OVERHEAD (64 + SNUG_PEER_ID_MAX_BYTES)

struct _SnugMessage
{
  gatomicrefcount ref_count;
  SnugMessageKind kind;
  SnugMessageOrigin origin;
  SnugProtocolError error_code;
  guint version;
  char *id;   /* JOINED: one's own; PEER_JOINED, PEER_LEFT, SIGNAL: the other's */
  char *room; /* JOIN: the room's id */
  char *text; /* SIGNAL: payload; ERROR: text; JOIN: resume token, nullable */
  gboolean flag; /* JOINED: resumed; PEER_JOINED: greet; PEER_LEFT: lost */
  GStrv members;
  SnugIceServer *ice_servers;
  gsize n_ice_servers;
};

typedef struct
{
  const char *type;
  SnugMessageKind kind;
  gboolean from_client;
  gboolean from_server;
  gboolean (*read) (SnugMessage *self, JsonObject *object, GError **error);
  void (*write) (SnugMessage *self, GString *json);
} Codec;

G_DEFINE_BOXED_TYPE (SnugMessage, snug_message, snug_message_ref, snug_message_unref)

static SnugMessage *
message_new (SnugMessageKind kind, SnugMessageOrigin origin)
{
  SnugMessage *self = g_new0 (SnugMessage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->origin = origin;
  return self;
}

SnugMessage *
snug_message_ref (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
snug_message_unref (SnugMessage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_strfreev (self->members);
  snug_ice_servers_free (self->ice_servers, self->n_ice_servers);
  g_free (self->id);
  g_free (self->room);
  g_free (self->text);
  g_free (self);
}

/* Cuts at a character's boundary. */
static char *
bounded_text (const char *text, gsize max_bytes)
{
  const char *end = NULL;

  if (strlen (text) <= max_bytes)
    return g_strdup (text);
  g_utf8_validate_len (text, max_bytes, &end);
  return g_strndup (text, end - text);
}

SnugMessage *
snug_message_new_join (const char *room_id)
{
  SnugMessage *self;

  g_return_val_if_fail (room_id != NULL && snug_room_id_is_valid (room_id), NULL);

  self = message_new (SNUG_MESSAGE_JOIN, SNUG_MESSAGE_FROM_CLIENT);
  self->version = SNUG_PROTOCOL_VERSION;
  self->room = g_strdup (room_id);
  return self;
}

SnugMessage *
snug_message_new_join_with_token (const char *room_id, const char *token)
{
  SnugMessage *self = snug_message_new_join (room_id);

  g_return_val_if_fail (self != NULL, NULL);

  self->text = g_strdup (token);
  return self;
}

SnugMessage *
snug_message_new_resumed (const char *id,
                          const char *const *members,
                          const SnugIceServer *ice_servers,
                          gsize n_ice_servers)
{
  SnugMessage *self = snug_message_new_joined (id, members, ice_servers, n_ice_servers);

  g_return_val_if_fail (self != NULL, NULL);

  self->flag = TRUE;
  return self;
}

SnugMessage *
snug_message_new_joined (const char *id,
                         const char *const *members,
                         const SnugIceServer *ice_servers,
                         gsize n_ice_servers)
{
  SnugMessage *self;

  g_return_val_if_fail (id != NULL && members != NULL, NULL);
  g_return_val_if_fail (g_strv_length ((GStrv) members) < SNUG_ROOM_SIZE_MAX, NULL);
  g_return_val_if_fail (n_ice_servers <= SNUG_ICE_SERVERS_MAX, NULL);

  self = message_new (SNUG_MESSAGE_JOINED, SNUG_MESSAGE_FROM_SERVER);
  self->id = g_strdup (id);
  self->members = g_strdupv ((GStrv) members);
  self->n_ice_servers = n_ice_servers;
  self->ice_servers = snug_ice_servers_copy (ice_servers, n_ice_servers);
  return self;
}

SnugMessage *
snug_message_new_peer_joined (const char *id)
{
  SnugMessage *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = message_new (SNUG_MESSAGE_PEER_JOINED, SNUG_MESSAGE_FROM_SERVER);
  self->id = g_strdup (id);
  return self;
}

SnugMessage *
snug_message_new_peer_to_greet (const char *id)
{
  SnugMessage *self = snug_message_new_peer_joined (id);

  g_return_val_if_fail (self != NULL, NULL);

  self->flag = TRUE;
  return self;
}

SnugMessage *
snug_message_new_peer_left (const char *id)
{
  SnugMessage *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = message_new (SNUG_MESSAGE_PEER_LEFT, SNUG_MESSAGE_FROM_SERVER);
  self->id = g_strdup (id);
  return self;
}

SnugMessage *
snug_message_new_peer_lost (const char *id)
{
  SnugMessage *self = snug_message_new_peer_left (id);

  g_return_val_if_fail (self != NULL, NULL);

  self->flag = TRUE;
  return self;
}

SnugMessage *
snug_message_new_signal (SnugMessageOrigin origin, const char *peer_id, const char *payload)
{
  SnugMessage *self;

  g_return_val_if_fail (peer_id != NULL && payload != NULL, NULL);

  self = message_new (SNUG_MESSAGE_SIGNAL, origin);
  self->id = g_strdup (peer_id);
  self->text = g_strdup (payload);
  return self;
}

SnugMessage *
snug_message_new_leave (void)
{
  return message_new (SNUG_MESSAGE_LEAVE, SNUG_MESSAGE_FROM_CLIENT);
}

/**
 * snug_message_new_error:
 * @code: what is wrong
 * @text: (nullable): English, for a log; cut at %SNUG_ERROR_TEXT_MAX_BYTES
 *
 * Returns: (transfer full): a new message
 */
SnugMessage *
snug_message_new_error (SnugProtocolError code, const char *text)
{
  SnugMessage *self = message_new (SNUG_MESSAGE_ERROR, SNUG_MESSAGE_FROM_SERVER);

  self->error_code = code;
  self->text = bounded_text (text != NULL ? text : "", SNUG_ERROR_TEXT_MAX_BYTES);
  return self;
}

static gboolean
read_id (JsonObject *object, const char *field, const char **id, GError **error)
{
  return snug_json_read_string (object, field, SNUG_PEER_ID_MAX_BYTES, SNUG_JSON_TOKEN, id, error);
}

/* A name that somebody can read has no business on a server. */
static gboolean
read_room (JsonObject *object, char **room, GError **error)
{
  const char *text;

  if (!snug_json_read_string (object, "room", SNUG_MESSAGE_MAX_BYTES, 0, &text, error))
    return FALSE;
  if (!snug_room_id_is_valid (text))
    {
      g_set_error_literal (error,
                           SNUG_PROTOCOL_ERROR,
                           SNUG_PROTOCOL_ERROR_BAD_FIELD,
                           "Field \"room\" is no room id");
      return FALSE;
    }
  *room = g_strdup (text);
  return TRUE;
}

/* Missing or null counts as FALSE. */
static gboolean
read_flag (JsonObject *object, const char *field, gboolean *value, GError **error)
{
  *value = FALSE;
  if (!json_object_has_member (object, field) || json_object_get_null_member (object, field))
    return TRUE;
  return snug_json_read_boolean (object, field, value, error);
}

static gboolean
read_resume_token (JsonObject *object, char **token, GError **error)
{
  const char *text;

  if (!snug_json_read_string (object, "resume", SNUG_RESUME_TOKEN_MAX_BYTES, SNUG_JSON_TOKEN | SNUG_JSON_OPTIONAL,
                              &text, error))
    return FALSE;
  if (text != NULL && strlen (text) < SNUG_RESUME_TOKEN_MIN_BYTES)
    {
      g_set_error (error,
                   SNUG_PROTOCOL_ERROR,
                   SNUG_PROTOCOL_ERROR_BAD_FIELD,
                   "Field \"resume\" is shorter than %d characters",
                   SNUG_RESUME_TOKEN_MIN_BYTES);
      return FALSE;
    }
  *token = g_strdup (text);
  return TRUE;
}

static gboolean
read_join (SnugMessage *self, JsonObject *object, GError **error)
{
  if (!snug_json_read_uint (object, "version", 1, G_MAXINT32, &self->version, error))
    return FALSE;
  if (self->version != SNUG_PROTOCOL_VERSION)
    {
      g_set_error (error,
                   SNUG_PROTOCOL_ERROR,
                   SNUG_PROTOCOL_ERROR_VERSION,
                   "Field \"version\" is %u, this side speaks %d",
                   self->version,
                   SNUG_PROTOCOL_VERSION);
      return FALSE;
    }
  return read_room (object, &self->room, error) && read_resume_token (object, &self->text, error);
}

static void
write_join (SnugMessage *self, GString *json)
{
  snug_json_write_uint_field (json, "version", self->version);
  snug_json_write_string_field (json, "room", self->room);
  if (self->text != NULL)
    snug_json_write_string_field (json, "resume", self->text);
}

static gboolean
read_members (SnugMessage *self, JsonObject *object, GError **error)
{
  JsonArray *array;
  guint length;

  if (!snug_json_read_array (object, "peers", SNUG_ROOM_SIZE_MAX - 1, 0, &array, error))
    return FALSE;
  length = json_array_get_length (array);
  self->members = g_new0 (char *, length + 1);
  for (guint i = 0; i < length; i++)
    {
      JsonObject *element;
      const char *id;

      if (!snug_json_element_object (array, i, "peers", &element, error)
          || !read_id (element, "id", &id, error))
        return FALSE;
      self->members[i] = g_strdup (id);
    }
  return TRUE;
}

static gboolean
read_joined (SnugMessage *self, JsonObject *object, GError **error)
{
  const char *id;

  if (!read_id (object, "id", &id, error))
    return FALSE;
  self->id = g_strdup (id);
  return read_members (self, object, error)
         && snug_ice_servers_read (object, &self->ice_servers, &self->n_ice_servers, error)
         && read_flag (object, "resumed", &self->flag, error);
}

static void
write_joined (SnugMessage *self, GString *json)
{
  snug_json_write_string_field (json, "id", self->id);
  snug_json_write_name (json, "peers");
  snug_json_begin (json, '[');
  for (gsize i = 0; self->members[i] != NULL; i++)
    {
      snug_json_begin (json, '{');
      snug_json_write_string_field (json, "id", self->members[i]);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
  snug_ice_servers_write (json, self->ice_servers, self->n_ice_servers);
  if (self->flag)
    snug_json_write_boolean_field (json, "resumed", TRUE);
}

static gboolean
read_peer (SnugMessage *self, JsonObject *object, GError **error)
{
  const char *id;

  if (!read_id (object, "id", &id, error))
    return FALSE;
  self->id = g_strdup (id);
  return TRUE;
}

static gboolean
read_peer_joined (SnugMessage *self, JsonObject *object, GError **error)
{
  return read_peer (self, object, error) && read_flag (object, "greet", &self->flag, error);
}

static gboolean
read_peer_left (SnugMessage *self, JsonObject *object, GError **error)
{
  return read_peer (self, object, error) && read_flag (object, "lost", &self->flag, error);
}

static void
write_peer (SnugMessage *self, GString *json)
{
  snug_json_write_string_field (json, "id", self->id);
  if (self->flag)
    snug_json_write_boolean_field (json, self->kind == SNUG_MESSAGE_PEER_LEFT ? "lost" : "greet", TRUE);
}

static const char *
peer_field (SnugMessage *self)
{
  return self->origin == SNUG_MESSAGE_FROM_CLIENT ? "to" : "from";
}

gboolean
snug_message_payload_fits (const char *payload)
{
  g_return_val_if_fail (payload != NULL, FALSE);

  return strlen (payload) <= SNUG_PAYLOAD_MAX_BYTES
         && snug_json_escaped_size (payload) <= SNUG_MESSAGE_MAX_BYTES - SIGNAL_OVERHEAD;
}

static gboolean
read_signal (SnugMessage *self, JsonObject *object, GError **error)
{
  const char *id, *payload;

  if (!read_id (object, peer_field (self), &id, error)
      || !snug_json_read_string (object, "payload", SNUG_PAYLOAD_MAX_BYTES, 0, &payload, error))
    return FALSE;
  if (!snug_message_payload_fits (payload))
    {
      g_set_error_literal (error,
                           SNUG_PROTOCOL_ERROR,
                           SNUG_PROTOCOL_ERROR_TOO_LARGE,
                           "Field \"payload\" is too long once it is escaped");
      return FALSE;
    }
  self->id = g_strdup (id);
  self->text = g_strdup (payload);
  return TRUE;
}

static void
write_signal (SnugMessage *self, GString *json)
{
  snug_json_write_string_field (json, peer_field (self), self->id);
  snug_json_write_string_field (json, "payload", self->text);
}

static gboolean
read_leave (SnugMessage *self, JsonObject *object, GError **error)
{
  return TRUE;
}

static void
write_leave (SnugMessage *self, GString *json)
{
}

static gboolean
read_error (SnugMessage *self, JsonObject *object, GError **error)
{
  const char *code, *text;

  if (!snug_json_read_string (object, "code", 64, 0, &code, error)
      || !snug_json_read_string (object,
                                 "message",
                                 SNUG_ERROR_TEXT_MAX_BYTES,
                                 SNUG_JSON_OPTIONAL | SNUG_JSON_EMPTY,
                                 &text,
                                 error))
    return FALSE;
  self->error_code = snug_protocol_error_from_string (code);
  self->text = g_strdup (text != NULL ? text : "");
  return TRUE;
}

static void
write_error (SnugMessage *self, GString *json)
{
  snug_json_write_string_field (json, "code", snug_protocol_error_to_string (self->error_code));
  snug_json_write_string_field (json, "message", self->text);
}

static const Codec codecs[] = {
  { "join", SNUG_MESSAGE_JOIN, TRUE, FALSE, read_join, write_join },
  { "joined", SNUG_MESSAGE_JOINED, FALSE, TRUE, read_joined, write_joined },
  { "peer-joined", SNUG_MESSAGE_PEER_JOINED, FALSE, TRUE, read_peer_joined, write_peer },
  { "peer-left", SNUG_MESSAGE_PEER_LEFT, FALSE, TRUE, read_peer_left, write_peer },
  { "signal", SNUG_MESSAGE_SIGNAL, TRUE, TRUE, read_signal, write_signal },
  { "leave", SNUG_MESSAGE_LEAVE, TRUE, FALSE, read_leave, write_leave },
  { "error", SNUG_MESSAGE_ERROR, FALSE, TRUE, read_error, write_error },
};

static const Codec *
find_codec (const char *type, SnugMessageOrigin origin)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codecs); i++)
    {
      if (g_str_equal (codecs[i].type, type)
          && (origin == SNUG_MESSAGE_FROM_CLIENT ? codecs[i].from_client : codecs[i].from_server))
        return &codecs[i];
    }
  return NULL;
}

/* In the one way in which nearly all are written; NULL: to be read in the other. */
static SnugMessage *
parse_signal (const char *data, gsize size, SnugMessageOrigin origin)
{
  g_autoptr (SnugMessage) self = message_new (SNUG_MESSAGE_SIGNAL, origin);

  if (size > SNUG_MESSAGE_MAX_BYTES || !snug_signal_scan (data, size, peer_field (self), &self->id, &self->text)
      || snug_json_escaped_size (self->text) > SNUG_MESSAGE_MAX_BYTES - SIGNAL_OVERHEAD)
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * snug_message_parse:
 * @data: (array length=size): bytes from the network
 * @size: how many
 * @origin: which side wrote them
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Returns: (transfer full): a message whose every field has been checked, or %NULL
 */
SnugMessage *
snug_message_parse (const char *data, gsize size, SnugMessageOrigin origin, GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (SnugMessage) self = NULL;
  const Codec *codec;
  const char *type;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  self = size > 0 ? parse_signal (data, size, origin) : NULL;
  if (self != NULL)
    return g_steal_pointer (&self);
  object = snug_json_parse (data != NULL ? data : "", size, SNUG_MESSAGE_MAX_BYTES, error);
  if (object == NULL || !snug_json_read_string (object, "type", 64, 0, &type, error))
    return NULL;
  codec = find_codec (type, origin);
  if (codec == NULL)
    {
      g_set_error (error,
                   SNUG_PROTOCOL_ERROR,
                   SNUG_PROTOCOL_ERROR_UNKNOWN_TYPE,
                   "Field \"type\" is no message that a %s sends",
                   origin == SNUG_MESSAGE_FROM_CLIENT ? "client" : "server");
      return NULL;
    }
  self = message_new (codec->kind, origin);
  if (!codec->read (self, object, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * snug_message_to_json:
 * @self: a message
 *
 * Returns: (transfer full): one line of JSON
 */
char *
snug_message_to_json (SnugMessage *self)
{
  GString *json;

  g_return_val_if_fail (self != NULL, NULL);

  json = g_string_sized_new (self->text != NULL ? strlen (self->text) + 128 : 256);
  snug_json_begin (json, '{');
  for (gsize i = 0; i < G_N_ELEMENTS (codecs); i++)
    {
      if (codecs[i].kind == self->kind)
        {
          snug_json_write_string_field (json, "type", codecs[i].type);
          codecs[i].write (self, json);
        }
    }
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

SnugMessageKind
snug_message_get_kind (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->kind;
}

guint
snug_message_get_version (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_JOIN, 0);
  return self->version;
}

const char *
snug_message_get_room_id (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_JOIN, NULL);
  return self->room;
}

const char *
snug_message_get_resume_token (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_JOIN, NULL);
  return self->text;
}

gboolean
snug_message_get_resumed (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_JOINED, FALSE);
  return self->flag;
}

gboolean
snug_message_get_greet (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_PEER_JOINED, FALSE);
  return self->flag;
}

gboolean
snug_message_get_lost (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_PEER_LEFT, FALSE);
  return self->flag;
}

const char *
snug_message_get_id (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_JOINED, NULL);
  return self->id;
}

const char *
snug_message_get_peer_id (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->id != NULL && self->kind != SNUG_MESSAGE_JOINED,
                        NULL);
  return self->id;
}

const char *
snug_message_get_payload (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_SIGNAL, NULL);
  return self->text;
}

const char *const *
snug_message_get_members (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_JOINED, NULL);
  return (const char *const *) self->members;
}

const SnugIceServer *
snug_message_get_ice_servers (SnugMessage *self, gsize *n_servers)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_JOINED, NULL);
  g_return_val_if_fail (n_servers != NULL, NULL);
  *n_servers = self->n_ice_servers;
  return self->ice_servers;
}

SnugProtocolError
snug_message_get_error_code (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_ERROR,
                        SNUG_PROTOCOL_ERROR_OTHER);
  return self->error_code;
}

const char *
snug_message_get_error_text (SnugMessage *self)
{
  g_return_val_if_fail (self != NULL && self->kind == SNUG_MESSAGE_ERROR, "");
  return self->text;
}
