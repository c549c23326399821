/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-doctor-page.h"

#include "snug-doctor-text.h"
#include "snug-doctor-verdict.h"
#include "snug-file-dialog.h"
#include "snug-page-header.h"

#include <glib/gi18n.h>
#include <string.h>

enum
{
  BACK,
  AGAIN,
  REMEDY,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugDoctorPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  AdwHeaderBar *header;
  GtkLabel *title_label;
  GtkSpinner *spinner;
  GtkButton *back_button;
  GtkButton *action_button;
  AdwPreferencesGroup *verdict_group;
  AdwPreferencesGroup *checks_group;
  AdwPreferencesGroup *story_group;
  AdwExpanderRow *story_row;
  GtkSwitch *addresses_switch;

  /* Owned */
  SnugDoctor *doctor; /* nullable */
  GPtrArray *rows;    /* (element-type GtkWidget): of the checks, borrowed, as in the doctor's list */
  GPtrArray *verdict_rows;
  GPtrArray *story_rows;
  GStrv story; /* nullable */
};

G_DEFINE_FINAL_TYPE (SnugDoctorPage, snug_doctor_page, GTK_TYPE_WIDGET)

static GtkWidget *
make_row (const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : "");
  return row;
}

static GtkWidget *
make_icon (SnugDoctorState state)
{
  const char *name = state == SNUG_DOCTOR_GOOD     ? "emblem-ok-symbolic"
                     : state == SNUG_DOCTOR_REMARK ? "dialog-warning-symbolic"
                     : state == SNUG_DOCTOR_BAD    ? "window-close-symbolic"
                                                   : "process-stop-symbolic";
  GtkWidget *icon = gtk_image_new_from_icon_name (name);

  gtk_widget_add_css_class (icon, state == SNUG_DOCTOR_GOOD ? "good" : "dim");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, snug_doctor_text_name_state (state), -1);
  return icon;
}

/* text: of this machine or from outside, shown as it is unless addresses are not wanted. Returns: (transfer full). */
static char *
show (SnugDoctorPage *self, const char *text)
{
  return gtk_switch_get_active (self->addresses_switch) ? g_strdup (text) : snug_doctor_black_out (text);
}

static void
fill_row (SnugDoctorPage *self, guint position)
{
  g_autoptr (SnugDoctorResult) result = g_list_model_get_item (G_LIST_MODEL (self->doctor), position);
  AdwExpanderRow *row = self->rows->pdata[position];
  SnugDoctorState state = snug_doctor_result_get_state (result);
  const char *const *seen = snug_doctor_result_get_seen (result);
  const char *subject = snug_doctor_result_get_subject (result);
  g_autofree char *shown = subject != NULL ? show (self, subject) : NULL;
  g_autofree char *subtitle = shown != NULL ? g_strdup_printf ("%s · %s", shown, snug_doctor_text_name_state (state))
                                            : g_strdup (snug_doctor_text_name_state (state));
  GPtrArray *details = g_object_get_data (G_OBJECT (row), "snug-details");
  GtkWidget *icon = g_object_get_data (G_OBJECT (row), "snug-icon");
  gboolean expanded = adw_expander_row_get_expanded (row);

  adw_expander_row_set_subtitle (row, subtitle);
  for (guint i = 0; i < details->len; i++)
    adw_expander_row_remove (row, details->pdata[i]);
  g_ptr_array_set_size (details, 0);
  for (guint i = 0; seen[i] != NULL; i++)
    {
      g_autofree char *text = show (self, seen[i]);
      GtkWidget *detail = make_row (text, NULL);

      adw_expander_row_add_row (row, detail);
      g_ptr_array_add (details, detail);
    }
  /* To be able to is not to want to. */
  adw_expander_row_set_enable_expansion (row, details->len > 0);
  adw_expander_row_set_expanded (row, expanded && details->len > 0);
  if (state != SNUG_DOCTOR_RUNNING && icon == NULL)
    {
      icon = make_icon (state);
      adw_expander_row_add_prefix (row, icon);
      g_object_set_data (G_OBJECT (row), "snug-icon", icon);
    }
}

static void
on_result_state (SnugDoctorPage *self, GParamSpec *pspec, SnugDoctorResult *result)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autoptr (SnugDoctorResult) one = g_list_model_get_item (G_LIST_MODEL (self->doctor), i);

      if (one == result)
        fill_row (self, i);
    }
}

static void
on_results (SnugDoctorPage *self, guint position, guint removed, guint added, GListModel *results)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (SnugDoctorResult) result = g_list_model_get_item (results, i);
      GtkWidget *row = adw_expander_row_new ();

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), snug_doctor_text_name_check (snug_doctor_result_get_check (result)));
      g_object_set_data_full (G_OBJECT (row), "snug-details", g_ptr_array_new (), (GDestroyNotify) g_ptr_array_unref);
      adw_preferences_group_add (self->checks_group, row);
      g_ptr_array_insert (self->rows, i, row);
      g_signal_connect_object (result, "notify::state", G_CALLBACK (on_result_state), self, G_CONNECT_SWAPPED);
      fill_row (self, i);
    }
}

