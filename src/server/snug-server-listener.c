/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "snug-upgrade.h"

/* After an accept that failed in no known way, before the next. */
#define PAUSE_MICROSECONDS (G_USEC_PER_SEC / 4)
/* What the kernel may hold for a slow reader; the rest is counted by the client. */
#define SOCKET_BUFFER_BYTES (128 * 1024)
#define BACKLOG 1024
/* Accepted in one turn. */
#define TURN 64

struct _SnugServerListener
{
  SnugServerLoop *loop;
  const SnugServerListenerFuncs *funcs;
  gpointer data;
  SnugServerConfig *config;
  SnugWaiter waiter;
  int fd;
  int spare_fd; /* given away for a moment when there is no other left */
  guint16 port;
  guint handshake_timeout;
  GHashTable *handshakes; /* a set */
};

static SnugVisitor *
enter (const SnugServerAddress *address, gpointer data)
{
  SnugServerListener *self = data;

  return self->funcs->handshake.enter (address, self->data);
}

static void
leave (SnugVisitor *visitor, gpointer data)
{
  SnugServerListener *self = data;

  self->funcs->handshake.leave (visitor, self->data);
}

static char *
respond (SnugServerRequest *request, gpointer data)
{
  SnugServerListener *self = data;

  return self->funcs->handshake.respond (request, self->data);
}

static void
done (SnugServerHandshake *handshake, const SnugServerTransport *transport, gpointer data)
{
  SnugServerListener *self = data;

  g_hash_table_steal (self->handshakes, handshake);
  self->funcs->handshake.done (handshake, transport, self->data);
}

/* With an answer, if it asks without TLS and the answer goes out at once. */
static void
turn_away (SnugServerListener *self, int fd, guint status)
{
  g_autofree char *response = snug_http_make_response (status, "Retry-After: 30\r\n", NULL);

  g_debug ("event=connection-refused status=%u", status);
  if (self->config->tls == NULL)
    send (fd, response, strlen (response), MSG_NOSIGNAL | MSG_DONTWAIT);
  close (fd);
}

/* fd: taken over. */
static void
welcome (SnugServerListener *self, int fd, const struct sockaddr *native)
{
  static const SnugServerHandshakeFuncs funcs = { enter, leave, respond, done };
  SnugServerTransport transport;
  SnugServerHandshake *handshake;
  SnugServerAddress address;
  const int yes = 1, size = SOCKET_BUFFER_BYTES;

  if (self->config->private_only
      && (!snug_server_address_from_native (&address, native) || !snug_server_address_is_private (&address)))
    {
      g_debug ("event=connection-refused reason=not-private");
      close (fd);
      return;
    }
  if (!snug_server_address_from_native (&address, native)
      || !self->funcs->may_enter (g_hash_table_size (self->handshakes), self->data))
    {
      turn_away (self, fd, 503);
      return;
    }
  /* Messages are small, and each is waited for. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  snug_server_transport_init (&transport, fd);
  handshake = snug_server_handshake_new (self->loop, &transport, &address, self->config, self->handshake_timeout,
                                         &funcs, self);
  if (handshake != NULL)
    g_hash_table_add (self->handshakes, handshake);
  else
    turn_away (self, fd, 429);
}

static void
pause_accepting (SnugServerListener *self)
{
  snug_server_loop_watch (self->loop, &self->waiter, self->fd, 0);
  snug_server_loop_set_deadline (self->loop, &self->waiter, g_get_monotonic_time () + PAUSE_MICROSECONDS);
}

/* No descriptor is left: whoever waits is let in by the spare one, and out again, instead of waiting for ever. */
static void
shed (SnugServerListener *self)
{
  int fd;

  g_info ("event=no-descriptors");
  close (self->spare_fd);
  fd = accept4 (self->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0)
    turn_away (self, fd, 503);
  self->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void
on_ready (gpointer data, guint events)
{
  SnugServerListener *self = data;

  for (guint i = 0; i < TURN; i++)
    {
      struct sockaddr_storage native;
      socklen_t size = sizeof native;
      int fd = accept4 (self->fd, (struct sockaddr *) &native, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        welcome (self, fd, (const struct sockaddr *) &native);
      else if (errno == EAGAIN)
        return;
      else if ((errno == EMFILE || errno == ENFILE) && self->spare_fd >= 0)
        shed (self);
      /* One that was reset while it waited is no trouble; anything else might not end by itself. */
      else if (errno != ECONNABORTED && errno != EINTR)
        {
          g_info ("event=accept-failed text=\"%s\"", g_strerror (errno));
          pause_accepting (self);
          return;
        }
    }
}

static void
on_due (gpointer data)
{
  SnugServerListener *self = data;

  if (self->spare_fd < 0)
    self->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  snug_server_loop_watch (self->loop, &self->waiter, self->fd, EPOLLIN);
}

static int
fail (GError **error, const char *what, int fd)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), "%s: %s", what, g_strerror (code));
  if (fd >= 0)
    close (fd);
  return -1;
}

