/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-probe-options.h"

#include <gio/gio.h>

#include "snug-cli-options.h"
#include "snug-cli-words.h"
#include "snug-room-name.h"
#include "snug-websocket-signaling.h"

#define MAX_INTERVAL_MS 10000
#define MAX_WAIT_SECONDS 3600

/* As they were written, before they are looked at. */
typedef struct
{
  gboolean help;
  gboolean json;
  gboolean relay_only;
  char *role;
  char *server;
  char *room;
  char *with_turn;
  char *stun;
  char **ice_servers;
  char *count;
  char *size;
  char *interval;
  char *wait;
  char **arguments;
} Words;

static void
words_clear (Words *words)
{
  g_free (words->role);
  g_free (words->server);
  g_free (words->room);
  g_free (words->with_turn);
  g_free (words->stun);
  g_strfreev (words->ice_servers);
  g_free (words->count);
  g_free (words->size);
  g_free (words->interval);
  g_free (words->wait);
  g_strfreev (words->arguments);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static const char description[]
    = "Run it on two machines, with one role each. What is printed, as JSON objects with \"t\" (seconds) and \"event\":\n"
      "  state      joining, waiting, connecting, verified, exchanging\n"
      "  candidate  an address to try: side (local, remote), type, protocol, address, port\n"
      "  pair       two of them that are tried together, and its state: frozen, waiting, in-progress, succeeded,\n"
      "             failed, dropped (a better one was there)\n"
      "  path       the selected pair\n"
      "  result     messages sent, echoed, received; round trip, loss, throughput; the last line of a good test\n"
      "  error      what went wrong\n"
      "\n"
      "Exit status: 0 messages came back; 1 none did; 2 wrong options; 3 the server was not reached, or it\n"
      "refused; 4 no pair worked; 5 a certificate did not match.\n";

/* words: NULL for the help text only. */
static GOptionContext *
make_context (Words *words)
{
  static Words unused;
  Words *w = words != NULL ? words : &unused;
  const GOptionEntry entries[] = {
    { "role", 0, 0, G_OPTION_ARG_FILENAME, &w->role, "Which of the two machines this is", "offerer|answerer" },
    { "server", 0, 0, G_OPTION_ARG_FILENAME, &w->server, "The server (default: " SNUG_CLI_DEFAULT_SERVER ")", "URL" },
    { "room", 0, 0, G_OPTION_ARG_FILENAME, &w->room,
      "A name for the two to meet by (default: " SNUG_CLI_PROBE_DEFAULT_ROOM ")", "NAME" },
    { "with-turn", 0, 0, G_OPTION_ARG_FILENAME, &w->with_turn, "Use TURN servers (default: true)", "true|false" },
    { "stun", 0, 0, G_OPTION_ARG_FILENAME, &w->stun, "STUN server to use instead of the server's", "URI" },
    { "ice-server", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->ice_servers,
      "STUN or TURN server, beside those the server names; may be repeated", "URI" },
    { "relay-only", 0, 0, G_OPTION_ARG_NONE, &w->relay_only, "Try relays only", NULL },
    { "count", 0, 0, G_OPTION_ARG_FILENAME, &w->count, "Messages to send, 0 to 100000 (default: 50)", "N" },
    { "size", 0, 0, G_OPTION_ARG_FILENAME, &w->size, "Bytes of each, 16 to 16384 (default: 64)", "BYTES" },
    { "interval", 0, 0, G_OPTION_ARG_FILENAME, &w->interval,
      "Milliseconds between two, to 10000; 0: as fast as they come back (default: 20)", "MS" },
    { "wait", 0, 0, G_OPTION_ARG_FILENAME, &w->wait,
      "Seconds to wait for the other machine and a path, 1 to 3600 (default: 60)", "SECONDS" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &w->json, "JSON even on a terminal; elsewhere it is the default", NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &w->help, "Print this", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &w->arguments, "", NULL },
    G_OPTION_ENTRY_NULL
  };

  return snug_cli_words_new_context ("\n\nTests the path between two machines.", description, entries);
}

char *
snug_cli_probe_options_get_help (void)
{
  return snug_cli_words_get_help (make_context (NULL));
}

/* text: NULL: value stays. */
static gboolean
parse_uint (const char *text, guint min, guint max, guint *value)
{
  return text == NULL || snug_cli_words_parse_uint (text, min, max, value);
}

static gboolean
parse_numbers (SnugPathProbeConfig *config, const Words *words, GError **error)
{
  guint size = SNUG_CLI_PROBE_DEFAULT_SIZE;

  config->count = SNUG_CLI_PROBE_DEFAULT_COUNT;
  config->interval_ms = SNUG_CLI_PROBE_DEFAULT_INTERVAL_MS;
  config->wait_seconds = SNUG_CLI_PROBE_DEFAULT_WAIT_SECONDS;
  if (!parse_uint (words->count, 0, SNUG_PROBE_COUNT_MAX, &config->count))
    return snug_cli_words_refuse (error, "--count", "0 to 100000");
  if (!parse_uint (words->size, SNUG_PROBE_MESSAGE_MIN_BYTES, SNUG_PROBE_MESSAGE_MAX_BYTES, &size))
    return snug_cli_words_refuse (error, "--size", "16 to 16384 bytes");
  if (!parse_uint (words->interval, 0, MAX_INTERVAL_MS, &config->interval_ms))
    return snug_cli_words_refuse (error, "--interval", "0 to 10000 milliseconds");
  if (!parse_uint (words->wait, 1, MAX_WAIT_SECONDS, &config->wait_seconds))
    return snug_cli_words_refuse (error, "--wait", "1 to 3600 seconds");
  config->size = size;

  return TRUE;
}

static gboolean
parse_words (SnugPathProbeConfig *config, const Words *words, GError **error)
{
  if (words->role == NULL || (!g_str_equal (words->role, "offerer") && !g_str_equal (words->role, "answerer")))
    return snug_cli_words_refuse (error, "--role", "offerer or answerer, and has to be given");
  config->offerer = *words->role == 'o';
  config->relay_only = words->relay_only;
  config->with_turn = words->with_turn == NULL || g_str_equal (words->with_turn, "true");
  if (!config->with_turn && !g_str_equal (words->with_turn, "false"))
    return snug_cli_words_refuse (error, "--with-turn", "true or false");
  if (config->relay_only && !config->with_turn)
    return snug_cli_words_refuse (error, "--relay-only", "nothing without TURN");

  return TRUE;
}

static gboolean
is_wanted (SnugCliProbeOptions *self, const char *text)
{
  return self->config.with_turn || !g_str_has_prefix (text, "turn");
}

static gboolean
parse_ice_servers (SnugCliProbeOptions *self, const Words *words, GError **error)
{
  char *stun[] = { words->stun, NULL };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) wanted = NULL;

  self->ice_servers = snug_cli_words_new_ice_servers ();
  if (words->stun != NULL && !g_str_has_prefix (words->stun, "stun:"))
    return snug_cli_words_refuse (error, "--stun", "stun:HOST[:PORT]");
  if (!snug_cli_words_parse_ice_servers (self->ice_servers, "--stun", stun, error))
    return FALSE;
  for (guint i = 0; words->ice_servers != NULL && words->ice_servers[i] != NULL; i++)
    if (is_wanted (self, words->ice_servers[i]))
      g_strv_builder_add (builder, words->ice_servers[i]);
  wanted = g_strv_builder_end (builder);

  return snug_cli_words_parse_ice_servers (self->ice_servers, "--ice-server", wanted, error);
}