static void
on_remedy (SnugDoctorPage *self, GtkButton *button)
{
  g_signal_emit (self, signals[REMEDY], 0, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "snug-remedy")));
}

static void
add_verdict (SnugDoctorPage *self, const SnugDoctorFinding *finding)
{
  SnugDoctorText text = snug_doctor_text_lookup (finding->code);
  g_autofree char *subject = finding->subject != NULL ? show (self, finding->subject) : NULL;
  g_autofree char *subtitle = subject != NULL ? g_strdup_printf ("%s\n%s", text.sentence, subject) : g_strdup (text.sentence);
  GtkWidget *row = make_row (text.title, subtitle);

  if (text.remedy != SNUG_REMEDY_NONE)
    {
      GtkWidget *button = gtk_button_new_with_label (_ ("Change"));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "pill-small");
      g_object_set_data (G_OBJECT (button), "snug-remedy", GUINT_TO_POINTER (text.remedy));
      g_signal_connect_object (button, "clicked", G_CALLBACK (on_remedy), self, G_CONNECT_SWAPPED);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }
  adw_preferences_group_add (self->verdict_group, row);
  g_ptr_array_add (self->verdict_rows, row);
}

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

/* After a call that failed it is no answer that all is well. */
static const char *
sum_up (SnugDoctorPage *self)
{
  SnugDoctorSeverity severity = snug_doctor_get_severity (self->doctor);

  return self->story != NULL && severity == SNUG_DOCTOR_FACT
             ? _ ("Nothing is wrong on this side: look at what the call saw, or at the other side")
             : snug_doctor_text_sum_up (severity);
}

/* What is on top, and what can be done now. */
static void
update (SnugDoctorPage *self)
{
  gboolean running = self->doctor != NULL && snug_doctor_get_running (self->doctor);
  GPtrArray *verdict = self->doctor != NULL ? snug_doctor_get_verdict (self->doctor) : NULL;

  clear_rows (self->verdict_group, self->verdict_rows);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), running);
  gtk_button_set_label (self->action_button, running ? _ ("Stop") : _ ("Check again"));
  if (running)
    gtk_label_set_label (self->title_label, _ ("Checking what calls need…"));
  else if (self->doctor != NULL && snug_doctor_get_cancelled (self->doctor))
    gtk_label_set_label (self->title_label, _ ("Stopped before the end"));
  else if (self->doctor != NULL)
    gtk_label_set_label (self->title_label, sum_up (self));
  for (guint i = 0; verdict != NULL && i < verdict->len; i++)
    add_verdict (self, verdict->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->verdict_group), self->verdict_rows->len > 0);
}

static void
show_story (SnugDoctorPage *self)
{
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < self->story_rows->len; i++)
    adw_expander_row_remove (self->story_row, self->story_rows->pdata[i]);
  g_ptr_array_set_size (self->story_rows, 0);
  if (self->story != NULL)
    {
      /* Together, so that each address keeps its number. */
      g_autofree char *all = g_strjoinv ("\n", self->story);
      g_autofree char *shown = show (self, all);

      lines = g_strsplit (shown, "\n", -1);
    }
  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    {
      GtkWidget *row = make_row (lines[i], NULL);

      adw_expander_row_add_row (self->story_row, row);
      g_ptr_array_add (self->story_rows, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->story_group), self->story_rows->len > 0);
}

static void
on_addresses (SnugDoctorPage *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    fill_row (self, i);
  show_story (self);
  update (self);
}

char *
snug_doctor_page_make_report (SnugDoctorPage *self, gboolean addresses)
{
  g_autoptr (GString) report = g_string_new ("Snug " SNUG_VERSION "\n");
  GPtrArray *verdict;

  g_return_val_if_fail (SNUG_IS_DOCTOR_PAGE (self), NULL);

  verdict = self->doctor != NULL ? snug_doctor_get_verdict (self->doctor) : NULL;
  for (guint i = 0; verdict != NULL && i < verdict->len; i++)
    {
      const SnugDoctorFinding *finding = verdict->pdata[i];
      SnugDoctorText text = snug_doctor_text_lookup (finding->code);

      g_string_append_printf (report, "* %s. %s%s%s\n", text.title, text.sentence, finding->subject != NULL ? " " : "",
                              finding->subject != NULL ? finding->subject : "");
    }
  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autoptr (SnugDoctorResult) result = g_list_model_get_item (G_LIST_MODEL (self->doctor), i);
      const char *const *seen = snug_doctor_result_get_seen (result);
      const char *subject = snug_doctor_result_get_subject (result);

      g_string_append_printf (report, "\n%s%s%s: %s (%.1f s)\n", snug_doctor_text_name_check (snug_doctor_result_get_check (result)),
                              subject != NULL ? " " : "", subject != NULL ? subject : "",
                              snug_doctor_text_name_state (snug_doctor_result_get_state (result)),
                              snug_doctor_result_get_seconds (result));
      for (guint s = 0; seen[s] != NULL; s++)
        g_string_append_printf (report, "  %s\n", seen[s]);
    }
  if (self->story != NULL)
    {
      g_autofree char *lines = g_strjoinv ("\n  ", self->story);

      g_string_append_printf (report, "\n%s\n  %s\n", _ ("What the call saw"), lines);
    }
  return addresses ? g_strdup (report->str) : snug_doctor_black_out (report->str);
}

