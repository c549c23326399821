/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "snug-stats-report.h"

#include <json-glib/json-glib.h>
#include <math.h>

const char *
snug_stats_report_redact (const char *address)
{
  g_autoptr (GInetAddress) inet = NULL;
  gboolean v4;

  if (address == NULL)
    return NULL;
  inet = g_inet_address_new_from_string (address);
  if (inet == NULL)
    return "name";
  v4 = g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4;
  if (g_inet_address_get_is_loopback (inet))
    return v4 ? "IPv4, loopback" : "IPv6, loopback";
  if (g_inet_address_get_is_link_local (inet))
    return v4 ? "IPv4, link-local" : "IPv6, link-local";
  if (g_inet_address_get_is_site_local (inet))
    return v4 ? "IPv4, private" : "IPv6, private";
  /* Unique local addresses (RFC 4193), which GLib does not know. */
  if (!v4 && (g_inet_address_to_bytes (inet)[0] & 0xFE) == 0xFC)
    return "IPv6, private";
  return v4 ? "IPv4, public" : "IPv6, public";
}

/* Six digits after the point are more than was measured. */
static void
append_number (GString *json, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    g_string_append (json, "null");
  else
    g_string_append (json, g_ascii_formatd (text, sizeof text, "%.9g", value));
}

static void
append_string (GString *json, const char *value)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (value == NULL)
    {
      g_string_append (json, "null");
      return;
    }
  node = json_node_init_string (json_node_alloc (), value);
  text = json_to_string (node, FALSE);
  g_string_append (json, text);
}

static void
append_sample (GString *json, SnugStatsSample *sample, gboolean with_addresses)
{
  const char *values = (const char *) snug_stats_sample_get_values (sample);
  gsize n_fields;
  const SnugStatsField *fields = snug_stats_sample_list_fields (&n_fields);

  g_string_append_c (json, '{');
  for (gsize i = 0; i < n_fields; i++)
    {
      const void *value = values + fields[i].offset;
      gboolean address = g_str_has_suffix (fields[i].name, "_address");

      if (!with_addresses && g_str_has_suffix (fields[i].name, "_port"))
        continue;
      g_string_append_printf (json, "%s\"%s\": ", i > 0 ? ", " : "", fields[i].name);
      switch (fields[i].type)
        {
        case SNUG_STATS_DOUBLE:
          append_number (json, *(const double *) value);
          break;
        case SNUG_STATS_UINT:
          g_string_append_printf (json, "%u", *(const guint *) value);
          break;
        case SNUG_STATS_UINT64:
          g_string_append_printf (json, "%" G_GUINT64_FORMAT, *(const guint64 *) value);
          break;
        case SNUG_STATS_STRING:
        default:
          append_string (json, address && !with_addresses ? snug_stats_report_redact (*(const char *const *) value)
                                                          : *(const char *const *) value);
          break;
        }
    }
  g_string_append_c (json, '}');
}

char *
snug_stats_report_make (GListModel *samples, gboolean with_addresses)
{
  guint n = g_list_model_get_n_items (samples);
  GString *json = g_string_new ("{\n  \"program\": \"Snug " SNUG_VERSION "\",\n  \"samples\": [");

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (SnugStatsSample) sample = g_list_model_get_item (samples, i);

      g_string_append (json, i > 0 ? ",\n    " : "\n    ");
      append_sample (json, sample, with_addresses);
    }
  g_string_append (json, n > 0 ? "\n  ]\n}\n" : "]\n}\n");
  return g_string_free (json, FALSE);
}
