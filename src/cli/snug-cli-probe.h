/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "snug-cli probe": the test of the path between two machines.
 */
#pragma once

#include "snug-cli-exit.h"

G_BEGIN_DECLS

/* argv: NULL-terminated, with "probe" at its beginning. */
SnugCliExit snug_cli_probe_main (const char *const *argv);

G_END_DECLS
