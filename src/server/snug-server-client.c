/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-server-client.h"

#include <string.h>
#include <sys/epoll.h>

#include "snug-server-frames.h"

/* From the last word until the connection is cut. */
#define LINGER_MICROSECONDS G_USEC_PER_SEC

/* How far it is. */
typedef enum
{
  OPEN,
  CLOSING,   /* the close frame is queued; the other side's is awaited */
  DISCARDING /* the same, and what comes in makes no sense any more */
} State;

struct _SnugServerClient
{
  char id[2 * 16 + 1];
  const SnugServerClientOwner *owner;
  SnugServerLimits *limits;
  SnugVisitor *visitor;
  char *room; /* the only one it may join; NULL: every one */
  SnugServerTransport transport;
  SnugWaiter waiter;
  SnugServerFrames frames;
  SnugTokenBucket bucket;
  GBytes *early;       /* read before this was made, and not looked at yet */
  GByteArray *out;     /* what waits to go out; NULL: nothing */
  gint64 out_since;    /* when the first of it was said; these are as g_get_monotonic_time() */
  gsize held;          /* bytes that count as held of this client */
  gint64 last_read;    /* 0 for what is not the case, here and below */
  gint64 pinged_at;    /* and not heard of since */
  gint64 join_until;
  gint64 frame_until;
  gint64 linger_until;
  const char *drop_reason; /* to be dropped as soon as nobody is in the middle of something */
  State state;
  gboolean gone;
  gboolean closed;
};

/* Whoever it is that goes, the room hears of it before the connection is closed. */
static void
set_gone (SnugServerClient *self, const char *reason)
{
  if (self->gone)
    return;
  self->gone = TRUE;
  self->owner->funcs->gone (self, reason, self->owner->data);
}

static void
release_connection (SnugServerClient *self)
{
  snug_server_loop_remove (self->owner->loop, &self->waiter);
  snug_server_transport_close (&self->transport);
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->early, g_bytes_unref);
  self->owner->metrics->held_bytes -= (gint64) self->held;
  self->held = 0;
}

static void
client_clear (gpointer data)
{
  SnugServerClient *self = data;

  if (!self->closed)
    release_connection (self);
  /* Not before: it may be what is just being fed. */
  snug_server_frames_clear (&self->frames);
  snug_server_limits_unref (self->limits);
  g_free (self->room);
}

SnugServerClient *
snug_server_client_ref (SnugServerClient *self)
{
  return g_rc_box_acquire (self);
}

void
snug_server_client_unref (SnugServerClient *self)
{
  g_rc_box_release_full (self, client_clear);
}

/**
 * snug_server_client_drop:
 * @self: a client
 * @reason: a static word for the log
 *
 * Cuts the connection, whatever waits in it.
 */
void
snug_server_client_drop (SnugServerClient *self, const char *reason)
{
  g_return_if_fail (self != NULL);

  if (self->closed)
    return;
  snug_server_client_ref (self);
  set_gone (self, reason);
  if (!self->closed)
    {
      self->closed = TRUE;
      release_connection (self);
      self->owner->funcs->closed (self, self->owner->data);
    }
  snug_server_client_unref (self);
}

static gint64
get_next_deadline (SnugServerClient *self)
{
  gint64 ping = self->last_read + (gint64) self->limits->ping_interval * G_USEC_PER_SEC;
  gint64 pong = self->pinged_at + (gint64) self->limits->pong_timeout * G_USEC_PER_SEC;
  gint64 next = self->linger_until > 0 ? self->linger_until : self->pinged_at > 0 ? pong : ping;

  if (self->join_until > 0)
    next = MIN (next, self->join_until);
  if (self->frame_until > 0)
    next = MIN (next, self->frame_until);
  return next;
}

/* What comes in moves deadlines back all the time: that is noticed when they are due, and not before. */
static void
arm (SnugServerClient *self)
{
  gint64 next = get_next_deadline (self);

  if (!self->closed && (self->waiter.deadline.time == 0 || next < self->waiter.deadline.time))
    snug_server_loop_set_deadline (self->owner->loop, &self->waiter, next);
}

static void
linger (SnugServerClient *self)
{
  if (self->linger_until == 0)
    self->linger_until = g_get_monotonic_time () + LINGER_MICROSECONDS;
  arm (self);
}

static void
drop_later (SnugServerClient *self, const char *reason)
{
  if (self->drop_reason == NULL)
    self->drop_reason = reason;
  snug_server_loop_later (self->owner->loop, &self->waiter);
}

