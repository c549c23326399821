/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-handshake.h"

#include <string.h>
#include <sys/epoll.h>

#include "snug-upgrade.h"

/* What is still read, and thrown away, of someone who was answered: closing with bytes unread would take the
 * answer back (RFC 9112, 9.6). */
#define DRAIN_BYTES (64 * 1024)
#define DRAIN_MICROSECONDS G_USEC_PER_SEC

typedef enum
{
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
  Stage stage;
  GByteArray *head;
  char *response;
  gsize n_written;
  gsize n_drained;
  GBytes *early;
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
  self->funcs->done (self, opened ? &transport : NULL, self->early, self->data);
  snug_server_handshake_free (self);
  return GONE;
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
      self->response = head != NULL ? self->funcs->respond (head, &self->upgraded, self->data)
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
  gsize left = strlen (self->response) - self->n_written;
  gssize n = snug_server_transport_write (&self->transport, (const guint8 *) self->response + self->n_written,
                                          left);

  if (n == SNUG_TRANSPORT_FAILED)
    return finish (self, "closed");
  if (n == SNUG_TRANSPORT_AGAIN)
    return WAIT;
  self->n_written += (gsize) n;
  if ((gsize) n < left || self->transport.unsent)
    return WAIT;
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
  self->head = g_byte_array_new ();
  snug_waiter_init (&self->waiter, &waiter_funcs, self);
  snug_server_loop_set_deadline (loop, &self->waiter, now + (gint64) timeout * G_USEC_PER_SEC);
  /* One that cannot be watched has no time at all. */
  if (!snug_server_loop_watch (loop, &self->waiter, transport->fd,
                               snug_server_transport_get_events (transport, FALSE)))
    snug_server_loop_set_deadline (loop, &self->waiter, now);
  return self;
}
