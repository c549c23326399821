/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One relay (RFC 8656): whether it lets us in, whether what it sends arrives anywhere, and how much gets through.
 */
#include "snug-doctor-checks.h"

#include <string.h>

#include "snug-protocol.h"
#include "snug-stun-link.h"

#define ASK_MS 3000
#define CONNECT_MS 5000
/* Once it is known that the relay is there. */
#define NEXT_MS 2000
#define ECHO_MS 1500
#define ECHO_TRIES 2
#define BURST_PACKETS 64
#define BURST_BYTES 1000
#define BURST_WAIT_MS 1500
#define TRANSPORT_UDP 17

typedef struct
{
  SnugStunLink *link;
  SnugStunAddress server;
  char *realm;
  char *nonce;
  SnugStunAddress relayed;
} Allocation;

static void
allocation_clear (Allocation *self)
{
  g_clear_pointer (&self->link, snug_stun_link_free);
  g_clear_pointer (&self->realm, g_free);
  g_clear_pointer (&self->nonce, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Allocation, allocation_clear)

static GByteArray *
new_request (SnugStunType type)
{
  guint8 transaction[SNUG_STUN_TRANSACTION_BYTES];

  snug_protocol_random (transaction, sizeof transaction);
  return snug_stun_message_new (type, transaction);
}

static void
add_transport (GByteArray *request)
{
  static const guint8 value[4] = { TRANSPORT_UDP };

  snug_stun_message_add (request, SNUG_STUN_TRANSPORT, value, sizeof value);
}

/* What the server wants the next request to have. */
static void
keep_challenge (Allocation *self, SnugStunMessage *reply)
{
  if (reply->realm != NULL)
    {
      g_free (self->realm);
      self->realm = g_steal_pointer (&reply->realm);
    }
  if (reply->nonce != NULL)
    {
      g_free (self->nonce);
      self->nonce = g_steal_pointer (&reply->nonce);
    }
}

static SnugStunOutcome
open_link (Allocation *self, const SnugDoctorTarget *target, const SnugStunAddress *server, GCancellable *cancellable)
{
  SnugStunOutcome outcome = SNUG_STUN_BLOCKED;

  self->server = *server;
  if (target->tcp)
    self->link = snug_stun_link_new_tcp (server, target->tls ? target->host : NULL, CONNECT_MS, cancellable, &outcome);
  else if ((self->link = snug_stun_link_new_udp (server->family, cancellable)) != NULL)
    outcome = SNUG_STUN_ANSWERED;
  return outcome;
}

/* error: (out): the server's code, 0: it let us in. */
static SnugStunOutcome
allocate (Allocation *self, const SnugDoctorTarget *target, guint *error)
{
  for (guint attempt = 0; attempt < 3; attempt++)
    {
      g_autoptr (GByteArray) request = new_request (SNUG_STUN_ALLOCATE);
      g_auto (SnugStunMessage) reply = { 0 };
      gboolean known = self->realm != NULL && self->nonce != NULL;
      SnugStunOutcome outcome;

      add_transport (request);
      if (known)
        snug_stun_message_add_credential (request, target->user, target->password, self->realm, self->nonce);
      outcome = snug_stun_link_ask (self->link, &self->server, request, ASK_MS, &reply, NULL);
      if (outcome != SNUG_STUN_ANSWERED)
        return outcome;
      if (reply.type == SNUG_STUN_ALLOCATE_SUCCESS && reply.relayed.family != 0)
        {
          self->relayed = reply.relayed;
          *error = 0;
          return outcome;
        }
      if (reply.type != SNUG_STUN_ALLOCATE_ERROR || reply.error == 0)
        return SNUG_STUN_GARBAGE;
      *error = reply.error;
      /* 401 asks for the user's name at first; 438 has a newer nonce. */
      if ((*error != 401 || known) && *error != 438)
        return outcome;
      keep_challenge (self, &reply);
      if (self->realm == NULL || self->nonce == NULL)
        return SNUG_STUN_GARBAGE;
    }
  return SNUG_STUN_ANSWERED;
}

/* FALSE: refused, or no answer. */
static gboolean
permit (Allocation *self, const SnugDoctorTarget *target, const SnugStunAddress *peer)
{
  for (guint attempt = 0; attempt < 2; attempt++)
    {
      g_autoptr (GByteArray) request = new_request (SNUG_STUN_PERMISSION);
      g_auto (SnugStunMessage) reply = { 0 };

      snug_stun_message_add_address (request, SNUG_STUN_PEER_ADDRESS, peer);
      snug_stun_message_add_credential (request, target->user, target->password, self->realm, self->nonce);
      if (snug_stun_link_ask (self->link, &self->server, request, NEXT_MS, &reply, NULL) != SNUG_STUN_ANSWERED)
        return FALSE;
      if (reply.type == SNUG_STUN_PERMISSION_SUCCESS)
        return TRUE;
      if (reply.error != 438)
        return FALSE;
      keep_challenge (self, &reply);
    }
  return FALSE;
}

static void
send_by_relay (Allocation *self, const SnugStunAddress *peer, gconstpointer data, gsize size)
{
  g_autoptr (GByteArray) indication = new_request (SNUG_STUN_SEND_INDICATION);

  snug_stun_message_add_address (indication, SNUG_STUN_PEER_ADDRESS, peer);
  snug_stun_message_add (indication, SNUG_STUN_DATA, data, size);
  snug_stun_link_send (self->link, &self->server, indication->data, indication->len);
}

/* The place is given back, which is not waited for. */
static void
give_back (Allocation *self, const SnugDoctorTarget *target)
{
  static const guint8 none[4];
  g_autoptr (GByteArray) request = new_request (SNUG_STUN_REFRESH);

  snug_stun_message_add (request, SNUG_STUN_LIFETIME, none, sizeof none);
  snug_stun_message_add_credential (request, target->user, target->password, self->realm, self->nonce);
  snug_stun_link_send (self->link, &self->server, request->data, request->len);
}

/* Whether a STUN server answers what the relay sends it. */
static gboolean
is_answered_there (Allocation *self, const SnugDoctorTarget *target, const SnugStunAddress *server)
{
  if (!permit (self, target, server))
    return FALSE;
  for (guint i = 0; i < ECHO_TRIES; i++)
    {
      g_autoptr (GByteArray) binding = new_request (SNUG_STUN_BINDING);
      g_auto (SnugStunMessage) message = { 0 };

      send_by_relay (self, server, binding->data, binding->len);
      if (snug_stun_link_receive (self->link, ECHO_MS, &message) == SNUG_STUN_ANSWERED
          && message.type == SNUG_STUN_DATA_INDICATION && snug_stun_address_equal (&message.peer, server))
        return TRUE;
    }
  return FALSE;
}

/* From one place at the relay to the other, as two people would who both use it. */
static guint
send_burst (SnugDoctorReport *report, const SnugDoctorTarget *target, Allocation *from, Allocation *to)
{
  guint8 data[BURST_BYTES] = { 0 };
  guint n = 0;
  gint64 start, last = 0;

  if (!permit (from, target, &to->relayed) || !permit (to, target, &from->relayed))
    return 0;
  start = g_get_monotonic_time ();
  for (guint i = 0; i < BURST_PACKETS; i++)
    {
      send_by_relay (from, &to->relayed, data, sizeof data);
      /* 8 Mbit/s, more than a call takes, and less than any buffer on the way. */
      if (i % 8 == 7)
        g_usleep (8 * 1000);
    }
  while (n < BURST_PACKETS)
    {
      g_auto (SnugStunMessage) message = { 0 };

      if (snug_stun_link_receive (to->link, BURST_WAIT_MS, &message) != SNUG_STUN_ANSWERED)
        break;
      if (message.type == SNUG_STUN_DATA_INDICATION && message.data_size == sizeof data)
        {
          n++;
          last = g_get_monotonic_time ();
        }
    }
  snug_doctor_report_see (report, "%s: %u of %u packets of %u bytes came back by the relay, %.1f Mbit/s", target->uri, n,
                          BURST_PACKETS, BURST_BYTES, n > 1 ? n * BURST_BYTES * 8.0 / MAX (last - start, 1) : 0.0);
  return n;
}

static void
check_way_out (SnugDoctorReport *report,
               const SnugDoctorTarget *target,
               Allocation *allocation,
               const SnugStunAddress *server,
               GCancellable *cancellable)
{
  g_auto (Allocation) second = { 0 };
  gboolean tried = FALSE, out = FALSE;
  guint error = 0;

  for (guint i = 0; target->others != NULL && i < target->others->len && i < 3 && !out; i++)
    {
      const SnugStunAddress *other = &g_array_index (target->others, SnugStunAddress, i);

      /* What listens at the relay's own address, or only here, is no proof. */
      if (other->family != allocation->relayed.family || snug_stun_address_is_loopback (other)
          || memcmp (other->bytes, server->bytes, 16) == 0)
        continue;
      tried = TRUE;
      out = is_answered_there (allocation, target, other);
    }
  if (tried)
    snug_doctor_report_see (report, "%s: a STUN server %s what the relay sends it", target->uri, out ? "answers" : "does not answer");

  if (open_link (&second, target, server, cancellable) == SNUG_STUN_ANSWERED
      && allocate (&second, target, &error) == SNUG_STUN_ANSWERED && error == 0)
    {
      guint n = send_burst (report, target, allocation, &second);

      if (!tried)
        out = n > 0;
      give_back (&second, target);
    }
  else if (!tried)
    {
      snug_doctor_report_see (report, "%s: no second place there to send to", target->uri);
      out = TRUE;
    }
  if (g_cancellable_is_cancelled (cancellable))
    return;
  snug_doctor_report_find (report, out ? SNUG_DOCTOR_RELAY_WORKS : SNUG_DOCTOR_RELAY_NO_WAY_OUT, target->uri);
}

static void
judge_error (SnugDoctorReport *report, const SnugDoctorTarget *target, guint error)
{
  g_autofree char *subject = g_strdup_printf ("%s: %u", target->uri, error);

  snug_doctor_report_see (report, "%s: refused with error %u", target->uri, error);
  switch (error)
    {
    case 401:
    case 403:
    case 441:
      snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_CREDENTIALS, target->uri);
      break;
    case 486:
    case 508:
      snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_FULL, target->uri);
      break;
    default:
      snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_REFUSES, subject);
      break;
    }
}