static gsize
get_queued_bytes (SnugServerClient *self)
{
  return self->out != NULL ? self->out->len : 0;
}

static void
update_held (SnugServerClient *self)
{
  gsize held = get_queued_bytes (self);

  if (self->frames.context != NULL)
    held += self->frames.scanner.message_size;
  self->owner->metrics->held_bytes += (gint64) held - (gint64) self->held;
  self->held = held;
}

/* Writes what can be written. Tells nothing. */
static void
flush (SnugServerClient *self)
{
  gsize written = 0;
  gssize n = 0;

  if (self->closed || (self->out == NULL && !self->transport.unsent))
    return;
  do
    {
      n = snug_server_transport_write (&self->transport,
                                       self->out != NULL ? self->out->data + written : NULL,
                                       self->out != NULL ? self->out->len - written : 0);
      if (n > 0)
        written += (gsize) n;
    }
  while (n > 0 && written < self->out->len);

  if (n == SNUG_TRANSPORT_FAILED)
    {
      drop_later (self, "closed");
      return;
    }
  self->owner->metrics->n_bytes_out += written;
  if (self->out != NULL && written == self->out->len)
    {
      g_clear_pointer (&self->out, g_byte_array_unref);
      snug_server_metrics_observe_latency (self->owner->metrics, g_get_monotonic_time () - self->out_since);
    }
  else if (written > 0)
    g_byte_array_remove_range (self->out, 0, (guint) written);
  update_held (self);
  snug_server_loop_watch (self->owner->loop, &self->waiter, self->transport.fd,
                          snug_server_transport_get_events (&self->transport, self->out != NULL));
}

/* Where to write to; what is written goes out once everything that is to be done now is done. */
static GByteArray *
get_out (SnugServerClient *self)
{
  if (self->out == NULL)
    {
      self->out = g_byte_array_new ();
      self->out_since = g_get_monotonic_time ();
    }
  snug_server_loop_later (self->owner->loop, &self->waiter);
  return self->out;
}

/* Also all clients together may hold no more than so much. */
static gboolean
has_place_for (SnugServerClient *self, gsize size)
{
  return get_queued_bytes (self) + size <= self->limits->send_queue_limit
         && self->owner->metrics->held_bytes + (gint64) size <= (gint64) self->limits->memory_limit * 1024 * 1024;
}

/**
 * snug_server_client_send:
 * @self: a client
 * @message: (transfer none): what to tell it
 *
 * Never tells anything before it returns.
 */
void
snug_server_client_send (SnugServerClient *self, SnugMessage *message)
{
  g_autofree char *json = NULL;
  gsize size;

  g_return_if_fail (self != NULL);
  g_return_if_fail (message != NULL);

  if (self->gone || self->drop_reason != NULL || self->state != OPEN)
    return;

  json = snug_message_to_json (message);
  size = strlen (json);
  if (!has_place_for (self, size))
    flush (self);
  if (!has_place_for (self, size))
    {
      drop_later (self, "slow-reader");
      return;
    }
  snug_server_frames_append (get_out (self), SNUG_OPCODE_TEXT, json, size);
  self->owner->metrics->n_messages_out++;
  update_held (self);
}

/* The last frame of ours. state: CLOSING or DISCARDING. */
static void
say_close (SnugServerClient *self, guint16 code, const char *reason, State state)
{
  if (self->state != OPEN)
    return;
  snug_server_frames_append_close (get_out (self), code, reason);
  self->state = state;
  self->join_until = self->frame_until = 0;
  linger (self);
}

/**
 * snug_server_client_close:
 * @self: a client
 * @code: a WebSocket close code
 * @reason: a static word, for the client and for the log
 */
void
snug_server_client_close (SnugServerClient *self, guint16 code, const char *reason)
{
  g_return_if_fail (self != NULL);

  if (self->gone)
    return;
  snug_server_client_ref (self);
  say_close (self, code, reason, CLOSING);
  set_gone (self, reason);
  snug_server_client_unref (self);
}

static void
send_error (SnugServerClient *self, SnugProtocolError code, const char *text)
{
  g_autoptr (SnugMessage) message = snug_message_new_error (code, text);

  snug_server_client_send (self, message);
}

/* With a word why; what comes in after it is not looked at. */
static void
fail (SnugServerClient *self, SnugProtocolError code, const char *text, guint16 close_code)
{
  const char *reason = snug_protocol_error_to_string (code);

  send_error (self, code, text);
  say_close (self, close_code, reason, DISCARDING);
  set_gone (self, reason);
}

