/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-menu-item.h"

enum
{
  PROP_ITEM_ICON = 1,
  PROP_TEXT,
  PROP_DETAIL,
  PROP_KEY,
  PROP_OPENS,
  PROP_STAYS,
  PROP_CHECKED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

struct _SnugMenuItem
{
  GtkButton parent_instance;

  /* Template widgets */
  GtkImage *icon;
  GtkLabel *label;
  GtkLabel *detail_label;
  GtkLabel *key_label;
  GtkWidget *tick;
  GtkWidget *arrow;

  gboolean opens;
  gboolean stays;
  gboolean checked;
};

G_DEFINE_FINAL_TYPE (SnugMenuItem, snug_menu_item, GTK_TYPE_BUTTON)

static void
set_label (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* A button's name is what all its labels say; here it is the words and the line below. */
static void
update_name (SnugMenuItem *self)
{
  const char *text = gtk_label_get_label (self->label);
  const char *detail = gtk_label_get_label (self->detail_label);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (*detail != '\0')
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

static void
update_checked (SnugMenuItem *self)
{
  GtkAccessibleRole role = gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (self));

  gtk_widget_set_visible (self->tick, self->checked);
  if (role == GTK_ACCESSIBLE_ROLE_MENU_ITEM_CHECKBOX || role == GTK_ACCESSIBLE_ROLE_MENU_ITEM_RADIO)
    gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_CHECKED,
                                 self->checked ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
}

static void
snug_menu_item_clicked (GtkButton *button)
{
  SnugMenuItem *self = SNUG_MENU_ITEM (g_object_ref (button));
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_POPOVER);

  if (GTK_BUTTON_CLASS (snug_menu_item_parent_class)->clicked != NULL)
    GTK_BUTTON_CLASS (snug_menu_item_parent_class)->clicked (button);
  if (!self->opens && !self->stays && popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
  g_object_unref (self);
}

static void
snug_menu_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugMenuItem *self = SNUG_MENU_ITEM (object);

  switch (prop_id)
    {
    case PROP_ITEM_ICON:
      g_value_set_string (value, gtk_image_get_icon_name (self->icon));
      break;
    case PROP_TEXT:
      g_value_set_string (value, gtk_label_get_label (self->label));
      break;
    case PROP_DETAIL:
      g_value_set_string (value, gtk_label_get_label (self->detail_label));
      break;
    case PROP_KEY:
      g_value_set_string (value, gtk_label_get_label (self->key_label));
      break;
    case PROP_OPENS:
      g_value_set_boolean (value, self->opens);
      break;
    case PROP_STAYS:
      g_value_set_boolean (value, self->stays);
      break;
    case PROP_CHECKED:
      g_value_set_boolean (value, self->checked);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_menu_item_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugMenuItem *self = SNUG_MENU_ITEM (object);

  switch (prop_id)
    {
    case PROP_ITEM_ICON:
      gtk_image_set_from_icon_name (self->icon, g_value_get_string (value));
      gtk_widget_set_visible (GTK_WIDGET (self->icon), g_value_get_string (value) != NULL);
      break;
    case PROP_TEXT:
      set_label (self->label, g_value_get_string (value));
      update_name (self);
      break;
    case PROP_DETAIL:
      set_label (self->detail_label, g_value_get_string (value));
      update_name (self);
      break;
    case PROP_KEY:
      set_label (self->key_label, g_value_get_string (value));
      break;
    case PROP_OPENS:
      self->opens = g_value_get_boolean (value);
      gtk_widget_set_visible (self->arrow, self->opens);
      break;
    case PROP_STAYS:
      self->stays = g_value_get_boolean (value);
      break;
    case PROP_CHECKED:
      self->checked = g_value_get_boolean (value);
      update_checked (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_menu_item_class_init (SnugMenuItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_menu_item_get_property;
  object_class->set_property = snug_menu_item_set_property;
  GTK_BUTTON_CLASS (klass)->clicked = snug_menu_item_clicked;

  properties[PROP_ITEM_ICON] = g_param_spec_string ("item-icon", NULL, NULL, NULL, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, flags);
  properties[PROP_OPENS] = g_param_spec_boolean ("opens", NULL, NULL, FALSE, flags);
  properties[PROP_STAYS] = g_param_spec_boolean ("stays", NULL, NULL, FALSE, flags);
  properties[PROP_CHECKED] = g_param_spec_boolean ("checked", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-menu-item.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugMenuItem, icon);
  gtk_widget_class_bind_template_child (widget_class, SnugMenuItem, label);
  gtk_widget_class_bind_template_child (widget_class, SnugMenuItem, detail_label);
  gtk_widget_class_bind_template_child (widget_class, SnugMenuItem, key_label);
  gtk_widget_class_bind_template_child (widget_class, SnugMenuItem, tick);
  gtk_widget_class_bind_template_child (widget_class, SnugMenuItem, arrow);
}

static void
snug_menu_item_init (SnugMenuItem *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
