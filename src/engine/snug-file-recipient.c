/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-recipient.h"

struct _SnugFileRecipient
{
  GObject parent_instance;

  char *name;
  SnugFileTransferState state;
  guint64 transferred;
  GError *error;
};

G_DEFINE_FINAL_TYPE (SnugFileRecipient, snug_file_recipient, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SnugFileTransferState, snug_file_transfer_state,
                    G_DEFINE_ENUM_VALUE (SNUG_FILE_TRANSFER_OFFERED, "offered"),
                    G_DEFINE_ENUM_VALUE (SNUG_FILE_TRANSFER_ACTIVE, "active"),
                    G_DEFINE_ENUM_VALUE (SNUG_FILE_TRANSFER_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (SNUG_FILE_TRANSFER_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SNUG_FILE_TRANSFER_DECLINED, "declined"),
                    G_DEFINE_ENUM_VALUE (SNUG_FILE_TRANSFER_CANCELLED, "cancelled"),
                    G_DEFINE_ENUM_VALUE (SNUG_FILE_TRANSFER_FAILED, "failed"))

typedef enum
{
  PROP_NAME = 1,
  PROP_STATE,
  PROP_TRANSFERRED,
  PROP_ERROR,
  N_PROPS
} SnugFileRecipientProperty;

static GParamSpec *properties[N_PROPS];

gboolean
snug_file_transfer_state_is_final (SnugFileTransferState state)
{
  return state >= SNUG_FILE_TRANSFER_DONE;
}

static void
snug_file_recipient_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugFileRecipient *self = SNUG_FILE_RECIPIENT (object);

  switch ((SnugFileRecipientProperty) prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_TRANSFERRED:
      g_value_set_uint64 (value, self->transferred);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_file_recipient_finalize (GObject *object)
{
  SnugFileRecipient *self = SNUG_FILE_RECIPIENT (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_file_recipient_parent_class)->finalize (object);
}

static void
snug_file_recipient_class_init (SnugFileRecipientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_file_recipient_get_property;
  object_class->finalize = snug_file_recipient_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_FILE_TRANSFER_STATE,
                                              SNUG_FILE_TRANSFER_OFFERED, flags);
  properties[PROP_TRANSFERRED]
      = g_param_spec_uint64 ("transferred", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_file_recipient_init (SnugFileRecipient *self)
{
}

SnugFileRecipient *
snug_file_recipient_new (const char *name)
{
  SnugFileRecipient *self = g_object_new (SNUG_TYPE_FILE_RECIPIENT, NULL);

  self->name = g_strdup (name != NULL ? name : "");

  return self;
}

const char *
snug_file_recipient_get_name (SnugFileRecipient *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_RECIPIENT (self), NULL);

  return self->name;
}

SnugFileTransferState
snug_file_recipient_get_state (SnugFileRecipient *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_RECIPIENT (self), SNUG_FILE_TRANSFER_FAILED);

  return self->state;
}

guint64
snug_file_recipient_get_transferred (SnugFileRecipient *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_RECIPIENT (self), 0);

  return self->transferred;
}

const GError *
snug_file_recipient_get_error (SnugFileRecipient *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_RECIPIENT (self), NULL);

  return self->error;
}

void
snug_file_recipient_set_state (SnugFileRecipient *self, SnugFileTransferState state)
{
  g_return_if_fail (SNUG_IS_FILE_RECIPIENT (self));

  if (self->state == state || snug_file_transfer_state_is_final (self->state))
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
snug_file_recipient_set_transferred (SnugFileRecipient *self, guint64 transferred)
{
  g_return_if_fail (SNUG_IS_FILE_RECIPIENT (self));

  if (self->transferred == transferred)
    return;
  self->transferred = transferred;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRANSFERRED]);
}

void
snug_file_recipient_fail (SnugFileRecipient *self, GError *error)
{
  g_return_if_fail (SNUG_IS_FILE_RECIPIENT (self));
  g_return_if_fail (error != NULL);

  if (snug_file_transfer_state_is_final (self->state))
    {
      g_error_free (error);
      return;
    }
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  snug_file_recipient_set_state (self, SNUG_FILE_TRANSFER_FAILED);
}
