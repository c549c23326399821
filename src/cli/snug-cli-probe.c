/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-probe.h"

#include <glib-unix.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "snug-candidate.h"
#include "snug-cli-options.h"
#include "snug-cli-probe-options.h"
#include "snug-engine.h"
#include "snug-event.h"
#include "snug-path-probe.h"
#include "snug-websocket-signaling.h"

typedef struct
{
  SnugCliProbeOptions *options; /* borrowed */
  SnugPathProbe *probe;
  GMainLoop *loop;
  guint n_interrupts;
} SnugCliProbe;

/* builder: (transfer full). text: what a person reads instead; NULL: nothing. */
static void
print (SnugCliProbe *self, JsonBuilder *builder, const char *text)
{
  g_autoptr (JsonObject) event = snug_event_end (builder);
  g_autofree char *line = self->options->json ? snug_event_to_json (event) : g_strdup (text);

  if (line == NULL)
    return;
  puts (line);
  fflush (stdout);
}

static void
on_candidate (SnugCliProbe *self, gboolean local, const char *line)
{
  g_autoptr (SnugCandidate) candidate = snug_candidate_parse (line, NULL);
  g_autofree char *text = NULL;
  JsonBuilder *builder;

  if (candidate == NULL)
    return;
  builder = snug_event_begin ("candidate");
  snug_event_add_string (builder, "side", local ? "local" : "remote");
  snug_event_add_string (builder, "type", candidate->type);
  snug_event_add_string (builder, "protocol", candidate->protocol);
  snug_event_add_string (builder, "address", candidate->address);
  snug_event_add_uint (builder, "port", candidate->port);
  text = g_strdup_printf ("candidate  %-6s  %-5s  %s  [%s]:%u", local ? "local" : "remote", candidate->type,
                          candidate->protocol, candidate->address, candidate->port);
  print (self, builder, text);
}

static void
on_pair (SnugCliProbe *self, const SnugIcePair *pair)
{
  JsonBuilder *builder = snug_event_begin ("pair");
  g_autofree char *text = NULL;

  snug_event_add_string (builder, "local_address", pair->local_address);
  snug_event_add_uint (builder, "local_port", pair->local_port);
  snug_event_add_string (builder, "remote_address", pair->remote_address);
  snug_event_add_uint (builder, "remote_port", pair->remote_port);
  snug_event_add_string (builder, "protocol", pair->protocol);
  snug_event_add_string (builder, "state", snug_ice_pair_state_to_string (pair->state));
  snug_event_add_boolean (builder, "nominated", pair->nominated);
  /* That it is not tried yet is for programs. */
  if (pair->state >= SNUG_ICE_PAIR_IN_PROGRESS)
    text = g_strdup_printf ("pair       [%s]:%u > [%s]:%u  %s  %s%s", pair->local_address, pair->local_port,
                            pair->remote_address, pair->remote_port, pair->protocol != NULL ? pair->protocol : "",
                            snug_ice_pair_state_to_string (pair->state), pair->nominated ? ", nominated" : "");
  print (self, builder, text);
}

static void
print_path (SnugCliProbe *self)
{
  const SnugStatsValues *path = snug_stats_sample_get_values (snug_path_probe_get_path (self->probe));
  JsonBuilder *builder = snug_event_begin ("path");
  g_autofree char *text = NULL;

  snug_event_add_string (builder, "protocol", path->protocol);
  snug_event_add_string (builder, "local_candidate_type", path->local_candidate_type);
  snug_event_add_string (builder, "local_address", path->local_address);
  snug_event_add_uint (builder, "local_port", path->local_port);
  snug_event_add_string (builder, "remote_candidate_type", path->remote_candidate_type);
  snug_event_add_string (builder, "remote_address", path->remote_address);
  snug_event_add_uint (builder, "remote_port", path->remote_port);
  if (path->local_address != NULL && path->remote_address != NULL)
    text = g_strdup_printf ("path       %s [%s]:%u > %s [%s]:%u  %s", path->local_candidate_type, path->local_address,
                            path->local_port, path->remote_candidate_type, path->remote_address, path->remote_port,
                            path->protocol);
  print (self, builder, text);
}

