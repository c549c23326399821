/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-ice-config.h"

#include <gio/gio.h>
#include <gst/webrtc/webrtc.h>
#include <string.h>

#include "snug-engine.h"
#include "snug-protocol.h"
#include "snug-turn-tunnel.h"

#define DEFAULT_PORT 3478
#define DEFAULT_TLS_PORT 5349

typedef struct
{
  char *name;             /* for people: as it was given, without user name and password */
  char *uri;              /* as libnice takes it */
  char *key;              /* what makes it another one */
  SnugTurnTunnel *tunnel; /* NULL: none is needed */
} SnugTurnServer;

struct _SnugIceConfig
{
  char *stun;       /* libnice takes one: the first */
  GPtrArray *turns; /* of SnugTurnServer */
  gboolean relay_only;
  gboolean by_hand;
};

static void
turn_server_free (gpointer data)
{
  SnugTurnServer *turn = data;

  if (turn->tunnel != NULL)
    snug_turn_tunnel_close (turn->tunnel);
  g_clear_object (&turn->tunnel);
  g_free (turn->name);
  g_free (turn->uri);
  g_free (turn->key);
  g_free (turn);
}

SnugIceConfig *
snug_ice_config_new (void)
{
  SnugIceConfig *self = g_new0 (SnugIceConfig, 1);

  self->turns = g_ptr_array_new_with_free_func (turn_server_free);

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
parse_host_and_port (const char *text, guint16 default_port, char **host, guint16 *port)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (text, default_port, NULL);
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

/* transport: "udp", "tcp", or "tls", which is TCP to libnice. */
static gboolean
add_turn (SnugIceConfig *self,
          const char *uri,
          const char *host,
          guint16 port,
          const char *transport,
          const char *username,
          const char *credential,
          GError **error)
{
  g_autofree char *key = NULL;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  g_autofree char *server = NULL;
  g_autoptr (GError) tunnel_error = NULL;
  SnugTurnTunnel *tunnel = NULL;
  SnugTurnServer *turn;

  if (username == NULL || *username == '\0' || credential == NULL || *credential == '\0')
    return refuse (error, uri, "a relay needs a user name and a password");

  /* Unescaped, libnice would cut the name at the first ':' and say nothing. */
  user = g_uri_escape_string (username, NULL, FALSE);
  password = g_uri_escape_string (credential, NULL, FALSE);
  key = g_strdup_printf ("%s:%s@%s:%u?%s", user, password, host, port, transport);
  for (guint i = 0; i < self->turns->len; i++)
    if (strcmp (((SnugTurnServer *) self->turns->pdata[i])->key, key) == 0)
      return TRUE;
  if (self->turns->len >= SNUG_ICE_SERVERS_MAX)
    return refuse (error, uri, "there are too many already");

  if (strcmp (transport, "tls") == 0)
    {
      tunnel = snug_turn_tunnel_new (host, port, &tunnel_error);
      if (tunnel == NULL)
        return refuse (error, uri, tunnel_error->message);
    }
  server = tunnel != NULL ? g_strdup (snug_turn_tunnel_get_address (tunnel)) : g_strdup_printf ("%s:%u", host, port);

  turn = g_new0 (SnugTurnServer, 1);
  turn->name = g_strdup (uri);
  turn->uri = g_strdup_printf ("turn://%s:%s@%s?transport=%s", user, password, server,
                               tunnel != NULL ? "tcp" : transport);
  turn->key = g_steal_pointer (&key);
  turn->tunnel = tunnel;
  g_ptr_array_add (self->turns, turn);

  return TRUE;
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
  const char *colon, *query, *transport;
  guint16 port;
  gboolean is_turn, is_tls;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);

  if (!g_utf8_validate (uri, -1, NULL) || strlen (uri) > SNUG_ICE_SERVER_FIELD_MAX_BYTES)
    return refuse (error, "(unreadable)", "the address is too long or not text");
  if (g_str_has_prefix (uri, "stuns:"))
    return refuse (error, uri, "TLS to a STUN server is not supported, and nothing secret is said there: use \"stun:\"");
  is_tls = g_str_has_prefix (uri, "turns:");
  is_turn = is_tls || g_str_has_prefix (uri, "turn:");
  if (!is_turn && !g_str_has_prefix (uri, "stun:"))
    return refuse (error, uri, "it begins with none of \"stun:\", \"turn:\" and \"turns:\"");

  transport = is_tls ? "tcp" : "udp";
  colon = strchr (uri, ':') + 1;
  query = strchr (uri, '?');
  authority = query != NULL ? g_strndup (colon, query - colon) : g_strdup (colon);
  if (query != NULL)
    {
      if (!is_turn || !g_str_has_prefix (query, "?transport="))
        return refuse (error, uri, "unknown parameters");
      transport = query + strlen ("?transport=");
      if (strcmp (transport, "udp") != 0 && strcmp (transport, "tcp") != 0)
        return refuse (error, uri, "the transport is neither udp nor tcp");
      if (is_tls && strcmp (transport, "tcp") != 0)
        return refuse (error, uri, "TLS is possible over tcp only");
    }
  if (!parse_host_and_port (authority, is_tls ? DEFAULT_TLS_PORT : DEFAULT_PORT, &host, &port))
    return refuse (error, uri, "no host name or address that can be used");

  if (!is_turn)
    {
      if (self->stun == NULL)
        self->stun = g_strdup_printf ("stun://%s:%u", host, port);
      return TRUE;
    }

  return add_turn (self, uri, host, port, is_tls ? "tls" : transport, username, credential, error);
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
      const SnugTurnServer *turn = self->turns->pdata[i];
      gboolean added = FALSE;

      g_signal_emit_by_name (webrtcbin, "add-turn-server", turn->uri, &added);
      if (!added)
        g_message ("webrtcbin did not take a TURN server");
    }
  if (self->relay_only || (relay_only && self->turns->len > 0))
    g_object_set (webrtcbin, "ice-transport-policy", GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY, NULL);
}

char *
snug_ice_config_blame_relays (SnugIceConfig *self, const char *text)
{
  GString *whole;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->turns->len == 0)
    return NULL;
  whole = g_string_new (text);
  g_string_append (whole, "; no relay let us in: ");
  for (guint i = 0; i < self->turns->len; i++)
    {
      const SnugTurnServer *turn = self->turns->pdata[i];
      const GError *error = turn->tunnel != NULL ? snug_turn_tunnel_get_error (turn->tunnel) : NULL;

      g_string_append_printf (whole, "%s%s", i > 0 ? ", " : "", turn->name);
      if (error != NULL)
        g_string_append_printf (whole, " (%s)", error->message);
    }

  return g_string_free (whole, FALSE);
}
