/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * snug-server: the signaling server as a program.
 */
#include "config.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "snug-server-options.h"
#include "snug-server-token.h"

/* The first descriptor that systemd passes on (sd_listen_fds(3)). */
#define LISTEN_FDS_START 3

enum
{
  EXIT_OK = 0,
  EXIT_FAILED = 1,
  EXIT_USAGE = 2
};

typedef struct
{
  const SnugServerOptions *options;
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
on_end (gpointer data)
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

/* Whatever is wrong with the files, those who talk go on talking. */
static gboolean
on_reload (gpointer data)
{
  Program *program = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugServerConfig) config = snug_server_options_make_config (program->options, &error);

  if (config != NULL)
    {
      snug_server_set_config (program->server, config);
      g_info ("event=reloaded");
    }
  else
    g_message ("event=reload-failed text=\"%s\"", error->message);
  return G_SOURCE_CONTINUE;
}

/* Whether a socket was passed on that listens already. */
static gboolean
has_listen_fd (void)
{
  const char *pid = g_getenv ("LISTEN_PID");
  const char *n = g_getenv ("LISTEN_FDS");

  return pid != NULL && n != NULL && g_ascii_strtoll (pid, NULL, 10) == getpid () && strcmp (n, "1") == 0;
}

static gboolean
listen_somewhere (SnugServer *server, const SnugServerOptions *options, GError **error)
{
  gboolean passed_on = has_listen_fd ();

  if (passed_on)
    {
      if (!snug_server_listen_on (server, LISTEN_FDS_START, error))
        return FALSE;
    }
  else if (!snug_server_listen (server, options->bind, (guint16) options->port, error))
    return FALSE;
  g_print ("event=listening address=%s port=%u\n",
           passed_on ? "activated" : options->bind != NULL ? options->bind : "*", snug_server_get_port (server));
  fflush (stdout);
  return TRUE;
}

static int
run (const SnugServerOptions *options)
{
  g_autoptr (SnugServer) server = snug_server_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugServerConfig) config = snug_server_options_make_config (options, &error);
  g_autoptr (SnugRedisAddress) redis = NULL;
  Program program = { .options = options, .server = server, .loop = loop };
  guint sources[3];

  if (config == NULL || !snug_server_options_find_redis (options, &redis, &error))
    {
      g_printerr ("snug-server: %s\n", error->message);
      return EXIT_USAGE;
    }
  snug_server_set_config (server, config);
  snug_server_options_set_limits (options, server);
  if (redis != NULL)
    snug_server_set_redis (server, redis);
  raise_file_limit ();
  sources[0] = g_unix_signal_add (SIGTERM, on_end, &program);
  sources[1] = g_unix_signal_add (SIGINT, on_end, &program);
  sources[2] = g_unix_signal_add (SIGHUP, on_reload, &program);
  if (listen_somewhere (server, options, &error))
    g_main_loop_run (loop);
  else
    g_printerr ("snug-server: %s\n", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  return error != NULL ? EXIT_FAILED : EXIT_OK;
}

int
main (int argc, char **argv)
{
  SnugServerOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  int status = EXIT_OK;

  setlocale (LC_ALL, "");
  /* GIO asks for none, but hiredis and the logs of a reader that is gone do. */
  signal (SIGPIPE, SIG_IGN);
  if (argc > 1 && strcmp (argv[1], "token") == 0)
    return snug_server_token_main (argc - 1, argv + 1);
  if (!snug_server_options_parse (&options, &argc, &argv, &error))
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
  snug_server_options_clear (&options);
  return status;
}
