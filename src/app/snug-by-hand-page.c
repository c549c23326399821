/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-by-hand-page.h"

#include "snug-error-text.h"
#include "snug-qr-code.h"

#include <glib/gi18n.h>

enum
{
  START,
  BACK,
  TOAST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _SnugByHandPage
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *steps;
  GtkWidget *choice;
  GtkWidget *invite_button;
  GtkBox *texts;
  GtkWidget *own_card;
  GtkLabel *own_title;
  GtkTextView *own_view;
  GtkExpander *qr_expander;
  GtkPicture *qr_picture;
  GtkWidget *copy_button;
  GtkWidget *other_card;
  GtkLabel *other_title;
  GtkTextView *other_view;
  GtkWidget *paste_button;
  GtkButton *go_button;
  GtkWidget *problem;
  GtkLabel *problem_label;
  GtkWidget *progress;
  GtkLabel *progress_label;

  /* Owned */
  SnugManualSignaling *signaling; /* nullable: no call yet */
  GCancellable *pasting;
};

G_DEFINE_FINAL_TYPE (SnugByHandPage, snug_by_hand_page, GTK_TYPE_WIDGET)

static void
show_progress (SnugByHandPage *self, const char *text)
{
  gtk_label_set_label (self->progress_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->progress, text != NULL);
}

static void
show_problem (SnugByHandPage *self, const GError *error)
{
  g_autofree char *text = NULL;

  if (error != NULL)
    {
      SnugErrorText words = snug_error_text_lookup (error, SNUG_ERROR_TEXT_CALL, NULL);

      g_message ("A pasted text can't be used: %s", error->message);
      /* Translators: what is wrong, and what to do about it: two sentences, of which the first has no full stop yet */
      text = g_strdup_printf (_ ("%s. %s"), words.title, words.sentence);
    }
  gtk_label_set_label (self->problem_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->problem, text != NULL);
}

static char *
dup_pasted (SnugByHandPage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->other_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
set_pasting_possible (SnugByHandPage *self, gboolean possible)
{
  gtk_text_view_set_editable (self->other_view, possible);
  gtk_widget_set_sensitive (self->paste_button, possible);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "by-hand.go", possible);
}

/* Small enough, it can be scanned from this screen. */
static void
show_qr_code (SnugByHandPage *self, const char *text)
{
  g_autoptr (GdkPaintable) code = text != NULL ? snug_qr_code_new (text) : NULL;

  gtk_picture_set_paintable (self->qr_picture, code);
  gtk_expander_set_expanded (self->qr_expander, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->qr_expander), code != NULL);
}

/* The invitation, or the answer, is complete. */
static void
on_text (SnugByHandPage *self)
{
  show_qr_code (self, snug_manual_signaling_get_text (self->signaling));
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->own_view),
                            snug_manual_signaling_get_text (self->signaling), -1);
  gtk_widget_set_visible (self->own_card, TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "by-hand.copy", TRUE);
  if (snug_manual_signaling_get_awaiting (self->signaling))
    {
      gtk_widget_set_visible (self->other_card, TRUE);
      show_progress (self, NULL);
    }
  else
    show_progress (self, _ ("Waiting until the other side has your answer…"));
  gtk_widget_grab_focus (self->copy_button);
}

/* signaling: (transfer full) */
static void
start (SnugByHandPage *self, SnugManualSignaling *signaling)
{
  self->signaling = signaling;
  g_signal_connect_object (signaling, "notify::text", G_CALLBACK (on_text), self, G_CONNECT_SWAPPED);
  show_progress (self, _ ("Looking for ways to reach this computer…"));
  g_signal_emit (self, signals[START], 0, signaling);
}

static void
show_texts (SnugByHandPage *self, gboolean invite)
{
  GtkWidget *first = invite ? self->own_card : self->other_card;

  gtk_label_set_label (self->own_title, invite ? _ ("1. Send this invitation to the other person")
                                               : _ ("2. Send this answer back"));
  gtk_label_set_label (self->other_title, invite ? _ ("2. Paste the answer that comes back")
                                                 : _ ("1. Paste the invitation that you got"));
  gtk_button_set_label (self->go_button, invite ? _ ("Connect") : _ ("Make the answer"));
  gtk_box_reorder_child_after (self->texts, first, NULL);
  gtk_widget_set_visible (self->own_card, FALSE);
  gtk_widget_set_visible (self->other_card, !invite);
  gtk_stack_set_visible_child (self->steps, GTK_WIDGET (self->texts));
  if (!invite)
    gtk_widget_grab_focus (self->paste_button);
}

static void
invite_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugByHandPage *self = SNUG_BY_HAND_PAGE (widget);

  show_texts (self, TRUE);
  start (self, snug_manual_signaling_new_offer (SNUG_DESCRIPTION_FORMAT_SNUG, _ ("Guest")));
}

static void
answer_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  show_texts (SNUG_BY_HAND_PAGE (widget), FALSE);
}

