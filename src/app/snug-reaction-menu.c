/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-reaction-menu.h"

#include "snug-menu-item.h"

#include <glib/gi18n.h>

enum
{
  PROP_HAND_RAISED = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char *emoji;
  const char *name;
} reactions[] = {
  { "👍", N_ ("Thumbs up") }, { "❤️", N_ ("Heart") }, { "😂", N_ ("Laughing") },
  { "👏", N_ ("Applause") },  { "🎉", N_ ("Party") }, { "😮", N_ ("Surprise") },
};

struct _SnugReactionMenu
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *row;
  GtkWidget *hand_item;

  gboolean hand_raised;
};

G_DEFINE_FINAL_TYPE (SnugReactionMenu, snug_reaction_menu, GTK_TYPE_WIDGET)

static void
update (SnugReactionMenu *self)
{
  g_object_set (self->hand_item, "text", self->hand_raised ? _ ("Lower my hand") : _ ("Raise my hand"), NULL);
}

static void
on_clicked (SnugReactionMenu *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
add_reactions (SnugReactionMenu *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (reactions); i++)
    {
      GtkWidget *button = gtk_button_new ();

      /* Not as its label: what a button is labelled with is its name, whatever it is told (from GTK 4.10 on). */
      gtk_button_set_child (GTK_BUTTON (button), gtk_label_new (reactions[i].emoji));
      gtk_widget_add_css_class (button, "text-button");
      gtk_widget_add_css_class (button, "flat");
      gtk_widget_add_css_class (button, "reaction");
      gtk_widget_set_hexpand (button, TRUE);
      gtk_widget_set_tooltip_text (button, _ (reactions[i].name));
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (reactions[i].name), -1);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "call.react");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", reactions[i].emoji);
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_clicked), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      gtk_box_append (GTK_BOX (self->row), button);
    }
}

static void
snug_reaction_menu_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_HAND_RAISED:
      g_value_set_boolean (value, SNUG_REACTION_MENU (object)->hand_raised);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_reaction_menu_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugReactionMenu *self = SNUG_REACTION_MENU (object);

  switch (prop_id)
    {
    case PROP_HAND_RAISED:
      self->hand_raised = g_value_get_boolean (value);
      update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
snug_reaction_menu_dispose (GObject *object)
{
  while (gtk_widget_get_first_child (GTK_WIDGET (object)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (object)));
  G_OBJECT_CLASS (snug_reaction_menu_parent_class)->dispose (object);
}

static void
snug_reaction_menu_class_init (SnugReactionMenuClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = snug_reaction_menu_get_property;
  object_class->set_property = snug_reaction_menu_set_property;
  object_class->dispose = snug_reaction_menu_dispose;
  properties[PROP_HAND_RAISED] = g_param_spec_boolean ("hand-raised", NULL, NULL, FALSE,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SNUG_TYPE_MENU_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-reaction-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugReactionMenu, row);
  gtk_widget_class_bind_template_child (widget_class, SnugReactionMenu, hand_item);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
snug_reaction_menu_init (SnugReactionMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  add_reactions (self);
  update (self);
}

const char *
snug_reaction_menu_get_name (const char *emoji)
{
  g_return_val_if_fail (emoji != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (reactions); i++)
    if (g_str_equal (emoji, reactions[i].emoji))
      return _ (reactions[i].name);
  return emoji;
}
