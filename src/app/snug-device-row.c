/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-device-row.h"

#include "snug-sound-test-button.h"

#include <glib/gi18n.h>

enum
{
  PROP_KIND = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugDeviceRow
{
  AdwComboRow parent_instance;

  SnugDevices *devices;
  GSettings *settings;
  SnugDeviceList *list;
  guint kind;
  guint sync_id;
  GtkWidget *sound_test; /* borrowed, nullable: of speakers */
};

G_DEFINE_FINAL_TYPE (SnugDeviceRow, snug_device_row, ADW_TYPE_COMBO_ROW)

static gboolean
sync_selection (gpointer user_data)
{
  SnugDeviceRow *self = SNUG_DEVICE_ROW (user_data);
  g_autofree char *id = NULL;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
  SnugDevice *chosen;
  guint selected = 0;

  id = g_settings_get_string (self->settings, snug_devices_get_key ((SnugDeviceKind) self->kind));
  chosen = snug_device_list_find (self->list, id);
  if (chosen == NULL)
    chosen = snug_device_list_get_default (self->list);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SnugDevice) device = g_list_model_get_item (G_LIST_MODEL (self->list), i);
      if (device == chosen)
        selected = i;
    }
  if (n > 0)
    adw_combo_row_set_selected (ADW_COMBO_ROW (self), selected);

  gtk_widget_set_sensitive (GTK_WIDGET (self), n > 0 || !snug_device_list_get_ready (self->list));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               n > 0 ? "" : snug_devices_describe_none (self->devices, (SnugDeviceKind) self->kind));
  self->sync_id = 0;
  return G_SOURCE_REMOVE;
}

/* The combo row picks a selection of its own when its model changes: that is nobody's choice. */
static void
on_list_changed (SnugDeviceRow *self)
{
  if (self->sync_id == 0)
    self->sync_id = g_idle_add (sync_selection, self);
}

static void
on_selected (SnugDeviceRow *self)
{
  SnugDevice *device = adw_combo_row_get_selected_item (ADW_COMBO_ROW (self));
  const char *key = snug_devices_get_key ((SnugDeviceKind) self->kind);
  g_autofree char *id = NULL;

  if (self->sync_id != 0 || self->list == NULL || !SNUG_IS_DEVICE (device))
    return;
  id = g_settings_get_string (self->settings, key);
  /* Stands for itself only once something else was chosen. */
  if (*id == '\0' && device == snug_device_list_get_default (self->list))
    return;
  if (strcmp (id, snug_device_get_id (device)) != 0)
    g_settings_set_string (self->settings, key, snug_device_get_id (device));
}

static void
snug_device_row_constructed (GObject *object)
{
  SnugDeviceRow *self = SNUG_DEVICE_ROW (object);
  g_autoptr (GtkExpression) expression = gtk_property_expression_new (SNUG_TYPE_DEVICE, NULL, "name");

  G_OBJECT_CLASS (snug_device_row_parent_class)->constructed (object);
  adw_combo_row_set_expression (ADW_COMBO_ROW (self), expression);
  switch (self->kind)
    {
    case SNUG_DEVICE_CAMERA:
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Camera"));
      adw_action_row_set_icon_name (ADW_ACTION_ROW (self), "snug-camera-symbolic");
      break;
    case SNUG_DEVICE_MICROPHONE:
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Microphone"));
      adw_action_row_set_icon_name (ADW_ACTION_ROW (self), "audio-input-microphone-symbolic");
      break;
    case SNUG_DEVICE_SPEAKER:
    default:
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _ ("Speakers"));
      adw_action_row_set_icon_name (ADW_ACTION_ROW (self), "audio-speakers-symbolic");
      break;
    }
  g_signal_connect (self, "notify::selected", G_CALLBACK (on_selected), NULL);
}

static void
snug_device_row_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_KIND:
      SNUG_DEVICE_ROW (object)->kind = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_device_row_dispose (GObject *object)
{
  SnugDeviceRow *self = SNUG_DEVICE_ROW (object);

  g_clear_handle_id (&self->sync_id, g_source_remove);
  g_clear_object (&self->list);
  g_clear_object (&self->settings);
  g_clear_object (&self->devices);
  G_OBJECT_CLASS (snug_device_row_parent_class)->dispose (object);
}

static void
snug_device_row_class_init (SnugDeviceRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = snug_device_row_constructed;
  object_class->set_property = snug_device_row_set_property;
  object_class->dispose = snug_device_row_dispose;

  properties[PROP_KIND] = g_param_spec_uint ("kind", NULL, NULL, 0, SNUG_DEVICE_SPEAKER, 0,
                                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
snug_device_row_init (SnugDeviceRow *self)
{
}

void
snug_device_row_set_devices (SnugDeviceRow *self, SnugDevices *devices)
{
  SnugDeviceList *list;

  g_return_if_fail (SNUG_IS_DEVICE_ROW (self));
  g_return_if_fail (devices == NULL || SNUG_IS_DEVICES (devices));

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_func (self->list, on_list_changed, self);
  g_clear_handle_id (&self->sync_id, g_source_remove);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), NULL);
  if (self->sound_test != NULL)
    adw_action_row_remove (ADW_ACTION_ROW (self), self->sound_test);
  self->sound_test = NULL;
  g_clear_object (&self->list);
  g_clear_object (&self->settings);
  g_set_object (&self->devices, devices);
  if (devices == NULL)
    return;

  g_set_object (&self->settings, snug_devices_get_settings (devices));
  list = snug_devices_get_list (devices, (SnugDeviceKind) self->kind);
  if (list == NULL)
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self), snug_devices_describe_none (devices, (SnugDeviceKind) self->kind));
      gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
      return;
    }

  if (self->kind == SNUG_DEVICE_SPEAKER)
    {
      self->sound_test = snug_sound_test_button_new (devices);
      adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->sound_test);
      g_object_bind_property (self->sound_test, "status", self, "subtitle", G_BINDING_DEFAULT);
    }
  g_set_object (&self->list, list);
  /* Before the combo row's own handler, so that its pick is recognised. */
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_list_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "notify::ready", G_CALLBACK (on_list_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "notify::error", G_CALLBACK (on_list_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (list, "notify::default", G_CALLBACK (on_list_changed), self, G_CONNECT_SWAPPED);
  on_list_changed (self);
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (list));
}
