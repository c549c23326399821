/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Load for a signaling server: N WebSockets in pairs, by epoll in one thread. What it is told comes line by line on
 * standard input, what it found goes out as one JSON object a line:
 *   open          connects and joins all, as fast as the server lets it
 *   rate R S      R messages a second for S seconds, in open loop: each has a time at which it is to be sent, and its
 *                 latency counts from that time, whether it could be sent then or not
 *   most W S      as many as it takes, with W messages of each of up to 200 pairs on their way
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Handshakes under way at once; pairs that "most" uses; and what one message carries, as a candidate does. */
#define WINDOW 128
#define BUSY_PAIRS 200
#define PADDING_BYTES 160
/* What a connection has to say is in one frame. */
#define FRAME_MAX_BYTES 1024

typedef enum
{
  CLOSED,
  SHAKING_HANDS,
  UPGRADING,
  JOINING,
  OPEN
} State;

typedef struct
{
  int fd;
  guint number;
  State state;
  gboolean peerjs;
  gnutls_session_t tls;
  GByteArray *in;
  GByteArray *out;
  char peer[64]; /* whom it speaks to */
  gint64 began;  /* the join */
  gboolean dirty;
} Connection;

static struct
{
  gboolean peerjs;
  gboolean tls;
  guint16 port;
  guint n;
  int epoll;
  Connection *all;
  guint n_begun;
  guint n_open;
  guint n_failed;
  guint n_shaking;
  GPtrArray *dirty;  /* Connection: with something to write */
  GArray *joins;     /* gint64, microseconds */
  GArray *latencies; /* gint64, microseconds */
  guint64 n_received;
  gboolean windowed; /* who hears a message sends the next */
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t priority;
} load;

static gint64
now (void)
{
  return g_get_monotonic_time ();
}

static void
fail (Connection *self, const char *why)
{
  if (self->state == CLOSED)
    return;
  if (self->state != OPEN)
    load.n_shaking--;
  else
    load.n_open--;
  load.n_failed++;
  if (load.n_failed <= 3)
    g_printerr ("load: connection %u: %s\n", self->number, why);
  self->state = CLOSED;
  close (self->fd);
}

static void
flush (Connection *self)
{
  while (self->out->len > 0)
    {
      gssize n = self->tls != NULL ? gnutls_record_send (self->tls, self->out->data, self->out->len)
                                   : send (self->fd, self->out->data, self->out->len, MSG_NOSIGNAL);

      if (n > 0)
        g_byte_array_remove_range (self->out, 0, (guint) n);
      else if (n == GNUTLS_E_AGAIN || (n < 0 && self->tls == NULL && errno == EAGAIN))
        return;
      else
        {
          fail (self, "cannot write");
          return;
        }
    }
}

static void
say (Connection *self, const char *text)
{
  static const guint8 key[4] = { 0x37, 0xfa, 0x21, 0x3d };
  guint8 frame[FRAME_MAX_BYTES + 14] = { 0x81 };
  gsize size = strlen (text), at = 2;

  g_assert (size <= FRAME_MAX_BYTES);
  frame[1] = (guint8) (0x80 | (size < 126 ? size : 126));
  if (size >= 126)
    {
      frame[at++] = (guint8) (size >> 8);
      frame[at++] = (guint8) size;
    }
  memcpy (frame + at, key, 4);
  at += 4;
  for (gsize i = 0; i < size; i++)
    frame[at + i] = (guint8) (text[i] ^ key[i % 4]);
  g_byte_array_append (self->out, frame, (guint) (at + size));
  if (!self->dirty)
    g_ptr_array_add (load.dirty, self);
  self->dirty = TRUE;
}

/* when: what its latency counts from. */
static void
say_message (Connection *self, gint64 when)
{
  static char padding[PADDING_BYTES + 1];
  char text[FRAME_MAX_BYTES];

  if (padding[0] == '\0')
    memset (padding, 'x', PADDING_BYTES);
  g_snprintf (text, sizeof text,
              load.peerjs ? "{\"type\":\"CANDIDATE\",\"dst\":\"%s\",\"payload\":\"T=%" G_GINT64_FORMAT " %s\"}"
                          : "{\"type\":\"signal\",\"to\":\"%s\",\"payload\":\"T=%" G_GINT64_FORMAT " %s\"}",
              self->peer, when, padding);
  say (self, text);
}

