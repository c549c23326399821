/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-ice-config.h"

#include <gio/gio.h>
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "snug-engine.h"
#include "snug-protocol.h"

#define DEFAULT_PORT 3478

struct _SnugIceConfig
{
  char *stun;        /* libnice takes one: the first */
  GPtrArray *turns;  /* of char * */
  gboolean relay_only;
  gboolean by_hand;
};

SnugIceConfig *
snug_ice_config_new (void)
{
  SnugIceConfig *self = g_new0 (SnugIceConfig, 1);

  self->turns = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
snug_ice_config_free (SnugIceConfig *self)
{
  if (self == NULL)
    return;

  g_free (self->stun);
  g_ptr_array_unref (self->turns);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *uri, const char *reason)
{
  g_set_error (error, SNUG_CALL_ERROR, SNUG_CALL_ERROR_ICE_SERVER,
               "The ICE server \"%s\" can't be used: %s", uri, reason);

  return FALSE;
}

/* "host", "host:port", "[v6]", "[v6]:port" */
static gboolean
parse_host_and_port (const char *text, char **host, guint16 *port)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (text, DEFAULT_PORT, NULL);
  const char *name;

  if (address == NULL)
    return FALSE;
  name = g_network_address_get_hostname (G_NETWORK_ADDRESS (address));
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr (".:-_%", *c) == NULL)
      return FALSE;
  if (*name == '\0')
    return FALSE;

  *host = strchr (name, ':') != NULL ? g_strdup_printf ("[%s]", name) : g_strdup (name);
  *port = g_network_address_get_port (G_NETWORK_ADDRESS (address));

  return *port != 0;
}

gboolean
snug_ice_config_add (SnugIceConfig *self,
                     const char *uri,
                     const char *username,
                     const char *credential,
                     GError **error)
{
  g_autofree char *authority = NULL;
  g_autofree char *host = NULL;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  g_autofree char *turn = NULL;
  const char *query, *transport = "udp";
  guint16 port;
  gboolean is_turn;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);

  if (!g_utf8_validate (uri, -1, NULL) || strlen (uri) > SNUG_ICE_SERVER_FIELD_MAX_BYTES)
    return refuse (error, "(unreadable)", "the address is too long or not text");
  if (g_str_has_prefix (uri, "turns:") || g_str_has_prefix (uri, "stuns:"))
    return refuse (error, uri, "TLS to an ICE server is not supported, and without it \"turns:\" "
                               "would be plain text");
  is_turn = g_str_has_prefix (uri, "turn:");
  if (!is_turn && !g_str_has_prefix (uri, "stun:"))
    return refuse (error, uri, "it begins with neither \"stun:\" nor \"turn:\"");

  query = strchr (uri, '?');
  authority = query != NULL ? g_strndup (uri + 5, query - uri - 5) : g_strdup (uri + 5);
  if (query != NULL)
    {
      if (!is_turn || !g_str_has_prefix (query, "?transport="))
        return refuse (error, uri, "unknown parameters");
      transport = query + strlen ("?transport=");
      if (strcmp (transport, "udp") != 0 && strcmp (transport, "tcp") != 0)
        return refuse (error, uri, "the transport is neither udp nor tcp");
    }
  if (!parse_host_and_port (authority, &host, &port))
    return refuse (error, uri, "no host name or address that can be used");

  if (!is_turn)
    {
      if (self->stun == NULL)
        self->stun = g_strdup_printf ("stun://%s:%u", host, port);
      return TRUE;
    }

  if (username == NULL || *username == '\0' || credential == NULL || *credential == '\0')
    return refuse (error, uri, "a relay needs a user name and a password");
  if (self->turns->len >= SNUG_ICE_SERVERS_MAX)
    return refuse (error, uri, "there are too many already");

  /* Unescaped, libnice would cut the name at the first ':' and say nothing. */
  user = g_uri_escape_string (username, NULL, FALSE);
  password = g_uri_escape_string (credential, NULL, FALSE);
  turn = g_strdup_printf ("turn://%s:%s@%s:%u?transport=%s", user, password, host, port, transport);
  if (!g_ptr_array_find_with_equal_func (self->turns, turn, g_str_equal, NULL))
    g_ptr_array_add (self->turns, g_steal_pointer (&turn));

  return TRUE;
}

void
snug_ice_config_set_relay_only (SnugIceConfig *self, gboolean relay_only)
{
  g_return_if_fail (self != NULL);

  self->relay_only = relay_only;
}

gboolean
snug_ice_config_get_relay_only (SnugIceConfig *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->relay_only;
}

void
snug_ice_config_set_by_hand (SnugIceConfig *self, gboolean by_hand)
{
  g_return_if_fail (self != NULL);

  self->by_hand = by_hand;
}

gboolean
snug_ice_config_get_by_hand (SnugIceConfig *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->by_hand;
}

gboolean
snug_ice_config_has_turn (SnugIceConfig *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->turns->len > 0;
}

void
snug_ice_config_apply (SnugIceConfig *self, GstElement *webrtcbin, gboolean relay_only)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (GST_IS_ELEMENT (webrtcbin));

  if (self->stun != NULL)
    g_object_set (webrtcbin, "stun-server", self->stun, NULL);
  for (guint i = 0; i < self->turns->len; i++)
    {
      gboolean added = FALSE;

      g_signal_emit_by_name (webrtcbin, "add-turn-server", self->turns->pdata[i], &added);
      if (!added)
        g_message ("webrtcbin did not take a TURN server");
    }
  if (self->relay_only || (relay_only && self->turns->len > 0))
    g_object_set (webrtcbin, "ice-transport-policy", GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY, NULL);
}
