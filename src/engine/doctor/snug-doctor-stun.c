/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * STUN servers, what they see of us, and whether UDP gets anywhere at all (RFC 8489; RFC 4787, 4 for the words about NATs).
 */
#include "snug-doctor-checks.h"

#include <string.h>

#include "snug-protocol.h"
#include "snug-stun-link.h"

#define ASK_MS 3000
#define CONNECT_MS 3000
#define HAIRPIN_MS 700
#define DEFAULT_PORT 3478
#define DEFAULT_TLS_PORT 5349
/* To be sure that one of them tells us of ports that nothing listens at. */
#define CONTROL_MS 1500

SnugDoctorTarget *
snug_doctor_target_new (const char *uri, const char *user, const char *password, SnugDoctorReport *report)
{
  g_autoptr (SnugDoctorTarget) self = g_new0 (SnugDoctorTarget, 1);
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *authority = NULL;
  const char *rest, *query;

  self->turn = g_ascii_strncasecmp (uri, "turn", 4) == 0;
  if (!snug_ice_server_check_uri (uri, &error))
    {
      snug_doctor_report_find (report, self->turn ? SNUG_DOCTOR_RELAY_ADDRESS : SNUG_DOCTOR_STUN_ADDRESS, uri);
      snug_doctor_report_see (report, "%s: %s", uri, error->message);
      return NULL;
    }

  self->uri = g_strdup (uri);
  rest = strchr (uri, ':') + 1;
  self->tls = rest[-2] == 's' || rest[-2] == 'S';
  query = strchr (rest, '?');
  self->tcp = self->tls || (query != NULL && strstr (query, "tcp") != NULL);
  authority = query != NULL ? g_strndup (rest, query - rest) : g_strdup (rest);
  address = g_network_address_parse (authority, self->tls ? DEFAULT_TLS_PORT : DEFAULT_PORT, NULL);
  self->user = g_strdup (user);
  self->password = g_strdup (password);
  if (address == NULL || (!self->turn && self->tls) || (self->tls && query != NULL && strstr (query, "udp") != NULL)
      || (self->turn && (user == NULL || *user == '\0' || password == NULL || *password == '\0')))
    {
      snug_doctor_report_find (report, self->turn ? SNUG_DOCTOR_RELAY_ADDRESS : SNUG_DOCTOR_STUN_ADDRESS, uri);
      snug_doctor_report_see (report, "%s: %s", uri,
                              self->turn && address != NULL && !self->tls ? "a relay needs a user name and a password"
                                                                          : "such a server is not supported");
      return NULL;
    }
  self->host = g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)));
  self->port = g_network_address_get_port (G_NETWORK_ADDRESS (address));
  return g_steal_pointer (&self);
}

void
snug_doctor_target_free (SnugDoctorTarget *self)
{
  g_free (self->uri);
  g_free (self->host);
  g_free (self->user);
  g_free (self->password);
  g_clear_pointer (&self->others, g_array_unref);
  g_free (self);
}

static GByteArray *
new_binding (void)
{
  guint8 transaction[SNUG_STUN_TRANSACTION_BYTES];

  snug_protocol_random (transaction, sizeof transaction);
  return snug_stun_message_new (SNUG_STUN_BINDING, transaction);
}

/* mapped: (out) (nullable). other: (out) (nullable): another address that the server has, its family 0 for none. */
static SnugStunOutcome
ask (SnugStunLink *link,
     const SnugStunAddress *server,
     guint milliseconds,
     SnugStunAddress *mapped,
     SnugStunAddress *other,
     gint64 *round_trip)
{
  g_autoptr (GByteArray) request = new_binding ();
  g_auto (SnugStunMessage) reply = { 0 };
  SnugStunOutcome outcome = snug_stun_link_ask (link, server, request, milliseconds, &reply, round_trip);

  if (outcome != SNUG_STUN_ANSWERED)
    return outcome;
  if (reply.type != SNUG_STUN_BINDING_SUCCESS || reply.mapped.family != server->family)
    return SNUG_STUN_GARBAGE;
  if (mapped != NULL)
    *mapped = reply.mapped;
  if (other != NULL)
    *other = reply.other;
  return SNUG_STUN_ANSWERED;
}

