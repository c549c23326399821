/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of a SnugEventLog that watches files on their way. Main context.
 */
#pragma once

#include "snug-chat-message.h"
#include "snug-event.h"

G_BEGIN_DECLS

typedef struct _SnugEventFiles SnugEventFiles;

/* Returns: (transfer full). */
SnugEventFiles *snug_event_files_new (SnugEventFunc write, gpointer user_data);
void snug_event_files_free (SnugEventFiles *self);

/* A line of chat that is a file: what it is now, every change of its state and, once a second, how far it is. */
void snug_event_files_watch (SnugEventFiles *self, SnugChatMessage *message);
/* No more of any. */
void snug_event_files_unwatch_all (SnugEventFiles *self);

G_END_DECLS
