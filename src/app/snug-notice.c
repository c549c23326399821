/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-notice.h"

struct _SnugNotice
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *revealer;
  GtkWidget *box;
  GtkWidget *spinner;
  GtkImage *icon;
  GtkLabel *title_label;
  GtkLabel *detail_label;
  GtkWidget *button;

  gboolean waiting;
  gboolean narrow;
};

G_DEFINE_FINAL_TYPE (SnugNotice, snug_notice, GTK_TYPE_WIDGET)

/* What has faded is not there for assistive technology either. */
static void
on_revealed (SnugNotice *self)
{
  GtkRevealer *revealer = GTK_REVEALER (self->revealer);
  gboolean shown = gtk_revealer_get_reveal_child (revealer) || gtk_revealer_get_child_revealed (revealer);

  gtk_widget_set_visible (self->box, shown);
  if (!shown)
    gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static void
snug_notice_dispose (GObject *object)
{
  g_clear_pointer (&SNUG_NOTICE (object)->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (snug_notice_parent_class)->dispose (object);
}

static void
snug_notice_class_init (SnugNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_notice_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugNotice, revealer);
  gtk_widget_class_bind_template_child (widget_class, SnugNotice, box);
  gtk_widget_class_bind_template_child (widget_class, SnugNotice, spinner);
  gtk_widget_class_bind_template_child (widget_class, SnugNotice, icon);
  gtk_widget_class_bind_template_child (widget_class, SnugNotice, title_label);
  gtk_widget_class_bind_template_child (widget_class, SnugNotice, detail_label);
  gtk_widget_class_bind_template_child (widget_class, SnugNotice, button);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "notice");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
snug_notice_init (SnugNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->revealer, "notify::child-revealed", G_CALLBACK (on_revealed), self, G_CONNECT_SWAPPED);
  on_revealed (self);
}

void
snug_notice_show (SnugNotice *self,
                  SnugNoticeKind kind,
                  const char *icon_name,
                  const char *sentence,
                  const char *detail)
{
  g_return_if_fail (SNUG_IS_NOTICE (self));

  if (sentence != NULL)
    gtk_widget_set_visible (self->box, TRUE);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), sentence != NULL);
  gtk_widget_set_can_target (GTK_WIDGET (self), sentence != NULL);
  self->waiting = kind == SNUG_NOTICE_WAITING;
  snug_notice_set_action (self, NULL, NULL);
  if (sentence == NULL)
    return;

  gtk_label_set_label (self->title_label, sentence);
  gtk_label_set_label (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  gtk_widget_set_visible (self->spinner, kind == SNUG_NOTICE_WAITING);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), kind == SNUG_NOTICE_WAITING);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), kind != SNUG_NOTICE_WAITING && icon_name != NULL);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  if (kind == SNUG_NOTICE_PLAIN)
    gtk_widget_remove_css_class (self->box, "warning");
  else
    gtk_widget_add_css_class (self->box, "warning");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence, -1);
}

gboolean
snug_notice_is_shown (SnugNotice *self)
{
  g_return_val_if_fail (SNUG_IS_NOTICE (self), FALSE);
  return gtk_revealer_get_reveal_child (GTK_REVEALER (self->revealer));
}

void
snug_notice_set_action (SnugNotice *self, const char *label, const char *action_name)
{
  g_return_if_fail (SNUG_IS_NOTICE (self));

  gtk_widget_set_visible (self->button, label != NULL && !(self->waiting && self->narrow));
  gtk_button_set_label (GTK_BUTTON (self->button), label != NULL ? label : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action_name);
}

void
snug_notice_set_narrow (SnugNotice *self, gboolean narrow)
{
  const char *label;

  g_return_if_fail (SNUG_IS_NOTICE (self));

  self->narrow = narrow;
  label = gtk_button_get_label (GTK_BUTTON (self->button));
  gtk_widget_set_visible (self->button, label != NULL && *label != '\0' && !(self->waiting && narrow));
}