static void
print_state (SnugCliProbe *self, const char *state, const char *text)
{
  JsonBuilder *builder = snug_event_begin ("state");

  snug_event_add_string (builder, "state", state);
  print (self, builder, text);
}

static void
append_ms (GString *text, const char *name, double seconds)
{
  if (isfinite (seconds))
    g_string_append_printf (text, "%s %.2f ms", name, seconds * 1000);
}

static void
append_rate (GString *text, const char *name, double bits_per_second)
{
  if (isfinite (bits_per_second))
    g_string_append_printf (text, "; %s %.1f kbit/s", name, bits_per_second / 1000);
}

static void
print_result (SnugCliProbe *self)
{
  SnugProbeSummary summary = snug_path_probe_sum_up (self->probe);
  JsonBuilder *builder = snug_event_begin ("result");
  g_autoptr (GString) text = g_string_new (NULL);

  snug_event_add_uint (builder, "sent", summary.sent);
  snug_event_add_uint (builder, "echoed", summary.echoed);
  snug_event_add_uint (builder, "received", summary.received);
  snug_event_add_double (builder, "loss_fraction", summary.loss_fraction);
  snug_event_add_double (builder, "round_trip_min_seconds", summary.round_trip_min);
  snug_event_add_double (builder, "round_trip_median_seconds", summary.round_trip_median);
  snug_event_add_double (builder, "round_trip_p99_seconds", summary.round_trip_p99);
  snug_event_add_double (builder, "round_trip_max_seconds", summary.round_trip_max);
  snug_event_add_double (builder, "throughput_bits_per_second", summary.bits_per_second);
  snug_event_add_double (builder, "received_bits_per_second", summary.received_bits_per_second);

  g_string_append_printf (text, "messages   %u sent, %u came back, %u of the other machine", summary.sent, summary.echoed,
                          summary.received);
  if (isfinite (summary.loss_fraction))
    g_string_append_printf (text, "; lost %.1f %%", summary.loss_fraction * 100);
  if (summary.echoed > 0)
    {
      append_ms (text, "\nround trip min", summary.round_trip_min);
      append_ms (text, ", median", summary.round_trip_median);
      append_ms (text, ", p99", summary.round_trip_p99);
      append_ms (text, ", max", summary.round_trip_max);
      append_rate (text, "there", summary.bits_per_second);
      append_rate (text, "from there", summary.received_bits_per_second);
    }
  print (self, builder, text->str);
}

static void
print_error (SnugCliProbe *self, const GError *error)
{
  if (self->options->json)
    print (self, snug_event_begin_error ("probe", NULL, error), NULL);
  else
    fprintf (stderr, "snug-cli: %s.\n", error->message);
}

static void
on_state (SnugCliProbe *self)
{
  const char *what = self->options->config.offerer ? "answerer" : "offerer";
  g_autofree char *waiting = g_strdup_printf ("In the room; waiting for the %s.", what);

  switch (snug_path_probe_get_state (self->probe))
    {
    case SNUG_PATH_PROBE_JOINING:
      print_state (self, "joining", NULL);
      break;
    case SNUG_PATH_PROBE_WAITING:
      print_state (self, "waiting", waiting);
      break;
    case SNUG_PATH_PROBE_CONNECTING:
      print_state (self, "connecting", "The other machine is there.");
      break;
    case SNUG_PATH_PROBE_VERIFIED:
      print_state (self, "verified", NULL);
      print_path (self);
      break;
    case SNUG_PATH_PROBE_EXCHANGING:
      print_state (self, "exchanging", NULL);
      break;
    case SNUG_PATH_PROBE_CLOSING:
      if (snug_path_probe_get_path (self->probe) != NULL)
        print_result (self);
      if (snug_path_probe_get_error (self->probe) != NULL)
        print_error (self, snug_path_probe_get_error (self->probe));
      break;
    case SNUG_PATH_PROBE_DONE:
    case SNUG_PATH_PROBE_FAILED:
      g_main_loop_quit (self->loop);
      break;
    case SNUG_PATH_PROBE_IDLE:
    default:
      break;
    }
}