static void
go_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugByHandPage *self = SNUG_BY_HAND_PAGE (widget);
  g_autofree char *text = dup_pasted (self);
  g_autoptr (GError) error = NULL;
  SnugManualSignaling *signaling = NULL;

  if (self->signaling == NULL)
    signaling = snug_manual_signaling_new_answer (text, _ ("Guest"), &error);
  else if (snug_manual_signaling_accept (self->signaling, text, &error))
    show_progress (self, _ ("Connecting…"));
  show_problem (self, error);
  if (error != NULL)
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->other_view));
      return;
    }
  set_pasting_possible (self, FALSE);
  if (signaling != NULL)
    start (self, signaling);
}

static void
on_clipboard (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  SnugByHandPage *self = user_data;

  text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->other_view), text != NULL ? text : "", -1);
  gtk_widget_activate_action (GTK_WIDGET (self), "by-hand.go", NULL);
}

static void
paste_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugByHandPage *self = SNUG_BY_HAND_PAGE (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->pasting, on_clipboard, self);
}

static void
copy_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  SnugByHandPage *self = SNUG_BY_HAND_PAGE (widget);
  const char *text = self->signaling != NULL ? snug_manual_signaling_get_text (self->signaling) : NULL;

  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  g_signal_emit (self, signals[TOAST], 0,
                 snug_manual_signaling_get_awaiting (self->signaling)
                     ? _ ("Invitation copied. Send it to the person you want to talk to.")
                     : _ ("Answer copied. Send it to the person who invited you."));
}

static void
back_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  snug_by_hand_page_reset (SNUG_BY_HAND_PAGE (widget));
  g_signal_emit (widget, signals[BACK], 0);
}

static void
on_edited (SnugByHandPage *self)
{
  show_problem (self, NULL);
}

void
snug_by_hand_page_reset (SnugByHandPage *self)
{
  g_return_if_fail (SNUG_IS_BY_HAND_PAGE (self));

  if (self->signaling != NULL)
    g_signal_handlers_disconnect_by_data (self->signaling, self);
  g_clear_object (&self->signaling);
  g_cancellable_cancel (self->pasting);
  g_clear_object (&self->pasting);
  self->pasting = g_cancellable_new ();
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->own_view), "", -1);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->other_view), "", -1);
  gtk_widget_set_visible (self->own_card, FALSE);
  gtk_widget_set_visible (self->other_card, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "by-hand.copy", FALSE);
  set_pasting_possible (self, TRUE);
  show_problem (self, NULL);
  show_progress (self, NULL);
  show_qr_code (self, NULL);
  gtk_stack_set_visible_child (self->steps, self->choice);
}

void
snug_by_hand_page_focus_start (SnugByHandPage *self)
{
  g_return_if_fail (SNUG_IS_BY_HAND_PAGE (self));

  gtk_widget_grab_focus (self->invite_button);
}

static void
snug_by_hand_page_dispose (GObject *object)
{
  SnugByHandPage *self = SNUG_BY_HAND_PAGE (object);

  if (self->signaling != NULL)
    g_signal_handlers_disconnect_by_data (self->signaling, self);
  g_clear_object (&self->signaling);
  if (self->pasting != NULL)
    g_cancellable_cancel (self->pasting);
  g_clear_object (&self->pasting);
  while (gtk_widget_get_first_child (GTK_WIDGET (object)) != NULL)
    gtk_widget_unparent (gtk_widget_get_first_child (GTK_WIDGET (object)));
  G_OBJECT_CLASS (snug_by_hand_page_parent_class)->dispose (object);
}

static void
snug_by_hand_page_class_init (SnugByHandPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = snug_by_hand_page_dispose;

  signals[START] = g_signal_new ("start", SNUG_TYPE_BY_HAND_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, SNUG_TYPE_MANUAL_SIGNALING);
  signals[BACK] = g_signal_new ("back", SNUG_TYPE_BY_HAND_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[TOAST] = g_signal_new ("toast", SNUG_TYPE_BY_HAND_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/snugcalls/Snug/snug-by-hand-page.ui");
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, steps);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, choice);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, invite_button);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, texts);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, own_card);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, own_title);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, own_view);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, qr_expander);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, qr_picture);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, copy_button);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, other_card);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, other_title);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, other_view);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, paste_button);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, go_button);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, problem);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, progress);
  gtk_widget_class_bind_template_child (widget_class, SnugByHandPage, progress_label);
  gtk_widget_class_bind_template_callback (widget_class, on_edited);
  gtk_widget_class_install_action (widget_class, "by-hand.invite", NULL, invite_action);
  gtk_widget_class_install_action (widget_class, "by-hand.answer", NULL, answer_action);
  gtk_widget_class_install_action (widget_class, "by-hand.go", NULL, go_action);
  gtk_widget_class_install_action (widget_class, "by-hand.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "by-hand.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "by-hand.back", NULL, back_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "by-hand.back", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
snug_by_hand_page_init (SnugByHandPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                                  GTK_ORIENTATION_VERTICAL);
  snug_by_hand_page_reset (self);
}
