/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the command line of "snug-cli doctor" says, checked. Pure.
 */
#pragma once

#include "snug-ice-server.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean help;
  gboolean json;
  gboolean media;
  char *server; /* as snug_websocket_signaling_normalize_uri() made it */
  GPtrArray *ice_servers; /* SnugIceServer, one at each place */
} SnugCliDoctorOptions;

/* argv: NULL-terminated, with "doctor" at its beginning. default_server: nullable. Returns: (transfer full): or NULL with a GError of
 * any domain whose message is for people. */
SnugCliDoctorOptions *snug_cli_doctor_options_parse (const char *const *argv, const char *default_server, GError **error);
void snug_cli_doctor_options_free (SnugCliDoctorOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SnugCliDoctorOptions, snug_cli_doctor_options_free)

/* Returns: (transfer full): all that --help says. */
char *snug_cli_doctor_options_get_help (void);

G_END_DECLS
