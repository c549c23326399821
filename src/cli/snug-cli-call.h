/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "snug-cli call": one call from its beginning to its end.
 */
#pragma once

#include "snug-cli-exit.h"
#include "snug-cli-options.h"

G_BEGIN_DECLS

/* Returns when everything is closed. */
SnugCliExit snug_cli_call_run (const SnugCliOptions *options);

G_END_DECLS
