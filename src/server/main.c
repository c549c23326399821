/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * snug-server: the signaling server as a program.
 */
#include "config.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "snug-ice-server.h"
#include "snug-server.h"

#define PORT_DEFAULT 8765
/* JOINED carries them all, and the members of a full room, in one message. */
#define ICE_SERVERS_MAX_BYTES (SNUG_MESSAGE_MAX_BYTES / 2)

enum
{
  EXIT_OK = 0,
  EXIT_FAILED = 1,
  EXIT_USAGE = 2
};

typedef struct
{
  int port;
  char *bind;
  int room_size;
  char **ice_servers;
  char *ice_server_file;
  gboolean verbose;
  gboolean version;
} Options;

typedef struct
{
  SnugServer *server;
  GMainLoop *loop;
  gboolean stopping;
} Program;

static gboolean verbose;

static const char *
get_level_name (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_DEBUG)
    return "debug";
  return level & (G_LOG_LEVEL_INFO | G_LOG_LEVEL_MESSAGE) ? "info" : "error";
}

/* One line for each event on standard error: time, level, and what the library says as key=value. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  const char *message = "";
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *time = NULL;

  if (level & G_LOG_LEVEL_DEBUG && !verbose)
    return G_LOG_WRITER_HANDLED;
  for (gsize i = 0; i < n_fields; i++)
    {
      /* What other libraries find worth knowing is not about rooms. */
      if (g_str_equal (fields[i].key, "GLIB_DOMAIN")
          && level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO)
          && !g_str_has_prefix (fields[i].value, "snug"))
        return G_LOG_WRITER_HANDLED;
      if (g_str_equal (fields[i].key, "MESSAGE"))
        message = fields[i].value;
    }
  now = g_date_time_new_now_utc ();
  time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S");
  g_printerr ("time=%s.%03dZ level=%s %s\n", time, g_date_time_get_microsecond (now) / 1000,
              get_level_name (level), message);
  return G_LOG_WRITER_HANDLED;
}

static gboolean
parse_options (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &options->port,
      "TCP port; 0 for any free one (default: " G_STRINGIFY (PORT_DEFAULT) ")", "PORT" },
    { "bind", 'b', 0, G_OPTION_ARG_STRING, &options->bind,
      "Numeric address to listen on (default: all)", "ADDRESS" },
    { "room-size", 0, 0, G_OPTION_ARG_INT, &options->room_size,
      "Most people in one room (default: " G_STRINGIFY (SNUG_ROOM_SIZE_DEFAULT) ")", "N" },
    { "ice-server", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->ice_servers,
      "STUN or TURN server for the clients; may be repeated", "URI" },
    { "ice-server-file", 0, 0, G_OPTION_ARG_FILENAME, &options->ice_server_file,
      "JSON file with \"iceServers\", for passwords that the process list should not show", "FILE" },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose,
      "Log more, room names too", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("- signaling server for Snug");

  g_option_context_set_description (context,
    "ICE servers are written\n"
    "  stun:HOST[:PORT]\n"
    "  turn:USER:PASSWORD@HOST[:PORT][?transport=udp|tcp]\n"
    "USER and PASSWORD percent-encoded. Clients come to ws://HOST:PORT" SNUG_WEBSOCKET_PATH
    "; for wss:// put a\nreverse proxy in front. GET /healthz tells whether it runs.\n"
    "Once it listens it prints \"event=listening address=ADDRESS port=PORT\" on standard output.\n");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, "Unknown argument %s",
                   (*argv)[1]);
      return FALSE;
    }
  if (options->port < 0 || options->port > G_MAXUINT16)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--port is 0 to 65535");
      return FALSE;
    }
  if (options->room_size < 1 || options->room_size > SNUG_ROOM_SIZE_MAX)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--room-size is 1 to %d", SNUG_ROOM_SIZE_MAX);
      return FALSE;
    }
  return TRUE;
}

/* What the options name, together. */
typedef struct
{
  SnugIceServer *servers; /* room for SNUG_ICE_SERVERS_MAX */
  gsize n_servers;
} IceServers;

/* servers: (transfer full) */
static gboolean
add_ice_servers (IceServers *all, SnugIceServer *servers, gsize n_servers, GError **error)
{
  if (all->n_servers + n_servers > SNUG_ICE_SERVERS_MAX)
    {
      snug_ice_servers_free (servers, n_servers);
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "At most %d ICE servers", SNUG_ICE_SERVERS_MAX);
      return FALSE;
    }
  for (gsize i = 0; i < n_servers; i++)
    all->servers[all->n_servers++] = servers[i];
  g_free (servers);
  return TRUE;
}

