/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-chat-message.h"

struct _SnugChatMessage
{
  GObject parent_instance;

  char *id;
  char *sender_id;
  char *sender_name;
  char *text;
  GDateTime *time;
  SnugChatMessageState state;
  guint read_count;
  SnugFileTransfer *transfer;
  guint64 serial;
};

typedef enum
{
  PROP_ID = 1,
  PROP_SENDER_ID,
  PROP_SENDER_NAME,
  PROP_TEXT,
  PROP_TIME,
  PROP_OUTGOING,
  PROP_STATE,
  PROP_READ_COUNT,
  PROP_TRANSFER
} SnugChatMessageProperty;
#define N_PROPERTIES (PROP_TRANSFER + 1)

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (SnugChatMessage, snug_chat_message, G_TYPE_OBJECT)

GType
snug_chat_message_state_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    {
      static const GEnumValue values[] = {
        { SNUG_CHAT_MESSAGE_SENDING, "SNUG_CHAT_MESSAGE_SENDING", "sending" },
        { SNUG_CHAT_MESSAGE_DELIVERED, "SNUG_CHAT_MESSAGE_DELIVERED", "delivered" },
        { SNUG_CHAT_MESSAGE_NOT_SENT, "SNUG_CHAT_MESSAGE_NOT_SENT", "not-sent" },
        { SNUG_CHAT_MESSAGE_RECEIVED, "SNUG_CHAT_MESSAGE_RECEIVED", "received" },
        { 0, NULL, NULL },
      };

      g_once_init_leave (&type, g_enum_register_static ("SnugChatMessageState", values));
    }

  return type;
}

static void
snug_chat_message_finalize (GObject *object)
{
  SnugChatMessage *self = SNUG_CHAT_MESSAGE (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->sender_id, g_free);
  g_clear_pointer (&self->sender_name, g_free);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_clear_object (&self->transfer);

  G_OBJECT_CLASS (snug_chat_message_parent_class)->finalize (object);
}

static void
snug_chat_message_constructed (GObject *object)
{
  SnugChatMessage *self = SNUG_CHAT_MESSAGE (object);

  G_OBJECT_CLASS (snug_chat_message_parent_class)->constructed (object);

  if (self->sender_name == NULL)
    self->sender_name = g_strdup ("");
  if (self->text == NULL)
    self->text = g_strdup ("");
  if (self->time == NULL)
    self->time = g_date_time_new_now_local ();
}

static void
snug_chat_message_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugChatMessage *self = SNUG_CHAT_MESSAGE (object);

  switch ((SnugChatMessageProperty) prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_SENDER_ID:
      g_value_set_string (value, self->sender_id);
      break;

    case PROP_SENDER_NAME:
      g_value_set_string (value, self->sender_name);
      break;

    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;

    case PROP_TIME:
      g_value_set_boxed (value, self->time);
      break;

    case PROP_OUTGOING:
      g_value_set_boolean (value, self->sender_id == NULL);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_READ_COUNT:
      g_value_set_uint (value, self->read_count);
      break;

    case PROP_TRANSFER:
      g_value_set_object (value, self->transfer);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_chat_message_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  SnugChatMessage *self = SNUG_CHAT_MESSAGE (object);

  switch ((SnugChatMessageProperty) prop_id)
    {
    case PROP_ID:
      self->id = g_value_dup_string (value);
      break;

    case PROP_SENDER_ID:
      self->sender_id = g_value_dup_string (value);
      break;

    case PROP_SENDER_NAME:
      self->sender_name = g_value_dup_string (value);
      break;

    case PROP_TEXT:
      self->text = g_value_dup_string (value);
      break;

    case PROP_TIME:
      self->time = g_value_dup_boxed (value);
      break;

    case PROP_STATE:
      snug_chat_message_set_state (self, g_value_get_enum (value));
      break;

    case PROP_TRANSFER:
      self->transfer = g_value_dup_object (value);
      break;

    case PROP_OUTGOING:
    case PROP_READ_COUNT:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_chat_message_class_init (SnugChatMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags construct_only
      = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = snug_chat_message_finalize;
  object_class->constructed = snug_chat_message_constructed;
  object_class->get_property = snug_chat_message_get_property;
  object_class->set_property = snug_chat_message_set_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, construct_only);
  properties[PROP_SENDER_ID] = g_param_spec_string ("sender-id", NULL, NULL, NULL, construct_only);
  properties[PROP_SENDER_NAME]
      = g_param_spec_string ("sender-name", NULL, NULL, NULL, construct_only);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, construct_only);
  properties[PROP_TIME]
      = g_param_spec_boxed ("time", NULL, NULL, G_TYPE_DATE_TIME, construct_only);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_CHAT_MESSAGE_STATE,
                                              SNUG_CHAT_MESSAGE_SENDING,
                                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY
                                                  | G_PARAM_STATIC_STRINGS);

  properties[PROP_READ_COUNT] = g_param_spec_uint (
      "read-count", NULL, NULL, 0, G_MAXUINT, 0,
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TRANSFER]
      = g_param_spec_object ("transfer", NULL, NULL, SNUG_TYPE_FILE_TRANSFER, construct_only);

  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