SnugCliProbeOptions *
snug_cli_probe_options_parse (const char *const *argv, const char *default_server, gboolean terminal, GError **error)
{
  g_autoptr (SnugCliProbeOptions) self = g_new0 (SnugCliProbeOptions, 1);
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = make_context (&words);
  g_auto (GStrv) arguments = g_strdupv ((char **) argv);

  g_return_val_if_fail (argv != NULL, NULL);

  if (!g_option_context_parse_strv (context, &arguments, error))
    return NULL;
  self->json = words.json || !terminal;
  self->help = words.help;
  if (words.help)
    return g_steal_pointer (&self);
  if (!snug_cli_words_refuse_arguments ("probe", words.arguments, error))
    return NULL;

  if (!parse_words (&self->config, &words, error) || !parse_numbers (&self->config, &words, error)
      || !parse_ice_servers (self, &words, error))
    return NULL;
  self->room = snug_room_name_normalize (words.room != NULL ? words.room : SNUG_CLI_PROBE_DEFAULT_ROOM, error);
  if (self->room == NULL)
    return NULL;
  self->server = snug_websocket_signaling_normalize_uri (snug_cli_words_choose_server (words.server, default_server), error);

  return self->server != NULL ? g_steal_pointer (&self) : NULL;
}

void
snug_cli_probe_options_free (SnugCliProbeOptions *self)
{
  if (self == NULL)
    return;

  g_free (self->server);
  g_free (self->room);
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  g_free (self);
}
