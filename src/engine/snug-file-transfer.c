/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-file-transfer-private.h"

#include "snug-file-speed.h"
#include "snug-relay.h"

/* Nobody reads numbers that change more often. */
#define SPEED_INTERVAL_MS 250

struct _SnugFileTransfer
{
  GObject parent_instance;

  char *name;
  guint64 size;
  guint64 transferred;
  SnugFileTransferState state;
  GError *error;
  gboolean outgoing;
  GFile *file;
  char *peer_name;
  GListStore *recipients;

  SnugFileSpeed speed;
  double bytes_per_second;
  guint speed_id;
};

G_DEFINE_FINAL_TYPE (SnugFileTransfer, snug_file_transfer, G_TYPE_OBJECT)

typedef enum
{
  PROP_NAME = 1,
  PROP_SIZE,
  PROP_TRANSFERRED,
  PROP_BYTES_PER_SECOND,
  PROP_STATE,
  PROP_ERROR,
  PROP_OUTGOING,
  PROP_FILE,
  PROP_PEER_NAME,
  PROP_RECIPIENTS,
  N_PROPS
} SnugFileTransferProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_ACCEPT,
  SIGNAL_DECLINE,
  SIGNAL_CANCEL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
set_speed (SnugFileTransfer *self, double bytes_per_second)
{
  if (self->bytes_per_second == bytes_per_second)
    return;
  self->bytes_per_second = bytes_per_second;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BYTES_PER_SECOND]);
}

static gboolean
on_speed_tick (gpointer user_data)
{
  SnugFileTransfer *self = user_data;

  set_speed (self,
             snug_file_speed_update (&self->speed, self->transferred, g_get_monotonic_time ()));

  return G_SOURCE_CONTINUE;
}

static void
set_state (SnugFileTransfer *self, SnugFileTransferState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_clear_handle_id (&self->speed_id, g_source_remove);
  if (state == SNUG_FILE_TRANSFER_ACTIVE)
    {
      snug_file_speed_start (&self->speed, self->transferred, g_get_monotonic_time ());
      self->speed_id = g_timeout_add (SPEED_INTERVAL_MS, on_speed_tick, self);
    }
  else
    set_speed (self, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_transferred (SnugFileTransfer *self, guint64 transferred)
{
  if (self->transferred == transferred)
    return;
  self->transferred = transferred;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRANSFERRED]);
}

static void
on_recipient_transferred (SnugFileTransfer *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->recipients));
  guint64 total = 0;
  guint n_wanting = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SnugFileRecipient) recipient
          = g_list_model_get_item (G_LIST_MODEL (self->recipients), i);
      SnugFileTransferState state = snug_file_recipient_get_state (recipient);

      if (state == SNUG_FILE_TRANSFER_ACTIVE || state == SNUG_FILE_TRANSFER_PAUSED
          || state == SNUG_FILE_TRANSFER_DONE)
        {
          total += snug_file_recipient_get_transferred (recipient);
          n_wanting++;
        }
    }
  if (n_wanting > 0)
    set_transferred (self, total / n_wanting);
}

static void
on_recipient_state (SnugFileTransfer *self)
{
  static const SnugFileTransferState order[]
      = { SNUG_FILE_TRANSFER_ACTIVE,    SNUG_FILE_TRANSFER_PAUSED, SNUG_FILE_TRANSFER_OFFERED,
          SNUG_FILE_TRANSFER_DONE,      SNUG_FILE_TRANSFER_CANCELLED,
          SNUG_FILE_TRANSFER_FAILED,    SNUG_FILE_TRANSFER_DECLINED };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->recipients));
  g_autoptr (SnugFileTransfer) keep G_GNUC_UNUSED = g_object_ref (self);

  on_recipient_transferred (self);
  for (gsize o = 0; o < G_N_ELEMENTS (order); o++)
    for (guint i = 0; i < n; i++)
      {
        g_autoptr (SnugFileRecipient) recipient
            = g_list_model_get_item (G_LIST_MODEL (self->recipients), i);

        if (snug_file_recipient_get_state (recipient) != order[o])
          continue;
        if (order[o] == SNUG_FILE_TRANSFER_FAILED && self->error == NULL)
          {
            self->error = g_error_copy (snug_file_recipient_get_error (recipient));
            g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
          }
        set_state (self, order[o]);
        return;
      }
}

void
snug_file_transfer_add_recipient (SnugFileTransfer *self, SnugFileRecipient *recipient)
{
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));
  g_return_if_fail (self->outgoing);

  g_signal_connect_object (recipient, "notify::state", G_CALLBACK (on_recipient_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (recipient, "notify::transferred", G_CALLBACK (on_recipient_transferred),
                           self, G_CONNECT_SWAPPED);
  g_list_store_append (self->recipients, recipient);
  on_recipient_state (self);
}

void
snug_file_transfer_set_state (SnugFileTransfer *self, SnugFileTransferState state)
{
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));

  if (!snug_file_transfer_state_is_final (self->state))
    set_state (self, state);
}

void
snug_file_transfer_set_transferred (SnugFileTransfer *self, guint64 transferred)
{
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));

  set_transferred (self, transferred);
}

void
snug_file_transfer_finish (SnugFileTransfer *self, GFile *file)
{
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));
  g_return_if_fail (G_IS_FILE (file));

  if (snug_file_transfer_state_is_final (self->state))
    return;
  if (g_set_object (&self->file, file))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
  set_transferred (self, self->size);
  set_state (self, SNUG_FILE_TRANSFER_DONE);
}

