/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "snug-cli doctor": says why calls do not work here.
 */
#pragma once

#include "snug-cli-exit.h"

G_BEGIN_DECLS

/* argv: NULL-terminated, with "doctor" at its beginning. */
SnugCliExit snug_cli_doctor_main (const char *const *argv);

G_END_DECLS
