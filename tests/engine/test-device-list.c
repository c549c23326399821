/* Snug: private calls by room name.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * First with a device provider that the test itself is, then, where they run, with the real sound
 * and camera services.
 */
#include "snug-device-list.h"

#include <gst/gst.h>

#include "snug-await.h"
#include "snug-device-private.h"
#include "snug-engine.h"

/* A device and a provider that do as they are told. */
typedef GstDevice TestDevice;
typedef GstDeviceClass TestDeviceClass;
G_GNUC_UNUSED static GType test_device_get_type (void);
G_DEFINE_TYPE (TestDevice, test_device, GST_TYPE_DEVICE)

static void
test_device_class_init (TestDeviceClass *klass)
{
}

static void
test_device_init (TestDevice *self)
{
}

typedef GstDeviceProvider TestProvider;
typedef GstDeviceProviderClass TestProviderClass;
G_GNUC_UNUSED static GType test_provider_get_type (void);
G_DEFINE_TYPE (TestProvider, test_provider, GST_TYPE_DEVICE_PROVIDER)

static int provider_works = TRUE; /* atomic */
static int n_started;             /* atomic: starts less stops */

static GstDevice *
make_device (const char *class_name, const char *id, const char *name, const char *kind)
{
  g_autoptr (GstCaps) caps = gst_caps_new_any ();
  g_autoptr (GstStructure) structure
      = gst_structure_new ("props", "node.name", G_TYPE_STRING, id, NULL);

  if (g_strcmp0 (kind, "default") == 0)
    gst_structure_set (structure, "is-default", G_TYPE_BOOLEAN, TRUE, NULL);
  else if (kind != NULL)
    gst_structure_set (structure, "device.class", G_TYPE_STRING, kind, NULL);

  return g_object_new (test_device_get_type (), "device-class", class_name, "display-name", name,
                       "caps", caps, "properties", structure, NULL);
}

static gboolean
test_provider_start (GstDeviceProvider *provider)
{
  if (!g_atomic_int_get (&provider_works))
    return FALSE;

  g_atomic_int_inc (&n_started);
  gst_device_provider_device_add (provider,
                                  make_device ("Audio/Source", "mic-1", "Microphone", NULL));
  gst_device_provider_device_add (
      provider, make_device ("Audio/Source", "speaker-1", "Monitor of Speaker", "monitor"));
  gst_device_provider_device_add (
      provider, make_device ("Stream/Output/Audio", "player", "Some music", NULL));
  gst_device_provider_device_add (provider,
                                  make_device ("Audio/Sink", "speaker-1", "Speaker", NULL));

  return TRUE;
}

static void
test_provider_stop (GstDeviceProvider *provider)
{
  g_atomic_int_add (&n_started, -1);
  g_main_context_wakeup (NULL);
}

static void
test_provider_class_init (TestProviderClass *klass)
{
  gst_device_provider_class_set_static_metadata (klass, "Test", "Test", "Test", "Snug");
  klass->start = test_provider_start;
  klass->stop = test_provider_stop;
}

static void
test_provider_init (TestProvider *self)
{
}

#define TEST_PROVIDER "snugtestprovider"

static const char *const test_providers[] = { TEST_PROVIDER, NULL };

static GstDeviceProvider *
get_provider (void)
{
  return gst_device_provider_factory_get_by_name (TEST_PROVIDER);
}

static void
count (guint *counter)
{
  (*counter)++;
}