static gboolean
on_signal (gpointer user_data)
{
  SnugCliProbe *self = user_data;

  if (self->n_interrupts++ == 0)
    snug_path_probe_stop (self->probe);
  else
    g_main_loop_quit (self->loop);

  return G_SOURCE_CONTINUE;
}

static gboolean
add_ice_servers (SnugCliProbe *self, GError **error)
{
  GPtrArray *servers = self->options->ice_servers;

  for (guint i = 0; i < servers->len; i++)
    {
      const SnugIceServer *server = servers->pdata[i];

      if (!snug_path_probe_add_ice_server (self->probe, server->uris[0], server->username, server->credential, error))
        return FALSE;
    }

  return TRUE;
}

static SnugCliExit
get_exit (SnugCliProbe *self)
{
  const GError *error = snug_path_probe_get_error (self->probe);

  if (error != NULL)
    return snug_cli_exit_from_error (error);

  return snug_path_probe_sum_up (self->probe).echoed > 0 || self->options->config.count == 0 ? SNUG_CLI_EXIT_GOOD
                                                                                             : SNUG_CLI_EXIT_FAILED;
}

static SnugCliExit
run (SnugCliProbeOptions *options)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugSignaling) signaling = NULL;
  SnugCliProbe self = { .options = options, .loop = loop };
  guint interrupt_id, terminate_id;
  SnugCliExit code;

  if (!snug_engine_init (&error))
    {
      fprintf (stderr, "snug-cli: %s.\n", error->message);
      return SNUG_CLI_EXIT_FAILED;
    }

  signaling = snug_websocket_signaling_new (options->server);
  self.probe = snug_path_probe_new (signaling, options->room, &options->config);
  if (!add_ice_servers (&self, &error))
    {
      fprintf (stderr, "snug-cli: %s.\n", error->message);
      g_object_unref (self.probe);
      return SNUG_CLI_EXIT_USAGE;
    }

  interrupt_id = g_unix_signal_add (SIGINT, on_signal, &self);
  terminate_id = g_unix_signal_add (SIGTERM, on_signal, &self);
  g_signal_connect_swapped (self.probe, "candidate", G_CALLBACK (on_candidate), &self);
  g_signal_connect_swapped (self.probe, "pair", G_CALLBACK (on_pair), &self);
  g_signal_connect_swapped (self.probe, "notify::state", G_CALLBACK (on_state), &self);
  snug_path_probe_start (self.probe);
  if (snug_path_probe_get_state (self.probe) < SNUG_PATH_PROBE_DONE)
    g_main_loop_run (loop);

  code = get_exit (&self);
  g_signal_handlers_disconnect_by_data (self.probe, &self);
  g_object_unref (self.probe);
  g_source_remove (interrupt_id);
  g_source_remove (terminate_id);

  return code;
}

SnugCliExit
snug_cli_probe_main (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SnugCliProbeOptions) options
      = snug_cli_probe_options_parse (argv, g_getenv (SNUG_CLI_SERVER_VARIABLE), isatty (STDOUT_FILENO), &error);

  if (options == NULL)
    {
      fprintf (stderr, "snug-cli: %s.\nTry \"snug-cli probe --help\".\n", error->message);
      return SNUG_CLI_EXIT_USAGE;
    }
  if (options->help)
    {
      g_autofree char *help = snug_cli_probe_options_get_help ();

      fputs (help, stdout);
      return SNUG_CLI_EXIT_GOOD;
    }

  return run (options);
}
