/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-failed-page.h"

#include "snug-page-header.h"

#include <adwaita.h>
#include <glib/gi18n.h>

enum
{
  RETRY,
  BACK,
  REMEDY,
  COPIED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugFailedPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  AdwHeaderBar *header;
  AdwWindowTitle *window_title;
  GtkLabel *title_label;
  GtkLabel *sentence_label;
  GtkWidget *retry_button;
  AdwExpanderRow *why_row;
  AdwActionRow *doctor_row;
  AdwActionRow *report_row;

  /* Owned */
  GPtrArray *step_rows; /* (element-type GtkWidget), borrowed from the expander */
  char *report;
};

G_DEFINE_FINAL_TYPE (SnugFailedPage, snug_failed_page, GTK_TYPE_WIDGET)

static void
on_remedy (SnugFailedPage *self, GtkButton *button)
{
  g_signal_emit (self, signals[REMEDY], 0,
                 GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "snug-remedy")));
}

static const char *
get_remedy_label (SnugRemedy remedy)
{
  switch (remedy)
    {
    case SNUG_REMEDY_NETWORK:
      return _ ("Set up");
    case SNUG_REMEDY_SERVER:
      return _ ("Change");
    case SNUG_REMEDY_DEVICES:
      return _ ("Devices");
    case SNUG_REMEDY_NONE:
    case SNUG_REMEDY_ROOM:
    default:
      return NULL;
    }
}

static void
add_step (SnugFailedPage *self, const SnugFailureStep *step)
{
  GtkWidget *row = adw_action_row_new ();
  gboolean done = step->state == SNUG_STEP_DONE;
  GtkWidget *icon = gtk_image_new_from_icon_name (done ? "emblem-ok-symbolic" : "window-close-symbolic");
  const char *label = get_remedy_label (step->remedy);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), step->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), step->detail != NULL ? step->detail : "");
  gtk_widget_add_css_class (icon, done ? "good" : "dim");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  done ? _ ("Worked") : _ ("Did not work"), -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  if (label != NULL)
    {
      GtkWidget *button = gtk_button_new_with_label (label);

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "pill-small");
      g_object_set_data (G_OBJECT (button), "snug-remedy", GUINT_TO_POINTER (step->remedy));
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_remedy), self, G_CONNECT_SWAPPED);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  adw_expander_row_add_row (self->why_row, row);
  g_ptr_array_add (self->step_rows, row);
}

static void
retry_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[RETRY], 0);
}

static void
back_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[BACK], 0);
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugFailedPage *self = SNUG_FAILED_PAGE (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), self->report != NULL ? self->report : "");
  g_signal_emit (self, signals[COPIED], 0);
}

static void
snug_failed_page_dispose (GObject *object)
{
  while (gtk_widget_get_first_child (GTK_WIDGET (object)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (object)));
  G_OBJECT_CLASS (snug_failed_page_parent_class)->dispose (object);
}

static void
snug_failed_page_finalize (GObject *object)
{
  SnugFailedPage *self = SNUG_FAILED_PAGE (object);

  g_ptr_array_unref (self->step_rows);
  g_free (self->report);
  G_OBJECT_CLASS (snug_failed_page_parent_class)->finalize (object);
}

static void
snug_failed_page_class_init (SnugFailedPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_failed_page_dispose;
  object_class->finalize = snug_failed_page_finalize;

  signals[RETRY] = g_signal_new ("retry", SNUG_TYPE_FAILED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BACK] = g_signal_new ("back", SNUG_TYPE_FAILED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMEDY] = g_signal_new ("remedy", SNUG_TYPE_FAILED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[COPIED] = g_signal_new ("copied", SNUG_TYPE_FAILED_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-failed-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, header);
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, window_title);
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, why_row);
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, doctor_row);
  gtk_widget_class_bind_template_child (widget_class, SnugFailedPage, report_row);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_install_action (widget_class, "failed.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "failed.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "failed.copy-report", NULL, copy_action);
}

static void
snug_failed_page_init (SnugFailedPage *self)
{
  self->step_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  snug_page_header_follow_window (self->header);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
}

void
snug_failed_page_show (SnugFailedPage *self, const char *room, const SnugFailure *failure)
{
  g_return_if_fail (SNUG_IS_FAILED_PAGE (self));
  g_return_if_fail (failure != NULL);

  adw_window_title_set_title (self->window_title, room);
  gtk_label_set_label (self->title_label, failure->title);
  gtk_label_set_label (self->sentence_label, failure->sentence);
  g_free (self->report);
  self->report = g_strdup (failure->report);

  /* These stay the last rows. */
  for (guint i = 0; i < self->step_rows->len; i++)
    adw_expander_row_remove (self->why_row, g_ptr_array_index (self->step_rows, i));
  g_ptr_array_set_size (self->step_rows, 0);
  g_object_ref (self->doctor_row);
  g_object_ref (self->report_row);
  adw_expander_row_remove (self->why_row, GTK_WIDGET (self->doctor_row));
  adw_expander_row_remove (self->why_row, GTK_WIDGET (self->report_row));
  for (guint i = 0; i < failure->steps->len; i++)
    add_step (self, g_ptr_array_index (failure->steps, i));
  adw_expander_row_add_row (self->why_row, GTK_WIDGET (self->doctor_row));
  adw_expander_row_add_row (self->why_row, GTK_WIDGET (self->report_row));
  g_object_unref (self->doctor_row);
  g_object_unref (self->report_row);
}

void
snug_failed_page_focus_start (SnugFailedPage *self)
{
  g_return_if_fail (SNUG_IS_FAILED_PAGE (self));
  gtk_widget_grab_focus (self->retry_button);
}
