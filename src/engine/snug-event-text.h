/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One event of a SnugEventLog as an English sentence. Pure.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* event: as SnugEventLog makes it. name: of the peer it is about, nullable. Control characters that others wrote come out
 * harmless for a terminal. Returns: (transfer full) (nullable): NULL when there is nothing that a person wants to know. */
char *snug_event_text_format (JsonObject *event, const char *name);

G_END_DECLS