static void
on_message (guint opcode, const guint8 *bytes, gsize size, gpointer data)
{
  SnugServerClient *self = data;
  g_autoptr (SnugMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  if (self->gone || self->drop_reason != NULL)
    return;
  self->owner->metrics->n_messages_in++;
  if (!snug_token_bucket_take (&self->bucket, self->last_read))
    {
      fail (self, SNUG_PROTOCOL_ERROR_RATE_LIMITED, "Too many messages", SNUG_CLOSE_POLICY);
      return;
    }
  if (opcode == SNUG_OPCODE_TEXT)
    message = snug_message_parse ((const char *) bytes, size, SNUG_MESSAGE_FROM_CLIENT, &error);
  else
    g_set_error_literal (&error, SNUG_PROTOCOL_ERROR, SNUG_PROTOCOL_ERROR_NOT_JSON, "Not a text frame");

  if (message != NULL)
    {
      self->owner->funcs->message (self, message, self->owner->data);
      return;
    }
  g_debug ("event=refused client=%.8s code=%s", self->id, snug_protocol_error_to_string (error->code));
  send_error (self, error->code, error->message);
}

static void
on_pong_due (const guint8 *bytes, gsize size, gpointer data)
{
  SnugServerClient *self = data;

  /* One who sends pings, and does not read the pongs, is as slow as any other. */
  if (self->state == OPEN && has_place_for (self, size))
    g_byte_array_append (get_out (self), bytes, (guint) size);
}

/* The other side has had its last word, or has spoken nonsense. */
static void
end (SnugServerClient *self, SnugFramesResult result, guint16 close_code)
{
  switch (result)
    {
    case SNUG_FRAMES_GOOD:
      break;
    case SNUG_FRAMES_CLOSED:
      say_close (self, close_code, NULL, CLOSING);
      set_gone (self, "closed");
      flush (self);
      if (get_queued_bytes (self) == 0)
        drop_later (self, "closed");
      break;
    case SNUG_FRAMES_BAD_TEXT:
      fail (self, SNUG_PROTOCOL_ERROR_NOT_UTF8, "Not UTF-8 text", close_code);
      break;
    case SNUG_FRAMES_TOO_LARGE:
      fail (self, SNUG_PROTOCOL_ERROR_TOO_LARGE, "The message is too large or in too many pieces", close_code);
      break;
    case SNUG_FRAMES_TOO_MANY:
      fail (self, SNUG_PROTOCOL_ERROR_RATE_LIMITED, "Too many control frames", close_code);
      break;
    case SNUG_FRAMES_MALFORMED:
    default:
      say_close (self, close_code, "malformed", DISCARDING);
      set_gone (self, "malformed");
    }
}

static void
take (SnugServerClient *self, const guint8 *data, gsize size)
{
  static const SnugFramesFuncs funcs = { on_message, on_pong_due };
  SnugFramesResult result;
  guint16 close_code;

  self->last_read = g_get_monotonic_time ();
  self->pinged_at = 0;
  self->owner->metrics->n_bytes_in += size;
  if (self->state == DISCARDING)
    return;
  result = snug_server_frames_feed (&self->frames, data, size, SNUG_MESSAGE_MAX_BYTES, self->last_read, &funcs,
                                    self, &close_code);
  if (result != SNUG_FRAMES_GOOD && self->state == CLOSING)
    drop_later (self, "closed");
  else
    end (self, result, close_code);
  if (!self->closed)
    update_held (self);
  if (!snug_server_frames_is_inside (&self->frames) || self->state != OPEN)
    self->frame_until = 0;
  else if (self->frame_until == 0)
    {
      self->frame_until = self->last_read + (gint64) self->limits->frame_timeout * G_USEC_PER_SEC;
      arm (self);
    }
}

/* Once a turn; what is left wakes it again. */
static void
read_some (SnugServerClient *self)
{
  guint8 *buffer = snug_server_loop_get_buffer (self->owner->loop);
  gssize n = snug_server_transport_read (&self->transport, buffer, SNUG_SERVER_LOOP_BUFFER_BYTES);

  if (n > 0)
    {
      take (self, buffer, (gsize) n);
      if (!self->closed && snug_server_transport_has_more (&self->transport))
        snug_server_loop_later (self->owner->loop, &self->waiter);
    }
  else if (n != SNUG_TRANSPORT_AGAIN)
    snug_server_client_drop (self, "closed");
}

static void
on_ready (gpointer data, guint events)
{
  SnugServerClient *self = data;

  snug_server_client_ref (self);
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
    read_some (self);
  if (events & EPOLLOUT)
    flush (self);
  snug_server_client_unref (self);
}

static void
on_later (gpointer data)
{
  SnugServerClient *self = data;
  g_autoptr (GBytes) early = g_steal_pointer (&self->early);

  snug_server_client_ref (self);
  if (early != NULL)
    take (self, g_bytes_get_data (early, NULL), g_bytes_get_size (early));
  flush (self);
  /* What was still to be said is as far as it gets. */
  if (self->drop_reason != NULL)
    snug_server_client_drop (self, self->drop_reason);
  else if (!self->closed && snug_server_transport_has_more (&self->transport))
    read_some (self);
  snug_server_client_unref (self);
}

/* Anything that comes in shows that the other side is there; a ping makes it answer if it has nothing to say. */
static void
check_presence (SnugServerClient *self, gint64 now)
{
  gint64 interval = (gint64) self->limits->ping_interval * G_USEC_PER_SEC;
  gint64 timeout = (gint64) self->limits->pong_timeout * G_USEC_PER_SEC;

  if (self->pinged_at > 0 && now >= self->pinged_at + timeout)
    snug_server_client_drop (self, "dead-peer");
  else if (self->pinged_at == 0 && now >= self->last_read + interval)
    {
      self->pinged_at = now;
      snug_server_frames_append (get_out (self), SNUG_OPCODE_PING, NULL, 0);
    }
}

static void
on_due (gpointer data)
{
  SnugServerClient *self = data;
  gint64 now = g_get_monotonic_time ();

  snug_server_client_ref (self);
  if (self->linger_until > 0 && now >= self->linger_until)
    snug_server_client_drop (self, "linger");
  else if (self->join_until > 0 && now >= self->join_until)
    fail (self, SNUG_PROTOCOL_ERROR_JOIN_TIMEOUT, "No room was joined in time", SNUG_CLOSE_POLICY);
  else if (self->frame_until > 0 && now >= self->frame_until)
    {
      say_close (self, SNUG_CLOSE_POLICY, "frame-timeout", DISCARDING);
      set_gone (self, "frame-timeout");
    }
  else if (self->state == OPEN)
    check_presence (self, now);
  arm (self);
  snug_server_client_unref (self);
}

SnugServerClient *
snug_server_client_new (const SnugServerClientOwner *owner,
                        const SnugServerTransport *transport,
                        GBytes *early,
                        SnugServerLimits *limits,
                        SnugVisitor *visitor,
                        char *room)
{
  static const SnugWaiterFuncs waiter_funcs = { on_ready, on_due, on_later };
  SnugServerClient *self = g_rc_box_new0 (SnugServerClient);
  g_autofree char *id = snug_protocol_random_id ();
  gint64 now = g_get_monotonic_time ();

  g_strlcpy (self->id, id, sizeof self->id);
  self->owner = owner;
  self->limits = snug_server_limits_ref (limits);
  self->visitor = visitor;
  self->room = room;
  self->transport = *transport;
  self->last_read = now;
  snug_token_bucket_init (&self->bucket, limits->message_rate, limits->message_burst, now);
  snug_server_frames_init (&self->frames, now);
  snug_waiter_init (&self->waiter, &waiter_funcs, self);
  if (!snug_server_loop_watch (owner->loop, &self->waiter, self->transport.fd,
                               snug_server_transport_get_events (&self->transport, FALSE)))
    drop_later (self, "no-memory");
  snug_server_client_set_joined (self, FALSE);
  if (early != NULL)
    self->early = g_bytes_ref (early);
  if (early != NULL || snug_server_transport_has_more (&self->transport))
    snug_server_loop_later (owner->loop, &self->waiter);
  return self;
}

const char *
snug_server_client_get_id (SnugServerClient *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

SnugVisitor *
snug_server_client_get_visitor (SnugServerClient *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->visitor;
}

gboolean
snug_server_client_may_join (SnugServerClient *self, const char *room)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->room == NULL || strcmp (self->room, room) == 0;
}

/**
 * snug_server_client_set_joined:
 * @self: a client
 * @joined: whether it is in a room
 */
void
snug_server_client_set_joined (SnugServerClient *self, gboolean joined)
{
  g_return_if_fail (self != NULL);

  if (self->state != OPEN)
    return;
  self->join_until
    = joined ? 0 : g_get_monotonic_time () + (gint64) self->limits->join_timeout * G_USEC_PER_SEC;
  arm (self);
}
