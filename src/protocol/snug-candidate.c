/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-candidate.h"

#include <gio/gio.h>
#include <string.h>

#include "snug-protocol.h"

/* foundation component protocol priority address port "typ" type */
#define N_FIXED_FIELDS 8

static gboolean
parse_number (const char *text, guint64 max, guint64 *number)
{
  return g_ascii_string_to_unsigned (text, 10, 0, max, number, NULL);
}

static SnugCandidate *
refuse (GError **error, const char *what)
{
  g_set_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_BAD_FIELD, "candidate: %s", what);

  return NULL;
}

SnugCandidate *
snug_candidate_parse (const char *line, GError **error)
{
  static const char *const types[] = { "host", "srflx", "prflx", "relay", NULL };
  g_autoptr (SnugCandidate) self = NULL;
  g_auto (GStrv) fields = NULL;
  guint64 component, priority, port;

  g_return_val_if_fail (line != NULL, NULL);

  if (strnlen (line, SNUG_CANDIDATE_MAX_BYTES + 1) > SNUG_CANDIDATE_MAX_BYTES)
    {
      g_set_error (error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_TOO_LARGE,
                   "candidate: longer than %d bytes", SNUG_CANDIDATE_MAX_BYTES);
      return NULL;
    }
  for (const char *c = line; *c != '\0'; c++)
    if (!g_ascii_isprint (*c))
      return refuse (error, "not printable ASCII");

  if (g_str_has_prefix (line, "a="))
    line += 2;
  if (!g_str_has_prefix (line, "candidate:"))
    return refuse (error, "does not begin with \"candidate:\"");

  fields = g_strsplit (line + strlen ("candidate:"), " ", N_FIXED_FIELDS + 1);
  if (g_strv_length (fields) < N_FIXED_FIELDS)
    return refuse (error, "too few fields");
  if (*fields[0] == '\0' || strlen (fields[0]) > 32)
    return refuse (error, "bad foundation");
  if (!parse_number (fields[1], 256, &component) || component == 0)
    return refuse (error, "bad component");
  if (!parse_number (fields[3], G_MAXUINT32, &priority))
    return refuse (error, "bad priority");
  if (!parse_number (fields[5], G_MAXUINT16, &port))
    return refuse (error, "bad port");
  if (strcmp (fields[6], "typ") != 0 || !g_strv_contains (types, fields[7]))
    return refuse (error, "bad type");

  self = g_new0 (SnugCandidate, 1);
  self->component = component;
  self->port = port;
  self->type = g_strdup (fields[7]);
  self->protocol = g_ascii_strdown (fields[2], -1);
  self->address = g_strdup (fields[4]);
  if (strcmp (self->protocol, "udp") != 0 && strcmp (self->protocol, "tcp") != 0)
    return refuse (error, "bad transport protocol");
  if (!g_hostname_is_ip_address (self->address)
      && (!snug_candidate_is_mdns (self) || strlen (self->address) > 255))
    return refuse (error, "bad address");

  return g_steal_pointer (&self);
}

void
snug_candidate_free (SnugCandidate *self)
{
  if (self == NULL)
    return;

  g_free (self->type);
  g_free (self->protocol);
  g_free (self->address);
  g_free (self);
}

gboolean
snug_candidate_is_mdns (const SnugCandidate *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_str_has_suffix (self->address, ".local");
}