static void
begin_upgrade (Connection *self)
{
  g_autofree char *path = load.peerjs ? g_strdup_printf ("/peerjs?key=peerjs&id=c%u&token=t%u", self->number, self->number)
                                      : g_strdup ("/snug");
  g_autofree char *request
    = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                       path, load.peerjs ? "" : "Sec-WebSocket-Protocol: snug.1\r\n");

  self->state = UPGRADING;
  self->began = now ();
  g_byte_array_append (self->out, (const guint8 *) request, (guint) strlen (request));
  flush (self);
}

static void
connect_one (Connection *self, guint number)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (load.port) };
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = self };
  const int yes = 1;

  inet_pton (AF_INET, "127.0.0.1", &address.sin_addr);
  self->number = number;
  self->in = g_byte_array_new ();
  self->out = g_byte_array_new ();
  self->state = SHAKING_HANDS;
  load.n_shaking++;
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  g_assert (self->fd >= 0);
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect (self->fd, (const struct sockaddr *) &address, sizeof address) < 0 && errno != EINPROGRESS)
    {
      fail (self, "cannot connect");
      return;
    }
  if (load.tls)
    {
      gnutls_init (&self->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
      gnutls_priority_set (self->tls, load.priority);
      gnutls_credentials_set (self->tls, GNUTLS_CRD_CERTIFICATE, load.credentials);
      gnutls_transport_set_int (self->tls, self->fd);
    }
  epoll_ctl (load.epoll, EPOLL_CTL_ADD, self->fd, &event);
}

static void
begin_more (void)
{
  while (load.n_begun < load.n && load.n_shaking < WINDOW)
    {
      connect_one (&load.all[load.n_begun], load.n_begun);
      load.n_begun++;
    }
}

static void
opened (Connection *self)
{
  gint64 took = now () - self->began;

  self->state = OPEN;
  load.n_shaking--;
  load.n_open++;
  g_array_append_val (load.joins, took);
  begin_more ();
}

static void
join (Connection *self)
{
  char text[256];

  self->state = JOINING;
  if (load.peerjs)
    {
      g_snprintf (self->peer, sizeof self->peer, "c%u", self->number ^ 1);
      return;
    }
  self->began = now ();
  g_snprintf (text, sizeof text, "{\"type\":\"join\",\"version\":1,\"room\":\"%032x\"}",
              self->number / 2);
  say (self, text);
}

/* The id that follows a marker. */
static void
find_peer (Connection *self, const char *text, const char *marker)
{
  const char *at = strstr (text, marker);

  if (at != NULL)
    sscanf (at + strlen (marker), "%63[0-9a-z]", self->peer);
}

static void
hear (Connection *self, const char *text)
{
  const char *time = strstr (text, "\"T=");

  if (time != NULL)
    {
      gint64 latency = now () - g_ascii_strtoll (time + 3, NULL, 10);

      g_array_append_val (load.latencies, latency);
      load.n_received++;
      if (load.windowed)
        say_message (&load.all[self->number ^ 1], now ());
    }
  else if (strstr (text, "\"type\":\"peer-joined\"") != NULL)
    find_peer (self, text, "\"id\":\"");
  else if (strstr (text, "\"type\":\"joined\"") != NULL)
    {
      const char *peers = strstr (text, "\"peers\":[{");

      if (peers != NULL)
        find_peer (self, peers, "\"id\":\"");
      opened (self);
    }
  else if (strstr (text, "\"OPEN\"") != NULL)
    opened (self);
  else if (strstr (text, "error") != NULL || strstr (text, "ERROR") != NULL)
    fail (self, text);
}

