/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-by-hand.h"

#include <gio/gunixinputstream.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Who has not said. */
#define PEER_NAME "somebody"

struct _SnugCliByHand
{
  SnugManualSignaling *signaling;
  GDataInputStream *lines;
  GCancellable *cancellable;
  GString *pasted;
  GSourceOnceFunc ended;
  gpointer user_data;
};

static gboolean
is_blank (const char *line)
{
  while (g_ascii_isspace (*line))
    line++;

  return *line == '\0';
}

/* One more line of a text. TRUE: what has come so far is all of it, or too much. line: NULL: no more comes. */
static gboolean
add_line (GString *pasted, const char *line)
{
  g_autoptr (SnugDescriptionText) read = NULL;
  g_autoptr (GError) error = NULL;

  if (line == NULL || is_blank (line))
    return pasted->len > 0;
  g_string_append_printf (pasted, "%.*s\n", SNUG_DESCRIPTION_TEXT_MAX_BYTES + 1, line);
  read = snug_description_text_read (pasted->str, -1, &error);

  return !g_error_matches (error, SNUG_DESCRIPTION_TEXT_ERROR, SNUG_DESCRIPTION_TEXT_ERROR_TRUNCATED);
}

static void
complain (GString *pasted, const GError *error)
{
  fprintf (stderr, "snug-cli: The text can't be used: %s.\n", error->message);
  g_string_truncate (pasted, 0);
}

static SnugManualSignaling *
read_invitation (GError **error)
{
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (input);
  g_autoptr (GString) pasted = g_string_new (NULL);
  g_autofree char *line = NULL;

  do
    {
      g_autoptr (GError) reason = NULL;
      SnugManualSignaling *signaling;

      g_free (line);
      line = g_data_input_stream_read_line (lines, NULL, NULL, error);
      if (line == NULL && error != NULL && *error != NULL)
        return NULL;
      if (!add_line (pasted, line))
        continue;
      signaling = snug_manual_signaling_new_answer (pasted->str, PEER_NAME, &reason);
      if (signaling != NULL)
        return signaling;
      complain (pasted, reason);
    }
  while (line != NULL);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       "Standard input ended before there was an invitation");

  return NULL;
}

SnugManualSignaling *
snug_cli_by_hand_open (const SnugCliOptions *options, GError **error)
{
  SnugManualSignaling *signaling;

  g_return_val_if_fail (options != NULL, NULL);

  if (options->command == SNUG_CLI_OFFER)
    return snug_manual_signaling_new_offer (options->format, PEER_NAME);
  signaling = read_invitation (error);
  if (signaling != NULL && options->format_given)
    snug_manual_signaling_set_format (signaling, options->format);

  return signaling;
}

static void read_line (SnugCliByHand *self);

static void
on_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *line
      = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  SnugCliByHand *self = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (add_line (self->pasted, line))
    {
      if (snug_manual_signaling_accept (self->signaling, self->pasted->str, &reason))
        return;
      complain (self->pasted, reason);
    }
  if (line != NULL)
    {
      read_line (self);
      return;
    }
  fprintf (stderr, "snug-cli: Standard input ended before there was an answer.\n");
  self->ended (self->user_data);
}

static void
read_line (SnugCliByHand *self)
{
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, on_line, self);
}

static void
on_text (SnugCliByHand *self)
{
  g_autoptr (GInputStream) input = NULL;

  puts (snug_manual_signaling_get_text (self->signaling));
  fflush (stdout);
  if (!snug_manual_signaling_get_awaiting (self->signaling))
    return;
  input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  self->lines = g_data_input_stream_new (input);
  read_line (self);
}

SnugCliByHand *
snug_cli_by_hand_new (SnugManualSignaling *signaling, GSourceOnceFunc ended, gpointer user_data)
{
  SnugCliByHand *self = g_new0 (SnugCliByHand, 1);

  self->signaling = g_object_ref (signaling);
  self->cancellable = g_cancellable_new ();
  self->pasted = g_string_new (NULL);
  self->ended = ended;
  self->user_data = user_data;
  g_signal_connect_swapped (signaling, "notify::text", G_CALLBACK (on_text), self);

  return self;
}

void
snug_cli_by_hand_free (SnugCliByHand *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->signaling, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->lines);
  g_clear_object (&self->signaling);
  g_string_free (self->pasted, TRUE);
  g_free (self);
}
