/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-stun-link.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often a wait looks whether it should go on. */
#define SLICE_MS 50
/* From one try over UDP to the next, doubled each time (RFC 8489, 6.2.1). */
#define RETRANSMIT_MS 250
#define ADDRESSES_MAX 8
#define CONNECT_SECONDS_MAX 10

struct _SnugStunLink
{
  GCancellable *cancellable;
  int fd;            /* UDP; -1: a stream */
  guint family;      /* of UDP */
  GIOStream *stream; /* TCP, or TLS in it */
  GSocket *socket;   /* below the stream; borrowed */
  GByteArray *input; /* of a stream, not yet taken */
  guint8 message[SNUG_STUN_MESSAGE_MAX_BYTES]; /* the last one, that others point into */
};

typedef union
{
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
  struct sockaddr_storage storage;
} SocketName;

const char *
snug_stun_outcome_to_string (SnugStunOutcome outcome)
{
  static const char *const words[] = { "answered", "no answer", "refused: nothing listens there", "kept back on the way",
                                       "what answers is no such server", "its certificate is not accepted", "stopped" };

  g_return_val_if_fail (outcome < G_N_ELEMENTS (words), "");
  return words[outcome];
}

static socklen_t
to_socket_name (const SnugStunAddress *address, SocketName *name)
{
  memset (name, 0, sizeof *name);
  if (address->family == 4)
    {
      name->v4.sin_family = AF_INET;
      name->v4.sin_port = htons (address->port);
      memcpy (&name->v4.sin_addr, address->bytes, 4);
      return sizeof name->v4;
    }
  name->v6.sin6_family = AF_INET6;
  name->v6.sin6_port = htons (address->port);
  memcpy (&name->v6.sin6_addr, address->bytes, 16);
  return sizeof name->v6;
}

static void
from_socket_name (const SocketName *name, SnugStunAddress *address)
{
  memset (address, 0, sizeof *address);
  if (name->any.sa_family == AF_INET)
    {
      address->family = 4;
      address->port = ntohs (name->v4.sin_port);
      memcpy (address->bytes, &name->v4.sin_addr, 4);
    }
  else if (name->any.sa_family == AF_INET6)
    {
      address->family = 6;
      address->port = ntohs (name->v6.sin6_port);
      memcpy (address->bytes, &name->v6.sin6_addr, 16);
    }
}

gboolean
snug_stun_address_is_loopback (const SnugStunAddress *self)
{
  static const guint8 loopback[16] = { [15] = 1 };

  return self->family == 4 ? self->bytes[0] == 127 : memcmp (self->bytes, loopback, 16) == 0;
}

GArray *
snug_stun_resolve (const char *host, guint16 port, GCancellable *cancellable, GError **error)
{
  GArray *found = g_array_new (FALSE, TRUE, sizeof (SnugStunAddress));
  g_autoptr (GSocketConnectable) connectable = g_network_address_new (host, port);
  g_autoptr (GSocketAddressEnumerator) enumerator = g_socket_connectable_enumerate (connectable);

  while (found->len < ADDRESSES_MAX)
    {
      g_autoptr (GSocketAddress) next
          = g_socket_address_enumerator_next (enumerator, cancellable, found->len == 0 ? error : NULL);
      SocketName name = { 0 };
      SnugStunAddress address;

      if (next == NULL)
        break;
      if (!g_socket_address_to_native (next, &name, sizeof name, NULL))
        continue;
      from_socket_name (&name, &address);
      if (address.family != 0)
        g_array_append_val (found, address);
    }
  if (found->len == 0 && error != NULL && *error == NULL)
    g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No address for %s", host);
  return found;
}

static SnugStunLink *
link_new (GCancellable *cancellable)
{
  SnugStunLink *self = g_new0 (SnugStunLink, 1);

  self->fd = -1;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : g_cancellable_new ();
  return self;
}

void
snug_stun_link_free (SnugStunLink *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->input, g_byte_array_unref);
  g_object_unref (self->cancellable);
  g_free (self);
}

