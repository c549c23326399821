/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "snug-engine.h"

#include <gst/gst.h>

#include "snug-await.h"

static void
test_init (void)
{
  g_autoptr (GError) error = NULL;
  gint64 uptime;

  g_assert_true (snug_engine_init (&error));
  g_assert_no_error (error);
  uptime = snug_engine_get_uptime ();
  g_assert_true (snug_engine_init (NULL));
  g_assert_cmpint (snug_engine_get_uptime (), >=, uptime);
}

static gpointer
ask_in_thread (gpointer user_data)
{
  return GINT_TO_POINTER (snug_engine_is_main_thread ());
}

static void
test_main_thread (void)
{
  g_assert_true (snug_engine_is_main_thread ());
  g_assert_false (GPOINTER_TO_INT (g_thread_join (g_thread_new ("other", ask_in_thread, NULL))));
}

static double
make_certificate_bearer (void)
{
  gint64 start = g_get_monotonic_time ();
  GstElement *element = gst_element_factory_make ("dtlsdec", NULL);

  gst_object_unref (element);

  return (g_get_monotonic_time () - start) / 1e3;
}

static void
test_warm_up (void)
{
  gint64 start = g_get_monotonic_time ();

  snug_engine_warm_up ();
  snug_engine_warm_up ();
  g_test_message ("begun in %.1f ms", (g_get_monotonic_time () - start) / 1e3);
  snug_engine_wait_warm_up ();
  g_test_message ("over after %.1f ms", (g_get_monotonic_time () - start) / 1e3);
  snug_engine_wait_warm_up ();

  /* The key is made: the next one is not worth measuring. */
  g_assert_cmpfloat (make_certificate_bearer (), <, 50.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/engine/init", test_init);
  g_test_add_func ("/engine/main-thread", test_main_thread);
  g_test_add_func ("/engine/warm-up", test_warm_up);

  return g_test_run ();
}
