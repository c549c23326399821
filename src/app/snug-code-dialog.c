/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-code-dialog.h"

#include <glib/gi18n.h>

#define COLUMNS 3

/* What a dialog is about; lives as long as it. */
typedef struct
{
  GtkWidget *parent; /* weak */
  SnugPeer *peer;
} Comparison;

static void
comparison_free (gpointer data, GClosure *closure)
{
  Comparison *self = data;

  g_clear_weak_pointer (&self->parent);
  g_object_unref (self->peer);
  g_free (self);
}

static Comparison *
comparison_new (GtkWidget *parent, SnugPeer *peer)
{
  Comparison *self = g_new0 (Comparison, 1);

  g_set_weak_pointer (&self->parent, parent);
  self->peer = g_object_ref (peer);

  return self;
}

static GtkWidget *
create_dialog (GtkWidget *parent, const char *heading, const char *body)
{
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;

  return adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, body);
}

static void
on_warning_response (AdwMessageDialog *dialog, const char *response, Comparison *self)
{
  if (g_str_equal (response, "leave") && self->parent != NULL)
    gtk_widget_activate_action (self->parent, "call.leave", NULL);
}

static void
warn (Comparison *about)
{
  const char *name = snug_peer_get_name (about->peer);
  /* Translators: the name of a person */
  g_autofree char *heading = g_strdup_printf (_ ("This may not be %s alone"), name);
  GtkWidget *dialog
      = create_dialog (about->parent, heading,
                       _ ("Codes that differ mean that somebody sits between you, and can hear and see everything. "
                          "Compare once more if one of you misread it. Otherwise leave, say nothing private, and meet in "
                          "another room, over another server."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "stay", _ ("_Stay"), "leave", _ ("_Leave"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "leave", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "leave");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stay");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_warning_response),
                         comparison_new (about->parent, about->peer), comparison_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_response (AdwMessageDialog *dialog, const char *response, Comparison *self)
{
  SnugVerification *verification = snug_peer_get_verification (self->peer);

  if (g_str_equal (response, "same"))
    snug_verification_answer (verification, TRUE);
  else if (g_str_equal (response, "different"))
    {
      snug_verification_answer (verification, FALSE);
      if (self->parent != NULL)
        warn (self);
    }
}

static GtkWidget *
create_symbol (const SnugShortCodeSymbol *symbol)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *emoji = gtk_label_new (symbol->emoji);
  GtkWidget *word = gtk_label_new (symbol->word);

  gtk_widget_add_css_class (box, "code-symbol");
  gtk_widget_add_css_class (emoji, "code-emoji");
  gtk_widget_add_css_class (word, "code-word");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), emoji);
  gtk_box_append (GTK_BOX (box), word);

  return box;
}

/* The grid is one thing to assistive technology: the six words, in their order. */
static void
fill (GtkWidget *grid, const SnugShortCode *code)
{
  g_autofree char *words = snug_short_code_to_words (code);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (grid)) != NULL)
    gtk_grid_remove (GTK_GRID (grid), child);
  for (guint i = 0; i < SNUG_SHORT_CODE_LENGTH; i++)
    gtk_grid_attach (GTK_GRID (grid), create_symbol (snug_short_code_get_symbol (code->symbols[i])),
                     (int) i % COLUMNS, (int) i / COLUMNS, 1, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

/* The code is another one, or there is none any more: what is on the screen is never an old one. */
static void
on_state (GtkWindow *dialog, GParamSpec *pspec, SnugVerification *verification)
{
  GtkWidget *grid = adw_message_dialog_get_extra_child (ADW_MESSAGE_DIALOG (dialog));
  SnugShortCode code;

  if (snug_verification_get_code (verification, &code))
    fill (grid, &code);
  else
    gtk_window_close (dialog);
}

GtkWindow *
snug_code_dialog_open (GtkWidget *parent, SnugPeer *peer)
{
  SnugVerification *verification;
  g_autofree char *heading = NULL;
  SnugShortCode code;
  GtkWidget *dialog;
  GtkWidget *grid;

  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);
  g_return_val_if_fail (SNUG_IS_PEER (peer), NULL);

  verification = snug_peer_get_verification (peer);
  if (!snug_verification_get_code (verification, &code))
    return NULL;

  /* Translators: the name of a person */
  heading = g_strdup_printf (_ ("Compare the code with %s"), snug_peer_get_name (peer));
  dialog = create_dialog (parent, heading,
                          _ ("Read it to each other. When both of you see the same, nobody sits between you. The words are "
                             "the same in every language."));
  grid = gtk_grid_new ();
  gtk_grid_set_column_homogeneous (GTK_GRID (grid), TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 8);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 8);
  gtk_widget_set_direction (grid, GTK_TEXT_DIR_LTR);
  gtk_widget_add_css_class (grid, "code");
  fill (grid, &code);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), grid);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "later", _ ("_Later"), "different", _ ("It _Differs"),
                                    "same", _ ("It Is the _Same"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "same", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "different", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "later");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "later");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response),
                         comparison_new (parent, peer), comparison_free, 0);
  g_signal_connect_object (verification, "notify::state", G_CALLBACK (on_state), dialog, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));

  return GTK_WINDOW (dialog);
}

char *
snug_code_dialog_summarize (SnugVerification *verification)
{
  SnugShortCode code;

  g_return_val_if_fail (SNUG_IS_VERIFICATION (verification), NULL);

  switch (snug_verification_get_state (verification))
    {
    case SNUG_VERIFICATION_READY:
      return snug_verification_get_code (verification, &code) ? snug_short_code_to_words (&code) : NULL;
    case SNUG_VERIFICATION_CONFIRMED:
      return g_strdup (_ ("Confirmed: nobody sits between you"));
    case SNUG_VERIFICATION_DIFFERENT:
      return g_strdup (_ ("You said that the codes differ"));
    case SNUG_VERIFICATION_BROKEN:
      return g_strdup (_ ("The other side showed something else than it had promised. Do not trust this connection."));
    case SNUG_VERIFICATION_NONE:
    default:
      return NULL;
    }
}
