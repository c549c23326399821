/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-handshake.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "snug-upgrade.h"

/* What is still read, and thrown away, of someone who was answered: closing with bytes unread would take the
 * answer back (RFC 9112, 9.6). */
#define DRAIN_BYTES (64 * 1024)
#define DRAIN_MICROSECONDS G_USEC_PER_SEC

typedef enum
{
  INTRODUCING, /* a proxy says for whom it comes */
  SECURING,
  READING,
  WRITING,
  DRAINING
} Stage;

struct _SnugServerHandshake
{
  SnugServerLoop *loop;
  SnugServerTransport transport;
  SnugWaiter waiter;
  const SnugServerHandshakeFuncs *funcs;
  gpointer data;
  SnugServerConfig *config;
  SnugServerAddress address;
  gboolean by_proxy;
  SnugVisitor *visitor; /* NULL: not known yet, or handed over */
  Stage stage;
  GByteArray *head;
  char *response;
  GBytes *body; /* behind it; NULL: nothing */
  gsize n_written; /* of both */
  gsize n_drained;
  GBytes *early;
  char *room;
  gboolean upgraded;
};

void
snug_server_handshake_free (SnugServerHandshake *self)
{
  g_return_if_fail (self != NULL);

  snug_server_loop_remove (self->loop, &self->waiter);
  snug_server_transport_close (&self->transport);
  g_clear_pointer (&self->head, g_byte_array_unref);
  g_clear_pointer (&self->early, g_bytes_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  if (self->visitor != NULL)
    self->funcs->leave (self->visitor, self->data);
  snug_server_config_unref (self->config);
  g_free (self->room);
  g_free (self->response);
  g_free (self);
}

/* What comes after a step. */
typedef enum
{
  WAIT,
  GO_ON,
  GONE /* the handshake is freed */
} Next;

static Next
finish (SnugServerHandshake *self, const char *failure)
{
  SnugServerTransport transport = self->transport;
  gboolean opened = self->upgraded && failure == NULL;

  if (failure != NULL)
    g_debug ("event=handshake-failed reason=%s", failure);
  snug_server_loop_remove (self->loop, &self->waiter);
  if (opened)
    snug_server_transport_init (&self->transport, -1);
  self->funcs->done (self, opened ? &transport : NULL, self->data);
  snug_server_handshake_free (self);
  return GONE;
}

/* Whoever sends such a header sends it whole, in the first packet. What comes after it stays in the socket. */
static Next
introduce (SnugServerHandshake *self)
{
  guint8 *buffer = snug_server_loop_get_buffer (self->loop);
  gssize n = recv (self->transport.fd, buffer, SNUG_PROXY_HEADER_MAX_BYTES, MSG_PEEK);
  gsize size = n > 0 ? snug_proxy_header_parse (buffer, (gsize) n, &self->address) : 0;

  if (size == 0 || recv (self->transport.fd, buffer, size, 0) != (gssize) size)
    return finish (self, "proxy-header");
  self->stage = SECURING;
  return GO_ON;
}

static Next
secure (SnugServerHandshake *self)
{
  int status = snug_server_transport_handshake (&self->transport);

  if (status == SNUG_TRANSPORT_AGAIN)
    return WAIT;
  if (status == SNUG_TRANSPORT_FAILED)
    return finish (self, "tls");
  self->stage = READING;
  return GO_ON;
}

/* Who asks is known now at the latest. */
static char *
respond (SnugServerHandshake *self, const SnugHttpHead *head)
{
  SnugServerRequest request = { .head = head, .by_proxy = self->by_proxy };
  const char *forwarded_for = snug_http_head_get (head, "x-forwarded-for");
  GArray *proxies = self->config->trusted_proxies;
  char *response;

  if (self->by_proxy && !self->config->proxy_protocol && forwarded_for != NULL)
    snug_forwarded_for_parse (forwarded_for, (const SnugServerNetwork *) (gpointer) proxies->data, proxies->len,
                              &self->address);
  request.address = self->address;
  if (self->visitor == NULL)
    self->visitor = self->funcs->enter (&self->address, self->data);
  if (self->visitor == NULL)
    return snug_http_make_response (429, "Retry-After: 30\r\n", "{\"error\":\"Too many from your address\"}\n");
  response = self->funcs->respond (&request, self->data);
  self->upgraded = request.upgraded;
  self->room = request.room;
  self->body = request.body;
  return response;
}

/* size: of the head; 0: there is as much as there may be, and it does not end. */
static void
answer (SnugServerHandshake *self, gsize size)
{
  g_autoptr (SnugHttpHead) head = NULL;

  if (size == 0 || size > SNUG_HTTP_HEAD_MAX_BYTES)
    self->response = snug_http_make_response (431, NULL, NULL);
  else
    {
      head = snug_http_head_parse ((const char *) self->head->data, size, SNUG_HTTP_REQUEST, NULL);
      /* What is malformed is answered without asking who knows what is served here. */
      self->response = head != NULL ? respond (self, head)
                                    : snug_http_make_response (400, NULL, NULL);
    }
  if (self->upgraded && size < self->head->len)
    self->early = g_bytes_new (self->head->data + size, self->head->len - size);
  g_clear_pointer (&self->head, g_byte_array_unref);
  self->stage = WRITING;
}

static Next
read_head (SnugServerHandshake *self)
{
  guint8 *buffer = snug_server_loop_get_buffer (self->loop);
  gssize n = snug_server_transport_read (&self->transport, buffer, SNUG_SERVER_LOOP_BUFFER_BYTES);
  gsize end;

  if (n == SNUG_TRANSPORT_AGAIN)
    return WAIT;
  if (n <= 0)
    return finish (self, "closed");
  g_byte_array_append (self->head, buffer, (guint) n);
  end = snug_http_head_find_end ((const char *) self->head->data, self->head->len);
  if (end > 0 || self->head->len >= SNUG_HTTP_HEAD_MAX_BYTES)
    answer (self, end);
  return GO_ON;
}

static Next
write_response (SnugServerHandshake *self)
{
  gsize head_size = strlen (self->response), left;
  gboolean in_head = self->n_written < head_size || self->body == NULL;
  const guint8 *from = (const guint8 *) self->response + self->n_written;
  gssize n;

  if (in_head)
    {
      left = head_size - self->n_written;
    }
  else
    {
      from = (const guint8 *) g_bytes_get_data (self->body, NULL) + (self->n_written - head_size);
      left = g_bytes_get_size (self->body) - (self->n_written - head_size);
    }
  n = snug_server_transport_write (&self->transport, from, left);

  if (n == SNUG_TRANSPORT_FAILED)
    return finish (self, "closed");
  if (n == SNUG_TRANSPORT_AGAIN)
    return WAIT;
  self->n_written += (gsize) n;
  if ((gsize) n < left || self->transport.unsent)
    return WAIT;
  if (in_head && self->body != NULL)
    return GO_ON;
  if (self->upgraded)
    return finish (self, NULL);
  snug_server_transport_shut_down (&self->transport);
  snug_server_loop_set_deadline (self->loop, &self->waiter, g_get_monotonic_time () + DRAIN_MICROSECONDS);
  self->stage = DRAINING;
  return GO_ON;
}

static Next
drain (SnugServerHandshake *self)
{
  guint8 *buffer = snug_server_loop_get_buffer (self->loop);
  gssize n = snug_server_transport_read (&self->transport, buffer, SNUG_SERVER_LOOP_BUFFER_BYTES);

  if (n == SNUG_TRANSPORT_AGAIN)
    return WAIT;
  self->n_drained += (gsize) MAX (n, 0);
  return n > 0 && self->n_drained < DRAIN_BYTES ? GO_ON : finish (self, NULL);
}

static Next
step (SnugServerHandshake *self)
{
  switch (self->stage)
    {
    case INTRODUCING:
      return introduce (self);
    case SECURING:
      return secure (self);
    case READING:
      return read_head (self);
    case WRITING:
      return write_response (self);
    case DRAINING:
    default:
      return drain (self);
    }
}

static void
on_ready (gpointer data, guint events)
{
  SnugServerHandshake *self = data;
  Next next;

  do
    next = step (self);
  while (next == GO_ON);
  if (next == WAIT)
    snug_server_loop_watch (self->loop, &self->waiter, self->transport.fd,
                            snug_server_transport_get_events (&self->transport, self->stage == WRITING));
}

static void
on_due (gpointer data)
{
  finish (data, "timeout");
}

SnugServerHandshake *
snug_server_handshake_new (SnugServerLoop *loop,
                           const SnugServerTransport *transport,
                           const SnugServerAddress *address,
                           SnugServerConfig *config,
                           guint timeout,
                           const SnugServerHandshakeFuncs *funcs,
                           gpointer data)
{
  static const SnugWaiterFuncs waiter_funcs = { .ready = on_ready, .due = on_due };
  SnugServerHandshake *self = g_new0 (SnugServerHandshake, 1);
  gint64 now = g_get_monotonic_time ();

  self->loop = loop;
  self->transport = *transport;
  self->funcs = funcs;
  self->data = data;
  self->config = snug_server_config_ref (config);
  self->address = *address;
  self->by_proxy = snug_server_config_is_trusted_proxy (config, address);
  snug_waiter_init (&self->waiter, &waiter_funcs, self);
  if (!self->by_proxy)
    {
      self->visitor = funcs->enter (address, data);
      if (self->visitor == NULL)
        {
          snug_server_transport_init (&self->transport, -1);
          snug_server_handshake_free (self);
          return NULL;
        }
    }
  self->head = g_byte_array_new ();
  self->stage = self->by_proxy && config->proxy_protocol ? INTRODUCING : SECURING;
  if (config->tls != NULL)
    self->transport.tls = snug_server_tls_session_new (config->tls, transport->fd);
  snug_server_loop_set_deadline (loop, &self->waiter, now + (gint64) timeout * G_USEC_PER_SEC);
  /* One that cannot be watched has no time at all. */
  if (!snug_server_loop_watch (loop, &self->waiter, transport->fd,
                               snug_server_transport_get_events (transport, FALSE)))
    snug_server_loop_set_deadline (loop, &self->waiter, now);
  return self;
}

SnugVisitor *
snug_server_handshake_take_visitor (SnugServerHandshake *self)
{
  return g_steal_pointer (&self->visitor);
}

GBytes *
snug_server_handshake_take_early (SnugServerHandshake *self)
{
  return g_steal_pointer (&self->early);
}

char *
snug_server_handshake_take_room (SnugServerHandshake *self)
{
  return g_steal_pointer (&self->room);
}