SnugStunLink *
snug_stun_link_new_udp (guint family, GCancellable *cancellable)
{
  g_autoptr (SnugStunLink) self = link_new (cancellable);
  SnugStunAddress any = { .family = family };
  SocketName name;
  socklen_t size = to_socket_name (&any, &name);
  int on = 1;

  self->family = family;
  self->fd = socket (name.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (self->fd < 0 || bind (self->fd, &name.any, size) != 0)
    return NULL;
  /* So that what a machine on the way says about a packet can be read, and who said it. */
  if (family == 4)
    setsockopt (self->fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  else
    setsockopt (self->fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  return g_steal_pointer (&self);
}

static SnugStunOutcome
classify_connect_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return SNUG_STUN_CANCELLED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return SNUG_STUN_REFUSED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return SNUG_STUN_SILENT;
  return SNUG_STUN_BLOCKED;
}

static SnugStunOutcome
classify_tls_error (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return SNUG_STUN_CANCELLED;
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return SNUG_STUN_BAD_CERTIFICATE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return SNUG_STUN_SILENT;
  return SNUG_STUN_GARBAGE;
}

/* Returns: (transfer full) (nullable): the stream with TLS in it. */
static GIOStream *
start_tls (GIOStream *plain, const char *name, guint16 port, GCancellable *cancellable, SnugStunOutcome *outcome)
{
  g_autoptr (GSocketConnectable) identity = g_network_address_new (name, port);
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) tls = g_tls_client_connection_new (plain, identity, &error);

  if (tls == NULL || !g_tls_connection_handshake (G_TLS_CONNECTION (tls), cancellable, &error))
    {
      *outcome = classify_tls_error (error);
      return NULL;
    }
  return g_steal_pointer (&tls);
}

SnugStunLink *
snug_stun_link_new_tcp (const SnugStunAddress *server,
                        const char *tls_name,
                        guint milliseconds,
                        GCancellable *cancellable,
                        SnugStunOutcome *outcome)
{
  g_autoptr (SnugStunLink) self = link_new (cancellable);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  SocketName name;
  socklen_t size = to_socket_name (server, &name);

  address = g_socket_address_new_from_native (&name, size);
  g_socket_client_set_timeout (client, CLAMP ((milliseconds + 999) / 1000, 1, CONNECT_SECONDS_MAX));
  /* As libnice does. */
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), self->cancellable, &error);
  if (connection == NULL)
    {
      *outcome = classify_connect_error (error);
      return NULL;
    }
  self->socket = g_socket_connection_get_socket (connection);
  self->stream = tls_name != NULL ? start_tls (G_IO_STREAM (connection), tls_name, server->port, self->cancellable, outcome)
                                  : g_object_ref (G_IO_STREAM (connection));
  if (self->stream == NULL)
    return NULL;
  self->input = g_byte_array_new ();
  *outcome = SNUG_STUN_ANSWERED;
  return g_steal_pointer (&self);
}

gboolean
snug_stun_link_send (SnugStunLink *self, const SnugStunAddress *server, gconstpointer data, gsize size)
{
  SocketName name;
  socklen_t name_size;

  if (self->fd < 0)
    return g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), data, size, NULL, self->cancellable, NULL);

  name_size = to_socket_name (server, &name);
  /* An error of the packet before may be told here. */
  for (guint i = 0; i < 2; i++)
    if (sendto (self->fd, data, size, MSG_NOSIGNAL, &name.any, name_size) == (gssize) size)
      return TRUE;
  return FALSE;
}

