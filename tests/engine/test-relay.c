/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-relay.h"

#include <gio/gio.h>

#include "snug-await.h"

#define N_POSTS 1000

typedef struct
{
  GThread *main_thread;
  guint n_run;
  guint n_freed;
  gboolean ordered;
} SnugRelayLog;

static SnugRelayLog seen;

static void
on_posted (gpointer owner, gpointer data)
{
  g_assert_true (g_thread_self () == seen.main_thread);
  g_assert_true (G_IS_OBJECT (owner));
  seen.ordered = seen.ordered && GPOINTER_TO_UINT (data) == seen.n_run;
  seen.n_run++;
}

static void
on_freed (gpointer data)
{
  g_assert_true (g_thread_self () == seen.main_thread);
  seen.n_freed++;
}

static gpointer
post_from_thread (gpointer data)
{
  SnugRelay *relay = data;

  for (guint i = 0; i < N_POSTS; i++)
    snug_relay_post (relay, on_posted, GUINT_TO_POINTER (i), on_freed);
  snug_relay_unref (relay);

  return NULL;
}

static void
test_order (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  SnugRelay *relay = snug_relay_new (owner);
  GThread *thread;

  seen = (SnugRelayLog){ g_thread_self (), 0, 0, TRUE };
  thread = g_thread_new ("poster", post_from_thread, snug_relay_ref (relay));
  snug_await (seen.n_freed == N_POSTS);
  g_thread_join (thread);
  g_assert_cmpuint (seen.n_run, ==, N_POSTS);
  g_assert_true (seen.ordered);
  snug_relay_close (relay);
}

static void
test_never_inline (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  SnugRelay *relay = snug_relay_new (owner);

  seen = (SnugRelayLog){ g_thread_self (), 0, 0, TRUE };
  snug_relay_post (relay, on_posted, GUINT_TO_POINTER (0), NULL);
  g_assert_cmpuint (seen.n_run, ==, 0);
  snug_await (seen.n_run == 1);
  snug_relay_close (relay);
}

static void
test_closed (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  SnugRelay *relay = snug_relay_new (owner);

  seen = (SnugRelayLog){ g_thread_self (), 0, 0, TRUE };
  snug_relay_ref (relay);
  snug_relay_post (relay, on_posted, NULL, on_freed);
  snug_relay_close (relay);
  g_object_unref (owner);
  snug_relay_post (relay, on_posted, NULL, on_freed);
  snug_await (seen.n_freed == 2);
  g_assert_cmpuint (seen.n_run, ==, 0);
  snug_relay_unref (relay);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/relay/order", test_order);
  g_test_add_func ("/relay/never-inline", test_never_inline);
  g_test_add_func ("/relay/closed", test_closed);

  return g_test_run ();
}