void
snug_file_transfer_fail (SnugFileTransfer *self, GError *error)
{
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));
  g_return_if_fail (error != NULL);

  if (snug_file_transfer_state_is_final (self->state))
    {
      g_error_free (error);
      return;
    }
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  set_state (self, SNUG_FILE_TRANSFER_FAILED);
}

void
snug_file_transfer_accept (SnugFileTransfer *self, GFile *destination)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));
  g_return_if_fail (G_IS_FILE (destination));

  if (!self->outgoing && self->state == SNUG_FILE_TRANSFER_OFFERED)
    g_signal_emit (self, signals[SIGNAL_ACCEPT], 0, destination);
}

void
snug_file_transfer_decline (SnugFileTransfer *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));

  if (!self->outgoing && self->state == SNUG_FILE_TRANSFER_OFFERED)
    g_signal_emit (self, signals[SIGNAL_DECLINE], 0);
}

void
snug_file_transfer_cancel (SnugFileTransfer *self)
{
  SNUG_ASSERT_MAIN_THREAD ();
  g_return_if_fail (SNUG_IS_FILE_TRANSFER (self));

  if (!snug_file_transfer_state_is_final (self->state))
    g_signal_emit (self, signals[SIGNAL_CANCEL], 0);
}

static void
snug_file_transfer_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugFileTransfer *self = SNUG_FILE_TRANSFER (object);

  switch ((SnugFileTransferProperty) prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_SIZE:
      g_value_set_uint64 (value, self->size);
      break;
    case PROP_TRANSFERRED:
      g_value_set_uint64 (value, self->transferred);
      break;
    case PROP_BYTES_PER_SECOND:
      g_value_set_double (value, self->bytes_per_second);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_OUTGOING:
      g_value_set_boolean (value, self->outgoing);
      break;
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_PEER_NAME:
      g_value_set_string (value, self->peer_name);
      break;
    case PROP_RECIPIENTS:
      g_value_set_object (value, self->recipients);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_file_transfer_finalize (GObject *object)
{
  SnugFileTransfer *self = SNUG_FILE_TRANSFER (object);

  g_clear_handle_id (&self->speed_id, g_source_remove);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->peer_name, g_free);
  g_clear_object (&self->file);
  g_clear_object (&self->recipients);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (snug_file_transfer_parent_class)->finalize (object);
}

static void
snug_file_transfer_class_init (SnugFileTransferClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_file_transfer_get_property;
  object_class->finalize = snug_file_transfer_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_SIZE] = g_param_spec_uint64 ("size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_TRANSFERRED]
      = g_param_spec_uint64 ("transferred", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_BYTES_PER_SECOND]
      = g_param_spec_double ("bytes-per-second", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, SNUG_TYPE_FILE_TRANSFER_STATE,
                                              SNUG_FILE_TRANSFER_OFFERED, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_OUTGOING] = g_param_spec_boolean ("outgoing", NULL, NULL, FALSE, flags);
  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_PEER_NAME] = g_param_spec_string ("peer-name", NULL, NULL, NULL, flags);
  properties[PROP_RECIPIENTS]
      = g_param_spec_object ("recipients", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_ACCEPT] = g_signal_new ("accept", SNUG_TYPE_FILE_TRANSFER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);
  signals[SIGNAL_DECLINE] = g_signal_new ("decline", SNUG_TYPE_FILE_TRANSFER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CANCEL] = g_signal_new ("cancel", SNUG_TYPE_FILE_TRANSFER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
snug_file_transfer_init (SnugFileTransfer *self)
{
  self->recipients = g_list_store_new (SNUG_TYPE_FILE_RECIPIENT);
}

SnugFileTransfer *
snug_file_transfer_new_outgoing (GFile *file, const char *name, guint64 size)
{
  SnugFileTransfer *self = g_object_new (SNUG_TYPE_FILE_TRANSFER, NULL);

  self->outgoing = TRUE;
  self->file = g_object_ref (file);
  self->name = g_strdup (name);
  self->peer_name = g_strdup ("");
  self->size = size;

  return self;
}

SnugFileTransfer *
snug_file_transfer_new_incoming (const char *peer_name, const char *name, guint64 size)
{
  SnugFileTransfer *self = g_object_new (SNUG_TYPE_FILE_TRANSFER, NULL);

  self->name = g_strdup (name);
  self->peer_name = g_strdup (peer_name);
  self->size = size;

  return self;
}

const char *
snug_file_transfer_get_name (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), NULL);

  return self->name;
}

guint64
snug_file_transfer_get_size (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), 0);

  return self->size;
}

guint64
snug_file_transfer_get_transferred (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), 0);

  return self->transferred;
}

double
snug_file_transfer_get_bytes_per_second (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), 0);

  return self->bytes_per_second;
}

SnugFileTransferState
snug_file_transfer_get_state (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), SNUG_FILE_TRANSFER_FAILED);

  return self->state;
}

const GError *
snug_file_transfer_get_error (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), NULL);

  return self->error;
}

gboolean
snug_file_transfer_get_outgoing (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), FALSE);

  return self->outgoing;
}

GFile *
snug_file_transfer_get_file (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), NULL);

  return self->file;
}

const char *
snug_file_transfer_get_peer_name (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), NULL);

  return self->peer_name;
}

GListModel *
snug_file_transfer_get_recipients (SnugFileTransfer *self)
{
  g_return_val_if_fail (SNUG_IS_FILE_TRANSFER (self), NULL);

  return G_LIST_MODEL (self->recipients);
}