/* Whole frames, of servers that behave. */
static void
take_frames (Connection *self)
{
  guint at = 0;

  while (self->state >= JOINING && self->in->len - at >= 2)
    {
      guint8 *frame = self->in->data + at;
      gsize size = frame[1] & 0x7f, header = size == 126 ? 4 : 2;
      guint8 after;

      g_assert (size < 127);
      if (self->in->len - at < header)
        break;
      if (size == 126)
        size = (gsize) frame[2] << 8 | frame[3];
      if (self->in->len - at < header + size)
        break;
      if (frame[0] == 0x89)
        {
          const guint8 pong[] = { 0x8a, 0x80, 0, 0, 0, 0 };

          g_byte_array_append (self->out, pong, sizeof pong);
          flush (self);
        }
      else if (frame[0] == 0x81)
        {
          /* There is always one more byte than was read. */
          after = frame[header + size];
          frame[header + size] = '\0';
          hear (self, (const char *) frame + header);
          self->in->data[at + header + size] = after;
        }
      at += (guint) (header + size);
    }
  if (at > 0)
    g_byte_array_remove_range (self->in, 0, at);
}

static void
take (Connection *self)
{
  if (self->state == UPGRADING)
    {
      guint8 *end = self->in->len > 12 ? memmem (self->in->data, self->in->len, "\r\n\r\n", 4) : NULL;

      if (end == NULL)
        return;
      if (memcmp (self->in->data + 9, "101", 3) != 0)
        {
          fail (self, "no upgrade");
          return;
        }
      g_byte_array_remove_range (self->in, 0, (guint) (end + 4 - self->in->data));
      join (self);
    }
  take_frames (self);
}

static void
on_ready (Connection *self)
{
  static guint8 buffer[65536];
  guint8 next;

  if (self->state == SHAKING_HANDS && self->tls != NULL)
    {
      int status = gnutls_handshake (self->tls);

      if (status < 0 && gnutls_error_is_fatal (status))
        fail (self, gnutls_strerror (status));
      if (status < 0)
        return;
    }
  if (self->state == SHAKING_HANDS)
    begin_upgrade (self);
  while (self->state != CLOSED)
    {
      gssize n = self->tls != NULL ? gnutls_record_recv (self->tls, buffer, sizeof buffer)
                                   : recv (self->fd, buffer, sizeof buffer, 0);

      /* GnuTLS says so also after a ticket, with more behind it: and nothing would wake this one for that. */
      if (n == GNUTLS_E_AGAIN && recv (self->fd, &next, 1, MSG_PEEK) > 0)
        continue;
      if (n == GNUTLS_E_AGAIN || (n < 0 && self->tls == NULL && errno == EAGAIN))
        break;
      if (n <= 0)
        {
          fail (self, "closed by the server");
          return;
        }
      g_byte_array_append (self->in, buffer, (guint) n);
      /* Room for the byte after the last. */
      g_byte_array_set_size (self->in, self->in->len + 1);
      self->in->len--;
      take (self);
    }
  if (self->state != CLOSED)
    flush (self);
}

/* Once a turn, so that it is the server that has most to do. */
static void
flush_all (void)
{
  for (guint i = 0; i < load.dirty->len; i++)
    {
      Connection *self = g_ptr_array_index (load.dirty, i);

      self->dirty = FALSE;
      if (self->state != CLOSED)
        flush (self);
    }
  g_ptr_array_set_size (load.dirty, 0);
}

static void
run_once (int timeout)
{
  struct epoll_event events[256];
  int n = epoll_wait (load.epoll, events, 256, timeout);

  for (int i = 0; i < n; i++)
    {
      Connection *self = events[i].data.ptr;

      if (self->state != CLOSED)
        on_ready (self);
    }
  flush_all ();
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return x < y ? -1 : x > y;
}

static gint64
percentile (GArray *values, guint percent)
{
  if (values->len == 0)
    return -1;
  g_array_sort (values, compare);
  return g_array_index (values, gint64, MIN (values->len - 1, (guint) ((guint64) values->len * percent / 100)));
}

static void
open_all (void)
{
  gint64 began = now (), took;

  begin_more ();
  while (load.n_open + load.n_failed < load.n && now () - began < 300 * (gint64) G_USEC_PER_SEC)
    run_once (100);
  took = now () - began;
  printf ("{\"open\":%u,\"failed\":%u,\"seconds\":%.3f,\"perSecond\":%.0f,\"joinP50\":%.3f,\"joinP99\":%.3f}\n",
          load.n_open, load.n_failed, (double) took / 1e6, load.n_open * 1e6 / (double) took,
          (double) percentile (load.joins, 50) / 1e3, (double) percentile (load.joins, 99) / 1e3);
}

