/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a call went, as the exit status that other programs rely on. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SNUG_CLI_EXIT_GOOD = 0,
  SNUG_CLI_EXIT_FAILED = 1,
  SNUG_CLI_EXIT_USAGE = 2,
  SNUG_CLI_EXIT_SERVER = 3,
  SNUG_CLI_EXIT_NO_ROUTE = 4,
  SNUG_CLI_EXIT_CERTIFICATE = 5,
  SNUG_CLI_EXIT_DEVICE = 6 /* of the doctor: a camera, microphone or speaker */
} SnugCliExit;

/* The people of one call, summed up. */
typedef struct
{
  guint n_peers;     /* who ever came */
  guint n_good;      /* of those, with whom a connection came about that did not fail */
  SnugCliExit worst; /* of those whose connection failed, see snug_cli_exit_from_error() */
} SnugCliOutcome;

SnugCliExit snug_cli_exit_from_error (const GError *error);
/* The graver of the two: a wrong certificate before a missing route before anything else. */
SnugCliExit snug_cli_exit_worse (SnugCliExit a, SnugCliExit b);
/* error: why the call itself failed, nullable. Somebody whom all went well with makes a good call; so does nobody at all. */
SnugCliExit snug_cli_exit_from_outcome (const GError *error, const SnugCliOutcome *outcome);

G_END_DECLS
