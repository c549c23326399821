/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-json.h"

#include <string.h>

static gboolean
fail (GError **error, SnugProtocolError code, const char *field, const char *what)
{
  g_set_error (error, SNUG_PROTOCOL_ERROR, code, "Field \"%s\" %s", field, what);
  return FALSE;
}

/* How many fields are left after json-glib kept the last of those with the same name. */
static guint
count_fields (JsonNode *node)
{
  guint n = 0;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *child;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &child))
        n += 1 + count_fields (child);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        n += count_fields (json_array_get_element (array, i));
    }
  return n;
}

/**
 * snug_json_parse:
 * @data: (array length=size): bytes from the network
 * @size: how many
 * @max_size: how many there may be
 * @error: return location for a #SNUG_PROTOCOL_ERROR
 *
 * Returns: (transfer full): the one object that @data is, or %NULL
 */
JsonObject *
snug_json_parse (const char *data, gsize size, gsize max_size, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  guint n_keys = 0;
  JsonNode *root;

  if (size > max_size)
    {
      g_set_error (error,
                   SNUG_PROTOCOL_ERROR,
                   SNUG_PROTOCOL_ERROR_TOO_LARGE,
                   "A message of %" G_GSIZE_FORMAT " bytes, of %" G_GSIZE_FORMAT " allowed",
                   size,
                   max_size);
      return NULL;
    }
  if (!snug_json_scan (data, size, &n_keys, error))
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, data, (gssize) size, NULL)
      || (root = json_parser_get_root (parser)) == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_NOT_JSON, "Not JSON");
      return NULL;
    }
  if (count_fields (root) != n_keys)
    {
      g_set_error_literal (error,
                           SNUG_PROTOCOL_ERROR,
                           SNUG_PROTOCOL_ERROR_BAD_FIELD,
                           "A field is there twice");
      return NULL;
    }
  return json_object_ref (json_node_get_object (root));
}

/* The node of a field. NULL without an error: optional, and not there. */
static JsonNode *
get_field (JsonObject *object, const char *field, SnugJsonFlags flags, GError **error)
{
  JsonNode *node = json_object_get_member (object, field);

  if ((flags & SNUG_JSON_OPTIONAL) && (node == NULL || JSON_NODE_HOLDS_NULL (node)))
    return NULL;
  if (node == NULL)
    fail (error, SNUG_PROTOCOL_ERROR_MISSING_FIELD, field, "is missing");
  return node;
}

static gboolean
is_token (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isalnum (*text) && strchr ("-_.", *text) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_controls (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (g_ascii_iscntrl (*text))
        return TRUE;
    }
  return FALSE;
}

static gboolean
check_string (JsonNode *node,
              const char *field,
              gsize max_bytes,
              SnugJsonFlags flags,
              const char **value,
              GError **error)
{
  const char *text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field, "is not a string");
  text = json_node_get_string (node);
  if (strlen (text) > max_bytes)
    return fail (error, SNUG_PROTOCOL_ERROR_TOO_LARGE, field, "is too long");
  if (*text == '\0' && !(flags & SNUG_JSON_EMPTY))
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field, "is empty");
  if ((flags & SNUG_JSON_NO_CONTROLS) && has_controls (text))
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field, "contains control characters");
  if ((flags & SNUG_JSON_TOKEN) && !is_token (text))
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field,
                 "contains characters that it may not");
  *value = text;
  return TRUE;
}

gboolean
snug_json_read_string (JsonObject *object,
                       const char *field,
                       gsize max_bytes,
                       SnugJsonFlags flags,
                       const char **value,
                       GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonNode *node = get_field (object, field, flags, &local);

  *value = NULL;
  if (node != NULL)
    return check_string (node, field, max_bytes, flags, value, error);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
snug_json_read_uint (JsonObject *object,
                     const char *field,
                     guint min,
                     guint max,
                     guint *value,
                     GError **error)
{
  JsonNode *node = get_field (object, field, SNUG_JSON_REQUIRED, error);
  gint64 number;

  if (node == NULL)
    return FALSE;
  /* 1.0 is a double to json-glib, and no counter to us. */
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field, "is not a whole number");
  number = json_node_get_int (node);
  if (number < (gint64) min || number > (gint64) max)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field, "is out of range");
  *value = (guint) number;
  return TRUE;
}

gboolean
snug_json_read_boolean (JsonObject *object, const char *field, gboolean *value, GError **error)
{
  JsonNode *node = get_field (object, field, SNUG_JSON_REQUIRED, error);

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field, "is not true or false");
  *value = json_node_get_boolean (node);
  return TRUE;
}

gboolean
snug_json_read_array (JsonObject *object,
                      const char *field,
                      guint max_length,
                      SnugJsonFlags flags,
                      JsonArray **value,
                      GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonNode *node = get_field (object, field, flags, &local);

  *value = NULL;
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field, "is not an array");
  if (json_array_get_length (json_node_get_array (node)) > max_length)
    return fail (error, SNUG_PROTOCOL_ERROR_TOO_LARGE, field, "has too many elements");
  *value = json_node_get_array (node);
  return TRUE;
}

gboolean
snug_json_element_string (JsonArray *array,
                          guint index,
                          const char *field,
                          gsize max_bytes,
                          SnugJsonFlags flags,
                          const char **value,
                          GError **error)
{
  return check_string (json_array_get_element (array, index), field, max_bytes, flags, value,
                       error);
}

gboolean
snug_json_element_object (JsonArray *array,
                          guint index,
                          const char *field,
                          JsonObject **value,
                          GError **error)
{
  JsonNode *node = json_array_get_element (array, index);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, SNUG_PROTOCOL_ERROR_BAD_FIELD, field,
                 "holds something that is not an object");
  *value = json_node_get_object (node);
  return TRUE;
}

void
snug_json_begin (GString *json, char bracket)
{
  if (json->len > 0 && strchr ("{[:", json->str[json->len - 1]) == NULL)
    g_string_append_c (json, ',');
  g_string_append_c (json, bracket);
}

static const char *
short_escape (guchar c)
{
  switch (c)
    {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return NULL;
    }
}

gsize
snug_json_escaped_size (const char *value)
{
  gsize size = 0;

  for (; *value != '\0'; value++)
    {
      guchar c = (guchar) *value;

      if (short_escape (c) != NULL)
        size += 2;
      else
        size += c < 0x20 ? 6 : 1;
    }
  return size;
}

void
snug_json_write_string (GString *json, const char *value)
{
  const char *run = value;

  snug_json_begin (json, '"');
  for (; *value != '\0'; value++)
    {
      guchar c = (guchar) *value;
      const char *escape = short_escape (c);

      if (escape == NULL && c >= 0x20)
        continue;
      g_string_append_len (json, run, value - run);
      run = value + 1;
      if (escape != NULL)
        g_string_append (json, escape);
      else
        g_string_append_printf (json, "\\u%04x", c);
    }
  g_string_append_len (json, run, value - run);
  g_string_append_c (json, '"');
}

void
snug_json_write_name (GString *json, const char *field)
{
  snug_json_write_string (json, field);
  g_string_append_c (json, ':');
}

void
snug_json_write_string_field (GString *json, const char *field, const char *value)
{
  snug_json_write_name (json, field);
  snug_json_write_string (json, value);
}

void
snug_json_write_uint_field (GString *json, const char *field, guint value)
{
  snug_json_write_name (json, field);
  g_string_append_printf (json, "%u", value);
}

void
snug_json_write_boolean_field (GString *json, const char *field, gboolean value)
{
  snug_json_write_name (json, field);
  g_string_append (json, value ? "true" : "false");
}
