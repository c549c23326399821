/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Checked reading of the fields of one JSON object, and writing of one, for the codecs of this
 * folder. Nothing outside includes this header.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "snug-protocol.h"

G_BEGIN_DECLS

typedef enum
{
  SNUG_JSON_REQUIRED = 0,
  SNUG_JSON_OPTIONAL = 1 << 0,      /* may be missing or null: read as NULL */
  SNUG_JSON_EMPTY = 1 << 1,         /* a string of no characters is one too */
  SNUG_JSON_NO_CONTROLS = 1 << 2,   /* no control characters (they end lines in an SDP) */
  SNUG_JSON_TOKEN = 1 << 3          /* only letters, digits and - _ . of ASCII */
} SnugJsonFlags;

/* Checks the grammar of RFC 8259 strictly, and that what json-glib would stumble over is not there. n_keys:
 * how many names of fields there are in all. */
gboolean snug_json_scan (const char *data, gsize size, guint *n_keys, GError **error);

/* Returns: (transfer full): one JSON object of at most max_size bytes, or NULL with a SNUG_PROTOCOL_ERROR. */
JsonObject *snug_json_parse (const char *data, gsize size, gsize max_size, GError **error);

/* Each returns FALSE with MISSING_FIELD, BAD_FIELD or TOO_LARGE, whose message names the field. */
gboolean snug_json_read_string (JsonObject *object,
                                const char *field,
                                gsize max_bytes,
                                SnugJsonFlags flags,
                                const char **value,
                                GError **error);
gboolean snug_json_read_uint (JsonObject *object,
                              const char *field,
                              guint min,
                              guint max,
                              guint *value,
                              GError **error);
gboolean snug_json_read_boolean (JsonObject *object, const char *field, gboolean *value, GError **error);
gboolean snug_json_read_array (JsonObject *object,
                               const char *field,
                               guint max_length,
                               SnugJsonFlags flags,
                               JsonArray **value,
                               GError **error);
/* The same for one element of the array that field holds. */
gboolean snug_json_element_string (JsonArray *array,
                                   guint index,
                                   const char *field,
                                   gsize max_bytes,
                                   SnugJsonFlags flags,
                                   const char **value,
                                   GError **error);
gboolean snug_json_element_object (JsonArray *array,
                                   guint index,
                                   const char *field,
                                   JsonObject **value,
                                   GError **error);

/* Writing: each puts a comma in front where one belongs. Strings are escaped as little as RFC 8259
 * allows, so that what is relayed never grows. */
void snug_json_write_name (GString *json, const char *field);
void snug_json_write_string (GString *json, const char *value);
void snug_json_write_string_field (GString *json, const char *field, const char *value);
void snug_json_write_uint_field (GString *json, const char *field, guint value);
void snug_json_write_boolean_field (GString *json, const char *field, gboolean value);
void snug_json_begin (GString *json, char bracket);
/* The bytes of value between its quotes, once written. */
gsize snug_json_escaped_size (const char *value);

G_END_DECLS
