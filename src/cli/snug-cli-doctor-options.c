/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-doctor-options.h"

#include <gio/gio.h>

#include "snug-cli-options.h"
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
  GOptionContext *context = g_option_context_new ("\n\nLooks for what keeps calls from working, and says what to do.");

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);

  return context;
}

char *
snug_cli_doctor_options_get_help (void)
{
  g_autoptr (GOptionContext) context = make_context (NULL);

  return g_option_context_get_help (context, FALSE, NULL);
}

static gboolean
parse_ice_servers (SnugCliDoctorOptions *self, char **texts, GError **error)
{
  guint n = texts != NULL ? g_strv_length (texts) : 0;

  if (n > SNUG_ICE_SERVERS_MAX)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--ice-server is given at most 8 times");
      return FALSE;
    }
  self->ice_servers = g_new0 (SnugIceServer, n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree SnugIceServer *one = snug_ice_server_parse (texts[i], error);

      if (one == NULL)
        {
          g_prefix_error (error, "--ice-server: ");
          return FALSE;
        }
      self->ice_servers[self->n_ice_servers++] = *one;
    }
  return TRUE;
}

SnugCliDoctorOptions *
snug_cli_doctor_options_parse (const char *const *argv, const char *default_server, GError **error)
{
  g_autoptr (SnugCliDoctorOptions) self = g_new0 (SnugCliDoctorOptions, 1);
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = make_context (&words);
  g_auto (GStrv) arguments = g_strdupv ((char **) argv);
  const char *server;

  g_return_val_if_fail (argv != NULL, NULL);

  if (!g_option_context_parse_strv (context, &arguments, error))
    return NULL;
  self->json = words.json;
  self->help = words.help;
  self->media = !words.no_media;
  if (words.help)
    return g_steal_pointer (&self);
  if (words.arguments != NULL && words.arguments[0] != NULL)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "\"doctor\" takes options only");
      return NULL;
    }
  server = words.server != NULL                                  ? words.server
           : default_server != NULL && *default_server != '\0' ? default_server
                                                                 : SNUG_CLI_DEFAULT_SERVER;
  if (!parse_ice_servers (self, words.ice_servers, error))
    return NULL;
  self->server = snug_websocket_signaling_normalize_uri (server, error);

  return self->server != NULL ? g_steal_pointer (&self) : NULL;
}

void
snug_cli_doctor_options_free (SnugCliDoctorOptions *self)
{
  if (self == NULL)
    return;

  g_free (self->server);
  snug_ice_servers_free (self->ice_servers, self->n_ice_servers);
  g_free (self);
}
