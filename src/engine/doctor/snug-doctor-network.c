/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What this machine has: interfaces and addresses, Avahi, GStreamer's elements.
 */
#include "snug-doctor-checks.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "snug-self-test.h"

#define AVAHI_TIMEOUT_MS 3000

/* By the names that the usual programs give. */
static gboolean
is_vpn (const char *name, guint flags)
{
  static const char *const prefixes[] = { "tun", "tap", "wg", "ppp", "tailscale", "zt", "nordlynx", "proton", "utun", "ipsec", "vpn" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return TRUE;
  return (flags & IFF_POINTOPOINT) != 0;
}

static const char *
name_kind (const struct ifaddrs *one, char text[INET6_ADDRSTRLEN])
{
  if (one->ifa_addr->sa_family == AF_INET)
    {
      const struct in_addr *address = &((struct sockaddr_in *) (gpointer) one->ifa_addr)->sin_addr;

      inet_ntop (AF_INET, address, text, INET6_ADDRSTRLEN);
      return (ntohl (address->s_addr) & 0xffff0000u) == 0xa9fe0000u ? "IPv4, given by nobody" : "IPv4";
    }
  if (one->ifa_addr->sa_family == AF_INET6)
    {
      const struct in6_addr *address = &((struct sockaddr_in6 *) (gpointer) one->ifa_addr)->sin6_addr;

      inet_ntop (AF_INET6, address, text, INET6_ADDRSTRLEN);
      return IN6_IS_ADDR_LINKLOCAL (address) ? "IPv6, of this link only" : "IPv6";
    }
  return NULL;
}

void
snug_doctor_check_network (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  struct ifaddrs *all = NULL;
  guint n = 0;

  if (getifaddrs (&all) != 0)
    {
      snug_doctor_report_see (report, "The addresses of this machine can't be read");
      return;
    }
  for (struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
    {
      char text[INET6_ADDRSTRLEN] = "";
      const char *kind = one->ifa_addr != NULL && (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_LOOPBACK) == 0
                             ? name_kind (one, text)
                             : NULL;

      if (kind == NULL)
        continue;
      snug_doctor_report_see (report, "%s: %s, %s%s", one->ifa_name, text, kind,
                              is_vpn (one->ifa_name, one->ifa_flags) ? ", a VPN or tunnel" : "");
      if (strstr (kind, ",") == NULL)
        n++;
    }
  freeifaddrs (all);
  if (n == 0)
    snug_doctor_report_find (report, SNUG_DOCTOR_NO_NETWORK, NULL);
}

void
snug_doctor_check_mdns (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, cancellable, &error);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) answer = NULL;
  const char *version;

  /* One of its own, so that nothing of this thread stays. */
  if (address != NULL)
    bus = g_dbus_connection_new_for_address_sync (
        address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL,
        cancellable, &error);
  if (bus != NULL)
    answer = g_dbus_connection_call_sync (bus, "org.freedesktop.Avahi", "/", "org.freedesktop.Avahi.Server", "GetVersionString",
                                          NULL, G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NO_AUTO_START, AVAHI_TIMEOUT_MS,
                                          cancellable, &error);
  if (answer == NULL)
    {
      snug_doctor_report_see (report, "Avahi is not there: names that end in .local can't be looked up (%s)", error->message);
      return;
    }
  g_variant_get (answer, "(&s)", &version);
  snug_doctor_report_see (report, "%s is there", version);
}

/* What is lost without the element; 0 where another one does the same. */
static SnugDoctorCode
code_of_element (const SnugElementInfo *info)
{
  if (info->without == NULL)
    return SNUG_DOCTOR_PLUGIN;
  if (g_str_has_prefix (info->name, "webrtc"))
    return SNUG_DOCTOR_ECHO_PLUGIN;
  if (g_str_has_prefix (info->name, "pulse"))
    return SNUG_DOCTOR_SOUND_PLUGIN;
  if (g_str_equal (info->name, "pipewiresrc"))
    return snug_self_test_has_element ("v4l2src") ? SNUG_DOCTOR_SCREEN_PLUGIN : SNUG_DOCTOR_CAMERA_PLUGIN;
  return 0;
}

void
snug_doctor_check_plugins (SnugDoctorReport *report, gconstpointer input, GCancellable *cancellable)
{
  guint n = 0, n_missing = 0;

  for (const SnugElementInfo *info = snug_self_test_list_elements (); info->name != NULL; info++, n++)
    {
      g_autofree char *subject = NULL;

      if (snug_self_test_has_element (info->name))
        continue;
      n_missing++;
      subject = g_strdup_printf ("%s (%s)", info->name, info->package);
      if (code_of_element (info) != 0)
        snug_doctor_report_find (report, code_of_element (info), subject);
      snug_doctor_report_see (report, "%s is missing; it is in the package %s", info->name, info->package);
    }
  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      n_missing++;
      snug_doctor_report_see (report, "TLS is missing; it is in the package glib-networking");
    }
  snug_doctor_report_see (report, "%u of %u elements are there", n + 1 - n_missing, n + 1);
}
