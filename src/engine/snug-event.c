/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-event.h"

#include <math.h>

#include "snug-engine.h"
#include "snug-error-words.h"

JsonBuilder *
snug_event_begin (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "t");
  json_builder_add_double_value (builder, snug_engine_get_uptime () / (double) G_USEC_PER_SEC);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);

  return builder;
}

JsonBuilder *
snug_event_begin_error (const char *source, const char *peer_id, const GError *error)
{
  JsonBuilder *builder = snug_event_begin ("error");
  g_autofree char *code = snug_error_code_word (error);

  snug_event_add_string (builder, "source", source);
  snug_event_add_string (builder, "peer", peer_id);
  snug_event_add_string (builder, "domain", snug_error_domain_word (error));
  snug_event_add_string (builder, "code", code);
  snug_event_add_string (builder, "message", error->message);

  return builder;
}

const char *
snug_event_media_word (SnugMediaKind kind)
{
  static const char *const words[]
      = { [SNUG_MEDIA_VIDEO] = "video", [SNUG_MEDIA_AUDIO] = "audio", [SNUG_MEDIA_SCREEN] = "screen" };

  return words[kind];
}

void
snug_event_add_string (JsonBuilder *self, const char *name, const char *value)
{
  json_builder_set_member_name (self, name);
  if (value == NULL)
    json_builder_add_null_value (self);
  else if (g_utf8_validate (value, -1, NULL))
    json_builder_add_string_value (self, value);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (value, -1);

      json_builder_add_string_value (self, valid);
    }
}

void
snug_event_add_boolean (JsonBuilder *self, const char *name, gboolean value)
{
  json_builder_set_member_name (self, name);
  json_builder_add_boolean_value (self, value);
}

void
snug_event_add_uint (JsonBuilder *self, const char *name, guint64 value)
{
  json_builder_set_member_name (self, name);
  /* JSON integers of json-glib are signed. */
  json_builder_add_int_value (self, MIN (value, G_MAXINT64));
}

void
snug_event_add_double (JsonBuilder *self, const char *name, double value)
{
  json_builder_set_member_name (self, name);
  if (isfinite (value))
    json_builder_add_double_value (self, value);
  else
    json_builder_add_null_value (self);
}

void
snug_event_add_enum (JsonBuilder *self, const char *name, GType type, int value)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (type);
  const GEnumValue *enum_value = g_enum_get_value (klass, value);

  snug_event_add_string (self, name, enum_value != NULL ? enum_value->value_nick : NULL);
}

JsonObject *
snug_event_end (JsonBuilder *self)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (self);
  root = json_builder_get_root (self);
  g_object_unref (self);

  return json_node_dup_object (root);
}

/* The shortest digits that are read back as the same number: json-glib would write 0.1 as 0.10000000000000001. */
static void
append_double (GString *line, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (digits, sizeof digits, "%.15g", value);
  if (g_ascii_strtod (digits, NULL) != value)
    g_ascii_dtostr (digits, sizeof digits, value);
  g_string_append (line, digits);
}

char *
snug_event_to_json (JsonObject *event)
{
  GString *line = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, event);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      /* The names are ours and need no escaping. */
      g_string_append_printf (line, "%c\"%s\":", line->len == 0 ? '{' : ',', name);
      if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_DOUBLE)
        append_double (line, json_node_get_double (value));
      else
        {
          g_autofree char *text = json_to_string (value, FALSE);

          g_string_append (line, text);
        }
    }
  g_string_append_c (line, '}');

  return g_string_free (line, FALSE);
}
