/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-redis.h"

#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <string.h>
#include <sys/epoll.h>

/* From the first packet until both connections can be used. */
#define CONNECT_MICROSECONDS (3 * (gint64) G_USEC_PER_SEC)
#define PAUSE_MICROSECONDS (100 * (gint64) 1000)
#define PAUSE_MAX_MICROSECONDS G_USEC_PER_SEC
/* A reply, or a line, that does not end; and what a Redis that is slow has not answered. */
#define INPUT_MAX_BYTES (1024 * 1024)
#define UNANSWERED_MAX_BYTES (8 * 1024 * 1024)

/* One connection. */
typedef struct
{
  SnugRedis *owner;
  redisAsyncContext *context; /* NULL: none */
  SnugWaiter waiter;
  guint events;
} Link;

struct _SnugRedis
{
  SnugServerLoop *loop;
  SnugRedisAddress *address;
  const char *script;
  char *script_id;
  char *channel;
  const SnugRedisFuncs *funcs;
  gpointer data;

  Link commands;
  Link listener;
  guint n_ready; /* replies that are awaited before it is online: counted down */
  gboolean online;
  GCancellable *resolving;
  SnugWaiter timer; /* the end of a pause, or of patience */
  guint n_failures; /* in a row */
  gsize unanswered; /* bytes that were published */
  const char *why;  /* to be cut soon; NULL: not */
};

/* What is published, for the reply. */
typedef struct
{
  SnugRedis *owner;
  guint64 number;
  gsize size;
  char channel[];
} Publication;

static void
update (Link *link)
{
  if (link->context != NULL)
    snug_server_loop_watch (link->owner->loop, &link->waiter, link->context->c.fd, link->events);
}

static void
add_read (void *data)
{
  ((Link *) data)->events |= EPOLLIN;
  update (data);
}

static void
del_read (void *data)
{
  ((Link *) data)->events &= ~(guint) EPOLLIN;
  update (data);
}

static void
add_write (void *data)
{
  ((Link *) data)->events |= EPOLLOUT;
  update (data);
}

static void
del_write (void *data)
{
  ((Link *) data)->events &= ~(guint) EPOLLOUT;
  update (data);
}

/* hiredis is about to close it. */
static void
clean_up (void *data)
{
  Link *link = data;

  snug_server_loop_remove (link->owner->loop, &link->waiter);
  link->context = NULL;
  link->events = 0;
}

static void
cut (Link *link)
{
  redisAsyncContext *context = link->context;

  if (context == NULL)
    return;
  clean_up (link);
  context->ev.cleanup = NULL;
  context->ev.addRead = context->ev.delRead = context->ev.addWrite = context->ev.delWrite = NULL;
  redisAsyncFree (context);
}

static void
connect_both (SnugRedis *self);

static void
cut_both (SnugRedis *self)
{
  if (self->resolving != NULL)
    g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  cut (&self->commands);
  cut (&self->listener);
}

static void
set_offline (SnugRedis *self)
{
  gint64 pause = MIN (PAUSE_MICROSECONDS << MIN (self->n_failures, 5), PAUSE_MAX_MICROSECONDS);

  g_info ("event=redis-lost reason=%s", self->why);
  self->why = NULL;
  self->n_failures++;
  cut_both (self);
  snug_server_loop_set_deadline (self->loop, &self->timer,
                                 g_get_monotonic_time () + pause / 2 + g_random_int_range (0, (gint32) pause));
  if (self->online)
    {
      self->online = FALSE;
      self->funcs->online (FALSE, self->data);
    }
}

void
snug_redis_fail (SnugRedis *self, const char *why)
{
  if (self->why != NULL)
    return;
  self->why = why;
  snug_server_loop_later (self->loop, &self->timer);
}

static void
on_timer_later (gpointer data)
{
  SnugRedis *self = data;

  if (self->why != NULL)
    set_offline (self);
}

static void
on_timer_due (gpointer data)
{
  SnugRedis *self = data;

  if (self->commands.context == NULL && self->resolving == NULL)
    connect_both (self);
  else if (!self->online)
    snug_redis_fail (self, "connect-timeout");
}

static void
on_ready (gpointer data, guint events)
{
  Link *link = data;
  gboolean ended = (events & (EPOLLHUP | EPOLLERR)) != 0;

  if (link->context != NULL && (events & EPOLLIN || (ended && link->events & EPOLLIN)))
    redisAsyncHandleRead (link->context);
  if (link->context != NULL && (events & EPOLLOUT || ended))
    redisAsyncHandleWrite (link->context);
  if (link->context == NULL)
    snug_redis_fail (link->owner, "closed");
  else if (link->context->c.reader->len > INPUT_MAX_BYTES)
    snug_redis_fail (link->owner, "too-large");
}

