/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-device-menu.h"

#include "snug-menu-item.h"

#include <glib/gi18n.h>

enum
{
  PROP_KIND = 1,
  PROP_CURRENT_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugDeviceMenu
{
  GtkWidget parent_instance;

  /* Owned */
  SnugDevices *devices;
  SnugDeviceList *list; /* nullable: none in test mode */
  char *current_name;

  guint kind;
  guint fill_id;
};

G_DEFINE_FINAL_TYPE (SnugDeviceMenu, snug_device_menu, GTK_TYPE_WIDGET)

static void
set_current_name (SnugDeviceMenu *self, const char *name)
{
  if (g_strcmp0 (name, self->current_name) == 0)
    return;
  g_free (self->current_name);
  self->current_name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT_NAME]);
}

static void
on_chosen (SnugDeviceMenu *self, GtkWidget *item)
{
  g_settings_set_string (snug_devices_get_settings (self->devices),
                         snug_devices_get_key ((SnugDeviceKind) self->kind),
                         g_object_get_data (G_OBJECT (item), "snug-device"));
}

static GtkWidget *
add_item (SnugDeviceMenu *self, GtkAccessibleRole role, const char *text)
{
  GtkWidget *item = g_object_new (SNUG_TYPE_MENU_ITEM, "accessible-role", role, "text", text, "checked", FALSE, NULL);

  gtk_widget_set_parent (item, GTK_WIDGET (self));
  return item;
}

static void
add_label (SnugDeviceMenu *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 28);
  gtk_widget_add_css_class (label, "menu-note");
  gtk_widget_set_parent (label, GTK_WIDGET (self));
}

static void
add_devices (SnugDeviceMenu *self)
{
  GListModel *list = G_LIST_MODEL (self->list);
  guint n = list != NULL ? g_list_model_get_n_items (list) : 0;
  g_autofree char *id = g_settings_get_string (snug_devices_get_settings (self->devices),
                                               snug_devices_get_key ((SnugDeviceKind) self->kind));
  /* The default is used as long as nothing else was chosen, or that is not there. */
  gboolean is_there = list != NULL && snug_device_list_find (self->list, id) != NULL;

  if (n == 0)
    {
      add_label (self, snug_devices_describe_none (self->devices, (SnugDeviceKind) self->kind));
      set_current_name (self, snug_devices_describe_none (self->devices, (SnugDeviceKind) self->kind));
    }
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SnugDevice) device = g_list_model_get_item (list, i);
      gboolean current = is_there ? g_str_equal (snug_device_get_id (device), id)
                                  : device == snug_device_list_get_default (self->list);
      GtkWidget *item = add_item (self, GTK_ACCESSIBLE_ROLE_MENU_ITEM_RADIO, snug_device_get_name (device));

      g_object_set (item, "checked", current, NULL);
      g_object_set_data_full (G_OBJECT (item), "snug-device", g_strdup (snug_device_get_id (device)), g_free);
      g_signal_connect_object (item, "clicked", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
      if (current)
        set_current_name (self, snug_device_get_name (device));
    }
}

static void
on_switched (GtkWidget *item)
{
  gboolean on;

  g_object_get (item, "checked", &on, NULL);
  g_object_set (item, "checked", !on, NULL);
}

/* What is done to the sound before it leaves. */
static void
add_processing (SnugDeviceMenu *self)
{
  static const struct
  {
    const char *property;
    const char *text;
  } switches[] = { { "echo-cancellation", N_ ("Cancel echoes") },
                   { "noise-suppression", N_ ("Suppress noise") },
                   { "gain-control", N_ ("Even out loudness") } };
  SnugLocalMedia *media = snug_devices_get_local_media (self->devices);
  gboolean available;

  gtk_widget_set_parent (gtk_separator_new (GTK_ORIENTATION_HORIZONTAL), GTK_WIDGET (self));
  g_object_get (media, "voice-processing-available", &available, NULL);
  if (!available)
    {
      add_label (self, _ ("Echo cancelling is not installed here: use a headset."));
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    {
      GtkWidget *item = add_item (self, GTK_ACCESSIBLE_ROLE_MENU_ITEM_CHECKBOX, _ (switches[i].text));

      g_object_bind_property (media, switches[i].property, item, "checked",
                              G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
      g_signal_connect (item, "clicked", G_CALLBACK (on_switched), NULL);
    }
}

static void
clear (SnugDeviceMenu *self)
{
  while (gtk_widget_get_first_child (GTK_WIDGET (self)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (self)));
}

static void
fill (SnugDeviceMenu *self)
{
  clear (self);
  add_devices (self);
  if (self->kind == SNUG_DEVICE_MICROPHONE)
    add_processing (self);
}

static gboolean
on_fill (gpointer user_data)
{
  SNUG_DEVICE_MENU (user_data)->fill_id = 0;
  fill (SNUG_DEVICE_MENU (user_data));
  return G_SOURCE_REMOVE;
}

/* Not at once: the line that was pressed is one of those that go. */
static void
fill_soon (SnugDeviceMenu *self)
{
  if (self->fill_id == 0)
    self->fill_id = g_idle_add (on_fill, self);
}

static void
snug_device_menu_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CURRENT_NAME:
      g_value_set_string (value, SNUG_DEVICE_MENU (object)->current_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_device_menu_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_KIND:
      SNUG_DEVICE_MENU (object)->kind = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_device_menu_dispose (GObject *object)
{
  snug_device_menu_set_devices (SNUG_DEVICE_MENU (object), NULL);
  G_OBJECT_CLASS (snug_device_menu_parent_class)->dispose (object);
}

static void
snug_device_menu_finalize (GObject *object)
{
  g_free (SNUG_DEVICE_MENU (object)->current_name);
  G_OBJECT_CLASS (snug_device_menu_parent_class)->finalize (object);
}

static void
snug_device_menu_class_init (SnugDeviceMenuClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = snug_device_menu_get_property;
  object_class->set_property = snug_device_menu_set_property;
  object_class->dispose = snug_device_menu_dispose;
  object_class->finalize = snug_device_menu_finalize;

  properties[PROP_KIND] = g_param_spec_uint ("kind", NULL, NULL, 0, SNUG_DEVICE_SPEAKER, 0,
                                             G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CURRENT_NAME] = g_param_spec_string ("current-name", NULL, NULL, NULL,
                                                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
snug_device_menu_init (SnugDeviceMenu *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
}

void
snug_device_menu_set_devices (SnugDeviceMenu *self, SnugDevices *devices)
{
  g_return_if_fail (SNUG_IS_DEVICE_MENU (self));
  g_return_if_fail (devices == NULL || SNUG_IS_DEVICES (devices));

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_func (self->list, fill_soon, self);
  if (self->devices != NULL)
    g_signal_handlers_disconnect_by_func (snug_devices_get_settings (self->devices), fill_soon, self);
  g_clear_handle_id (&self->fill_id, g_source_remove);
  clear (self);
  g_clear_object (&self->list);
  g_set_object (&self->devices, devices);
  if (devices == NULL)
    return;

  g_set_object (&self->list, snug_devices_get_list (devices, (SnugDeviceKind) self->kind));
  if (self->list != NULL)
    {
      g_signal_connect_object (self->list, "items-changed", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->list, "notify::error", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->list, "notify::default", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->list, "notify::ready", G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
    }
  {
    g_autofree char *changed = g_strdup_printf ("changed::%s", snug_devices_get_key ((SnugDeviceKind) self->kind));

    g_signal_connect_object (snug_devices_get_settings (devices), changed, G_CALLBACK (fill_soon), self, G_CONNECT_SWAPPED);
  }
  fill (self);
}
