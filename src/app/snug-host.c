/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-host.h"

#include "snug-server.h"
#include "snug-websocket-signaling.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct _SnugHost
{
  GObject parent_instance;

  SnugServer *server;
};

G_DEFINE_FINAL_TYPE (SnugHost, snug_host, G_TYPE_OBJECT)

static void
on_stopped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  snug_server_stop_finish (SNUG_SERVER (source), result, NULL);
}

static void
snug_host_dispose (GObject *object)
{
  SnugHost *self = SNUG_HOST (object);

  /* The operation keeps the server alive until everybody has been told. */
  if (self->server != NULL)
    snug_server_stop_async (self->server, on_stopped, NULL);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (snug_host_parent_class)->dispose (object);
}

static void
snug_host_class_init (SnugHostClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = snug_host_dispose;
}

static void
snug_host_init (SnugHost *self)
{
}

SnugHost *
snug_host_new (void)
{
  return g_object_new (SNUG_TYPE_HOST, NULL);
}

/* Whoever comes was told the address by the person, and a local network may well have public ones: with IPv6 most do. */
static SnugServer *
make_server (void)
{
  g_autoptr (SnugServerConfig) config = snug_server_config_new ();
  SnugServer *server = snug_server_new ();

  config->plain_anywhere = TRUE;
  snug_server_set_config (server, config);

  return server;
}

gboolean
snug_host_start (SnugHost *self, GError **error)
{
  g_autoptr (SnugServer) server = NULL;

  g_return_val_if_fail (SNUG_IS_HOST (self), FALSE);

  if (self->server != NULL)
    return TRUE;
  server = make_server ();
  if (!snug_server_listen (server, NULL, SNUG_HOST_PORT, NULL))
    {
      g_clear_object (&server);
      server = make_server ();
      if (!snug_server_listen (server, NULL, 0, error))
        return FALSE;
    }
  self->server = g_steal_pointer (&server);
  return TRUE;
}

char *
snug_host_get_own_uri (SnugHost *self)
{
  g_autofree char *address = NULL;

  g_return_val_if_fail (SNUG_IS_HOST (self) && self->server != NULL, NULL);
  address = g_strdup_printf ("ws://127.0.0.1:%u", snug_server_get_port (self->server));
  return snug_websocket_signaling_normalize_uri (address, NULL);
}

/* The address in the local network: IPv4 first, it is the shorter one to read out. */
static char *
find_own_address (void)
{
  struct ifaddrs *interfaces = NULL;
  g_autofree char *ipv6 = NULL;
  char *ipv4 = NULL;

  if (getifaddrs (&interfaces) != 0)
    return NULL;
  for (const struct ifaddrs *i = interfaces; i != NULL && ipv4 == NULL; i = i->ifa_next)
    {
      g_autoptr (GSocketAddress) address = NULL;
      GInetAddress *inet;

      if (i->ifa_addr == NULL || !(i->ifa_flags & IFF_UP) || (i->ifa_flags & IFF_LOOPBACK))
        continue;
      if (i->ifa_addr->sa_family == AF_INET)
        address = g_socket_address_new_from_native (i->ifa_addr, sizeof (struct sockaddr_in));
      else if (i->ifa_addr->sa_family == AF_INET6)
        address = g_socket_address_new_from_native (i->ifa_addr, sizeof (struct sockaddr_in6));
      if (address == NULL)
        continue;
      inet = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
      if (g_inet_address_get_is_link_local (inet))
        continue;
      if (g_inet_address_get_family (inet) == G_SOCKET_FAMILY_IPV4)
        ipv4 = g_inet_address_to_string (inet);
      else if (ipv6 == NULL)
        {
          g_autofree char *text = g_inet_address_to_string (inet);
          ipv6 = g_strdup_printf ("[%s]", text);
        }
    }
  freeifaddrs (interfaces);
  return ipv4 != NULL ? ipv4 : g_steal_pointer (&ipv6);
}

char *
snug_host_get_address (SnugHost *self)
{
  g_autofree char *address = NULL;

  g_return_val_if_fail (SNUG_IS_HOST (self) && self->server != NULL, NULL);

  address = find_own_address ();
  if (address == NULL)
    return NULL;
  return g_strdup_printf ("ws://%s:%u", address, snug_server_get_port (self->server));
}