static void
print_traffic (guint64 n_sent, gint64 took)
{
  printf ("{\"sent\":%" G_GUINT64_FORMAT ",\"received\":%" G_GUINT64_FORMAT ",\"seconds\":%.3f,\"perSecond\":%.0f,"
          "\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f}\n",
          n_sent, load.n_received, (double) took / 1e6, (double) load.n_received * 1e6 / (double) took,
          (double) percentile (load.latencies, 50) / 1e3, (double) percentile (load.latencies, 99) / 1e3,
          (double) percentile (load.latencies, 100) / 1e3);
}

static void
begin_traffic (void)
{
  g_array_set_size (load.latencies, 0);
  load.n_received = 0;
}

static void
run_rate (guint rate, guint seconds)
{
  guint64 n = (guint64) rate * seconds;
  gint64 began = now () + 1000, end = began + (gint64) seconds * G_USEC_PER_SEC;
  guint64 sent = 0;

  begin_traffic ();
  while (sent < n || (load.n_received < sent && now () < end + 3 * G_USEC_PER_SEC))
    {
      gint64 time = now (), left;

      while (sent < n && began + (gint64) (sent * G_USEC_PER_SEC / rate) <= time)
        {
          Connection *self = &load.all[sent % load.n];

          if (self->state == OPEN)
            say_message (self, began + (gint64) (sent * G_USEC_PER_SEC / rate));
          sent++;
        }
      flush_all ();
      /* Whole milliseconds: so that it is there when the next one is due. */
      left = began + (gint64) (sent * G_USEC_PER_SEC / rate) - now ();
      run_once (sent < n ? (int) (MAX (left, 0) / 1000) : 10);
    }
  print_traffic (sent, now () - began);
}

static void
run_most (guint window, guint seconds)
{
  gint64 began = now (), end = began + (gint64) seconds * G_USEC_PER_SEC;

  begin_traffic ();
  load.windowed = TRUE;
  for (guint i = 0; i < MIN (load.n / 2, BUSY_PAIRS) * 2; i += 2)
    {
      for (guint k = 0; k < window && load.all[i].state == OPEN; k++)
        say_message (&load.all[i], now ());
    }
  flush_all ();
  while (now () < end)
    run_once (100);
  load.windowed = FALSE;
  print_traffic (load.n_received, now () - began);
  for (end = now () + G_USEC_PER_SEC / 2; now () < end;)
    run_once (50);
}

int
main (int argc, char **argv)
{
  char line[128];

  if (argc != 5)
    {
      fprintf (stderr, "usage: load snug|peerjs plain|tls PORT CONNECTIONS\n");
      return 2;
    }
  load.peerjs = strcmp (argv[1], "peerjs") == 0;
  load.tls = strcmp (argv[2], "tls") == 0;
  load.port = (guint16) atoi (argv[3]);
  load.n = (guint) atoi (argv[4]) & ~1u;
  load.all = g_new0 (Connection, load.n);
  load.dirty = g_ptr_array_new ();
  load.joins = g_array_new (FALSE, FALSE, sizeof (gint64));
  load.latencies = g_array_new (FALSE, FALSE, sizeof (gint64));
  load.epoll = epoll_create1 (EPOLL_CLOEXEC);
  if (load.tls)
    {
      gnutls_certificate_allocate_credentials (&load.credentials);
      gnutls_priority_init (&load.priority, "NORMAL", NULL);
    }
  setvbuf (stdout, NULL, _IOLBF, 0);
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      guint a, b;

      if (strcmp (line, "open\n") == 0)
        open_all ();
      else if (sscanf (line, "rate %u %u", &a, &b) == 2 && a > 0)
        run_rate (a, b);
      else if (sscanf (line, "most %u %u", &a, &b) == 2)
        run_most (a, b);
    }
  return 0;
}
