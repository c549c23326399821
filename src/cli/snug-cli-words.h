/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the command lines of all commands have in common: how their words are read, and refused. Pure.
 */
#pragma once

#include <gio/gio.h>

#include "snug-ice-server.h"

G_BEGIN_DECLS

/* usage: what stands behind the options, and what the command is for. entries: with "help" among them. */
GOptionContext *snug_cli_words_new_context (const char *usage, const char *description, const GOptionEntry *entries);
/* context: (transfer full). Returns: (transfer full): all that --help says. */
char *snug_cli_words_get_help (GOptionContext *context);

/* Returns: FALSE, with "OPTION is WHAT". */
gboolean snug_cli_words_refuse (GError **error, const char *option, const char *what);
/* command: takes no arguments. arguments: (nullable). */
gboolean snug_cli_words_refuse_arguments (const char *command, char **arguments, GError **error);
gboolean snug_cli_words_parse_uint (const char *text, guint min, guint max, guint *value);
/* servers: SnugIceServer, which are added to. texts: (nullable): NULL-terminated. */
gboolean snug_cli_words_parse_ice_servers (GPtrArray *servers, const char *option, char **texts, GError **error);
/* Returns: (transfer full): an empty one of SnugIceServer, one at each place. */
GPtrArray *snug_cli_words_new_ice_servers (void);
/* text, default_server: (nullable): what was written, and what takes its place. Returns: (transfer none). */
const char *snug_cli_words_choose_server (const char *text, const char *default_server);

G_END_DECLS