static int
open_socket (const struct sockaddr *address, socklen_t size, gboolean both, GError **error)
{
  const int yes = 1, no = 0;
  int fd = socket (address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return fail (error, "No socket", fd);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (address->sa_family == AF_INET6)
    setsockopt (fd, IPPROTO_IPV6, IPV6_V6ONLY, both ? &no : &yes, sizeof yes);
  if (bind (fd, address, size) < 0)
    return fail (error, "The address can't be used", fd);
  if (listen (fd, BACKLOG) < 0)
    return fail (error, "Can't listen", fd);
  return fd;
}

/* Both families by one socket; where there is no IPv6, IPv4 alone. */
static int
open_any (guint16 port, GError **error)
{
  const struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_port = htons (port), .sin6_addr = in6addr_any };
  const struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = htons (port) };
  g_autoptr (GError) local = NULL;
  int fd = open_socket ((const struct sockaddr *) &ipv6, sizeof ipv6, TRUE, &local);

  if (fd >= 0)
    return fd;
  if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return open_socket ((const struct sockaddr *) &ipv4, sizeof ipv4, FALSE, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return -1;
}

static int
open_address (const char *text, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string (text, port);
  struct sockaddr_storage native;

  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "\"%s\" is not a numeric address", text);
      return -1;
    }
  if (!g_socket_address_to_native (address, &native, sizeof native, error))
    return -1;
  return open_socket ((const struct sockaddr *) &native, (socklen_t) g_socket_address_get_native_size (address),
                      FALSE, error);
}

static guint16
find_port (int fd)
{
  union
  {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
  } address = { { 0 } };
  socklen_t size = sizeof address;

  getsockname (fd, &address.any, &size);
  return ntohs (address.any.sa_family == AF_INET6 ? address.ipv6.sin6_port : address.ipv4.sin_port);
}

static SnugServerListener *
make (SnugServerLoop *loop, int fd, SnugServerConfig *config, const SnugServerListenerFuncs *funcs, gpointer data)
{
  static const SnugWaiterFuncs waiter_funcs = { .ready = on_ready, .due = on_due };
  SnugServerListener *self = g_new0 (SnugServerListener, 1);

  self->loop = loop;
  self->funcs = funcs;
  self->data = data;
  self->config = snug_server_config_ref (config);
  self->fd = fd;
  self->port = find_port (fd);
  self->spare_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  self->handshake_timeout = 10;
  self->handshakes = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) snug_server_handshake_free, NULL);
  snug_waiter_init (&self->waiter, &waiter_funcs, self);
  snug_server_loop_watch (loop, &self->waiter, fd, EPOLLIN);
  return self;
}

SnugServerListener *
snug_server_listener_new (SnugServerLoop *loop,
                          const char *bind_address,
                          guint16 port,
                          SnugServerConfig *config,
                          const SnugServerListenerFuncs *funcs,
                          gpointer data,
                          GError **error)
{
  int fd = bind_address != NULL ? open_address (bind_address, port, error) : open_any (port, error);

  return fd >= 0 ? make (loop, fd, config, funcs, data) : NULL;
}

SnugServerListener *
snug_server_listener_new_for_fd (SnugServerLoop *loop,
                                 int fd,
                                 SnugServerConfig *config,
                                 const SnugServerListenerFuncs *funcs,
                                 gpointer data,
                                 GError **error)
{
  int listens = 0;
  socklen_t size = sizeof listens;
  int flags = fcntl (fd, F_GETFL);

  if (getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) < 0 || !listens || flags < 0
      || fcntl (fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl (fd, F_SETFD, FD_CLOEXEC) < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Descriptor %d is no socket that listens", fd);
      return NULL;
    }
  return make (loop, fd, config, funcs, data);
}

void
snug_server_listener_free (SnugServerListener *self)
{
  g_return_if_fail (self != NULL);

  snug_server_loop_remove (self->loop, &self->waiter);
  g_hash_table_unref (self->handshakes);
  close (self->fd);
  if (self->spare_fd >= 0)
    close (self->spare_fd);
  snug_server_config_unref (self->config);
  g_free (self);
}

guint16
snug_server_listener_get_port (SnugServerListener *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

void
snug_server_listener_set_handshake_timeout (SnugServerListener *self, guint seconds)
{
  g_return_if_fail (self != NULL);

  self->handshake_timeout = seconds;
}

void
snug_server_listener_set_config (SnugServerListener *self, SnugServerConfig *config)
{
  SnugServerConfig *before = self->config;

  g_return_if_fail (self != NULL);

  self->config = snug_server_config_ref (config);
  snug_server_config_unref (before);
}

guint
snug_server_listener_get_n_handshakes (SnugServerListener *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->handshakes);
}
