/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the command line of "snug-cli probe" says, checked. Pure.
 */
#pragma once

#include "snug-ice-server.h"
#include "snug-path-probe.h"

G_BEGIN_DECLS

#define SNUG_CLI_PROBE_DEFAULT_ROOM "probe"
#define SNUG_CLI_PROBE_DEFAULT_COUNT 50
#define SNUG_CLI_PROBE_DEFAULT_SIZE 64
#define SNUG_CLI_PROBE_DEFAULT_INTERVAL_MS 20
#define SNUG_CLI_PROBE_DEFAULT_WAIT_SECONDS 60

typedef struct
{
  gboolean help;
  gboolean json;
  char *server; /* as snug_websocket_signaling_normalize_uri() made it */
  char *room;   /* normalised */
  GPtrArray *ice_servers; /* SnugIceServer, one at each place, the one of --stun first */
  SnugPathProbeConfig config;
} SnugCliProbeOptions;

/* argv: NULL-terminated, with "probe" at its beginning. default_server: nullable. Returns: (transfer full): or NULL with a GError of
 * any domain whose message is for people. */
SnugCliProbeOptions *snug_cli_probe_options_parse (const char *const *argv,
                                                   const char *default_server,
                                                   gboolean terminal,
                                                   GError **error);
void snug_cli_probe_options_free (SnugCliProbeOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliProbeOptions, snug_cli_probe_options_free)

/* Returns: (transfer full): all that --help says. */
char *snug_cli_probe_options_get_help (void);

G_END_DECLS