/* Nothing comes by UDP: does that machine answer on the same port otherwise? */
static void
try_tcp (SnugDoctorReport *report, const SnugStunAddress *server, const char *name, GCancellable *cancellable)
{
  SnugStunOutcome outcome;
  g_autoptr (SnugStunLink) link = snug_stun_link_new_tcp (server, NULL, CONNECT_MS, cancellable, &outcome);

  if (outcome == SNUG_STUN_CANCELLED)
    return;
  snug_doctor_report_see (report, "%s by TCP: %s", name, link != NULL ? "connected" : snug_stun_outcome_to_string (outcome));
  snug_doctor_report_find (report,
                           link != NULL || outcome == SNUG_STUN_REFUSED ? SNUG_DOCTOR_TCP_PASSES : SNUG_DOCTOR_TCP_SILENT, NULL);
}

static void
check_address (SnugDoctorReport *report, const SnugDoctorTarget *target, const SnugStunAddress *server, GCancellable *cancellable)
{
  g_autoptr (SnugStunLink) link = snug_stun_link_new_udp (server->family, cancellable);
  g_autofree char *name = snug_stun_address_to_string (server);
  g_autofree char *seen = NULL;
  gboolean far = !snug_stun_address_is_loopback (server);
  SnugStunAddress mapped;
  SnugStunOutcome outcome;
  gint64 round_trip = 0;

  if (link == NULL)
    return;
  outcome = ask (link, server, ASK_MS, &mapped, NULL, &round_trip);
  switch (outcome)
    {
    case SNUG_STUN_ANSWERED:
      seen = snug_stun_address_to_string (&mapped);
      snug_doctor_report_see (report, "%s: sees this machine as %s, round trip %.1f ms", name, seen, round_trip / 1000.0);
      snug_doctor_report_find (report, SNUG_DOCTOR_STUN_WORKS, target->uri);
      if (far)
        snug_doctor_report_find (report, SNUG_DOCTOR_UDP_PASSES, NULL);
      g_ptr_array_add (report->items, g_memdup2 (server, sizeof *server));
      break;
    case SNUG_STUN_REFUSED:
      snug_doctor_report_find (report, SNUG_DOCTOR_STUN_DOWN, target->uri);
      if (far)
        snug_doctor_report_find (report, SNUG_DOCTOR_UDP_PASSES, NULL);
      break;
    case SNUG_STUN_SILENT:
    case SNUG_STUN_BLOCKED:
      snug_doctor_report_find (report, SNUG_DOCTOR_STUN_SILENT, target->uri);
      break;
    case SNUG_STUN_GARBAGE:
    case SNUG_STUN_BAD_CERTIFICATE:
      snug_doctor_report_find (report, SNUG_DOCTOR_STUN_GARBAGE, target->uri);
      if (far)
        snug_doctor_report_find (report, SNUG_DOCTOR_UDP_PASSES, NULL);
      break;
    case SNUG_STUN_CANCELLED:
    default:
      return;
    }
  if (outcome != SNUG_STUN_ANSWERED)
    snug_doctor_report_see (report, "%s by UDP: %s", name, snug_stun_outcome_to_string (outcome));
  if (outcome == SNUG_STUN_SILENT || outcome == SNUG_STUN_BLOCKED)
    try_tcp (report, server, name, cancellable);
}

/* Whether this machine has any way to such an address. */
static gboolean
has_way_to (const SnugStunAddress *server)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_bytes (
      server->bytes, server->family == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
  g_autoptr (GSocketAddress) name = g_inet_socket_address_new (address, server->port);
  g_autoptr (GSocket) socket
      = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  /* Sends nothing. */
  return socket != NULL && g_socket_connect (socket, name, NULL, NULL);
}

void
snug_doctor_check_stun (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  const SnugDoctorTarget *target = input;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) servers = snug_stun_resolve (target->host, target->port, cancellable, &error);
  gboolean tried[2] = { FALSE, FALSE };

  g_ptr_array_set_free_func (report->items, g_free);
  if (servers->len == 0)
    {
      if (!g_cancellable_is_cancelled (cancellable))
        snug_doctor_report_find (report, SNUG_DOCTOR_STUN_NAME, target->uri);
      snug_doctor_report_see (report, "%s: %s", target->host, error->message);
      return;
    }
  /* The first of each family. One that this machine has no way to is no fault of the server, if it has another. */
  for (guint i = 0; i < servers->len; i++)
    {
      const SnugStunAddress *server = &g_array_index (servers, SnugStunAddress, i);
      guint family = server->family == 6;
      g_autofree char *name = snug_stun_address_to_string (server);

      if (tried[family])
        continue;
      if (!has_way_to (server) && (servers->len > 1 || server->family == 6))
        {
          snug_doctor_report_see (report, "%s: no way there by IPv%u", name, server->family);
          continue;
        }
      tried[family] = TRUE;
      check_address (report, target, server, cancellable);
    }
  /* A server that works by one family is none that is down. */
  if (snug_doctor_report_has (report, SNUG_DOCTOR_STUN_WORKS))
    for (guint i = report->findings->len; i > 0; i--)
      {
        SnugDoctorCode code = ((SnugDoctorFinding *) report->findings->pdata[i - 1])->code;

        if (code == SNUG_DOCTOR_STUN_SILENT || code == SNUG_DOCTOR_STUN_DOWN || code == SNUG_DOCTOR_STUN_GARBAGE)
          g_ptr_array_remove_index (report->findings, i - 1);
      }
}