static guint
get_n_items (SnugDeviceList *list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

static void
test_finalize (void)
{
  SnugDeviceList *list = snug_device_list_new_for_providers (SNUG_DEVICE_SPEAKER, test_providers);

  /* Before the first look is over, and after it. */
  snug_await_finalized (list);
  snug_await (g_atomic_int_get (&n_started) == 0);

  list = snug_device_list_new_for_providers (SNUG_DEVICE_SPEAKER, test_providers);
  snug_await (snug_device_list_get_ready (list));
  snug_await_finalized (list);
  snug_await (g_atomic_int_get (&n_started) == 0);
}

static void
test_filter (void)
{
  g_autoptr (SnugDeviceList) microphones
      = snug_device_list_new_for_providers (SNUG_DEVICE_MICROPHONE, test_providers);
  g_autoptr (SnugDeviceList) speakers
      = snug_device_list_new_for_providers (SNUG_DEVICE_SPEAKER, test_providers);
  g_autoptr (SnugDeviceList) cameras
      = snug_device_list_new_for_providers (SNUG_DEVICE_CAMERA, test_providers);
  g_autoptr (SnugDevice) device = NULL;

  snug_await (snug_device_list_get_ready (microphones) && snug_device_list_get_ready (speakers)
              && snug_device_list_get_ready (cameras));

  g_assert_cmpuint (get_n_items (microphones), ==, 1);
  device = g_list_model_get_item (G_LIST_MODEL (microphones), 0);
  g_assert_cmpstr (snug_device_get_id (device), ==, "mic-1");
  g_assert_cmpstr (snug_device_get_name (device), ==, "Microphone");
  g_assert_cmpint (snug_device_get_kind (device), ==, SNUG_DEVICE_MICROPHONE);
  g_assert_true (snug_device_list_find (microphones, "mic-1") == device);
  g_assert_null (snug_device_list_find (microphones, "speaker-1"));

  g_assert_cmpuint (get_n_items (speakers), ==, 1);
  g_assert_cmpuint (get_n_items (cameras), ==, 0);
}

static void
test_hot_plug (void)
{
  g_autoptr (SnugDeviceList) list
      = snug_device_list_new_for_providers (SNUG_DEVICE_MICROPHONE, test_providers);
  g_autoptr (GstDeviceProvider) provider = get_provider ();
  g_autoptr (GstDevice) plugged = NULL;
  SnugDevice *first;
  guint n_changed = 0;

  snug_await (snug_device_list_get_ready (list));
  first = snug_device_list_find (list, "mic-1");
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (count), &n_changed);

  plugged = gst_object_ref_sink (make_device ("Audio/Source", "mic-2", "Headset", NULL));
  gst_device_provider_device_add (provider, plugged);
  snug_await (get_n_items (list) == 2);
  g_assert_nonnull (snug_device_list_find (list, "mic-2"));
  g_assert_cmpuint (n_changed, ==, 1);

  /* What others see as a new device is the same one to a person. */
  {
    g_autoptr (GstDevice) other
        = gst_object_ref_sink (make_device ("Audio/Source", "mic-2", "Headset", NULL));
    SnugDevice *before = snug_device_list_find (list, "mic-2");

    gst_device_provider_device_changed (provider, other, plugged);
    snug_await (snug_device_get_gst_device (before) == other);
    g_assert_true (snug_device_list_find (list, "mic-2") == before);
    g_assert_cmpuint (n_changed, ==, 1);

    gst_device_provider_device_remove (provider, other);
  }
  snug_await (get_n_items (list) == 1);
  g_assert_cmpuint (n_changed, ==, 2);
  g_assert_true (snug_device_list_find (list, "mic-1") == first);
}

static SnugDevice *default_seen;

static void
on_items_changed (SnugDeviceList *list)
{
  default_seen = snug_device_list_get_default (list);
}

/* Which camera is used when none is chosen: what PipeWire says, else the first; and it stays until it goes. */
static void
test_default_camera (void)
{
  static const char *const names[] = { "camera-1", "camera-2", "camera-3" };
  g_autoptr (SnugDeviceList) list = snug_device_list_new_for_providers (SNUG_DEVICE_CAMERA, test_providers);
  g_autoptr (GstDeviceProvider) provider = get_provider ();
  GstDevice *cameras[G_N_ELEMENTS (names)];
  SnugDevice *first;

  snug_await (snug_device_list_get_ready (list));
  g_assert_null (snug_device_list_get_default (list));
  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      cameras[i]
          = gst_object_ref_sink (make_device ("Video/Source", names[i], names[i], i == 2 ? "default" : NULL));
      gst_device_provider_device_add (provider, cameras[i]);
      snug_await (get_n_items (list) == i + 1);
    }
  first = snug_device_list_find (list, names[0]);
  g_assert_true (snug_device_list_get_default (list) == first);
  g_assert_true (snug_device_get_default (first));

  /* Whoever hears that it has gone, asks for the next at once. */
  gst_device_provider_device_remove (provider, cameras[0]);
  snug_await (get_n_items (list) == 2);
  g_assert_true (default_seen == snug_device_list_find (list, names[2]));
  g_assert_true (snug_device_get_default (default_seen));
  gst_device_provider_device_remove (provider, cameras[2]);
  snug_await (get_n_items (list) == 1);
  g_assert_true (snug_device_list_get_default (list) == snug_device_list_find (list, names[1]));
  gst_device_provider_device_remove (provider, cameras[1]);
  snug_await (get_n_items (list) == 0);
  g_assert_null (snug_device_list_get_default (list));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gst_object_unref (cameras[i]);
}

/* Two lists share one provider; the second sees what came before it. */
static void
test_share (void)
{
  g_autoptr (SnugDeviceList) one
      = snug_device_list_new_for_providers (SNUG_DEVICE_MICROPHONE, test_providers);
  g_autoptr (SnugDeviceList) other = NULL;

  snug_await (snug_device_list_get_ready (one));
  snug_await (g_atomic_int_get (&n_started) == 1);
  other = snug_device_list_new_for_providers (SNUG_DEVICE_MICROPHONE, test_providers);
  g_assert_true (snug_device_list_get_ready (other));
  g_assert_cmpuint (get_n_items (other), ==, 1);
  g_assert_cmpint (g_atomic_int_get (&n_started), ==, 1);
}

