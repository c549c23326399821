/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-network-watch.h"

#include <arpa/inet.h>
#include <glib-unix.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "snug-relay.h"

/* What changes together is told in several messages, one soon after the other. */
#define SETTLE_MS 100
#define CLOCK_MS 1000
/* By how much more than the monotonic clock, which stands still in sleep, the other must have gone on. */
#define SLEEP_US (3 * G_USEC_PER_SEC)

struct _SnugNetworkWatch
{
  GObject parent_instance;

  int fd; /* of the kernel's news; -1: none to be had */
  guint fd_id;
  guint settle_id;
  guint clock_id;
  GHashTable *addresses; /* char *, a set */
  gint64 slept;          /* in all */
};

G_DEFINE_FINAL_TYPE (SnugNetworkWatch, snug_network_watch, G_TYPE_OBJECT)

enum
{
  SIGNAL_ADDRESS_LOST,
  SIGNAL_ADDRESS_GAINED,
  SIGNAL_WOKEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Those that a peer could be reached from. Returns: (transfer full). */
static GHashTable *
read_addresses (void)
{
  GHashTable *addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) != 0)
    return addresses;
  for (struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
    {
      char text[INET6_ADDRSTRLEN] = "";

      if (one->ifa_addr == NULL || (one->ifa_flags & IFF_UP) == 0 || (one->ifa_flags & IFF_LOOPBACK) != 0)
        continue;
      if (one->ifa_addr->sa_family == AF_INET)
        {
          inet_ntop (AF_INET, &((struct sockaddr_in *) (gpointer) one->ifa_addr)->sin_addr, text, sizeof text);
        }
      else if (one->ifa_addr->sa_family == AF_INET6)
        {
          const struct in6_addr *address = &((struct sockaddr_in6 *) (gpointer) one->ifa_addr)->sin6_addr;

          if (!IN6_IS_ADDR_LINKLOCAL (address))
            inet_ntop (AF_INET6, address, text, sizeof text);
        }
      if (*text != '\0')
        g_hash_table_add (addresses, g_strdup (text));
    }
  freeifaddrs (all);

  return addresses;
}

static gboolean
has_all (GHashTable *set, GHashTable *of)
{
  GHashTableIter iter;
  gpointer address;

  g_hash_table_iter_init (&iter, of);
  while (g_hash_table_iter_next (&iter, &address, NULL))
    if (!g_hash_table_contains (set, address))
      return FALSE;

  return TRUE;
}

SnugAddressChange
snug_network_watch_compare (GHashTable *before, GHashTable *after)
{
  g_return_val_if_fail (before != NULL && after != NULL, SNUG_ADDRESS_SAME);

  if (!has_all (after, before))
    return SNUG_ADDRESS_LOST;

  return has_all (before, after) ? SNUG_ADDRESS_SAME : SNUG_ADDRESS_GAINED;
}

static gboolean
on_settled (gpointer user_data)
{
  SnugNetworkWatch *self = user_data;
  GHashTable *addresses = read_addresses ();
  SnugAddressChange change = snug_network_watch_compare (self->addresses, addresses);

  self->settle_id = 0;
  g_hash_table_unref (self->addresses);
  self->addresses = addresses;
  if (change != SNUG_ADDRESS_SAME)
    {
      g_info ("The addresses of this machine have changed: one is %s",
              change == SNUG_ADDRESS_LOST ? "gone" : "new");
      g_signal_emit (self, signals[change == SNUG_ADDRESS_LOST ? SIGNAL_ADDRESS_LOST : SIGNAL_ADDRESS_GAINED], 0);
    }

  return G_SOURCE_REMOVE;
}

static void
look_soon (SnugNetworkWatch *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_timeout_add (SETTLE_MS, on_settled, self);
}

/* What exactly is said does not matter: what there is, is asked for. */
static gboolean
on_news (int fd, GIOCondition condition, gpointer user_data)
{
  SnugNetworkWatch *self = user_data;
  char buffer[8192];

  while (recv (fd, buffer, sizeof buffer, MSG_DONTWAIT) > 0)
    ;
  look_soon (self);
  if ((condition & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)) == 0)
    return G_SOURCE_CONTINUE;
  /* More news than the buffer holds is an error that is over once it is read. */
  if ((condition & G_IO_ERR) != 0 && (condition & (G_IO_HUP | G_IO_NVAL)) == 0)
    {
      int error = 0;
      socklen_t size = sizeof error;

      getsockopt (fd, SOL_SOCKET, SO_ERROR, &error, &size);
      return G_SOURCE_CONTINUE;
    }
  self->fd_id = 0;

  return G_SOURCE_REMOVE;
}

static int
open_news (void)
{
  struct sockaddr_nl address = { .nl_family = AF_NETLINK,
                                 .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

  if (fd >= 0 && bind (fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      close (fd);
      fd = -1;
    }

  return fd;
}

static gint64
get_slept (void)
{
  struct timespec all = { 0 };
  gint64 awake = g_get_monotonic_time ();

  if (clock_gettime (CLOCK_BOOTTIME, &all) != 0)
    return 0;

  return (gint64) all.tv_sec * G_USEC_PER_SEC + all.tv_nsec / 1000 - awake;
}

static gboolean
on_clock (gpointer user_data)
{
  SnugNetworkWatch *self = user_data;
  gint64 slept = get_slept ();
  gint64 more = slept - self->slept;

  self->slept = slept;
  if (more > SLEEP_US)
    {
      g_info ("This machine has slept for %" G_GINT64_FORMAT " s", more / G_USEC_PER_SEC);
      g_signal_emit (self, signals[SIGNAL_WOKEN], 0);
    }

  return G_SOURCE_CONTINUE;
}

static void
snug_network_watch_dispose (GObject *object)
{
  SnugNetworkWatch *self = SNUG_NETWORK_WATCH (object);

  g_clear_handle_id (&self->fd_id, g_source_remove);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_clear_handle_id (&self->clock_id, g_source_remove);
  g_clear_pointer (&self->addresses, g_hash_table_unref);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;

  G_OBJECT_CLASS (snug_network_watch_parent_class)->dispose (object);
}

static void
snug_network_watch_class_init (SnugNetworkWatchClass *klass)
{
  static const char *const names[N_SIGNALS] = { "address-lost", "address-gained", "woken" };

  G_OBJECT_CLASS (klass)->dispose = snug_network_watch_dispose;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], SNUG_TYPE_NETWORK_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
snug_network_watch_init (SnugNetworkWatch *self)
{
  SNUG_ASSERT_MAIN_THREAD ();

  self->fd = open_news ();
  if (self->fd >= 0)
    self->fd_id = g_unix_fd_add (self->fd, G_IO_IN, on_news, self);
  else
    g_info ("The kernel gives no news of addresses");
  self->addresses = read_addresses ();
  self->slept = get_slept ();
  self->clock_id = g_timeout_add (CLOCK_MS, on_clock, self);
}

SnugNetworkWatch *
snug_network_watch_new (void)
{
  return g_object_new (SNUG_TYPE_NETWORK_WATCH, NULL);
}