static void
back_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugDoctorPage *self = SNUG_DOCTOR_PAGE (widget);

  if (self->doctor != NULL)
    snug_doctor_cancel (self->doctor);
  g_signal_emit (self, signals[BACK], 0);
}

static void
act_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugDoctorPage *self = SNUG_DOCTOR_PAGE (widget);

  if (self->doctor != NULL && snug_doctor_get_running (self->doctor))
    snug_doctor_cancel (self->doctor);
  else
    g_signal_emit (self, signals[AGAIN], 0);
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugDoctorPage *self = SNUG_DOCTOR_PAGE (widget);
  g_autofree char *report = snug_doctor_page_make_report (self, gtk_switch_get_active (self->addresses_switch));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), report);
  g_signal_emit (self, signals[TOAST], 0, _ ("Report copied. It holds no names and no messages."));
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SnugDoctorPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_signal_emit (self, signals[TOAST], 0, _ ("Report saved."));
  else
    {
      g_message ("The report can't be saved: %s", error->message);
      g_signal_emit (self, signals[TOAST], 0, _ ("The report cannot be saved there."));
    }
}

static void
on_file_chosen (gpointer owner, GListModel *files, gpointer user_data)
{
  SnugDoctorPage *self = owner;
  g_autoptr (GFile) file = g_list_model_get_item (files, 0);
  char *report = snug_doctor_page_make_report (self, gtk_switch_get_active (self->addresses_switch));
  g_autoptr (GBytes) bytes = g_bytes_new_take (report, strlen (report));

  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, on_saved,
                                       g_object_ref (self));
}

static void
save_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_file_dialog_save (widget, _ ("Save the report"), "snug-report.txt", on_file_chosen, NULL);
}

static void
drop_doctor (SnugDoctorPage *self)
{
  if (self->doctor == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->doctor, self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->doctor)); i++)
    {
      g_autoptr (SnugDoctorResult) result = g_list_model_get_item (G_LIST_MODEL (self->doctor), i);

      g_signal_handlers_disconnect_by_data (result, self);
    }
  snug_doctor_cancel (self->doctor);
  g_clear_object (&self->doctor);
}

static void
snug_doctor_page_dispose (GObject *object)
{
  SnugDoctorPage *self = SNUG_DOCTOR_PAGE (object);

  drop_doctor (self);
  while (gtk_widget_get_first_child (GTK_WIDGET (object)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (object)));
  G_OBJECT_CLASS (snug_doctor_page_parent_class)->dispose (object);
}

static void
snug_doctor_page_finalize (GObject *object)
{
  SnugDoctorPage *self = SNUG_DOCTOR_PAGE (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->verdict_rows);
  g_ptr_array_unref (self->story_rows);
  g_strfreev (self->story);
  G_OBJECT_CLASS (snug_doctor_page_parent_class)->finalize (object);
}

static void
snug_doctor_page_class_init (SnugDoctorPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = snug_doctor_page_dispose;
  object_class->finalize = snug_doctor_page_finalize;

  signals[BACK] = g_signal_new ("back", SNUG_TYPE_DOCTOR_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[AGAIN] = g_signal_new ("again", SNUG_TYPE_DOCTOR_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMEDY] = g_signal_new ("remedy", SNUG_TYPE_DOCTOR_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_UINT);
  signals[TOAST] = g_signal_new ("toast", SNUG_TYPE_DOCTOR_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-doctor-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, header);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, action_button);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, verdict_group);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, checks_group);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, story_group);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, story_row);
  gtk_widget_class_bind_template_child (widget_class, SnugDoctorPage, addresses_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_addresses);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_install_action (widget_class, "doctor.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "doctor.act", NULL, act_action);
  gtk_widget_class_install_action (widget_class, "doctor.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "doctor.save", NULL, save_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "doctor.back", NULL);
}

static void
snug_doctor_page_init (SnugDoctorPage *self)
{
  self->rows = g_ptr_array_new ();
  self->verdict_rows = g_ptr_array_new ();
  self->story_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  snug_page_header_follow_window (self->header);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
}

void
snug_doctor_page_set_doctor (SnugDoctorPage *self, SnugDoctor *doctor, const char *const *story)
{
  g_return_if_fail (SNUG_IS_DOCTOR_PAGE (self));

  drop_doctor (self);
  clear_rows (self->checks_group, self->rows);
  g_strfreev (self->story);
  self->story = g_strdupv ((char **) story);
  show_story (self);
  if (doctor != NULL)
    {
      self->doctor = g_object_ref (doctor);
      g_signal_connect_object (doctor, "items-changed", G_CALLBACK (on_results), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (doctor, "notify::running", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      on_results (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (doctor)), G_LIST_MODEL (doctor));
    }
  update (self);
}

void
snug_doctor_page_focus_start (SnugDoctorPage *self)
{
  g_return_if_fail (SNUG_IS_DOCTOR_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->action_button));
}
