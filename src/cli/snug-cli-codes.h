/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comparing codes without a window: whoever reads out theirs has it typed in here, on standard input. Main context.
 */
#pragma once

#include "snug-call.h"
#include "snug-event-log.h"

G_BEGIN_DECLS

typedef struct _SnugCliCodes SnugCliCodes;

/* Reads standard input until it ends, line by line: the words of a code confirm who in the call has it. Nobody else may read it.
 * Returns: (transfer full). */
SnugCliCodes *snug_cli_codes_new (SnugCall *call, SnugEventLog *log);
void snug_cli_codes_free (SnugCliCodes *self);

/* Whether line has the words of that code: in any case, with anything that is no letter between them. line: any bytes,
 * NUL-terminated. */
gboolean snug_cli_codes_match (const SnugShortCode *code, const char *line);

G_END_DECLS