/* Whether a reply is good; a connection that is cut has none. */
static gboolean
check (SnugRedis *self, const redisReply *reply)
{
  if (reply == NULL)
    return FALSE;
  if (reply->type != REDIS_REPLY_ERROR)
    return TRUE;
  /* Its first word says what it is; the rest may be about us. */
  g_info ("event=redis-refused code=%.*s", (int) MIN (strspn (reply->str, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 32), reply->str);
  snug_redis_fail (self, "refused");
  return FALSE;
}

static void
on_reply (redisAsyncContext *context, void *reply, void *data)
{
  check (data, reply);
}

/* One of those that come before it is online. */
static void
get_ready (SnugRedis *self)
{
  if (self->n_ready == 0 || --self->n_ready > 0 || self->why != NULL)
    return;
  snug_server_loop_set_deadline (self->loop, &self->timer, 0);
  self->n_failures = 0;
  self->online = TRUE;
  g_info ("event=redis-connected");
  self->funcs->online (TRUE, self->data);
}

static void
on_first_reply (redisAsyncContext *context, void *reply, void *data)
{
  if (check (data, reply))
    get_ready (data);
}

/* "subscribe", or "message", a channel, a text. */
static void
on_line (redisAsyncContext *context, void *data, void *user_data)
{
  SnugRedis *self = user_data;
  const redisReply *reply = data;
  const redisReply *kind;

  if (!check (self, reply))
    return;
  kind = reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 ? reply->element[0] : NULL;
  if (kind == NULL || kind->type != REDIS_REPLY_STRING)
    snug_redis_fail (self, "malformed");
  else if (strcmp (kind->str, "subscribe") == 0)
    get_ready (self);
  else if (strcmp (kind->str, "message") == 0 && reply->element[2]->type == REDIS_REPLY_STRING && self->online)
    self->funcs->line (reply->element[2]->str, reply->element[2]->len, self->data);
}

static void
on_published (redisAsyncContext *context, void *data, void *user_data)
{
  g_autofree Publication *publication = user_data;
  SnugRedis *self = publication->owner;
  const redisReply *reply = data;

  self->unanswered -= publication->size;
  /* Without a reply nobody knows; those who got it will tell. */
  if (check (self, reply) && reply->type == REDIS_REPLY_INTEGER && reply->integer == 0 && publication->number > 0)
    self->funcs->unheard (publication->channel, publication->number, self->data);
}

static void
on_connected (const redisAsyncContext *context, int status)
{
}

static void
on_disconnected (const redisAsyncContext *context, int status)
{
}

/* host: numeric, or NULL. */
static gboolean
open_link (SnugRedis *self, Link *link, const char *host)
{
  redisAsyncContext *context = host != NULL ? redisAsyncConnect (host, self->address->port)
                                            : redisAsyncConnectUnix (self->address->path);

  if (context == NULL || context->err != 0)
    {
      if (context != NULL)
        redisAsyncFree (context);
      return FALSE;
    }
  link->context = context;
  link->events = 0;
  context->data = link;
  context->ev.addRead = add_read;
  context->ev.delRead = del_read;
  context->ev.addWrite = add_write;
  context->ev.delWrite = del_write;
  context->ev.cleanup = clean_up;
  context->ev.data = link;
  redisAsyncSetConnectCallback (context, on_connected);
  redisAsyncSetDisconnectCallback (context, on_disconnected);
  return TRUE;
}

static void
introduce (SnugRedis *self, Link *link)
{
  const SnugRedisAddress *address = self->address;

  if (address->password != NULL && address->user != NULL)
    redisAsyncCommand (link->context, on_reply, self, "AUTH %s %s", address->user, address->password);
  else if (address->password != NULL)
    redisAsyncCommand (link->context, on_reply, self, "AUTH %s", address->password);
}

static void
open_both (SnugRedis *self, const char *host)
{
  self->n_ready = 2;
  if (!open_link (self, &self->commands, host) || !open_link (self, &self->listener, host))
    {
      snug_redis_fail (self, "unreachable");
      return;
    }
  introduce (self, &self->commands);
  introduce (self, &self->listener);
  if (self->address->database > 0)
    redisAsyncCommand (self->commands.context, on_reply, self, "SELECT %u", self->address->database);
  redisAsyncCommand (self->commands.context, on_first_reply, self, "SCRIPT LOAD %s", self->script);
  redisAsyncCommand (self->listener.context, on_line, self, "SUBSCRIBE %s", self->channel);
}

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  SnugRedis *self = data;
  g_autofree char *host = NULL;

  /* Then there may be no self any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->resolving);
  if (addresses == NULL)
    {
      snug_redis_fail (self, "no-such-host");
      return;
    }
  host = g_inet_address_to_string (addresses->data);
  g_resolver_free_addresses (addresses);
  open_both (self, host);
}

static void
connect_both (SnugRedis *self)
{
  g_autoptr (GInetAddress) numeric
    = self->address->host != NULL ? g_inet_address_new_from_string (self->address->host) : NULL;

  snug_server_loop_set_deadline (self->loop, &self->timer, g_get_monotonic_time () + CONNECT_MICROSECONDS);
  if (self->address->host == NULL || numeric != NULL)
    {
      open_both (self, self->address->host);
      return;
    }
  self->resolving = g_cancellable_new ();
  g_resolver_lookup_by_name_async (g_resolver_get_default (), self->address->host, self->resolving, on_resolved, self);
}

SnugRedis *
snug_redis_new (SnugServerLoop *loop,
                const SnugRedisAddress *address,
                const char *script,
                const char *channel,
                const SnugRedisFuncs *funcs,
                gpointer data)
{
  static const SnugWaiterFuncs link_funcs = { .ready = on_ready };
  static const SnugWaiterFuncs timer_funcs = { .due = on_timer_due, .later = on_timer_later };
  SnugRedis *self = g_new0 (SnugRedis, 1);

  self->loop = loop;
  self->address = snug_redis_address_copy (address);
  self->script = script;
  self->script_id = g_compute_checksum_for_string (G_CHECKSUM_SHA1, script, -1);
  self->channel = g_strdup (channel);
  self->funcs = funcs;
  self->data = data;
  self->commands.owner = self->listener.owner = self;
  snug_waiter_init (&self->commands.waiter, &link_funcs, &self->commands);
  snug_waiter_init (&self->listener.waiter, &link_funcs, &self->listener);
  snug_waiter_init (&self->timer, &timer_funcs, self);
  connect_both (self);
  return self;
}

void
snug_redis_free (SnugRedis *self)
{
  g_return_if_fail (self != NULL);

  self->online = FALSE;
  self->why = "freed"; /* what is said now is not for anyone's ears */
  cut_both (self);
  snug_server_loop_remove (self->loop, &self->timer);
  snug_redis_address_free (self->address);
  g_free (self->script_id);
  g_free (self->channel);
  g_free (self);
}

