/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One event of a SnugEventLog, being written: a flat JSON object.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "snug-media-source.h"

G_BEGIN_DECLS

/* What is done with one. builder: (transfer full). name: of the person it is about, nullable. error: it says what went wrong. */
typedef void (*SnugEventFunc) (JsonBuilder *builder, const char *name, gboolean error, gpointer user_data);

/* With its "t", which is now, and its "event". Returns: (transfer full). */
JsonBuilder *snug_event_begin (const char *event);
/* An "error": where it comes from, whom it is about (nullable), and what it is. Returns: (transfer full). */
JsonBuilder *snug_event_begin_error (const char *source, const char *peer_id, const GError *error);
/* value: nullable; what is not UTF-8 is made so. */
void snug_event_add_string (JsonBuilder *self, const char *name, const char *value);
void snug_event_add_boolean (JsonBuilder *self, const char *name, gboolean value);
void snug_event_add_uint (JsonBuilder *self, const char *name, guint64 value);
/* null when it is not finite. */
void snug_event_add_double (JsonBuilder *self, const char *name, double value);
/* The value's nick. */
void snug_event_add_enum (JsonBuilder *self, const char *name, GType type, int value);
const char *snug_event_media_word (SnugMediaKind kind);
/* self: (transfer full). Returns: (transfer full). */
JsonObject *snug_event_end (JsonBuilder *self);

/* Returns: (transfer full): one line, numbers as short as they can be. */
char *snug_event_to_json (JsonObject *event);

G_END_DECLS
