/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-doctor-options.h"

#include <gio/gio.h>

#include "snug-cli-options.h"
#include "snug-cli-words.h"
#include "snug-websocket-signaling.h"

/* As they were written, before they are looked at. */
typedef struct
{
  gboolean help;
  gboolean json;
  gboolean no_media;
  char *server;
  char **ice_servers;
  char **arguments;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->server);
  g_strfreev (words->ice_servers);
  g_strfreev (words->arguments);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static const char description[]
    = "With --json, JSON objects with \"t\" (seconds) and \"event\":\n"
      "  check      one that has ended: check, subject, state (good, remark, bad, stopped), seconds, findings, seen\n"
      "  verdict    the last line: what is the matter, worst first: code, severity, subject, sentence, advice\n"
      "\n"
      "Exit status, by the worst of it: 0 nothing that keeps calls from working; 1 something of this computer;\n"
      "2 wrong options; 3 the meeting point; 4 the network, STUN or relays; 5 the meeting point's certificate;\n"
      "6 camera, microphone or speakers.\n";

/* words: NULL for the help text only. */
static GOptionContext *
make_context (Words *words)
{
  static Words unused;
  Words *w = words != NULL ? words : &unused;
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_FILENAME, &w->server, "The server (default: " SNUG_CLI_DEFAULT_SERVER ")", "URL" },
    { "ice-server", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->ice_servers,
      "STUN or TURN server, beside those the server names; may be repeated", "URI" },
    { "no-media", 0, 0, G_OPTION_ARG_NONE, &w->no_media, "Neither devices nor pictures: the network only", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &w->json, "JSON instead of text", NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &w->help, "Print this", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->arguments, "", NULL },
    G_OPTION_ENTRY_NULL
  };

  return snug_cli_words_new_context ("\n\nLooks for what keeps calls from working, and says what to do.", description, entries);
}

char *
snug_cli_doctor_options_get_help (void)
{
  return snug_cli_words_get_help (make_context (NULL));
}

SnugCliDoctorOptions *
snug_cli_doctor_options_parse (const char *const *argv, const char *default_server, GError **error)
{
  g_autoptr (SnugCliDoctorOptions) self = g_new0 (SnugCliDoctorOptions, 1);
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = make_context (&words);
  g_auto (GStrv) arguments = g_strdupv ((char **) argv);

  g_return_val_if_fail (argv != NULL, NULL);

  if (!g_option_context_parse_strv (context, &arguments, error))
    return NULL;
  self->json = words.json;
  self->help = words.help;
  self->media = !words.no_media;
  if (words.help)
    return g_steal_pointer (&self);
  self->ice_servers = snug_cli_words_new_ice_servers ();
  if (!snug_cli_words_refuse_arguments ("doctor", words.arguments, error)
      || !snug_cli_words_parse_ice_servers (self->ice_servers, "--ice-server", words.ice_servers, error))
    return NULL;
  self->server = snug_websocket_signaling_normalize_uri (snug_cli_words_choose_server (words.server, default_server), error);

  return self->server != NULL ? g_steal_pointer (&self) : NULL;
}

void
snug_cli_doctor_options_free (SnugCliDoctorOptions *self)
{
  if (self == NULL)
    return;

  g_free (self->server);
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  g_free (self);
}
