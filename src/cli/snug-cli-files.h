/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending files that the command line names, and taking those that others offer.
 */
#pragma once

#include "snug-call.h"
#include "snug-event-log.h"

G_BEGIN_DECLS

typedef struct _SnugCliFiles SnugCliFiles;

/* folder: where everything that is offered goes; nullable: nothing is taken. All is borrowed until it is freed.
 * Returns: (transfer full). */
SnugCliFiles *snug_cli_files_new (SnugCall *call, SnugEventLog *log, const char *folder);
void snug_cli_files_free (SnugCliFiles *self);

/* Offers each to everybody who is there. What can't be sent is written to the log. */
void snug_cli_files_send (SnugCliFiles *self, const char *const *paths);

G_END_DECLS
