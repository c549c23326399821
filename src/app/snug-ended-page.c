/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-ended-page.h"

#include "snug-page-header.h"

#include <adwaita.h>

enum
{
  AGAIN,
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugEndedPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  AdwHeaderBar *header;
  AdwWindowTitle *window_title;
  GtkLabel *length_label;
  GtkWidget *quality_box;
  GtkImage *quality_icon;
  GtkLabel *quality_label;
  GtkWidget *done_button;
};

G_DEFINE_FINAL_TYPE (SnugEndedPage, snug_ended_page, GTK_TYPE_WIDGET)

static void
signal_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[g_str_equal (action, "ended.again") ? AGAIN : DONE], 0);
}

static void
snug_ended_page_dispose (GObject *object)
{
  while (gtk_widget_get_first_child (GTK_WIDGET (object)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (object)));
  G_OBJECT_CLASS (snug_ended_page_parent_class)->dispose (object);
}

static void
snug_ended_page_class_init (SnugEndedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_ended_page_dispose;
  signals[AGAIN] = g_signal_new ("again", SNUG_TYPE_ENDED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new ("done", SNUG_TYPE_ENDED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-ended-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugEndedPage, header);
  gtk_widget_class_bind_template_child (widget_class, SnugEndedPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, SnugEndedPage, length_label);
  gtk_widget_class_bind_template_child (widget_class, SnugEndedPage, quality_box);
  gtk_widget_class_bind_template_child (widget_class, SnugEndedPage, quality_icon);
  gtk_widget_class_bind_template_child (widget_class, SnugEndedPage, quality_label);
  gtk_widget_class_bind_template_child (widget_class, SnugEndedPage, done_button);
  gtk_widget_class_install_action (widget_class, "ended.again", NULL, signal_action);
  gtk_widget_class_install_action (widget_class, "ended.done", NULL, signal_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "ended.done", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
snug_ended_page_init (SnugEndedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  snug_page_header_follow_window (self->header);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
}

void
snug_ended_page_show (SnugEndedPage *self,
                      const char *room,
                      gint64 seconds,
                      const char *const *people,
                      const SnugCallTally *tally)
{
  SnugVerdict verdict = snug_call_tally_judge (tally);
  g_autofree char *length = snug_call_tally_describe_length (seconds, people);
  g_autofree char *quality = snug_call_tally_describe (tally);

  g_return_if_fail (SNUG_IS_ENDED_PAGE (self));

  adw_window_title_set_title (self->window_title, room);
  gtk_label_set_label (self->length_label, length);
  gtk_widget_set_visible (self->quality_box, quality != NULL);
  gtk_label_set_label (self->quality_label, quality != NULL ? quality : "");
  gtk_image_set_from_icon_name (self->quality_icon,
                                verdict == SNUG_VERDICT_GOOD ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  gtk_widget_set_css_classes (self->quality_box,
                              (const char *[]) { "verdict",
                                                 verdict == SNUG_VERDICT_GOOD       ? "good"
                                                 : verdict == SNUG_VERDICT_UNSTEADY ? "unsteady"
                                                                                    : "poor",
                                                 NULL });
}

void
snug_ended_page_focus_start (SnugEndedPage *self)
{
  g_return_if_fail (SNUG_IS_ENDED_PAGE (self));
  gtk_widget_grab_focus (self->done_button);
}
