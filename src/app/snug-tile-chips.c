/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-tile-chips.h"

#include <glib/gi18n.h>

/* What is on or off, in the order of the properties. */
typedef enum
{
  SHOW_CAPTION,
  MUTED,
  SCREEN,
  PINNED,
  RELAYED,
  WEAK,
  HAND_RAISED,
  SMALL,
  CONFIRMED,
  DOUBTED,
  N_FLAGS
} Flag;

enum
{
  PROP_CAPTION = 1,
  PROP_STATUS,
  PROP_FLAG, /* and so on */
  N_PROPS = PROP_FLAG + N_FLAGS
};

static GParamSpec *properties[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugTileChips
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *name_chip;
  GtkWidget *screen_icon;
  GtkWidget *muted_icon;
  GtkLabel *name_label;
  GtkWidget *pinned_icon;
  GtkWidget *relayed_icon;
  GtkWidget *confirmed_icon;
  GtkWidget *doubted_icon;
  GtkWidget *status_chip;
  GtkWidget *weak_icon;
  GtkWidget *status_label;
  GtkWidget *hand_chip;
  GtkWidget *hand_label;

  /* Owned */
  char *caption;
  char *status;

  gboolean on[N_FLAGS];
};

G_DEFINE_FINAL_TYPE (SnugTileChips, snug_tile_chips, GTK_TYPE_WIDGET)

static void
update_size (SnugTileChips *self, GtkWidget *chip)
{
  if (self->on[SMALL])
    gtk_widget_add_css_class (chip, "small");
  else
    gtk_widget_remove_css_class (chip, "small");
}

static void
update (SnugTileChips *self)
{
  /* One at a time: what is not connected has no quality. */
  gboolean weak = self->on[WEAK] && self->status == NULL;

  gtk_widget_set_visible (self->name_chip, self->on[SHOW_CAPTION]);
  gtk_label_set_label (self->name_label, self->caption != NULL ? self->caption : "");
  gtk_widget_set_visible (self->muted_icon, self->on[MUTED]);
  gtk_widget_set_visible (self->screen_icon, self->on[SCREEN]);
  gtk_widget_set_visible (self->pinned_icon, self->on[PINNED]);
  gtk_widget_set_visible (self->relayed_icon, self->on[RELAYED]);
  gtk_widget_set_visible (self->confirmed_icon, self->on[CONFIRMED]);
  gtk_widget_set_visible (self->doubted_icon, self->on[DOUBTED]);

  gtk_widget_set_visible (self->status_chip, self->status != NULL || weak);
  gtk_widget_set_visible (self->weak_icon, weak);
  gtk_label_set_label (GTK_LABEL (self->status_label), self->status != NULL ? self->status : _ ("Weak connection"));
  gtk_widget_set_visible (self->status_label, !weak || !self->on[SMALL]);

  gtk_widget_set_visible (self->hand_chip, self->on[HAND_RAISED]);
  gtk_widget_set_visible (self->hand_label, !self->on[SMALL]);

  update_size (self, self->name_chip);
  update_size (self, self->status_chip);
  update_size (self, self->hand_chip);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
snug_tile_chips_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SnugTileChips *self = SNUG_TILE_CHIPS (object);

  switch (prop_id)
    {
    case PROP_CAPTION:
      g_value_set_string (value, self->caption);
      break;
    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;
    default:
      g_value_set_boolean (value, self->on[prop_id - PROP_FLAG]);
    }
}

static void
snug_tile_chips_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  SnugTileChips *self = SNUG_TILE_CHIPS (object);

  switch (prop_id)
    {
    case PROP_CAPTION:
      g_free (self->caption);
      self->caption = g_value_dup_string (value);
      break;
    case PROP_STATUS:
      g_free (self->status);
      self->status = g_value_dup_string (value);
      break;
    default:
      if (self->on[prop_id - PROP_FLAG] == g_value_get_boolean (value))
        return;
      self->on[prop_id - PROP_FLAG] = g_value_get_boolean (value);
    }
  update (self);
}

static void
snug_tile_chips_dispose (GObject *object)
{
  GtkWidget *widget = GTK_WIDGET (object);

  while (gtk_widget_get_first_child (widget) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (widget));
  G_OBJECT_CLASS (snug_tile_chips_parent_class)->dispose (object);
}

static void
snug_tile_chips_finalize (GObject *object)
{
  SnugTileChips *self = SNUG_TILE_CHIPS (object);

  g_free (self->caption);
  g_free (self->status);
  G_OBJECT_CLASS (snug_tile_chips_parent_class)->finalize (object);
}

static void
snug_tile_chips_class_init (SnugTileChipsClass *klass)
{
  static const char *const flags[N_FLAGS] = {
    [SHOW_CAPTION] = "show-caption", [MUTED] = "muted", [SCREEN] = "screen",           [PINNED] = "pinned",
    [RELAYED] = "relayed",           [WEAK] = "weak",   [HAND_RAISED] = "hand-raised", [SMALL] = "small",
    [CONFIRMED] = "confirmed",       [DOUBTED] = "doubted",
  };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags mode = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = snug_tile_chips_get_property;
  object_class->set_property = snug_tile_chips_set_property;
  object_class->dispose = snug_tile_chips_dispose;
  object_class->finalize = snug_tile_chips_finalize;

  properties[PROP_CAPTION] = g_param_spec_string ("caption", NULL, NULL, NULL, mode);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, mode);
  for (guint i = 0; i < N_FLAGS; i++)
    properties[PROP_FLAG + i] = g_param_spec_boolean (flags[i], NULL, NULL, i == SHOW_CAPTION, mode);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", SNUG_TYPE_TILE_CHIPS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-tile-chips.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, name_chip);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, screen_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, muted_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, name_label);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, pinned_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, relayed_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, confirmed_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, doubted_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, status_chip);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, weak_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, status_label);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, hand_chip);
  gtk_widget_class_bind_template_child (widget_class, SnugTileChips, hand_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "tilechips");
}

static void
snug_tile_chips_init (SnugTileChips *self)
{
  self->on[SHOW_CAPTION] = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

char *
snug_tile_chips_describe (SnugTileChips *self)
{
  GString *text;

  g_return_val_if_fail (SNUG_IS_TILE_CHIPS (self), NULL);

  text = g_string_new (self->caption);
  if (self->on[MUTED])
    g_string_append_printf (text, ", %s", _ ("microphone off"));
  if (self->status != NULL)
    g_string_append_printf (text, ", %s", self->status);
  else if (self->on[WEAK])
    g_string_append_printf (text, ", %s", _ ("weak connection"));
  if (self->on[RELAYED])
    g_string_append_printf (text, ", %s", _ ("connected through a relay"));
  if (self->on[CONFIRMED])
    g_string_append_printf (text, ", %s", _ ("confirmed"));
  if (self->on[DOUBTED])
    g_string_append_printf (text, ", %s", _ ("not confirmed: the codes differ"));
  if (self->on[HAND_RAISED])
    g_string_append_printf (text, ", %s", _ ("hand raised"));
  if (self->on[PINNED])
    g_string_append_printf (text, ", %s", _ ("pinned"));
  return g_string_free (text, FALSE);
}