static gboolean
add_ice_server_file (IceServers *all, const char *path, GError **error)
{
  g_autofree char *data = NULL;
  g_autoptr (GError) local = NULL;
  SnugIceServer *servers;
  gsize size, n_servers;

  if (!g_file_get_contents (path, &data, &size, error))
    return FALSE;
  servers = snug_ice_servers_parse_json (data, size, &n_servers, &local);
  if (local != NULL)
    {
      g_propagate_prefixed_error (error, g_steal_pointer (&local), "%s: ", path);
      return FALSE;
    }
  return add_ice_servers (all, servers, n_servers, error);
}

static gboolean
collect_ice_servers (IceServers *all, const Options *options, GError **error)
{
  for (guint i = 0; options->ice_servers != NULL && options->ice_servers[i] != NULL; i++)
    {
      SnugIceServer *one = snug_ice_server_parse (options->ice_servers[i], error);

      if (one == NULL || !add_ice_servers (all, one, 1, error))
        return FALSE;
    }
  return options->ice_server_file == NULL
         || add_ice_server_file (all, options->ice_server_file, error);
}

static gboolean
check_ice_servers_size (const IceServers *all, GError **error)
{
  g_autoptr (SnugMessage) message
    = snug_message_new_joined ("-", "-", NULL, 0, all->servers, all->n_servers);
  g_autofree char *json = snug_message_to_json (message);

  if (strlen (json) <= ICE_SERVERS_MAX_BYTES)
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "The ICE servers are too long to tell them in one message");
  return FALSE;
}

static gboolean
configure_ice_servers (SnugServer *server, const Options *options, GError **error)
{
  IceServers all = { g_new0 (SnugIceServer, SNUG_ICE_SERVERS_MAX), 0 };
  gboolean good = collect_ice_servers (&all, options, error)
                  && check_ice_servers_size (&all, error);

  if (good)
    snug_server_set_ice_servers (server, all.servers, all.n_servers);
  snug_ice_servers_free (all.servers, all.n_servers);
  return good;
}

/* Every client is a file descriptor. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Program *program = data;

  snug_server_stop_finish (SNUG_SERVER (source), result, NULL);
  g_main_loop_quit (program->loop);
}

static gboolean
on_signal (gpointer data)
{
  Program *program = data;

  if (!program->stopping)
    {
      program->stopping = TRUE;
      g_info ("event=stopping");
      snug_server_stop_async (program->server, stopped_cb, program);
    }
  return G_SOURCE_CONTINUE;
}

static int
run (const Options *options)
{
  g_autoptr (SnugServer) server = snug_server_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Program program = { .server = server, .loop = loop };
  g_autoptr (GError) error = NULL;
  guint term, interrupt;

  snug_server_set_room_size (server, (guint) options->room_size);
  if (!configure_ice_servers (server, options, &error))
    {
      g_printerr ("snug-server: %s\n", error->message);
      return EXIT_USAGE;
    }
  raise_file_limit ();
  if (!snug_server_listen (server, options->bind, (guint16) options->port, &error))
    {
      g_printerr ("snug-server: %s\n", error->message);
      return EXIT_FAILED;
    }
  term = g_unix_signal_add (SIGTERM, on_signal, &program);
  interrupt = g_unix_signal_add (SIGINT, on_signal, &program);
  g_print ("event=listening address=%s port=%u\n",
           options->bind != NULL ? options->bind : "*", snug_server_get_port (server));
  fflush (stdout);

  g_main_loop_run (loop);
  g_source_remove (term);
  g_source_remove (interrupt);
  return EXIT_OK;
}

int
main (int argc, char **argv)
{
  Options options = { .port = PORT_DEFAULT, .room_size = SNUG_ROOM_SIZE_DEFAULT };
  g_autoptr (GError) error = NULL;
  int status = EXIT_OK;

  setlocale (LC_ALL, "");
  if (!parse_options (&options, &argc, &argv, &error))
    {
      g_printerr ("snug-server: %s\nSee snug-server --help.\n", error->message);
      status = EXIT_USAGE;
    }
  else if (options.version)
    g_print ("snug-server %s\n", SNUG_VERSION);
  else
    {
      verbose = options.verbose;
      g_log_set_writer_func (write_log, NULL, NULL);
      status = run (&options);
    }

  g_free (options.bind);
  g_strfreev (options.ice_servers);
  g_free (options.ice_server_file);
  return status;
}