static void
judge_outcome (SnugDoctorReport *report, const SnugDoctorTarget *target, const SnugStunAddress *server, SnugStunOutcome outcome)
{
  switch (outcome)
    {
    case SNUG_STUN_REFUSED:
      snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_DOWN, target->uri);
      break;
    case SNUG_STUN_SILENT:
    case SNUG_STUN_BLOCKED:
      snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_SILENT, target->uri);
      if (target->tcp)
        snug_doctor_report_find (report, SNUG_DOCTOR_TCP_SILENT, NULL);
      break;
    case SNUG_STUN_GARBAGE:
      snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_GARBAGE, target->uri);
      break;
    case SNUG_STUN_BAD_CERTIFICATE:
      snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_CERTIFICATE, target->uri);
      break;
    case SNUG_STUN_ANSWERED:
    case SNUG_STUN_CANCELLED:
    default:
      return;
    }
  snug_doctor_report_see (report, "%s: %s", target->uri, snug_stun_outcome_to_string (outcome));
}

void
snug_doctor_check_turn (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  const SnugDoctorTarget *target = input;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) servers = snug_stun_resolve (target->host, target->port, cancellable, &error);
  g_auto (Allocation) allocation = { 0 };
  const SnugStunAddress *server = NULL;
  g_autofree char *relayed = NULL;
  SnugStunOutcome outcome;
  guint code = 0;

  g_ptr_array_set_free_func (report->items, g_free);
  snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_SET, target->uri);
  if (servers->len == 0)
    {
      if (!g_cancellable_is_cancelled (cancellable))
        snug_doctor_report_find (report, SNUG_DOCTOR_RELAY_NAME, target->uri);
      snug_doctor_report_see (report, "%s: %s", target->host, error->message);
      return;
    }
  /* IPv4 where there is one, as libnice does with names. */
  for (guint i = 0; i < servers->len && server == NULL; i++)
    if (g_array_index (servers, SnugStunAddress, i).family == 4)
      server = &g_array_index (servers, SnugStunAddress, i);
  if (server == NULL)
    server = &g_array_index (servers, SnugStunAddress, 0);

  outcome = open_link (&allocation, target, server, cancellable);
  if (outcome == SNUG_STUN_ANSWERED)
    outcome = allocate (&allocation, target, &code);
  if (outcome != SNUG_STUN_CANCELLED && outcome != SNUG_STUN_SILENT && outcome != SNUG_STUN_BLOCKED
      && !snug_stun_address_is_loopback (server))
    snug_doctor_report_find (report, target->tcp ? SNUG_DOCTOR_TCP_PASSES : SNUG_DOCTOR_UDP_PASSES, NULL);
  if (outcome != SNUG_STUN_ANSWERED)
    {
      judge_outcome (report, target, server, outcome);
      return;
    }
  if (code != 0)
    {
      judge_error (report, target, code);
      return;
    }

  relayed = snug_stun_address_to_string (&allocation.relayed);
  snug_doctor_report_see (report, "%s: lets us in, at %s", target->uri, relayed);
  /* By UDP it is a STUN server, too. */
  if (!target->tcp)
    g_ptr_array_add (report->items, g_memdup2 (server, sizeof *server));
  check_way_out (report, target, &allocation, server, cancellable);
  give_back (&allocation, target);
}