snug_chat_message_init (SnugChatMessage *self)
{
}

SnugChatMessage *
snug_chat_message_new (const char *id,
                       const char *sender_id,
                       const char *sender_name,
                       const char *text,
                       SnugChatMessageState state)
{
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  return g_object_new (SNUG_TYPE_CHAT_MESSAGE,
                       "id", id,
                       "sender-id", sender_id,
                       "sender-name", sender_name,
                       "text", text,
                       "state", state,
                       NULL);
}

const char *
snug_chat_message_get_id (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), NULL);

  return self->id;
}

const char *
snug_chat_message_get_sender_id (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), NULL);

  return self->sender_id;
}

const char *
snug_chat_message_get_sender_name (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), NULL);

  return self->sender_name;
}

const char *
snug_chat_message_get_text (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), NULL);

  return self->text;
}

GDateTime *
snug_chat_message_get_time (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), NULL);

  return self->time;
}

gboolean
snug_chat_message_get_outgoing (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), FALSE);

  return self->sender_id == NULL;
}

SnugChatMessageState
snug_chat_message_get_state (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), SNUG_CHAT_MESSAGE_NOT_SENT);

  return self->state;
}

void
snug_chat_message_set_state (SnugChatMessage *self, SnugChatMessageState state)
{
  g_return_if_fail (SNUG_IS_CHAT_MESSAGE (self));

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

SnugChatMessage *
snug_chat_message_new_transfer (const char *id,
                                const char *sender_id,
                                const char *sender_name,
                                SnugFileTransfer *transfer)
{
  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (transfer), NULL);

  return g_object_new (SNUG_TYPE_CHAT_MESSAGE,
                       "id", id,
                       "sender-id", sender_id,
                       "sender-name", sender_name,
                       "text", snug_file_transfer_get_name (transfer),
                       "state", sender_id == NULL ? SNUG_CHAT_MESSAGE_DELIVERED : SNUG_CHAT_MESSAGE_RECEIVED,
                       "transfer", transfer,
                       NULL);
}

guint
snug_chat_message_get_read_count (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), 0);

  return self->read_count;
}

SnugFileTransfer *
snug_chat_message_get_transfer (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), NULL);

  return self->transfer;
}

void
snug_chat_message_add_reader (SnugChatMessage *self)
{
  g_return_if_fail (SNUG_IS_CHAT_MESSAGE (self));

  self->read_count++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READ_COUNT]);
}

guint64
snug_chat_message_get_serial (SnugChatMessage *self)
{
  g_return_val_if_fail (SNUG_IS_CHAT_MESSAGE (self), 0);

  return self->serial;
}

void
snug_chat_message_set_serial (SnugChatMessage *self, guint64 serial)
{
  g_return_if_fail (SNUG_IS_CHAT_MESSAGE (self));

  self->serial = serial;
}