/* To ourselves, by the address that others see (RFC 4787, 6). */
static void
try_hairpin (SnugDoctorReport *report, SnugStunLink *link, const SnugStunAddress *mapped, GCancellable *cancellable)
{
  g_autoptr (SnugStunLink) from = snug_stun_link_new_udp (mapped->family, cancellable);
  g_autoptr (GByteArray) request = new_binding ();
  g_auto (SnugStunMessage) message = { 0 };
  SnugStunOutcome outcome;

  if (from == NULL || !snug_stun_link_send (from, mapped, request->data, request->len))
    return;
  outcome = snug_stun_link_receive (link, HAIRPIN_MS, &message);
  snug_doctor_report_see (report, "Two machines behind this address %s each other by it",
                          outcome == SNUG_STUN_ANSWERED ? "reach" : "do not reach");
}

void
snug_doctor_check_nat (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  const SnugDoctorTarget *target = input;
  g_autoptr (SnugStunLink) link = snug_stun_link_new_udp (4, cancellable);
  g_autoptr (GArray) servers = g_array_copy (target->others);
  SnugStunAddress first = { 0 };
  guint n = 0;
  gboolean dependent = FALSE;

  for (guint i = 0; link != NULL && i < servers->len; i++)
    {
      SnugStunAddress server = g_array_index (servers, SnugStunAddress, i);
      SnugStunAddress mapped, other = { 0 };
      g_autofree char *name = snug_stun_address_to_string (&server);
      g_autofree char *seen = NULL;

      if (server.family != 4 || ask (link, &server, ASK_MS, &mapped, &other, NULL) != SNUG_STUN_ANSWERED)
        continue;
      seen = snug_stun_address_to_string (&mapped);
      snug_doctor_report_see (report, "%s sees port %u of this machine as %s", name, snug_stun_link_get_port (link), seen);
      if (n++ == 0)
        first = mapped;
      else if (!snug_stun_address_equal (&first, &mapped))
        dependent = TRUE;
      /* A server with two addresses is as good as two servers. */
      if (other.family == 4 && servers->len == target->others->len && servers->len < 4)
        g_array_append_val (servers, other);
    }

  if (n < 2)
    {
      snug_doctor_report_see (report, "How this network maps ports can be told by two STUN servers; %s", n == 0 ? "none was heard"
                                                                                                              : "one was heard");
      if (n == 0)
        return;
    }
  else
    snug_doctor_report_see (report, dependent ? "Another port for each destination (address-dependent mapping)"
                                              : "The same port for each destination (endpoint-independent mapping)");
  if (dependent)
    snug_doctor_report_find (report, SNUG_DOCTOR_NAT_DEPENDENT, NULL);
  else if (first.port == snug_stun_link_get_port (link) && has_way_to (&first))
    snug_doctor_report_see (report, "The port is the machine's own");
  try_hairpin (report, link, &first, cancellable);
}

void
snug_doctor_check_udp (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  g_autoptr (GArray) servers = snug_stun_resolve (input, DEFAULT_PORT, cancellable, NULL);

  for (guint i = 0; i < servers->len && i < 2; i++)
    {
      const SnugStunAddress *server = &g_array_index (servers, SnugStunAddress, i);
      g_autoptr (SnugStunLink) link = snug_stun_link_new_udp (server->family, cancellable);
      g_autofree char *name = snug_stun_address_to_string (server);
      SnugStunOutcome outcome;

      if (link == NULL || snug_stun_address_is_loopback (server))
        continue;
      outcome = ask (link, server, CONTROL_MS, NULL, NULL, NULL);
      snug_doctor_report_see (report, "%s by UDP: %s", name, snug_stun_outcome_to_string (outcome));
      /* That nothing listens there has come back by the way that is looked for. */
      if (outcome == SNUG_STUN_ANSWERED || outcome == SNUG_STUN_REFUSED || outcome == SNUG_STUN_GARBAGE)
        {
          snug_doctor_report_find (report, SNUG_DOCTOR_UDP_PASSES, NULL);
          return;
        }
    }
}
