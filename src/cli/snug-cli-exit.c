/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-cli-exit.h"

#include "snug-engine.h"
#include "snug-protocol.h"
#include "snug-signaling.h"

SnugCliExit
snug_cli_exit_from_error (const GError *error)
{
  g_return_val_if_fail (error != NULL, SNUG_CLI_EXIT_FAILED);

  if (error->domain == SNUG_SIGNALING_ERROR || error->domain == SNUG_PROTOCOL_ERROR)
    return SNUG_CLI_EXIT_SERVER;
  if (g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_NO_ROUTE))
    return SNUG_CLI_EXIT_NO_ROUTE;
  if (g_error_matches (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_CERTIFICATE_MISMATCH))
    return SNUG_CLI_EXIT_CERTIFICATE;

  return SNUG_CLI_EXIT_FAILED;
}

static guint
get_gravity (SnugCliExit code)
{
  switch (code)
    {
    case SNUG_CLI_EXIT_CERTIFICATE:
      return 3;
    case SNUG_CLI_EXIT_NO_ROUTE:
      return 2;
    case SNUG_CLI_EXIT_FAILED:
    case SNUG_CLI_EXIT_USAGE:
    case SNUG_CLI_EXIT_SERVER:
    case SNUG_CLI_EXIT_DEVICE:
      return 1;
    case SNUG_CLI_EXIT_GOOD:
    default:
      return 0;
    }
}

SnugCliExit
snug_cli_exit_worse (SnugCliExit a, SnugCliExit b)
{
  return get_gravity (a) >= get_gravity (b) ? a : b;
}

SnugCliExit
snug_cli_exit_from_outcome (const GError *error, const SnugCliOutcome *outcome)
{
  g_return_val_if_fail (outcome != NULL, SNUG_CLI_EXIT_FAILED);

  if (error != NULL)
    return snug_cli_exit_from_error (error);
  if (outcome->n_good > 0 || outcome->n_peers == 0)
    return SNUG_CLI_EXIT_GOOD;

  /* People came, and nothing came of it. */
  return snug_cli_exit_worse (outcome->worst, SNUG_CLI_EXIT_FAILED);
}
