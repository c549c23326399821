/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "snug-cli devices": what cameras, microphones and speakers are there.
 */
#pragma once

#include "snug-cli-exit.h"
#include "snug-cli-options.h"

G_BEGIN_DECLS

/* One line a device, on standard output: kind, id, name, as JSON or separated by tabs. */
SnugCliExit snug_cli_devices_run (const SnugCliOptions *options);

G_END_DECLS