static void
test_no_service (void)
{
  g_autoptr (SnugDeviceList) list = NULL;
  g_autoptr (SnugDeviceList) unknown = NULL;
  const char *const unknown_providers[] = { "snugnosuchprovider", NULL };

  /* The test before may still be stopping it. */
  snug_await (g_atomic_int_get (&n_started) == 0);
  g_atomic_int_set (&provider_works, FALSE);
  list = snug_device_list_new_for_providers (SNUG_DEVICE_MICROPHONE, test_providers);
  snug_await (snug_device_list_get_ready (list));
  g_assert_cmpuint (get_n_items (list), ==, 0);

  unknown = snug_device_list_new_for_providers (SNUG_DEVICE_MICROPHONE, unknown_providers);
  snug_await (snug_device_list_get_ready (unknown));
  g_assert_cmpuint (get_n_items (unknown), ==, 0);

  /* The service comes up later. */
  g_atomic_int_set (&provider_works, TRUE);
  snug_await (get_n_items (list) == 1);
}

static void
test_fallback (void)
{
  const char *const providers[] = { "snugnosuchprovider", TEST_PROVIDER, NULL };
  g_autoptr (SnugDeviceList) list
      = snug_device_list_new_for_providers (SNUG_DEVICE_MICROPHONE, providers);

  snug_await (snug_device_list_get_ready (list));
  g_assert_cmpuint (get_n_items (list), ==, 1);
}

/* The machine's own services, or none: never a warning. */
static void
test_ready (void)
{
  for (SnugDeviceKind kind = SNUG_DEVICE_CAMERA; kind <= SNUG_DEVICE_SPEAKER; kind++)
    {
      g_autoptr (SnugDeviceList) list = snug_device_list_new (kind);
      g_autoptr (SnugDeviceList) same = snug_device_list_new (kind);

      g_assert_true (list == same);
      snug_await (snug_device_list_get_ready (list));
    }
}

static gboolean
run (const char *command, char **output)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_shell_parse_argv (command, NULL, &words, &error));
  return g_spawn_sync (NULL, words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, output, NULL, &status,
                       NULL)
         && g_spawn_check_wait_status (status, NULL);
}

static void
test_service (void)
{
  g_autoptr (SnugDeviceList) cameras = NULL;
  g_autoptr (SnugDeviceList) microphones = NULL;
  g_autoptr (SnugDeviceList) speakers = NULL;
  g_autofree char *module = NULL;
  g_autofree char *unload = NULL;

  if (g_getenv ("SNUG_DESKTOP") == NULL)
    {
      g_test_skip ("needs the virtual devices of tests/tools/desktop");
      return;
    }

  cameras = snug_device_list_new (SNUG_DEVICE_CAMERA);
  microphones = snug_device_list_new (SNUG_DEVICE_MICROPHONE);
  speakers = snug_device_list_new (SNUG_DEVICE_SPEAKER);
  snug_await (snug_device_list_find (cameras, "snug-camera-1") != NULL);
  snug_await (snug_device_list_find (cameras, "snug-camera-2") != NULL);
  snug_await (snug_device_list_find (microphones, "snug_microphone") != NULL);
  snug_await (snug_device_list_find (speakers, "snug_speakers") != NULL);
  /* Neither the monitors of the speakers nor what plays to them. */
  g_assert_cmpuint (get_n_items (microphones), ==, 1);

  g_assert_true (run ("pactl load-module module-null-sink sink_name=snug_plugged", &module));
  snug_await (snug_device_list_find (speakers, "snug_plugged") != NULL);
  g_assert_cmpstr (snug_device_get_id (snug_device_list_get_default (speakers)), ==, "snug_speakers");
  g_assert_true (run ("pactl set-default-sink snug_plugged", NULL));
  snug_await (strcmp (snug_device_get_id (snug_device_list_get_default (speakers)), "snug_plugged") == 0);
  unload = g_strdup_printf ("pactl unload-module %s", module);
  g_assert_true (run (unload, NULL));
  snug_await (snug_device_list_find (speakers, "snug_plugged") == NULL);
  snug_await (strcmp (snug_device_get_id (snug_device_list_get_default (speakers)), "snug_plugged") != 0);
  g_assert_true (run ("pactl set-default-sink snug_speakers", NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (snug_engine_init (NULL));
  gst_device_provider_register (NULL, TEST_PROVIDER, GST_RANK_NONE, test_provider_get_type ());

  g_test_add_func ("/device-list/finalize", test_finalize);
  g_test_add_func ("/device-list/filter", test_filter);
  g_test_add_func ("/device-list/hot-plug", test_hot_plug);
  g_test_add_func ("/device-list/default-camera", test_default_camera);
  g_test_add_func ("/device-list/share", test_share);
  g_test_add_func ("/device-list/no-service", test_no_service);
  g_test_add_func ("/device-list/fallback", test_fallback);
  g_test_add_func ("/device-list/ready", test_ready);
  g_test_add_func ("/device-list/service", test_service);

  return g_test_run ();
}
