/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes and goes among the devices, without devices.
 */
#include "snug-device-watch.h"

#include "snug-await.h"
#include "snug-device-private.h"

typedef struct
{
  GListStore *devices;
  SnugDeviceWatch *watch;
  GString *news;
} Fixture;

static SnugDevice *
device (const char *id)
{
  return snug_device_new (SNUG_DEVICE_MICROPHONE, id, id);
}

static void
add (Fixture *fixture, const char *id)
{
  g_autoptr (SnugDevice) added = device (id);

  g_list_store_append (fixture->devices, added);
}

static void
on_appeared (Fixture *fixture, SnugDevice *appeared)
{
  g_string_append_printf (fixture->news, "+%s ", snug_device_get_id (appeared));
}

static void
on_gone (Fixture *fixture, SnugDevice *gone, SnugDevice *next, gboolean was_default)
{
  g_string_append_printf (fixture->news, "-%s%s(%s) ", snug_device_get_id (gone), was_default ? "!" : "",
                          next != NULL ? snug_device_get_id (next) : "");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->devices = g_list_store_new (SNUG_TYPE_DEVICE);
  add (fixture, "built-in");
  fixture->news = g_string_new (NULL);
  fixture->watch = snug_device_watch_new (G_LIST_MODEL (fixture->devices));
  g_signal_connect_swapped (fixture->watch, "appeared", G_CALLBACK (on_appeared), fixture);
  g_signal_connect_swapped (fixture->watch, "gone", G_CALLBACK (on_gone), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->watch);
  g_object_unref (fixture->devices);
  g_string_free (fixture->news, TRUE);
}

static void
test_news (Fixture *fixture, gconstpointer data)
{
  add (fixture, "headset");
  snug_await (fixture->news->len > 0);
  g_assert_cmpstr (fixture->news->str, ==, "+headset ");

  g_string_truncate (fixture->news, 0);
  g_list_store_remove (fixture->devices, 0);
  snug_await (fixture->news->len > 0);
  g_assert_cmpstr (fixture->news->str, ==, "-built-in!(headset) ");

  g_string_truncate (fixture->news, 0);
  add (fixture, "another");
  snug_await (fixture->news->len > 0);
  g_string_truncate (fixture->news, 0);
  g_list_store_remove (fixture->devices, 1);
  snug_await (fixture->news->len > 0);
  g_assert_cmpstr (fixture->news->str, ==, "-another(headset) ");

  g_string_truncate (fixture->news, 0);
  g_list_store_remove_all (fixture->devices);
  snug_await (fixture->news->len > 0);
  g_assert_cmpstr (fixture->news->str, ==, "-headset!() ");
}

/* A list that is filled anew with the same devices has no news; what follows shows that it was looked at. */
static void
test_flicker (Fixture *fixture, gconstpointer data)
{
  g_list_store_remove_all (fixture->devices);
  add (fixture, "built-in");
  add (fixture, "headset");
  snug_await (fixture->news->len > 0);
  g_assert_cmpstr (fixture->news->str, ==, "+headset ");
}

/* Gone in the middle of a change. */
static void
test_dispose (Fixture *fixture, gconstpointer data)
{
  add (fixture, "headset");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/device-watch/news", Fixture, NULL, set_up, test_news, tear_down);
  g_test_add ("/device-watch/flicker", Fixture, NULL, set_up, test_flicker, tear_down);
  g_test_add ("/device-watch/dispose", Fixture, NULL, set_up, test_dispose, tear_down);
  return g_test_run ();
}