/* What was said about a packet. FALSE: nothing, or about another server's. */
static gboolean
read_refusal (SnugStunLink *self, const SnugStunAddress *server, SnugStunOutcome *outcome)
{
  char control[512];
  char data[64];
  SocketName name = { 0 };
  struct iovec vector = { data, sizeof data };
  struct msghdr message = { .msg_name = &name, .msg_namelen = sizeof name, .msg_iov = &vector, .msg_iovlen = 1,
                            .msg_control = control, .msg_controllen = sizeof control };
  SnugStunAddress about;

  if (recvmsg (self->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
    return FALSE;
  from_socket_name (&name, &about);
  if (server == NULL || !snug_stun_address_equal (&about, server))
    return FALSE;

  for (struct cmsghdr *part = CMSG_FIRSTHDR (&message); part != NULL; part = CMSG_NXTHDR (&message, part))
    {
      struct sock_extended_err error;
      SocketName offender = { 0 };
      SnugStunAddress by;

      if (!(part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_RECVERR)
          && !(part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == IPV6_RECVERR))
        continue;
      memcpy (&error, CMSG_DATA (part), sizeof error);
      memcpy (&offender, CMSG_DATA (part) + sizeof error,
              MIN (sizeof offender, part->cmsg_len - CMSG_LEN (sizeof error)));
      from_socket_name (&offender, &by);
      by.port = server->port;
      *outcome = error.ee_errno == ECONNREFUSED && error.ee_origin != SO_EE_ORIGIN_LOCAL && snug_stun_address_equal (&by, server)
                     ? SNUG_STUN_REFUSED
                     : SNUG_STUN_BLOCKED;
      return TRUE;
    }
  return FALSE;
}

/* One message, or why not. transaction: NULL: any that is no answer. */
static SnugStunOutcome
receive_packet (SnugStunLink *self, const SnugStunAddress *server, gint64 deadline, SnugStunMessage *message, gboolean *other)
{
  while (g_get_monotonic_time () < deadline)
    {
      struct pollfd waiting = { .fd = self->fd, .events = POLLIN };
      SnugStunOutcome outcome;
      gint64 left = (deadline - g_get_monotonic_time ()) / 1000 + 1;
      gssize n;

      if (g_cancellable_is_cancelled (self->cancellable))
        return SNUG_STUN_CANCELLED;
      if (poll (&waiting, 1, (int) CLAMP (left, 0, SLICE_MS)) <= 0)
        continue;
      if ((waiting.revents & POLLERR) != 0 && read_refusal (self, server, &outcome))
        return outcome;
      n = recv (self->fd, self->message, sizeof self->message, MSG_DONTWAIT);
      if (n < 0)
        continue;
      if (snug_stun_message_parse (self->message, n, message, NULL))
        return SNUG_STUN_ANSWERED;
      /* Whatever else comes to an open port. */
      *other = TRUE;
    }
  return SNUG_STUN_SILENT;
}

static SnugStunOutcome
receive_from_stream (SnugStunLink *self, gint64 deadline, SnugStunMessage *message)
{
  GInputStream *input = g_io_stream_get_input_stream (self->stream);

  while (TRUE)
    {
      gssize size = snug_stun_message_get_size (self->input->data, self->input->len);
      guint8 data[1024];
      gint64 left = deadline - g_get_monotonic_time ();
      g_autoptr (GError) error = NULL;
      gssize n;

      if (size < 0)
        return SNUG_STUN_GARBAGE;
      if (size > 0 && self->input->len >= (gsize) size)
        {
          memcpy (self->message, self->input->data, size);
          g_byte_array_remove_range (self->input, 0, size);
          return snug_stun_message_parse (self->message, size, message, NULL) ? SNUG_STUN_ANSWERED : SNUG_STUN_GARBAGE;
        }
      if (left <= 0)
        return SNUG_STUN_SILENT;
      g_socket_set_timeout (self->socket, MAX (1, (left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC));
      n = g_input_stream_read (input, data, sizeof data, self->cancellable, &error);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return SNUG_STUN_CANCELLED;
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        return SNUG_STUN_SILENT;
      if (n <= 0)
        return SNUG_STUN_GARBAGE;
      g_byte_array_append (self->input, data, n);
    }
}

static gboolean
is_answer_to (const SnugStunMessage *message, const GByteArray *request)
{
  return (message->type & 0x0100) != 0 && memcmp (message->transaction, request->data + 8, SNUG_STUN_TRANSACTION_BYTES) == 0;
}

SnugStunOutcome
snug_stun_link_ask (SnugStunLink *self,
                    const SnugStunAddress *server,
                    GByteArray *request,
                    guint milliseconds,
                    SnugStunMessage *reply,
                    gint64 *round_trip)
{
  gint64 start = g_get_monotonic_time ();
  gint64 end = start + milliseconds * (gint64) G_TIME_SPAN_MILLISECOND;
  gint64 pause = RETRANSMIT_MS * (gint64) G_TIME_SPAN_MILLISECOND;
  gboolean other = FALSE;
  gboolean sent = FALSE;

  while (g_get_monotonic_time () < end)
    {
      gint64 sent_at = g_get_monotonic_time ();
      gint64 until = self->fd < 0 ? end : MIN (end, sent_at + pause);

      if (self->fd >= 0 || !sent)
        sent = snug_stun_link_send (self, server, request->data, request->len) || sent;
      if (!sent)
        return self->fd < 0 ? SNUG_STUN_GARBAGE : SNUG_STUN_BLOCKED;
      while (g_get_monotonic_time () < until)
        {
          SnugStunOutcome outcome = self->fd < 0 ? receive_from_stream (self, until, reply)
                                                 : receive_packet (self, server, until, reply, &other);

          if (outcome == SNUG_STUN_SILENT)
            break;
          if (outcome != SNUG_STUN_ANSWERED)
            return outcome;
          if (is_answer_to (reply, request))
            {
              if (round_trip != NULL)
                *round_trip = g_get_monotonic_time () - sent_at;
              return SNUG_STUN_ANSWERED;
            }
          snug_stun_message_clear (reply);
        }
      pause *= 2;
    }
  return other ? SNUG_STUN_GARBAGE : SNUG_STUN_SILENT;
}

SnugStunOutcome
snug_stun_link_receive (SnugStunLink *self, guint milliseconds, SnugStunMessage *message)
{
  gint64 end = g_get_monotonic_time () + milliseconds * (gint64) G_TIME_SPAN_MILLISECOND;
  gboolean other = FALSE;

  while (TRUE)
    {
      SnugStunOutcome outcome
          = self->fd < 0 ? receive_from_stream (self, end, message) : receive_packet (self, NULL, end, message, &other);

      if (outcome != SNUG_STUN_ANSWERED || (message->type & 0x0100) == 0)
        return outcome;
      snug_stun_message_clear (message);
      if (g_get_monotonic_time () >= end)
        return SNUG_STUN_SILENT;
    }
}

guint
snug_stun_link_get_port (SnugStunLink *self)
{
  SocketName name = { 0 };
  socklen_t size = sizeof name;
  SnugStunAddress address;

  if (self->fd < 0 || getsockname (self->fd, &name.any, &size) != 0)
    return 0;
  from_socket_name (&name, &address);
  return address.port;
}