static gboolean
can_take (SnugRedis *self, gsize size)
{
  return self->online && self->why == NULL && self->commands.context != NULL
         && self->unanswered + size <= UNANSWERED_MAX_BYTES;
}

void
snug_redis_run (SnugRedis *self, const char *const *words)
{
  guint n_words = g_strv_length ((char **) words);
  g_autofree const char **arguments = g_new (const char *, n_words + 3);

  if (!can_take (self, 0))
    {
      /* Who is where must not be left out. */
      if (self->online)
        snug_redis_fail (self, "slow");
      return;
    }
  arguments[0] = "EVALSHA";
  arguments[1] = self->script_id;
  arguments[2] = "1";
  memcpy (arguments + 3, words, n_words * sizeof *words);
  redisAsyncCommandArgv (self->commands.context, on_reply, self, (int) n_words + 3, arguments, NULL);
}

void
snug_redis_publish (SnugRedis *self, const char *channel, const char *text, guint64 number)
{
  gsize size = strlen (channel) + 1;
  Publication *publication;

  if (!can_take (self, strlen (text)))
    {
      if (number > 0)
        self->funcs->unheard (channel, number, self->data);
      return;
    }
  publication = g_malloc0 (sizeof *publication + size);
  publication->owner = self;
  publication->number = number;
  publication->size = strlen (text);
  memcpy (publication->channel, channel, size);
  self->unanswered += publication->size;
  if (redisAsyncCommand (self->commands.context, on_published, publication, "PUBLISH %s %b", channel, text,
                         publication->size)
      != REDIS_OK)
    {
      self->unanswered -= publication->size;
      g_free (publication);
    }
}
