/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-codes.h"

#include "snug-engine.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

/* Longer than any code, shorter than what is no line. */
#define LINE_MAX_BYTES 1024

struct _SnugCliCodes
{
  SnugCall *call;
  SnugEventLog *log;
  GDataInputStream *lines;
  GCancellable *cancellable;
};

gboolean
snug_cli_codes_match (const SnugShortCode *code, const char *line)
{
  g_autofree char *words = snug_short_code_to_words (code);
  g_autoptr (GString) typed = g_string_new (NULL);

  for (; *line != '\0'; line++)
    {
      if (g_ascii_isalpha (*line))
        g_string_append_c (typed, g_ascii_tolower (*line));
      else if (typed->len > 0 && typed->str[typed->len - 1] != ' ')
        g_string_append_c (typed, ' ');
    }
  g_strchomp (typed->str);

  return strcmp (typed->str, words) == 0;
}

static void
compare (SnugCliCodes *self, const char *line)
{
  GListModel *peers = snug_call_get_peers (self->call);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (peers); i++)
    {
      g_autoptr (SnugPeer) peer = g_list_model_get_item (peers, i);
      SnugVerification *verification = snug_peer_get_verification (peer);
      SnugShortCode code;

      if (!snug_verification_get_code (verification, &code) || !snug_cli_codes_match (&code, line))
        continue;
      found = TRUE;
      snug_verification_answer (verification, TRUE);
    }
  if (!found)
    {
      g_autoptr (GError) error
          = g_error_new_literal (SNUG_CALL_ERROR, SNUG_CALL_ERROR_FAILED, "Nobody in this call has that code");

      snug_event_log_write_error (self->log, "code", error);
    }
}

static void
on_line (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SnugCliCodes *self;
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *line
      = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, &length, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = user_data;
  if (line == NULL)
    return;
  if (length <= LINE_MAX_BYTES && strspn (line, " \t\r") < strlen (line))
    compare (self, line);
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, on_line, self);
}

SnugCliCodes *
snug_cli_codes_new (SnugCall *call, SnugEventLog *log)
{
  SnugCliCodes *self = g_new0 (SnugCliCodes, 1);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);

  self->call = g_object_ref (call);
  self->log = g_object_ref (log);
  self->cancellable = g_cancellable_new ();
  self->lines = g_data_input_stream_new (input);
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable, on_line, self);

  return self;
}

void
snug_cli_codes_free (SnugCliCodes *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->lines);
  g_clear_object (&self->log);
  g_clear_object (&self->call);
  g_free (self);
}
